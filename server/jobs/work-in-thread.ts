/**
 * Works on one leased job in a thread of its own, with a connection of its own, at a low priority: pages do not wait while a large file
 * is read and compared. The thread does what `workOn` does here; a job whose thread dies is taken up again when its lease runs out.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.js';
import type { Database } from '../database.js';
import type { Log } from '../log.js';
import { projectRoot } from '../project-root.js';
import type { Job } from './job.js';
import { saveHeartbeat } from './job-records.js';
import type { StopReason } from './run-jobs.js';

export interface ThreadOrder {
  job: Job;
  owner: string;
  /** Milliseconds. */
  lease: number;
  databaseUri: string;
}

export interface ThreadNeeds {
  db: Database;
  clock: Clock;
  log: Pick<Log, 'error' | 'info'>;
  /** Where the thread finds the database. */
  databaseUri: string;
}

/** The built file: a thread cannot read TypeScript by itself. */
const threadFile = path.join(projectRoot, '.build/server/job-thread.js');

/** @param signal aborted with a StopReason */
export function workInThread(
  { db, clock, log, databaseUri }: ThreadNeeds,
  { job, owner, lease }: Pick<ThreadOrder, 'job' | 'owner' | 'lease'>,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const order: ThreadOrder = { job, owner, lease, databaseUri };
    const worker = new Worker(threadFile, { workerData: order });
    log.info({ job: job.id, kind: job.kind }, 'a large job has a thread of its own');
    // It takes a moment until the thread itself can say that it is there.
    const beat = setInterval(() => {
      saveHeartbeat(db, job.id, owner, new Date(clock.now().getTime() + lease)).catch((error: unknown) =>
        log.error({ err: error, job: job.id }, 'heartbeat failed'),
      );
    }, lease / 3);
    const stop = () => worker.postMessage(signal.reason as StopReason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    worker.on('error', (error) => log.error({ err: error, job: job.id }, 'the thread of a job has died'));
    worker.on('exit', () => {
      clearInterval(beat);
      signal.removeEventListener('abort', stop);
      resolve();
    });
  });
}
