/**
 * The worker of this process: takes one job after another, keeps its lease alive while it works, and hands it back when the
 * process is shut down. Knows no room: what a job does is in the handlers that it is given.
 */
import type { Clock } from '../clock.js';
import type { Database, SchoolScope } from '../database.js';
import { newId } from '../ids.js';
import type { Log } from '../log.js';
import type { Job } from './job.js';
import {
  saveGivenUp,
  saveHeartbeat,
  saveLease,
  saveOutcome,
  saveProblem,
  saveProgress,
  saveReturned,
} from './job-records.js';

export interface JobDesk {
  scope: SchoolScope;
  /** Aborted when the lease was lost or the process is closing: stop after the item at hand. */
  signal: AbortSignal;
  progress(done: number, total: number): Promise<unknown>;
  problem(subject: string, message: string): Promise<unknown>;
}

/** Does the job, from wherever an earlier worker left it. Throws to fail it as a whole. */
export type JobHandler = (job: Job, desk: JobDesk) => Promise<{ href: string } | null>;

export interface JobRunner {
  /** Waits for the item at hand, then hands the job back. */
  stop(): Promise<void>;
}

export interface JobRunnerOptions {
  db: Database;
  clock: Clock;
  log: Pick<Log, 'error' | 'info'>;
  handlers: Record<string, JobHandler>;
  /** Milliseconds between two looks when nothing waits. */
  pause?: number;
  /** Milliseconds after which a silent worker has lost its job. */
  lease?: number;
}

export function startJobRunner(options: JobRunnerOptions): JobRunner {
  const { db, clock, log, handlers, pause = 400, lease = 15_000 } = options;
  const owner = newId();
  const closing = new AbortController();
  const until = () => new Date(clock.now().getTime() + lease);

  async function work(job: Job): Promise<void> {
    const lost = new AbortController();
    const signal = AbortSignal.any([closing.signal, lost.signal]);
    const beat = setInterval(() => {
      saveHeartbeat(db, job.id, owner, until()).then(
        (ours) => ours || lost.abort(),
        (error: unknown) => log.error({ err: error, job: job.id }, 'heartbeat failed'),
      );
    }, lease / 3);
    try {
      const result = await handlers[job.kind]!(job, {
        scope: { db, schoolId: job.schoolId },
        signal,
        progress: (done, total) => saveProgress(db, job.id, owner, done, total),
        problem: (subject, message) => saveProblem(db, job.id, owner, { subject, message }),
      });
      if (signal.aborted) await saveReturned(db, job.id, owner);
      else await saveOutcome(db, job.id, owner, { state: 'done', result, finishedAt: clock.now() });
    } catch (error) {
      log.error({ err: error, job: job.id, kind: job.kind }, 'job failed');
      await saveProblem(db, job.id, owner, { subject: '', message: 'jobs.problem.failed' });
      await saveOutcome(db, job.id, owner, { state: 'failed', result: null, finishedAt: clock.now() });
    } finally {
      clearInterval(beat);
    }
  }

  async function loop(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        const now = clock.now();
        const job = await saveLease(db, Object.keys(handlers), owner, now, until());
        if (job) {
          await work(job);
          continue;
        }
        await saveGivenUp(db, now);
      } catch (error) {
        if (!closing.signal.aborted) log.error({ err: error }, 'the job runner could not reach the database');
      }
      await rest(pause, closing.signal);
    }
  }

  const running = loop();
  return {
    async stop() {
      closing.abort();
      await running;
    },
  };
}

function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
