/** An account whose only part ends while others count on it. */
import type { Account } from './account-records.js';
import type { MembershipOffer } from './membership.js';

type Held = Pick<
  Account,
  | 'memberships'
  | 'offers'
  | 'passwordHash'
  | 'lastLink'
  | 'sessionsFrom'
  | 'sessionEpoch'
  | 'invitation'
  | 'mailedLink'
>;

/**
 * Other schools count on the account although its owner has not joined them yet. It is theirs from now on, as
 * if they had opened it: without a password, which the office of each gives a link for. A link that one of
 * them gave out before goes on working.
 * @param offers at least one
 */
export function heldByOffers(
  { sessionEpoch = 0 }: Pick<Account, 'sessionEpoch'>,
  offers: readonly MembershipOffer[],
  at: Date,
): Held {
  const proved = offers
    .filter((offer) => offer.hash !== null && offer.expiresAt !== null && offer.expiresAt > at)
    .sort((a, b) => b.expiresAt!.getTime() - a.expiresAt!.getTime())[0];
  return {
    memberships: offers.map(({ personId, schoolId, networkId }) => ({
      ...{ personId, schoolId, networkId },
      lastUsedAt: null,
    })),
    ...{ offers: [], passwordHash: null, lastLink: null, mailedLink: null, sessionsFrom: at },
    sessionEpoch: sessionEpoch + 1,
    invitation: proved
      ? { hash: proved.hash!, expiresAt: proved.expiresAt!, personId: proved.personId }
      : null,
  };
}
