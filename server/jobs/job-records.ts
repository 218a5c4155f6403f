/** Jobs and their leases. Personal data: names of people in the list of problems. */
import {
  isDuplicate,
  schoolCollection,
  type Database,
  type Filter,
  type SchoolScope,
} from '../db/database.js';
import type { OpenJob } from './choose-job.js';
import { MAX_ATTEMPTS, type Job, type JobProblem } from './job.js';
import { fieldIsName, tracesIn } from '../person-traces.js';

const jobs = schoolCollection<Job>(
  'jobs',
  {
    kind: { type: String, required: true, immutable: true },
    key: { type: String, required: true, immutable: true },
    payload: { type: Object, required: true, immutable: true },
    small: Boolean,
    state: { type: String, required: true },
    progress: { type: Object, required: true },
    problems: [Object],
    result: Object,
    attempts: { type: Number, required: true },
    createdAt: { type: Date, required: true, immutable: true },
    createdBy: { type: String, required: true, immutable: true },
    startedAt: Date,
    finishedAt: Date,
    lease: Object,
    runningKey: String,
    cancelRequestedAt: Date,
  },
  {
    indexes: [
      { keys: { schoolId: 1, kind: 1, key: 1 }, unique: true },
      { keys: { state: 1, createdAt: 1 } },
      { keys: { schoolId: 1, startedAt: -1 } },
      { keys: { schoolId: 1, kind: 1, createdAt: -1 } },
      { keys: { schoolId: 1, createdAt: -1, _id: 1 } },
      {
        keys: { runningKey: 1 },
        unique: true,
        partialFilterExpression: { runningKey: { $type: 'string' } },
      },
    ],
  },
);
export const jobsDeclaration = jobs.declaration;

export const findJob = (scope: SchoolScope, id: string) => jobs.in(scope).findOne({ id });
export const getJob = (scope: SchoolScope, id: string) => jobs.in(scope).get(id);
export const findJobByKey = (scope: SchoolScope, kind: string, key: string) =>
  jobs.in(scope).findOne({ kind, key });

/** Of the school, newest first; what they are about is left out. */
export const listJobs = (scope: SchoolScope, page: number, perPage: number) =>
  jobs.in(scope).page({}, { sort: { createdAt: -1 }, page, perPage });

/** Saves the job, or answers the one that the same key has made before. */
export async function saveJob(scope: SchoolScope, job: Job): Promise<Job> {
  try {
    return await jobs.in(scope).insert(job);
  } catch (error) {
    const earlier =
      isDuplicate(error) && !scope.session ? await findJobByKey(scope, job.kind, job.key) : null;
    if (!earlier) throw error;
    return earlier;
  }
}

const openStates = { state: { $in: ['waiting', 'running'] } };
/** More than a network of schools ever has open at once: what comes after them waits until it is among the oldest. */
const MAX_OPEN_JOBS = 2000;

/** What waits and what runs, on every instance, oldest first. */
export const listOpenJobs = (db: Database, kinds: readonly string[]): Promise<OpenJob[]> =>
  jobs.acrossSchools(db).find(
    { ...openStates, kind: { $in: kinds } },
    {
      sort: { createdAt: 1 },
      limit: MAX_OPEN_JOBS,
      fields: [
        'id',
        'schoolId',
        'kind',
        'small',
        'state',
        'attempts',
        'progress',
        'createdAt',
        'startedAt',
        'lease',
        'cancelRequestedAt',
      ],
    },
  );

/** When a job of each school was last taken up; schools that never had one are left out. */
export async function findServedAt(db: Database, schoolIds: readonly string[]): Promise<Map<string, Date>> {
  const rows = await jobs
    .acrossSchools(db)
    .aggregate<{ _id: string; at: Date | null }>([
      { $match: { schoolId: { $in: schoolIds } } },
      { $sort: { schoolId: 1, startedAt: -1 } },
      { $group: { _id: '$schoolId', at: { $first: '$startedAt' } } },
    ]);
  return new Map(rows.flatMap(({ _id, at }) => (at ? [[_id, at] as const] : [])));
}

/**
 * Takes the job up, if it still waits or its worker has not been heard of since its lease ran out.
 * @param lease.alone a school may have one running job of this kind only
 * @returns null when another worker was quicker
 */
export async function saveLease(
  db: Database,
  job: OpenJob,
  lease: { owner: string; now: Date; until: Date; alone?: boolean },
): Promise<Job | null> {
  const { owner, now, until, alone } = lease;
  try {
    return await jobs.acrossSchools(db).findOneAndUpdate(
      {
        id: job.id,
        attempts: { $lt: MAX_ATTEMPTS },
        $or: [{ state: 'waiting' }, { state: 'running', 'lease.until': { $lt: now } }],
      },
      {
        $set: {
          state: 'running',
          lease: { owner, until, doneBefore: job.progress.done },
          startedAt: now,
          // What an earlier worker could not do is tried again.
          problems: [],
          runningKey: alone ? `${job.schoolId} ${job.kind}` : null,
        },
        $inc: { attempts: 1 },
      },
    );
  } catch (error) {
    if (isDuplicate(error)) return null;
    throw error;
  }
}

const released = { lease: null, runningKey: null };

