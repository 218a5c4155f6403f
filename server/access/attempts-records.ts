/**
 * Counts failed attempts (sign-in, pass codes) for all instances together; each window vanishes by itself.
 * Personal data: hashed addresses.
 */
import { createHash } from 'node:crypto';
import { sharedCollection, type Database, type SharedScope } from '../db/database.js';

interface Attempts {
  id: string;
  count: number;
  expiresAt: Date;
}

const attempts = sharedCollection<Attempts>(
  'attempts',
  { count: Number, expiresAt: Date },
  { indexes: [{ keys: { expiresAt: 1 }, expireAfterSeconds: 0 }] },
);
export const attemptsDeclaration = attempts.declaration;

/**
 * Counts one more attempt in the current window of `seconds` and returns how many there have been, this one included.
 * @param what e.g. `sign-in`
 * @param whom e.g. an address of the network or an e-mail; stored hashed
 */
export async function appendAttempt(
  where: Database | SharedScope,
  what: string,
  whom: string,
  seconds: number,
  now: Date,
): Promise<number> {
  const { id, window } = windowOf(what, whom, seconds, now);
  const expiresAt = new Date((window + 2) * seconds * 1000);
  const after = await attempts
    .in(where)
    .findOneAndUpdate({ id }, { $inc: { count: 1 }, $setOnInsert: { expiresAt } }, { upsert: true });
  return after?.count ?? 1;
}

/** How many there have been in this window. Arguments as when they are counted. */
export async function countInWindow(
  db: Database,
  what: string,
  whom: string,
  seconds: number,
  now: Date,
): Promise<number> {
  return (await attempts.in(db).findOne({ id: windowOf(what, whom, seconds, now).id }))?.count ?? 0;
}

/** How many there have been in this window or the one before. Arguments as when they are counted. */
export async function countAttempts(
  db: Database,
  what: string,
  whom: string,
  seconds: number,
  now: Date,
): Promise<number> {
  const earlier = new Date(now.getTime() - seconds * 1000);
  const ids = [now, earlier].map((at) => windowOf(what, whom, seconds, at).id);
  const found = await attempts.in(db).find({ id: { $in: ids } });
  return found.reduce((sum, { count }) => sum + count, 0);
}

function windowOf(what: string, whom: string, seconds: number, now: Date): { id: string; window: number } {
  const window = Math.floor(now.getTime() / (seconds * 1000));
  return { id: createHash('sha256').update(`${what}\n${whom}\n${window}`).digest('hex'), window };
}
