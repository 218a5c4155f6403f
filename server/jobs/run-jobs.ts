/**
 * The workers of this process: take up jobs in the order of choose-job.ts, as many of each kind as fit, keep
 * their leases alive, and hand them back when the process is shut down. Know no feature: what a job does is
 * in the handlers that they are given.
 */
import { setMaxListeners } from 'node:events';
import type { Clock } from '../clock.js';
import type { Database, SchoolScope } from '../db/database.js';
import type { MessageParams } from '../errors.js';
import { newId } from '../ids.js';
import type { Log } from '../log.js';
import { chooseJob, jobsThatYield, type JobsNow, type KindLimits, type OpenJob } from './choose-job.js';
import { findServedAt, listOpenJobs, saveAbandoned, saveLease } from './job-records.js';
import { watchForJobs } from './watch-for-jobs.js';
import { workOn } from './work-on-job.js';
import type { Job } from './job.js';

interface JobContext {
  scope: SchoolScope;
  /**
   * Aborted when the job is to stop after the item at hand: cancelled, making way, lease lost, or the process
   * is closing.
   */
  signal: AbortSignal;
  progress(done: number, total: number): Promise<unknown>;
  problem(subject: string, message: string, params?: MessageParams): Promise<unknown>;
}

/**
 * Does the job, from wherever an earlier worker left it. Throws to fail it as a whole; InvalidInput says why in words.
 */
export type JobHandler = (job: Job, desk: JobContext) => Promise<{ href: string } | null>;

export interface JobKind extends KindLimits {
  run: JobHandler;
  /**
   * Large jobs of this kind keep a processor busy, so they are worked on apart from people's pages where that
   * is possible.
   */
  apart?: true;
}

export interface JobRunner {
  /** Waits for the items at hand, then hands the jobs back. */
  stop(): Promise<void>;
}

export interface JobRunnerOptions {
  db: Database;
  clock: Clock;
  log: Pick<Log, 'error' | 'info'>;
  kinds: Record<string, JobKind>;
  /** Works on a leased job apart from this thread. Default: in this thread. */
  workApart?: (lease: { job: Job; owner: string; lease: number }, signal: AbortSignal) => Promise<void>;
  /** Milliseconds between two looks when nothing waits and the database tells what is new. */
  pause?: number;
  /** Milliseconds after which a silent worker has lost its job. */
  lease?: number;
}

/** Why a handler is asked to stop. */
export type StopReason = 'closing' | 'lost' | 'yield' | 'cancelled';

/** Milliseconds until the next look while jobs wait for a place or for their turn. */
const SHORT_PAUSE = 1000;

export function startJobRunner(options: JobRunnerOptions): JobRunner {
  const { db, clock, log, kinds, workApart, pause = 5000, lease = 15_000 } = options;
  const owner = newId();
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const own = new Map<string, { stop(reason: StopReason): void; ended: Promise<void> }>();
  const watch = watchForJobs(db, log);

  function start(job: Job): void {
    const stopping = new AbortController();
    const stop = (reason: StopReason) => stopping.abort(reason);
    const onClosing = () => stop('closing');
    closing.signal.addEventListener('abort', onClosing, { once: true });
    // Closed while the job was being taken: the event has passed.
    if (closing.signal.aborted) onClosing();
    const { run, apart } = kinds[job.kind]!;
    const worked =
      workApart && apart && !job.small
        ? workApart({ job, owner, lease }, stopping.signal)
        : workOn({ db, clock, log, owner, lease, run, stopping }, job);
    const ended = worked.finally(() => {
      closing.signal.removeEventListener('abort', onClosing);
      own.delete(job.id);
      watch.wake();
    });
    own.set(job.id, { stop, ended });
  }

  /** @returns whether something is still waiting */
  async function look(): Promise<boolean> {
    const now = clock.now();
    const found = await listOpenJobs(db, Object.keys(kinds));
    if (found.some((job) => job.lease && job.lease.until < now)) await saveAbandoned(db, now);
    const waits = found.some((job) => job.state === 'waiting' || (job.lease && job.lease.until < now));
    if (!waits && own.size === 0) return false;
    const schools = new Set(found.map((job) => job.schoolId));
    const servedAt = waits && schools.size > 1 ? await findServedAt(db, [...schools]) : new Map();
    const seen: JobsNow = { open: found, mine: new Set(own.keys()), servedAt, now };
    for (const job of found) if (job.cancelRequestedAt) own.get(job.id)?.stop('cancelled');
    for (const id of jobsThatYield(kinds, seen)) own.get(id)?.stop('yield');
    await takeUp(seen);
    return waits;
  }

  async function takeUp(seen: JobsNow): Promise<void> {
    let open: readonly OpenJob[] = seen.open;
    const served = new Map(seen.servedAt);
    for (;;) {
      if (closing.signal.aborted) return;
      const jobs = { ...seen, open, servedAt: served, mine: new Set(own.keys()) };
      const next = chooseJob(kinds, jobs);
      if (!next) return;
      const now = clock.now();
      const until = new Date(now.getTime() + lease);
      const alone = kinds[next.kind]!.onePerSchool === true;
      const job = await saveLease(db, next, { owner, now, until, alone });
      // Taken by another worker in this moment: it is looked at again the next time.
      open = open.flatMap((each) => (each.id === next.id ? (job ? [job] : []) : [each]));
      if (!job) continue;
      served.set(job.schoolId, now);
      start(job);
    }
  }

  async function loop(): Promise<void> {
    let failures = 0;
    while (!closing.signal.aborted) {
      const told = watch.next();
      let waits = false;
      try {
        waits = await look();
        failures = 0;
      } catch (error) {
        failures += 1;
        if (!closing.signal.aborted) log.error({ err: error }, 'the job runner could not reach the database');
      }
      const patience = failures > 0 ? Math.min(SHORT_PAUSE * 2 ** (failures - 1), 30_000) : pause;
      const rest = waits ? Math.min(SHORT_PAUSE, patience) : watch.pause(patience);
      await Promise.race([told, restFor(rest, closing.signal)]);
    }
  }

  const running = loop();
  return {
    async stop() {
      closing.abort();
      await running;
      await Promise.all([...own.values()].map(({ ended }) => ended));
      await watch.stop();
    },
  };
}

function restFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
