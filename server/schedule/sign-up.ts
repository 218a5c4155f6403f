/**
 * Signing up for the panels of an exhibition by a link, without an account: what guests say of themselves,
 * and what the office makes of it. A sign-up is nobody's account and no person of the school until it is
 * accepted. Pure.
 */
import { createHmac } from 'node:crypto';
import type { Attendance } from '../people/attendance.js';

/**
 * Withdrawn: accepted, and taken back by its guest. Nothing is kept but who it was, until somebody who plans
 * has seen it.
 */
export const signUpStates = ['waiting', 'withdrawn', 'accepted', 'declined'] as const;
export type SignUpState = (typeof signUpStates)[number];

/** When they can come, how often, and in which languages. */
export type SignUpTimes = Pick<Attendance, 'hours' | 'most' | 'speaks' | 'interprets'>;

export interface SignUp extends SignUpTimes {
  id: string;
  schoolId: string;
  exhibitionId: string;
  name: string;
  organisation: string | null;
  email: string | null;
  /** Whom they wrote they must not hear. Once accepted, the words are the person's, and empty here. */
  conflictWords: string;
  /** Of the words that were sent last, once they are the person's (`wordsHashOf`). Left out and null: not known. */
  wordsHash?: string | null;
  /** They said later that they cannot come after all. */
  away: boolean;
  state: SignUpState;
  /**
   * Of those who are declined: since when. Left out and null by those whose times and words were deleted at
   * once, as it used to be.
   */
  declinedAt?: Date | null;
  /** From which part of the network it came, hashed, until it is decided on. Left out and null: not known. */
  cameFrom?: string | null;
  /** Who they are at the school since they were accepted; null before. */
  personId: string | null;
  /** Of the link by which they change it. */
  secretHash: string;
  createdAt: Date;
  changedAt: Date;
}

/** The link that opens the sign-up page of an exhibition to everybody who has it. */
export interface SignUpLink {
  id: string;
  schoolId: string;
  exhibitionId: string;
  secretHash: string;
  /** When it was made, or last renewed. */
  madeAt: Date;
  madeBy: string;
  /** Since when it takes nobody; null: it works. */
  endedAt: Date | null;
}

/** Of each state on one page of the office. */
export const SIGN_UPS_PER_PAGE = 50;

/**
 * Sign-ups by one link that nobody has decided on. More are not people who want to come; a new link takes as
 * many again.
 */
export const MAX_WAITING = 1500;
/**
 * Of these from one part of the network: a whole assembly behind one address, and still fewer than would keep
 * out everybody else.
 */
export const MAX_WAITING_PER_SUBNET = 300;
/**
 * From one part of the network on one link in a minute: as fast as people type in one hall, and fewer than
 * would fill its share.
 */
export const signUpsPerSubnetAMinute = 100;
/**
 * From so many on one link in an hour, each takes longer; a whole assembly may sign up at once, so nobody is refused.
 */
export const signUpsPerHour = 60;
/** By one device in an hour: a family's, or the tablet on the table. */
export const signUpsPerDevice = 30;

/**
 * The id and the secret of a sign-up follow from the form's random words and the name: the same form sent
 * twice is one sign-up with one link, and another person on the same device is another one.
 * @param key 32 bytes of this installation
 */
export function signUpKeys(
  key: Buffer,
  { linkId, once, name }: { linkId: string; once: string; name: string },
): { id: string; secret: string } {
  const word = (what: string) =>
    createHmac('sha256', key).update([what, linkId, once, name].join('\n')).digest();
  return {
    id: word('sign-up').toString('hex').slice(0, 32),
    secret: word('sign-up-link').subarray(0, 24).toString('base64url'),
  };
}

/**
 * The same part of the network as the same word, and no address; of no use beside another link. @param key as
 * of `signUpKeys`
 */
export const cameFromOf = (key: Buffer, linkId: string, subnet: string): string =>
  createHmac('sha256', key)
    .update(['sign-up-from', linkId, subnet].join('\n'))
    .digest('base64url')
    .slice(0, 22);

/**
 * By which words about students that are kept here no more are known when they are sent again; of no use
 * beside another sign-up.
 */
export const wordsHashOf = ({ secretHash }: Pick<SignUp, 'secretHash'>, words: string): string =>
  createHmac('sha256', secretHash).update(words).digest('base64url');
