/**
 * What happens when something is tried too often, all instances together. Only failures count. A right secret
 * always gets in: it is looked at first, and what is slowed down and in the end refused are wrong ones, by
 * where they come from. Wrong ones hold their place in a narrow lane while they wait for their answer, which
 * is what bounds how fast anybody can guess.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../db/database.js';
import { AppError, TooMany } from '../errors.js';
import { appendAttempt } from './attempts-records.js';
import type { Caller } from './device.js';
import { openGate } from './gate.js';

/** Where failures are counted: a device, a part of the network, an account, a code. */
export interface AttemptSource {
  /** Stored hashed. */
  whom: string;
  /** From so many failures on, wrong ones wait for their answer. */
  slowFrom: number;
  /** From so many on, wrong ones are told to wait until the window ends. Left out: never. */
  refuseFrom?: number;
}

export interface Guard {
  /** What is tried, e.g. `pass-code`. */
  what: string;
  /** Length of the window in which failures are counted. */
  seconds: number;
  sources: readonly AttemptSource[];
  /** What is guessed at, from where: at most four of it are under way at once on one instance. */
  lane: string;
  /** Who has turns within the lane. */
  caller: string;
  /** What a refused one is told; may name {{minutes}} and {{seconds}}. */
  message?: string;
  /** How much longer each wrong one waits than the one before, and how long at most. */
  pause?: { step: number; most: number };
  /** Which errors are failures. Left out: 401, 404 and 422. */
  isFailure?: (error: AppError) => boolean;
}

export interface GuardNeeds {
  db: Database;
  now: Date;
  /** Tests wait for nothing. */
  pause?: (milliseconds: number) => Promise<unknown>;
}

/**
 * Answers of one kind that wait at the same time on one instance; each costs a connection and a timer. Other
 * kinds have their own.
 */
const MAX_PAUSED = 400;
const paused = new Map<string, number>();
const isCrowded = (what: string): boolean => (paused.get(what) ?? 0) >= MAX_PAUSED;

const lanes = openGate({ width: 4, waiting: 200, milliseconds: 15_000 });

/** Milliseconds. */
const usualPause = { step: 20, most: 2000 };
const usualFailure = ({ status }: AppError): boolean => [401, 404, 422].includes(status);

/**
 * Runs `work`, which throws when the secret is wrong.
 * @throws what `work` throws, or TooMany instead of it after too many failures
 */
export function guardAttempts<T>(needs: GuardNeeds, guard: Guard, work: () => Promise<T>): Promise<T> {
  return lanes.run(`${guard.what}\n${guard.lane}`, guard.caller, async () => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AppError) || !(guard.isFailure ?? usualFailure)(error)) throw error;
      await countFailure(needs, guard);
      throw error;
    }
  });
}

/** @throws TooMany */
async function countFailure({ db, now, pause = sleep }: GuardNeeds, guard: Guard): Promise<void> {
  const { what, seconds, sources, message } = guard;
  const { step, most } = guard.pause ?? usualPause;
  const counted = await Promise.all(
    sources.map(async (source) => ({
      ...source,
      count: await appendAttempt(db, what, source.whom, seconds, now),
    })),
  );
  const refused = new TooMany(secondsUntilReset(seconds, now), message);
  if (isCrowded(what)) throw refused;
  await pauseFor(
    what,
    Math.min(most, Math.max(...counted.map(({ count, slowFrom }) => count - slowFrom)) * step),
    pause,
  );
  if (counted.some(({ count, refuseFrom = Infinity }) => count > refuseFrom)) throw refused;
}

/** @param milliseconds waits for nothing at 0 and below */
async function pauseFor(
  what: string,
  milliseconds: number,
  pause: NonNullable<GuardNeeds['pause']>,
): Promise<void> {
  if (milliseconds <= 0) return;
  paused.set(what, (paused.get(what) ?? 0) + 1);
  try {
    await pause(milliseconds);
  } finally {
    const left = (paused.get(what) ?? 1) - 1;
    if (left > 0) paused.set(what, left);
    else paused.delete(what);
  }
}

/** Until the window ends in which `now` lies. */
export const secondsUntilReset = (seconds: number, now: Date): number =>
  Math.max(1, Math.ceil(seconds - ((now.getTime() / 1000) % seconds)));

/**
 * By the device, and by its part of the network, which may be a whole school: there, wrong ones are never
 * refused, only slowed down after `times` as many failures.
 */
export function sourcesOf(caller: Caller, subject: string, failures: number, times = 5): AttemptSource[] {
  const slowFrom = failures - Math.min(6, Math.floor(failures / 2));
  const sources: AttemptSource[] = [
    { whom: `device\n${caller.nextDevice}\n${subject}`, slowFrom, refuseFrom: failures },
    { whom: `subnet\n${caller.subnet}\n${subject}`, slowFrom: failures * times },
  ];
  // Whoever throws every cookie away gains nothing by it.
  if (caller.device === null)
    sources.push({ whom: `no device\n${caller.subnet}\n${subject}`, slowFrom, refuseFrom: failures });
  return sources;
}

export interface Limit {
  /** What is done, e.g. `calendar-feed`. */
  what: string;
  /** By whom, or at what; stored hashed. */
  whom: string;
  /** How often in so many seconds. */
  most: number;
  seconds: number;
  /** What a refused one is told; may name {{minutes}} and {{seconds}}. */
  message?: string;
}

/** For what costs something also when it succeeds: counts one more. @throws TooMany */
export async function limitAttempts(
  db: Database,
  { what, whom, most, seconds, message }: Limit,
  now: Date,
): Promise<void> {
  if ((await appendAttempt(db, what, whom, seconds, now)) > most)
    throw new TooMany(secondsUntilReset(seconds, now), message);
}

/**
 * For what nobody is refused, as many may share one address: counts one more, and from `slowFrom` on each
 * waits longer than the one before.
 * @throws TooMany only while too many of this kind wait on this instance already
 */
export async function slowDown(
  { db, now, pause = sleep }: GuardNeeds,
  { what, whom, slowFrom, seconds }: Omit<Limit, 'most'> & { slowFrom: number },
): Promise<void> {
  const count = await appendAttempt(db, what, whom, seconds, now);
  if (count <= slowFrom) return;
  if (isCrowded(what)) throw new TooMany(secondsUntilReset(seconds, now));
  await pauseFor(what, Math.min(usualPause.most, (count - slowFrom) * usualPause.step), pause);
}
