/** Works on one leased job: runs its handler, keeps the lease alive, and writes down how it ended. Never throws. */
import type { Clock } from '../clock.js';
import type { Database } from '../db/database.js';
import { Conflict, InvalidInput } from '../errors.js';
import type { Log } from '../log.js';
import type { Job, JobProblem } from './job.js';
import { saveHeartbeat, saveOutcome, saveProblem, saveProgress, saveReturned } from './job-records.js';
import type { JobHandler, StopReason } from './run-jobs.js';

export interface JobWork {
  db: Database;
  clock: Clock;
  log: Pick<Log, 'error'>;
  owner: string;
  /** Milliseconds. */
  lease: number;
  run: JobHandler;
  /** Aborted with a StopReason. */
  stopping: AbortController;
}

export async function workOn(work: JobWork, job: Job): Promise<void> {
  const { db, clock, log, owner, lease, stopping } = work;
  const { signal } = stopping;
  let total = job.progress.total;
  const beat = setInterval(() => {
    saveHeartbeat(db, job.id, owner, new Date(clock.now().getTime() + lease)).then(
      (ours) => ours || stopping.abort('lost' satisfies StopReason),
      (error: unknown) => log.error({ err: error, job: job.id }, 'heartbeat failed'),
    );
  }, lease / 3);
  const end = (state: Job['state'], done: number, result: Job['result'] = null) =>
    saveOutcome(db, job.id, owner, { state, result, done, finishedAt: clock.now() });
  try {
    const result = await work.run(job, {
      scope: { db, schoolId: job.schoolId },
      signal,
      progress: (done, of) => {
        total = Math.max(total, of);
        return saveProgress(db, job.id, owner, done, of);
      },
      problem: (subject, message, params) =>
        saveProblem(db, job.id, owner, { subject, message, ...(params ? { params } : {}) }),
    });
    const reason = signal.aborted ? (signal.reason as StopReason) : null;
    if (reason === null) await end('done', total, result);
    else if (reason === 'cancelled') await end('cancelled', 0, result);
    else if (reason !== 'lost') await saveReturned(db, job.id, owner);
  } catch (error) {
    if (!(error instanceof InvalidInput || error instanceof Conflict))
      log.error({ err: error, job: job.id, kind: job.kind }, 'job failed');
    try {
      for (const problem of problemsOf(error)) await saveProblem(db, job.id, owner, problem);
      await end('failed', 0);
    } catch (unsaved) {
      // Its lease runs out, and another worker begins again.
      log.error({ err: unsaved, job: job.id }, 'the failure of a job could not be written down');
    }
  } finally {
    clearInterval(beat);
  }
}

/** What people can mend is said in its own words; everything else is ours. */
function problemsOf(error: unknown): JobProblem[] {
  if (error instanceof Conflict) return [{ subject: '', message: error.messageKey, params: error.params }];
  if (!(error instanceof InvalidInput)) return [{ subject: '', message: 'jobs.problem.failed' }];
  return error.fields.map(({ message, params }) => ({ subject: '', message, ...(params ? { params } : {}) }));
}
