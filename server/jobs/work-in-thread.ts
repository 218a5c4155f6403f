/**
 * Works on one leased job in a thread of its own, with a connection of its own, at a low priority: pages do
 * not wait while a large file is read and compared. The thread does what `workOn` does here. It has a limit
 * of memory; one that dies is reported to the job, and one that does not stop when it must is ended by force.
 * What becomes of the job is asked of the job itself: an exit code says nothing of it.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.js';
import type { Database } from '../db/database.js';
import type { Log } from '../log.js';
import { projectRoot } from '../project-root.js';
import type { Job } from './job.js';
import { saveCrash, saveHeartbeat, saveOutcome, saveReturned } from './job-records.js';
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

export interface ThreadLimits {
  /** JavaScript that the thread runs; the built one, because a thread cannot read TypeScript by itself. */
  file: string;
  /** Of its objects; the whole server has not much more. */
  memoryMegabytes: number;
  /** Milliseconds for the item at hand once it is to stop; a reason that is not named has no end. */
  patience: Partial<Record<StopReason, number>>;
}

const usualLimits: ThreadLimits = {
  file: path.join(projectRoot, '.build/server/job-thread.js'),
  memoryMegabytes: 768,
  // A server that is closed is soon killed; a job whose lease is lost is another worker's already.
  patience: { closing: 5000, lost: 5000, cancelled: 60_000 },
};

/** @param signal aborted with a StopReason */
export async function workInThread(
  { db, clock, log, databaseUri }: ThreadNeeds,
  { job, owner, lease }: Pick<ThreadOrder, 'job' | 'owner' | 'lease'>,
  signal: AbortSignal,
  limits: ThreadLimits = usualLimits,
): Promise<void> {
  const order: ThreadOrder = { job, owner, lease, databaseUri };
  const worker = new Worker(limits.file, {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: limits.memoryMegabytes },
  });
  log.info({ job: job.id, kind: job.kind }, 'a large job has a thread of its own');
  let stopping: StopReason | null = null;
  let ending: NodeJS.Timeout | undefined;
  const stop = (reason: StopReason): void => {
    if (stopping === reason) return;
    stopping = reason;
    worker.postMessage(reason);
    clearTimeout(ending);
    const patience = limits.patience[reason];
    if (patience === undefined) return;
    ending = setTimeout(() => {
      log.error({ job: job.id, reason }, 'the thread of a job has not stopped and is ended');
      void worker.terminate();
    }, patience);
  };
  const onAbort = () => stop(signal.reason as StopReason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  // It takes a moment until the thread itself can say that it is there.
  const beat = setInterval(() => {
    saveHeartbeat(db, job.id, owner, new Date(clock.now().getTime() + lease)).then(
      (ours) => ours || stop('lost'),
      (error: unknown) => log.error({ err: error, job: job.id }, 'heartbeat failed'),
    );
  }, lease / 3);
  // It has written down how the job ended: that the lease is not ours any more is right then.
  worker.once('message', () => clearInterval(beat));
  const crash = await ended(worker);
  clearInterval(beat);
  clearTimeout(ending);
  signal.removeEventListener('abort', onAbort);
  if (stopping === null && crash) log.error({ err: crash, job: job.id }, 'the thread of a job has died');
  try {
    await saveEnd({ db, clock }, { job, owner, lease }, stopping, crash);
  } catch (error) {
    // Its lease runs out, and another worker begins again.
    log.error({ err: error, job: job.id }, 'the end of a thread could not be written down');
  }
}

type Crash = NodeJS.ErrnoException;

/**
 * Waits for the end of the thread. Null: it gave no reason. It has come to its own end then, or was ended
 * before it had begun: Node tells both with exit code 0.
 */
function ended(worker: Worker): Promise<Crash | null> {
  return new Promise((resolve) => {
    let problem: Crash | null = null;
    worker.on('error', (error: Crash) => {
      problem = error;
    });
    worker.on('exit', (code) => {
      resolve(problem ?? (code === 0 ? null : new Error(`It ended with ${code}`)));
    });
  });
}

/**
 * What becomes of a job whose thread could not say it itself. Nothing where it has said so before, or the
 * lease is another worker's.
 */
async function saveEnd(
  { db, clock }: Pick<ThreadNeeds, 'db' | 'clock'>,
  { job, owner, lease }: Pick<ThreadOrder, 'job' | 'owner' | 'lease'>,
  stopping: StopReason | null,
  crash: Crash | null,
): Promise<void> {
  const finishedAt = clock.now();
  if (stopping === 'closing' || stopping === 'yield') await saveReturned(db, job.id, owner);
  else if (stopping === 'cancelled')
    await saveOutcome(db, job.id, owner, { state: 'cancelled', result: null, done: 0, finishedAt });
  else if (stopping === null)
    await saveCrash(db, job, owner, {
      at: finishedAt,
      until: new Date(finishedAt.getTime() + lease),
      // The same job needs as much memory the next time.
      isLast: crash?.code === 'ERR_WORKER_OUT_OF_MEMORY',
    });
}
