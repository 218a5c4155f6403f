/**
 * The sign-ins of two records that are one person's: one is kept, the other is closed. Whoever signs in with
 * the kept one gets more than they had, so its owner and the administrators are told, as they are of a
 * password link, and what it signs within a day says so.
 */
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { InvalidInput } from '../errors.js';
import { newId } from '../ids.js';
import {
  findAccountOffered,
  findAccountOfPerson,
  removeAccount,
  removeMembership,
  removeOffer,
  saveAccountChange,
  saveMembershipMoved,
  saveOfferMoved,
  type Account,
} from './account-records.js';
import { saveTokensOfPersonRevoked } from './token-records.js';
import type { Actor } from './actor.js';
import { savePasswordLink } from './password-link-records.js';

export interface AccountsOfTwo {
  into: Account | null;
  from: Account | null;
  /** Whose sign-in has to be chosen: both have one of their own. */
  needsChoice: boolean;
}

export async function findAccountsOfTwo(
  scope: SchoolScope,
  into: string,
  from: string,
): Promise<AccountsOfTwo> {
  const [own, other] = [await findAccountOfPerson(scope, into), await findAccountOfPerson(scope, from)];
  return { into: own, from: other, needsChoice: own !== null && other !== null && own.id !== other.id };
}

/** What became of the sign-ins, for the audit trail. */
export interface AccountsMerged {
  accountId: string | null;
  closedAccountId: string | null;
}

/**
 * Inside the transaction of the merge.
 * @param choice of whom the sign-in is kept, where both have one
 * @param told.tell administrators
 * @throws InvalidInput `account` when it was not chosen, or the one to be closed is still awaited elsewhere
 */
export async function mergeAccounts(
  inside: SchoolScope,
  clock: Clock,
  actor: Pick<Actor, 'personId' | 'name'>,
  { into, from }: { into: string; from: string },
  choice: 'into' | 'from' | undefined,
  told: { personName: string; tell: readonly string[] },
): Promise<AccountsMerged> {
  const found = await findAccountsOfTwo(inside, into, from);
  if (found.needsChoice && !choice)
    throw new InvalidInput([{ field: 'account', message: 'merge.problem.choose-account' }]);
  const now = clock.now();
  let closed: Account | null = null;
  if (found.into && found.from && found.into.id === found.from.id) await removeMembership(inside, from);
  else if (found.into && found.from) {
    closed = choice === 'from' ? found.into : found.from;
    await close(inside, closed, now);
  }
  const kept = found.into && closed !== found.into ? found.into : found.from;
  if (kept && kept.personId === from) await saveMembershipMoved(inside, kept, from, into);
  await mergeOffers(inside, { into, from }, kept !== null);
  if (kept) await tell(inside, kept, actor, { ...told, personId: into }, now);
  return { accountId: kept?.id ?? null, closedAccountId: closed?.id ?? null };
}

/** An account with another part goes on there. */
async function close(inside: SchoolScope, account: Account, now: Date): Promise<void> {
  await saveTokensOfPersonRevoked(inside, account.personId, now);
  if (account.memberships.length > 1) {
    await removeMembership(inside, account.personId);
    return;
  }
  if (account.offers.length > 0)
    throw new InvalidInput([{ field: 'account', message: 'merge.problem.account-offered' }]);
  await removeAccount(inside, account.id);
}

/** Somebody who signs in needs no offer; of two offers one is enough. */
async function mergeOffers(
  inside: SchoolScope,
  { into, from }: { into: string; from: string },
  signsIn: boolean,
): Promise<void> {
  const [own, other] = [await findAccountOffered(inside, into), await findAccountOffered(inside, from)];
  if (signsIn && own) await removeOffer(inside, own.id, into);
  if (!other) return;
  if (signsIn || own) await removeOffer(inside, other.id, from);
  else await saveOfferMoved(inside, from, into);
}

async function tell(
  inside: SchoolScope,
  account: Account,
  actor: Pick<Actor, 'personId' | 'name'>,
  {
    personId,
    personName,
    tell: administrators,
  }: { personId: string; personName: string; tell: readonly string[] },
  now: Date,
): Promise<void> {
  const made = { createdById: actor.personId, createdByName: actor.name, createdAt: now };
  await savePasswordLink(inside, {
    ...{ id: newId(), ...made, schoolId: inside.schoolId, accountId: account.id, personId, personName },
    ...{ replaces: false, expiresAt: now, usedAt: now, merged: true },
    unreadBy: [...new Set([personId, ...administrators])].filter((id) => id !== actor.personId),
  });
  await saveAccountChange(inside, account.id, { lastLink: { ...made, usedAt: now } });
}
