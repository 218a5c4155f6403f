/**
 * What is erased of somebody's sign-in: sessions, tokens, links, and the account unless it is used at other
 * schools as well.
 */
import type { SchoolScope } from '../db/database.js';
import { erasing, isOneOf, rewriting, type ErasedPerson, type ErasePart } from '../person-traces.js';
import { removeMembershipsOf } from './account-records.js';
import { saveLinksUnnamed } from './password-records.js';
import { removeTokensOf } from './token-records.js';
import { heldByOffers } from './held-by-offers.js';
import { removeLinksFor, saveLinkMakerUnnamed, saveLinkReaderRemoved } from './password-link-records.js';
import { countSessionsOf, removeSessionsOf } from './session-store.js';

type Accounts = Awaited<ReturnType<typeof removeMembershipsOf.list>>;

/** The account as it is without this person's part in this school; null when nobody signs in with it any more. */
function accountWithout(account: Accounts[number], { id, at }: ErasedPerson): Accounts[number] | null {
  const memberships = account.memberships.filter((each) => each.personId !== id);
  const offers = (account.offers ?? []).filter((each) => each.personId !== id);
  if (memberships.length === 0)
    return offers.length > 0 ? { ...account, ...heldByOffers(account, offers, at) } : null;
  const { invitation, mailedLink } = account;
  return {
    ...{ ...account, memberships, offers },
    invitation: invitation?.personId === id ? null : invitation,
    mailedLink: !mailedLink || mailedLink.personId === id ? null : mailedLink,
  };
}

const memberships: ErasePart = {
  ...{ collection: removeMembershipsOf.collection, kind: 'account', outcome: 'erased' },
  count: removeMembershipsOf.count,
  async erase(inside, person) {
    const found = await removeMembershipsOf.list(inside, person, '');
    for (const account of found) {
      const after = accountWithout(account, person);
      if (after) await removeMembershipsOf.overwrite(inside, [after]);
      else await removeMembershipsOf.remove(inside, [account.id]);
    }
    return { count: found.length, last: null, erased: [], records: [] };
  },
};

const sessions: ErasePart = {
  ...{ collection: 'sessions', kind: 'session', outcome: 'erased' },
  count: (scope: SchoolScope, { id }) => countSessionsOf(scope, id),
  async erase(inside, { id }) {
    return { count: await removeSessionsOf(inside, id), last: null, erased: [], records: [] };
  },
};

type Link = { createdById: string; createdByName: string };
const unnamed = <L extends Link | null | undefined>(link: L, person: ErasedPerson): L =>
  link && isOneOf(person, link.createdById) ? { ...link, createdByName: person.mark } : link;

export const eraseAccountOfPerson: readonly ErasePart[] = [
  memberships,
  sessions,
  erasing('token', removeTokensOf),
  erasing('password-link', removeLinksFor),
  rewriting('password-link', saveLinkMakerUnnamed, (link, { mark }) => ({ ...link, createdByName: mark })),
  rewriting(null, saveLinkReaderRemoved, (link, { id }) => ({
    ...link,
    unreadBy: link.unreadBy.filter((each) => each !== id),
  })),
  rewriting(null, saveLinksUnnamed, (account, person) => ({
    ...account,
    lastLink: unnamed(account.lastLink ?? null, person),
    addressBy: unnamed(account.addressBy ?? null, person),
    invitation: account.invitation && {
      ...account.invitation,
      ...(account.invitation.link ? { link: unnamed(account.invitation.link, person) } : {}),
    },
  })),
];
