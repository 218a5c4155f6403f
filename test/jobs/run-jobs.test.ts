import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../server/ids.js';
import type { Job } from '../../server/jobs/job.js';
import { secondsLeft } from '../../server/jobs/job.js';
import { getJob, saveJob, saveLease } from '../../server/jobs/job-records.js';
import { startJobRunner, type JobHandler, type JobRunner } from '../../server/jobs/run-jobs.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';
import { fromNow } from '../harness/test-clock.js';

let app: TestApp;
let home: TestSchool;
const runners: JobRunner[] = [];
beforeAll(async () => {
  app = await startApp({ jobs: false });
  home = await app.aSchool();
});
afterAll(async () => {
  await Promise.all(runners.map((runner) => runner.stop()));
  await app.close();
});

const quiet = { error: () => undefined, info: () => undefined } as never;
function aRunner(kind: string, handler: JobHandler, lease = 15_000): JobRunner {
  const { db, clock } = app.context;
  const runner = startJobRunner({ db, clock, log: quiet, handlers: { [kind]: handler }, pause: 20, lease });
  runners.push(runner);
  return runner;
}

function aJob(kind: string, key = newId()): Promise<Job> {
  return saveJob(home.scope, {
    id: newId(),
    schoolId: home.school.id,
    kind,
    key,
    payload: {},
    state: 'waiting',
    progress: { done: 0, total: 2 },
    problems: [],
    result: null,
    attempts: 0,
    createdAt: app.context.clock.now(),
    createdBy: 'somebody',
    startedAt: null,
    finishedAt: null,
    lease: null,
  });
}

async function ended(id: string): Promise<Job> {
  for (let turn = 0; turn < 400; turn += 1) {
    const job = await getJob(home.scope, id);
    if (job.state === 'done' || job.state === 'failed') return job;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('The job has not come to an end');
}

describe('background jobs', () => {
  it('the same key is the same job', async () => {
    const key = newId();
    const [one, other] = await Promise.all([aJob('nobody', key), aJob('nobody', key)]);
    expect(one.id).toBe(other.id);
  });

  it('reports progress, problems and where the outcome is', async () => {
    const job = await aJob('plain');
    aRunner('plain', async (_job, desk) => {
      await desk.progress(1, 2);
      await desk.problem('Amina', 'jobs.problem.failed');
      await desk.progress(2, 2);
      return { href: '/there' };
    });
    expect(await ended(job.id)).toMatchObject({
      state: 'done',
      progress: { done: 2, total: 2 },
      problems: [{ subject: 'Amina' }],
      result: { href: '/there' },
      lease: null,
    });
  });

  it('a fault fails the job and says so', async () => {
    const job = await aJob('faulty');
    aRunner('faulty', async () => {
      throw new Error('broken');
    });
    expect(await ended(job.id)).toMatchObject({
      state: 'failed',
      problems: [{ message: 'jobs.problem.failed' }],
    });
  });

  it('two workers never hold the same job', async () => {
    let begun = 0;
    const handler: JobHandler = async () => {
      begun += 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return null;
    };
    const job = await aJob('once');
    aRunner('once', handler);
    aRunner('once', handler);
    await ended(job.id);
    expect(begun).toBe(1);
  });

  it('a job whose worker has died is taken over when its lease has run out', async () => {
    const job = await aJob('orphaned');
    const now = app.context.clock.now();
    // A worker that took the job and was killed: its lease stays behind and nobody renews it.
    const held = await saveLease(
      app.context.db,
      ['orphaned'],
      'dead worker',
      now,
      new Date(now.getTime() + 300),
    );
    expect(held?.id).toBe(job.id);
    aRunner('orphaned', async () => ({ href: '/finished-by-another' }));
    expect(await ended(job.id)).toMatchObject({
      state: 'done',
      attempts: 2,
      result: { href: '/finished-by-another' },
    });
    expect(app.context.clock.now().getTime() - now.getTime()).toBeGreaterThanOrEqual(300);
  });

  it('a worker that works longer than its lease keeps the job by its heartbeat', async () => {
    const job = await aJob('long');
    const handler: JobHandler = async () => {
      await new Promise((resolve) => setTimeout(resolve, 1200));
      return null;
    };
    aRunner('long', handler, 400);
    aRunner('long', handler, 400);
    expect(await ended(job.id)).toMatchObject({ state: 'done', attempts: 1 });
  });

  it('hands a job back when the process is closed in good order, and that is no attempt', async () => {
    const job = await aJob('closing');
    const runner = aRunner('closing', async (_job, desk) => {
      while (!desk.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 10));
      return null;
    });
    while ((await getJob(home.scope, job.id)).state !== 'running')
      await new Promise((resolve) => setTimeout(resolve, 10));
    await runner.stop();
    expect(await getJob(home.scope, job.id)).toMatchObject({ state: 'waiting', attempts: 0, lease: null });
  });

  it('what has killed its workers again and again is given up', async () => {
    const job = await aJob('deadly');
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const at = fromNow({ seconds: attempt - 60 });
      expect(await saveLease(app.context.db, ['deadly'], `w${attempt}`, at, at)).not.toBeNull();
    }
    const late = app.context.clock.now();
    expect(await saveLease(app.context.db, ['deadly'], 'w', late, late)).toBeNull();
    aRunner('deadly', async () => null);
    expect(await ended(job.id)).toMatchObject({
      state: 'failed',
      problems: [{ message: 'jobs.problem.gave-up' }],
    });
  });

  it('says how long it will take from what it took so far', () => {
    const startedAt = fromNow({ minutes: -10 });
    const job = { state: 'running' as const, startedAt, progress: { done: 10, total: 40 } };
    expect(secondsLeft(job, new Date(startedAt.getTime() + 20_000))).toBe(60);
    expect(secondsLeft({ ...job, progress: { done: 0, total: 40 } }, startedAt)).toBeNull();
  });
});
