/** A job in a thread of its own: what becomes of it when the thread dies, needs too much memory, or does not stop. */
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newId } from '../../server/ids.js';
import { isOver, newJob, type Job } from '../../server/jobs/job.js';
import { getJob, saveCancelRequest, saveJob, saveLease } from '../../server/jobs/job-records.js';
import { startJobRunner, type JobRunner } from '../../server/jobs/run-jobs.js';
import { workInThread } from '../../server/jobs/work-in-thread.js';
import { actorOf } from '../harness/builders/transcript.js';
import { temporaryFolder } from '../harness/services.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';

const folder = temporaryFolder();
let app: TestApp;
let home: TestSchool;
let runner: JobRunner | null = null;
beforeAll(async () => {
  app = await startApp({ jobs: false });
  home = await app.aSchool();
});
afterEach(async () => {
  await runner?.stop();
  await app.context.db.connection.collection('jobs').deleteMany({ kind });
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

const kind = 'apart';
const quiet = { error: () => undefined, info: () => undefined } as never;

/** Of a handler that never comes to an end, and hears nothing meanwhile. */
const stuck = 'for (;;);';

/** Resolves when the thread is over. */
let isOut: Promise<void>;
/** A job whose thread runs `code`, once a runner has taken it up. */
async function inThread(code: string, lease = 15_000): Promise<Job> {
  const { db, clock } = app.context;
  const file = path.join(folder, `${newId()}.mjs`);
  writeFileSync(file, code);
  const limits = { file, memoryMegabytes: 16, patience: { closing: 50, lost: 50, cancelled: 50 } };
  const person = await home.person({ name: 'Pat Doyle', roles: ['admin'] });
  const job = newJob(home.scope, clock, actorOf(person), { kind, key: newId(), payload: {}, total: 9 });
  await saveJob(home.scope, job);
  let begun: (out: Promise<void>) => void;
  isOut = new Promise((resolve) => (begun = resolve));
  runner = startJobRunner({
    ...{ db, clock, log: quiet, pause: 20, lease },
    kinds: { [kind]: { run: () => Promise.resolve(null), atOnce: 1, apart: true } },
    workApart: (work, signal) => {
      const out = workInThread({ db, clock, log: quiet, databaseUri: '' }, work, signal, limits);
      begun(out);
      return out;
    },
  });
  return job;
}

async function once(id: string, is: (job: Job) => boolean): Promise<Job> {
  for (let turn = 0; turn < 600; turn += 1) {
    const job = await getJob(home.scope, id);
    if (is(job)) return job;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('The job has not come so far');
}
const isRunning = ({ state }: Job) => state === 'running';

it.each([
  ['throws', `throw new Error('broken');`],
  ['ends the thread', `process.exit(3);`],
  ['ends the thread without a word', ``],
])('what %s is told to the job at once, tried again, and given up in the end', async (_case, code) => {
  const { id } = await inThread(code, 150);
  expect(await once(id, isOver)).toMatchObject({
    ...{ state: 'failed', attempts: 5, lease: null },
    problems: [{ message: 'jobs.problem.gave-up' }],
  });
});

it('what dies keeps its lease for a while, so that a short trouble does not use up all attempts', async () => {
  const { id } = await inThread(`throw new Error('broken');`);
  const { lease } = await once(id, isRunning);
  const job = await once(id, ({ problems }) => problems.length > 0);
  expect(job).toMatchObject({ state: 'running', problems: [{ message: 'jobs.problem.crashed' }] });
  expect(job.lease!.until.getTime()).toBeGreaterThan(lease!.until.getTime());
});

it('what needs too much memory is ended alone and not tried again', async () => {
  const { id } = await inThread('const all = []; for (;;) all.push(new Array(10_000).fill({}));');
  expect(await once(id, isOver)).toMatchObject({
    ...{ state: 'failed', attempts: 1, lease: null },
    problems: [{ message: 'jobs.problem.too-large' }],
  });
});

it('what does not stop is ended by force when the server is closed, and waits for another one', async () => {
  const { id } = await inThread(stuck);
  await once(id, isRunning);
  await runner!.stop();
  expect(await getJob(home.scope, id)).toMatchObject({ state: 'waiting', attempts: 0, lease: null });
});

it('what was asked to stop before its thread had begun waits for another worker', async () => {
  const person = await home.person({ name: 'Pat Doyle', roles: ['admin'] });
  const { db, clock } = app.context;
  const asked = newJob(home.scope, clock, actorOf(person), { kind, key: newId(), payload: {}, total: 9 });
  await saveJob(home.scope, asked);
  const [now, owner] = [clock.now(), newId()];
  const job = await saveLease(db, asked, { owner, now, until: new Date(now.getTime() + 15_000) });
  const file = path.join(folder, `${newId()}.mjs`);
  writeFileSync(file, stuck);
  const limits = { file, memoryMegabytes: 16, patience: { closing: 0 } };
  await workInThread(
    { db, clock, log: quiet, databaseUri: '' },
    { job: job!, owner, lease: 15_000 },
    AbortSignal.abort('closing'),
    limits,
  );
  expect(await getJob(home.scope, asked.id)).toMatchObject({ state: 'waiting', attempts: 0, lease: null });
});

it('what does not stop when somebody has canceled it is ended by force', async () => {
  const { id } = await inThread(stuck);
  await once(id, isRunning);
  await saveCancelRequest(home.scope, id, app.context.clock.now());
  expect(await once(id, isOver)).toMatchObject({ state: 'cancelled', lease: null });
});

it('a thread whose lease is lost is ended by force, and leaves the job to whoever has it', async () => {
  const { id } = await inThread(stuck, 300);
  const { lease } = await once(id, isRunning);
  const other = { ...lease!, owner: 'another worker', until: new Date(lease!.until.getTime() + 3_600_000) };
  const { db } = app.context;
  const jobs = db.connection.collection<{ _id: string }>('jobs');
  expect(await jobs.updateOne({ _id: id }, { $set: { lease: other } })).toMatchObject({ matchedCount: 1 });
  await isOut;
  expect(await getJob(home.scope, id)).toMatchObject({ state: 'running', lease: { owner: other.owner } });
});
