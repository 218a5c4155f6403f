/** Clears away, every few hours, what uploads left that never ended. Files that a record names are never touched. */
import path from 'node:path';
import { sweepsUnfinished, type Storage } from '../../storage/storage.js';
import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import { sweepReceived } from './receive-file.js';

const hour = 60 * 60 * 1000;
/** Longer than any upload takes. */
export const LEFT_BEHIND_HOURS = 24;
const everyHours = 6;

interface SweepNeeds {
  storage: Storage;
  dataDir: string;
  log: Pick<Log, 'info' | 'warn'>;
}

interface SweepsNeeds extends SweepNeeds {
  clock: Clock;
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

/** Now and every few hours. @returns how to stop */
export function startSweeps(needs: SweepsNeeds): () => void {
  void sweepUploads(needs, needs.clock.now());
  const timer = setInterval(() => void sweepUploads(needs, needs.clock.now()), everyHours * hour).unref();
  return () => clearInterval(timer);
}
