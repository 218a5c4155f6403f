/**
 * One account, several schools. A school that adds somebody whose address has an account elsewhere offers a
 * membership. Whoever accepts it is signed in to that account and holds the one-time link of the school's
 * office: an address alone proves nothing, neither to the school that typed it nor to the one that typed it
 * before.
 */
import type { Clock } from '../clock.js';
import type { Database, SharedScope } from '../db/database.js';
import { Conflict, NotFound } from '../errors.js';
import {
  findAccountByOffer,
  findAccountOffered,
  listAccountsByEmails,
  removeOffer,
  saveAccounts,
  saveOffer,
  saveOfferAccepted,
  saveOfferProof,
  type Account,
} from './account-records.js';
import { offerOf, type MembershipOffer } from './membership.js';
import { firstLinkHours } from './password-link.js';
import { hashSecret, newSecret } from './secrets.js';
import { newAccountOf, type NewAccount } from './sign-in.js';

/**
 * An account for each of these, or an offer where the address has one already. Answers the ids of the people
 * with an offer.
 */
export async function openAccounts(
  where: SharedScope,
  clock: Clock,
  wanted: readonly Omit<NewAccount, 'password'>[],
): Promise<Set<string>> {
  const accounts = new Map(
    (
      await listAccountsByEmails(
        where,
        wanted.map(({ email }) => email.trim().toLowerCase()),
      )
    ).map((each) => [each.email, each]),
  );
  const drafts = wanted.map((each) => newAccountOf(clock, each));
  const offered = new Set<string>();
  for (const draft of drafts) {
    const existing = accounts.get(draft.email);
    if (!existing) continue;
    await saveOffer(where, existing.id, offerOf(draft, clock.now()));
    offered.add(draft.personId);
  }
  await saveAccounts(
    where,
    drafts.filter(({ personId }) => !offered.has(personId)),
  );
  return offered;
}

/** A new secret with which the owner of the account proves that this person is them; an older one stops working. */
export async function proveOffer(where: SharedScope, clock: Clock, personId: string): Promise<string> {
  const secret = newSecret();
  const expiresAt = new Date(clock.now().getTime() + firstLinkHours * 60 * 60 * 1000);
  if ((await saveOfferProof(where, personId, hashSecret(secret), expiresAt)) === 0) throw new NotFound();
  return secret;
}

/** Whose offer the secret is for, while it can be accepted. */
export async function findOffer(
  { db, clock }: { db: Database; clock: Clock },
  secret: string,
): Promise<{ account: Account; offer: MembershipOffer } | null> {
  const hash = hashSecret(secret);
  const account = await findAccountByOffer(db, hash);
  const offer = account?.offers.find((each) => each.hash === hash);
  return account && offer?.expiresAt && offer.expiresAt > clock.now() ? { account, offer } : null;
}

/**
 * @param account of whoever is signed in
 * @returns the account in its new membership
 * @throws NotFound when the link is unknown, used, expired or for another account
 */
export async function acceptOffer(
  needs: { db: Database; clock: Clock },
  account: Pick<Account, 'id'>,
  secret: string,
  where: SharedScope = { db: needs.db },
): Promise<Account> {
  const found = await findOffer(needs, secret);
  if (!found || found.account.id !== account.id) throw new NotFound('access.problem.link-used');
  const { personId, schoolId, networkId } = found.offer;
  const accepted = await saveOfferAccepted(where, account.id, hashSecret(secret), {
    ...{ personId, schoolId, networkId },
    lastUsedAt: needs.clock.now(),
  });
  if (!accepted) throw new NotFound('access.problem.link-used');
  return accepted;
}

/** @throws NotFound when there is no such offer; Conflict when only the office there can end it */
export async function declineOffer(where: SharedScope, accountId: string, personId: string): Promise<void> {
  const account = await findAccountOffered(where, personId);
  if (account?.offers.some((offer) => offer.personId === personId && offer.kept))
    throw new Conflict('access.problem.part-kept');
  if ((await removeOffer(where, accountId, personId)) === 0) throw new NotFound();
}
