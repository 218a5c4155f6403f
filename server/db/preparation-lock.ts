/**
 * One instance at a time prepares the database: a lease in the database itself, by the database's clock, kept
 * alive while the work goes on. Whoever is killed loses it when the lease runs out.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../ids.js';
import type { Db } from './migration.js';

interface Lock {
  _id: string;
  owner: string | null;
  until: Date;
}

export interface HeldLock {
  /** @throws Error when the lease ran out and another instance may have taken over */
  stillOurs(): Promise<void>;
}

const lockId = 'lock';
const pollMilliseconds = 200;
const hasRunOut = { $expr: { $lte: ['$until', '$$NOW'] } };

/**
 * @param leaseMilliseconds after which silence a holder counts as dead
 * @param onWait called once when somebody else holds the lock
 */
export async function withPreparationLock<R>(
  db: Db,
  leaseMilliseconds: number,
  onWait: () => void,
  work: (lock: HeldLock) => Promise<R>,
): Promise<R> {
  const locks = db.collection<Lock>('databasestate');
  const owner = newId();
  const until = [{ $set: { owner, until: { $add: ['$$NOW', leaseMilliseconds] } } }];
  await locks
    .updateOne({ _id: lockId }, { $setOnInsert: { owner: null, until: new Date(0) } }, { upsert: true })
    .catch(ignoreDuplicate);
  let waits = false;
  while (!(await locks.findOneAndUpdate({ _id: lockId, ...hasRunOut }, until))) {
    if (!waits) onWait();
    waits = true;
    await sleep(pollMilliseconds);
  }
  const renew = async (): Promise<void> => {
    const { matchedCount } = await locks.updateOne({ _id: lockId, owner }, until);
    if (matchedCount === 0)
      throw new Error('Another instance has taken over the preparation of the database');
  };
  // A beat that fails is noticed by the next `stillOurs`.
  const beat = setInterval(() => void renew().catch(() => undefined), leaseMilliseconds / 4);
  beat.unref();
  try {
    return await work({ stillOurs: renew });
  } finally {
    clearInterval(beat);
    await locks.updateOne({ _id: lockId, owner }, { $set: { owner: null, until: new Date(0) } });
  }
}

function ignoreDuplicate(error: unknown): void {
  if ((error as { code?: unknown }).code !== 11000) throw error;
}
