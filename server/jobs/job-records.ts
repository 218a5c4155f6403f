/** Jobs and their leases. Personal data: names of people in the list of problems. */
import { isDuplicate, schoolCollection, type Database, type SchoolScope } from '../database.js';
import { attemptsMaximum, type Job, type JobProblem } from './job.js';

const jobs = schoolCollection<Job>(
  'jobs',
  {
    kind: { type: String, required: true, immutable: true },
    key: { type: String, required: true, immutable: true },
    payload: { type: Object, required: true, immutable: true },
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
  },
  {
    indexes: [
      { keys: { schoolId: 1, kind: 1, key: 1 }, unique: true },
      { keys: { state: 1, 'lease.until': 1 } },
      { keys: { schoolId: 1, kind: 1, createdAt: -1 } },
    ],
  },
);
export const jobsDeclaration = jobs.declaration;

export const getJob = (scope: SchoolScope, id: string) => jobs.in(scope).get(id);
export const findJobByKey = (scope: SchoolScope, kind: string, key: string) =>
  jobs.in(scope).findOne({ kind, key });

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

/** Takes one job that waits, or whose worker has not been heard of since its lease ran out. */
export const saveLease = (db: Database, kinds: string[], owner: string, now: Date, until: Date) =>
  jobs.acrossSchools(db).findOneAndUpdate(
    {
      kind: { $in: kinds },
      attempts: { $lt: attemptsMaximum },
      $or: [{ state: 'waiting' }, { state: 'running', 'lease.until': { $lt: now } }],
    },
    {
      $set: { state: 'running', lease: { owner, until }, startedAt: now, problems: [] },
      $inc: { attempts: 1 },
    },
  );

/** Gives up what has killed its worker too often. */
export const saveGivenUp = (db: Database, now: Date) =>
  jobs.acrossSchools(db).updateMany(
    { state: 'running', attempts: { $gte: attemptsMaximum }, 'lease.until': { $lt: now } },
    {
      $set: { state: 'failed', lease: null, finishedAt: now },
      $push: { problems: { subject: '', message: 'jobs.problem.gave-up' } },
    },
  );

const held = (id: string, owner: string) => ({ id, state: 'running', 'lease.owner': owner });

/** @returns whether the lease is still ours */
export const saveHeartbeat = async (db: Database, id: string, owner: string, until: Date) =>
  (await jobs.acrossSchools(db).updateOne(held(id, owner), { $set: { 'lease.until': until } })) === 1;
export const saveProgress = (db: Database, id: string, owner: string, done: number, total: number) =>
  jobs.acrossSchools(db).updateOne(held(id, owner), { $set: { progress: { done, total } } });
export const saveProblem = (db: Database, id: string, owner: string, problem: JobProblem) =>
  jobs.acrossSchools(db).updateOne(held(id, owner), { $push: { problems: problem } });
export const saveOutcome = (
  db: Database,
  id: string,
  owner: string,
  outcome: Pick<Job, 'state' | 'result' | 'finishedAt'>,
) => jobs.acrossSchools(db).updateOne(held(id, owner), { $set: { ...outcome, lease: null } });
/** Puts a job back, when its worker is being shut down in good order: that is no attempt. */
export const saveReturned = (db: Database, id: string, owner: string) =>
  jobs
    .acrossSchools(db)
    .updateOne(held(id, owner), { $set: { state: 'waiting', lease: null }, $inc: { attempts: -1 } });
