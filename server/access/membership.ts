/**
 * Where the owner of an account has a part: as a person of a school, or as staff of a network. An account may
 * hold several; a session and a token act in one at a time. That a school knows an address does not make a
 * membership: it makes an offer, which opens nothing until the owner of the account accepts it, signed in,
 * with a proof that the school's office gave them.
 */
import type { Database } from '../db/database.js';
import type { Role } from './actor.js';

export interface Membership {
  /** The person's id in that school, or an id of its own for staff of a network. */
  personId: string;
  /** Null for a membership of a network. */
  schoolId: string | null;
  networkId: string | null;
  lastUsedAt: Date | null;
}

export interface MembershipOffer {
  personId: string;
  schoolId: string | null;
  networkId: string | null;
  offeredAt: Date;
  /** SHA-256 of the one-time proof; null until the office has made one. */
  hash: string | null;
  expiresAt: Date | null;
  /** It was a membership until a password was chosen by the link of another school: only its own office can end it. */
  kept?: true;
}

/** The one in which somebody arrives after signing in. */
export const lastUsed = (memberships: readonly Membership[]): Membership | undefined =>
  byLastUse(memberships)[0];

/** Those used last first; those never used keep their order. */
export const byLastUse = (memberships: readonly Membership[]): Membership[] =>
  [...memberships].sort((a, b) => (b.lastUsedAt?.getTime() ?? 0) - (a.lastUsedAt?.getTime() ?? 0));

export const offerOf = (
  { personId, schoolId, networkId }: Pick<Membership, 'personId' | 'schoolId' | 'networkId'>,
  now: Date,
): MembershipOffer => ({ personId, schoolId, networkId, offeredAt: now, hash: null, expiresAt: null });

/** What a membership is called; schools and people answer, which stand further on. */
export interface MembershipPlace {
  name: string;
  /** What tells it from another of the same name, e.g. its address; may be empty. */
  about: string;
  roles: Role[];
  /** Nobody signs in there: the school is closed, or the person has left. */
  closed: boolean;
}
/** By the id of the person. */
export type PlacesOf = (
  db: Database,
  parts: readonly Pick<Membership, 'personId' | 'schoolId' | 'networkId'>[],
) => Promise<Map<string, MembershipPlace>>;
