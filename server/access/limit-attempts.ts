/** Stops what was tried too often, all instances together. Counted before it is tried, so that many at once gain nothing. */
import type { Database } from '../database.js';
import { TooMany } from '../errors.js';
import { appendAttempt } from './attempts-records.js';

export interface Limit {
  /** What is tried, e.g. `pass-code`. */
  what: string;
  /** By whom, or at what: an address of the network, the id of a pass; stored hashed. */
  whom: string;
  /** How often in so many seconds. */
  most: number;
  seconds: number;
}

/** Counts one more attempt. @throws TooMany */
export async function limitAttempts(
  db: Database,
  { what, whom, most, seconds }: Limit,
  now: Date,
): Promise<void> {
  if ((await appendAttempt(db, what, whom, seconds, now)) > most) throw new TooMany(seconds);
}
