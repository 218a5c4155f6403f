/**
 * How accounts get a password: one-time links of the office, links that went to the address, and what is kept
 * of who gave them.
 */
import { tracesIn } from '../person-traces.js';
import { accountAs, accounts, type Account, type StoredAccount, type Where } from './account-records.js';
import type { Membership, MembershipOffer } from './membership.js';

/** Where an account keeps the hash of a one-time link. */
export type LinkField = 'invitation' | 'mailedLink';

/** The account for which the link with this hash was made, in the membership that it is for. */
export async function findAccountByLink(
  where: Where,
  hash: string,
): Promise<{ account: Account; field: LinkField } | null> {
  const found = await accounts
    .in(where)
    .findOne({ $or: [{ 'invitation.hash': hash }, { 'mailedLink.hash': hash }] });
  if (!found) return null;
  const field = found.mailedLink?.hash === hash ? 'mailedLink' : 'invitation';
  const account = accountAs(found, found[field]?.personId);
  return account && { account, field };
}

/** Nobody waits for a link that went to the address, or would, once a password was chosen. */
const noMailedLink = { mailedLink: null, resetWish: null };

/**
 * Takes the link once: two people with the same one cannot both use it, and no other one works any more.
 * @param change.kept the membership for which the link was made, and what becomes of the others
 * @param change.addressBy null where whoever has the address has proved it
 */
export const saveFirstPassword = async (
  where: Where,
  { hash, field, now }: { hash: string; field: LinkField; now: Date },
  change: Pick<StoredAccount, 'passwordHash' | 'lastLink' | 'addressBy'> & {
    kept: {
      personId: string;
      memberships: readonly Membership[];
      offers: readonly MembershipOffer[];
      before: number;
    };
  },
) => {
  const { kept, ...fields } = change;
  const { memberships, offers } = kept;
  return accountAs(
    await accounts.in(where).findOneAndUpdate(
      {
        ...{ [`${field}.hash`]: hash, [`${field}.expiresAt`]: { $gt: now } },
        memberships: { $size: kept.before },
      },
      {
        $set: { ...fields, invitation: null, ...noMailedLink, sessionsFrom: now, memberships, offers },
        $inc: { sessionEpoch: 1 },
      },
    ),
    kept.personId,
  );
};

/** Sets the password, when one is given, and ends every session. */
export const saveSessionsEnded = async (where: Where, id: string, personId: string, passwordHash?: string) =>
  accountAs(
    await accounts.in(where).findOneAndUpdate(
      { id },
      {
        $inc: { sessionEpoch: 1 },
        ...(passwordHash ? { $set: { passwordHash, ...noMailedLink } } : {}),
      },
    ),
    personId,
  );

/** Links that went to the address before are no proof of the new one. */
export const saveAddress = (
  where: Where,
  { id, invitation }: Pick<Account, 'id' | 'invitation'>,
  email: string,
  addressBy: StoredAccount['addressBy'],
) =>
  accounts.in(where).updateOne(
    { id },
    {
      $set: {
        ...{ email, addressBy: addressBy ?? null, newEmail: null, ...noMailedLink },
        ...(invitation?.mailed ? { invitation: null } : {}),
      },
    },
  );

const madeBy = ['lastLink', 'invitation.link', 'addressBy'];
/** Accounts whose link or address this person made. */
export const saveLinksUnnamed = tracesIn(accounts, ({ ids, mark, madeLinks }) =>
  madeLinks
    ? {
        $or: madeBy.map((field) => ({
          [`${field}.createdById`]: { $in: ids },
          [`${field}.createdByName`]: { $ne: mark },
        })),
      }
    : null,
);
