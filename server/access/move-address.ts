/**
 * Somebody else than its owner writes another address for an account. Whoever has the address can have a
 * password link sent to it, so with a password to lose this is treated like such a link: the owner and the
 * administrators are told, and what the account signs within a day after the address was used says so. A
 * token must not do it: its owner would get further than it is allowed.
 */
import type { Clock } from '../clock.js';
import { afterCommit, type SharedScope } from '../db/database.js';
import { InvalidInput } from '../errors.js';
import { newId } from '../ids.js';
import { findAccountOfPerson, saveAccountChange, type Account } from './account-records.js';
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

export interface MoveAddressNeeds {
  clock: Clock;
  /** To the address that the account had, once it is no more; `name` is who changed it. */
  tellMoved(inside: SharedScope, to: string, name: string): void;
}

/** Whether this account is one that no token gives another address. */
const isKeptFromTokens = (account: { passwordHash: string | null } | null, roles: readonly Role[]): boolean =>
  account !== null && (account.passwordHash !== null || isOfOffice(roles));
export const isOfOffice = (roles: readonly Role[]): boolean =>
  roles.some((role) => role === 'registrar' || role === 'admin');

/**
 * Inside the transaction of the change; people may exchange their addresses. With several places, it is not
 * for one of them to say how the owner signs in: the address stays.
 * @returns ids of those who have no account yet
 * @throws InvalidInput at `email` for a token; a duplicate when somebody else signs in with the address
 */
export async function moveAddresses(
  needs: MoveAddressNeeds,
  inside: SharedScope,
  moves: readonly AddressMove[],
): Promise<Set<string>> {
  const without = new Set<string>();
  const found: { move: AddressMove; account: Account }[] = [];
  for (const move of moves) {
    const account = await findAccountOfPerson(inside, move.person.id);
    if (!account) without.add(move.person.id);
    else if (account.memberships.length === 1 && account.email !== move.email) found.push({ move, account });
  }
  const wanted = new Set(found.map(({ move }) => move.email));
  // An address is free for somebody else once it is given up.
  for (const { account } of found)
    if (wanted.has(account.email))
      await saveAccountChange(inside, account.id, { email: `${account.id}@exchange.invalid` });
  for (const { move, account } of found) await moveAddress(needs, inside, move, account);
  return without;
}

async function moveAddress(
  needs: MoveAddressNeeds,
  inside: SharedScope,
  { person, email, by, tell }: AddressMove,
  account: Account,
): Promise<void> {
  if (by.via === 'token' && isKeptFromTokens(account, person.roles))
    throw new InvalidInput([{ field: 'email', message: 'people.problem.email-by-token' }]);
  // Where nobody has chosen a password, the address opens nothing.
  if (account.passwordHash === null || by.personId === person.id)
    return void (await saveAddress(inside, account, email, account.addressBy));
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
}