/** Gives up what has killed its worker too often, and ends what was to be stopped and has no worker any more. */
export async function saveAbandoned(db: Database, now: Date): Promise<void> {
  const silent: Filter<Job> = { state: 'running', 'lease.until': { $lt: now } };
  await jobs.acrossSchools(db).updateMany(
    { ...silent, attempts: { $gte: MAX_ATTEMPTS } },
    {
      $set: { ...released, state: 'failed', finishedAt: now },
      $push: { problems: { subject: '', message: 'jobs.problem.gave-up' } },
    },
  );
  await jobs
    .acrossSchools(db)
    .updateMany(
      { ...silent, cancelRequestedAt: { $ne: null } },
      { $set: { ...released, state: 'cancelled', finishedAt: now } },
    );
}

/** Stops a job: at once while it waits, after the item at hand while it runs. Null when it was over already. */
export const saveCancelRequest = async (scope: SchoolScope, id: string, now: Date): Promise<Job | null> =>
  (await jobs
    .in(scope)
    .findOneAndUpdate(
      { id, state: 'waiting' },
      { $set: { ...released, state: 'cancelled', cancelRequestedAt: now, finishedAt: now } },
    )) ?? jobs.in(scope).findOneAndUpdate({ id, state: 'running' }, { $set: { cancelRequestedAt: now } });

const held = (id: string, owner: string): Filter<Job> => ({ id, state: 'running', 'lease.owner': owner });

/** @returns whether the lease is still ours */
export const saveHeartbeat = async (db: Database, id: string, owner: string, until: Date) =>
  (await jobs.acrossSchools(db).updateOne(held(id, owner), { $set: { 'lease.until': until } })) === 1;
/** Several items may be told at once and arrive in any order: the number of those that are done only grows. */
export const saveProgress = (db: Database, id: string, owner: string, done: number, total: number) =>
  jobs
    .acrossSchools(db)
    .updateOne(held(id, owner), { $max: { 'progress.done': done, 'progress.total': total } });
export const saveProblem = (db: Database, id: string, owner: string, problem: JobProblem) =>
  jobs.acrossSchools(db).updateOne(held(id, owner), { $push: { problems: problem } });
/** @param done how many items are done now, at least */
export const saveOutcome = (
  db: Database,
  id: string,
  owner: string,
  { done, ...outcome }: Pick<Job, 'state' | 'result' | 'finishedAt'> & { done: number },
) =>
  jobs
    .acrossSchools(db)
    .updateOne(held(id, owner), { $set: { ...outcome, ...released }, $max: { 'progress.done': done } });
/** Puts a job back that is not finished: its worker is being shut down, or makes way for others. That is no attempt. */
export const saveReturned = (db: Database, id: string, owner: string) =>
  jobs
    .acrossSchools(db)
    .updateOne(held(id, owner), { $set: { ...released, state: 'waiting' }, $inc: { attempts: -1 } });

/**
 * The worker has died, and it is known at once. Its lease stays for a while, so that a short trouble does not
 * use up all attempts; then the job is taken up like that of any worker that was not heard of. The last time
 * it has failed.
 * @param crash.until when the next attempt may begin
 * @param crash.isLast it would die again
 */
export const saveCrash = (
  db: Database,
  { id, attempts }: Pick<Job, 'id' | 'attempts'>,
  owner: string,
  { at, until, isLast }: { at: Date; until: Date; isLast: boolean },
) => {
  const ends = isLast || attempts >= MAX_ATTEMPTS;
  const message = isLast ? 'jobs.problem.too-large' : ends ? 'jobs.problem.gave-up' : 'jobs.problem.crashed';
  const failed = { ...released, state: 'failed' as const, finishedAt: at };
  return jobs.acrossSchools(db).updateOne(held(id, owner), {
    $set: ends ? failed : { 'lease.until': until },
    $push: { problems: { subject: '', message } },
  });
};

/**
 * Tells when a job was added, stopped or put back by whichever instance, until `stop`. Ends by itself when
 * the database is lost.
 */
export function watchJobs(db: Database, changed: () => void, lost: () => void): { stop(): Promise<void> } {
  const stream = db.connection.db!.collection('jobs').watch(
    [
      {
        $match: {
          $or: [
            { operationType: 'insert' },
            { 'updateDescription.updatedFields.state': { $exists: true } },
            { 'updateDescription.updatedFields.cancelRequestedAt': { $exists: true } },
          ],
        },
      },
      { $project: { operationType: 1 } },
    ],
    { maxAwaitTimeMS: 10_000 },
  );
  stream.on('change', changed);
  stream.on('error', lost);
  stream.on('close', lost);
  return { stop: () => stream.close().catch(() => undefined) };
}

/** Jobs that somebody asked for by name, or that had a problem with them. */
export const saveJobsUnnamed = tracesIn(jobs, (person) => ({
  $or: [{ 'payload.actor.personId': { $in: person.ids } }, fieldIsName('problems.subject', person)],
}));
/** Whether a job of one of these kinds waits or runs. */
export const hasOpenJob = async (scope: SchoolScope, kinds: readonly string[]): Promise<boolean> =>
  (await jobs.in(scope).count({ ...openStates, kind: { $in: kinds } })) > 0;
