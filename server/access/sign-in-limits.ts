/**
 * How often a password may be wrong. Whoever guesses is stopped where they are, so that nobody locks somebody else out: the count is
 * kept per account and part of the network. Guessing from many places at once is slowed for all of them and stopped in the end,
 * except where the account has signed in before. Counts for all instances together; nothing but hashes is stored.
 */
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database.js';
import { TooMany } from '../errors.js';
import { appendAttempt, countAttempts, saveAttemptBack } from './attempts-records.js';

const attemptWindow = 15 * 60;
/** Of one account, from one part of the network. */
export const attemptsPerPlace = 10;
/** Of one account, from everywhere: from here on each answer takes longer … */
const slowFrom = 20;
const slowMost = 2000;
/** … and from here on places that the account does not know are refused. */
export const attemptsInAll = 100;
/** How long a place is remembered. */
const knownFor = 60 * 24 * 60 * 60;

/** `203.0.113.7` → `203.0.113`, `2001:db8:1:2::7` → `2001:db8:1`: what one household, school or office has. */
export function placeOf(address: string): string {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (isIP(bare) === 4) return bare.split('.').slice(0, 3).join('.');
  if (isIP(bare) !== 6) return bare;
  const [head = '', tail = ''] = bare.toLowerCase().split('::');
  const [left, right] = [head, tail].map((part) => part.split(':').filter(Boolean)) as [string[], string[]];
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const groups = bare.includes('::') ? [...left, ...zeros, ...right] : left;
  return groups
    .slice(0, 3)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}

/** One attempt, counted before the password is looked at, so that many at once gain nothing. */
export interface CountedAttempt {
  /** The password was right: it does not count after all, and the place is known from now on. */
  wasRight(): Promise<void>;
}

/** @throws TooMany */
export async function countAttempt(
  needs: { db: Database; now: Date; pause?: (milliseconds: number) => Promise<unknown> },
  email: string,
  address: string,
): Promise<CountedAttempt> {
  const { db, now, pause = sleep } = needs;
  const account = email.trim().toLowerCase();
  const place = placeOf(address);
  const here = `${account}\n${place}`;
  const known = (await countAttempts(db, 'sign-in-known', here, knownFor, now)) > 0;
  if ((await appendAttempt(db, 'sign-in', here, attemptWindow, now)) > attemptsPerPlace)
    throw new TooMany(attemptWindow);
  if (!known) {
    const inAll = await appendAttempt(db, 'sign-in-all', account, attemptWindow, now);
    if (inAll > attemptsInAll) throw new TooMany(attemptWindow);
    if (inAll > slowFrom) await pause(Math.min(slowMost, (inAll - slowFrom) * 100));
  }
  return {
    async wasRight() {
      await saveAttemptBack(db, 'sign-in', here, attemptWindow, now);
      if (known) return;
      await saveAttemptBack(db, 'sign-in-all', account, attemptWindow, now);
      await appendAttempt(db, 'sign-in-known', here, knownFor, now);
    },
  };
}
