/** Clears away, every few hours, what uploads left that never ended. Files that a record names are never touched. */
import path from 'node:path';
import { sweepsUnfinished, type Storage } from '../../storage/storage.js';
import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import { sweepReceived } from './receive-file.js';

const hour = 60 * 60 * 1000;
/** Longer than any upload takes. */
const LEFT_BEHIND_HOURS = 24;
const everyHours = 6;
const minute = 60 * 1000;
const retryMinutes = 5;

interface SweepNeeds {
  storage: Storage;
  dataDir: string;
  log: Pick<Log, 'info' | 'warn'>;
}

interface SweepsNeeds extends SweepNeeds {
  clock: Clock;
  /** Bytes of removed works that the storage did not remove at once. */
  removeWaiting(): Promise<unknown>;
  /** What was written for the old id of somebody who was merged into another. */
  moveLate(): Promise<unknown>;
  /** Messages that could not be sent, or that a server left that was stopped. */
  sendWaiting(): Promise<unknown>;
  /** Once a day: files that no record names. */
  sweepUnnamed(): Promise<unknown>;
}

/** @param now files and buckets carry the time, too @returns how many were removed */
export async function sweepUploads({ storage, dataDir, log }: SweepNeeds, now: Date): Promise<number> {
  const before = new Date(now.getTime() - LEFT_BEHIND_HOURS * hour);
  try {
    const received = await sweepReceived(path.join(dataDir, 'incoming'), before);
    const stored = sweepsUnfinished(storage) ? await storage.sweepUnfinished(before) : 0;
    if (received + stored > 0) log.info({ received, stored }, 'unfinished uploads were removed');
    return received + stored;
  } catch (error) {
    log.warn({ err: error }, 'unfinished uploads could not be removed');
    return 0;
  }
}

/** Uploads now and every few hours; the rest by its own times. @returns how to stop */
export function startSweeps(needs: SweepsNeeds): () => void {
  const caught = (work: Promise<unknown>): void =>
    void work.catch((error: unknown) => needs.log.warn({ err: error }, 'a sweep failed; it is tried again'));
  const uploads = (): void => void sweepUploads(needs, needs.clock.now());
  uploads();
  const timers = [
    setInterval(uploads, everyHours * hour),
    setInterval(() => caught(needs.removeWaiting()), retryMinutes * minute),
    setInterval(() => caught(needs.moveLate()), retryMinutes * minute),
    setInterval(() => caught(needs.sendWaiting()), minute),
    setInterval(() => caught(needs.sweepUnnamed()), 24 * hour),
    // A server that is started again every day sweeps as well, when it has done what is urgent.
    setTimeout(() => caught(needs.sweepUnnamed()), 10 * minute),
  ];
  for (const timer of timers) timer.unref();
  return () => timers.forEach((timer) => clearInterval(timer));
}
