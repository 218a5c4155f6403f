/**
 * Somebody else than its owner writes another address for an account. Whoever has the address can have a password link sent to it, so with
 * a password to lose this is treated like such a link: the owner and the administrators are told, and what the account signs within a day
 * after the address was used says so. A token must not do it: its owner would get further than it is allowed.
 */
import type { Clock } from '../clock.js';
import { afterCommit, type SharedScope } from '../database.js';
import { InvalidInput } from '../errors.js';
import { newId } from '../ids.js';
import { findAccountOfPerson } from './account-records.js';
import type { Actor, Role } from './actor.js';
import { savePasswordLink } from './password-link-records.js';
import { saveAddress } from './password-records.js';

export interface AddressMove {
  person: { id: string; displayName: string; roles: readonly Role[] };
  email: string;
  by: Pick<Actor, 'personId' | 'name' | 'via'>;
  /** Ids of the administrators. */
  tell: readonly string[];
}

export interface MoveNeeds {
  clock: Clock;
  /** To the address that the account had, once it is no more; `name` is who changed it. */
  tellMoved(inside: SharedScope, to: string, name: string): void;
}

/** Whether this account is one that no token gives another address. */
export const isKeptFromTokens = (
  account: { passwordHash: string | null } | null,
  roles: readonly Role[],
): boolean => account !== null && (account.passwordHash !== null || isOfOffice(roles));
export const isOfOffice = (roles: readonly Role[]): boolean =>
  roles.some((role) => role === 'registrar' || role === 'admin');

/**
 * Inside the transaction of the change. With several places, it is not for one of them to say how the owner signs in: the address stays.
 * @returns false when this person has no account yet
 * @throws InvalidInput at `email` for a token; a duplicate when somebody else signs in with the address
 */
export async function moveAddress(
  needs: MoveNeeds,
  inside: SharedScope,
  move: AddressMove,
): Promise<boolean> {
  const { person, email, by, tell } = move;
  const account = await findAccountOfPerson(inside, person.id);
  if (!account) return false;
  if (account.memberships.length > 1 || account.email === email) return true;
  if (by.via === 'token' && isKeptFromTokens(account, person.roles))
    throw new InvalidInput([{ field: 'email', message: 'people.problem.email-by-token' }]);
  // Where nobody has chosen a password, the address opens nothing.
  if (account.passwordHash === null || by.personId === person.id) {
    await saveAddress(inside, account, email, account.addressBy);
    return true;
  }
  const now = needs.clock.now();
  const made = { id: newId(), createdById: by.personId, createdByName: by.name, createdAt: now };
  await saveAddress(inside, account, email, made);
  await savePasswordLink(inside, {
    ...{ ...made, schoolId: account.schoolId, accountId: account.id },
    ...{ personId: person.id, personName: person.displayName },
    ...{ replaces: true, expiresAt: now, usedAt: now, moved: true },
    unreadBy: [...new Set([person.id, ...tell])].filter((id) => id !== by.personId),
  });
  afterCommit(inside, () => needs.tellMoved(inside, account.email, by.name));
  return true;
}
