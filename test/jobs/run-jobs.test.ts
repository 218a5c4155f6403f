import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InvalidInput } from '../../server/errors.js';
import { newId } from '../../server/ids.js';
import type { Job } from '../../server/jobs/job.js';
import { isOver, secondsLeft } from '../../server/jobs/job.js';
import {
  getJob,
  listOpenJobs,
  saveCancelRequest,
  saveJob,
  saveLease,
  saveOutcome,
} from '../../server/jobs/job-records.js';
import { startJobRunner, type JobHandler, type JobKind, type JobRunner } from '../../server/jobs/run-jobs.js';
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
function aRunner(
  kind: string,
  run: JobHandler,
  { lease = 15_000, pause = 20, ...limits }: { lease?: number; pause?: number } & Partial<JobKind> = {},
  { db, clock } = app.context,
): JobRunner {
  const kinds = { [kind]: { run, atOnce: 1, ...limits } };
  const runner = startJobRunner({ db, clock, log: quiet, kinds, pause, lease });
  runners.push(runner);
  return runner;
}

/** Another worker's hold on a job. */
async function heldBy(owner: string, kind: string, now: Date, until: Date): Promise<Job | null> {
  const [open] = await listOpenJobs(app.context.db, [kind]);
  return open ? saveLease(app.context.db, open, { owner, now, until }) : null;
}

const pauseFor = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function aJob(kind: string, key = newId(), more: Partial<Job> = {}, { scope } = home): Promise<Job> {
  return saveJob(scope, {
    id: newId(),
    schoolId: scope.schoolId,
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
    ...more,
  });
}

async function ended(id: string): Promise<Job> {
  for (let turn = 0; turn < 400; turn += 1) {
    const job = await getJob(home.scope, id);
    if (isOver(job)) return job;
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
    const until = new Date(now.getTime() + 300);
    const held = await heldBy('dead worker', 'orphaned', now, until);
    expect(held?.id).toBe(job.id);
    aRunner('orphaned', async () => ({ href: '/finished-by-another' }));
    expect(await ended(job.id)).toMatchObject({
      state: 'done',
      attempts: 2,
      result: { href: '/finished-by-another' },
    });
    expect(app.context.clock.now().getTime()).toBeGreaterThanOrEqual(until.getTime());
  });

  it('a worker that works longer than its lease keeps the job by its heartbeat', async () => {
    const job = await aJob('long');
    const handler: JobHandler = async () => {
      await new Promise((resolve) => setTimeout(resolve, 1200));
      return null;
    };
    aRunner('long', handler, { lease: 400 });
    aRunner('long', handler, { lease: 400 });
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

  it.each([0, 2, 4, 6, 8, 12, 20])('closes at any moment of taking a job up: after %i ms', async (after) => {
    const job = await aJob('closing-early');
    const runner = aRunner('closing-early', async (_job, desk) => {
      while (!desk.signal.aborted) await pauseFor(10);
      return null;
    });
    await pauseFor(after);
    await runner.stop();
    expect(await getJob(home.scope, job.id)).toMatchObject({ state: 'waiting', attempts: 0, lease: null });
    await saveCancelRequest(home.scope, job.id, app.context.clock.now());
  });

  it('what has killed its workers again and again is given up', async () => {
    const job = await aJob('deadly');
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const at = fromNow({ seconds: attempt - 60 });
      expect(await heldBy(`w${attempt}`, 'deadly', at, at)).not.toBeNull();
    }
    const late = app.context.clock.now();
    expect(await heldBy('w', 'deadly', late, late)).toBeNull();
    aRunner('deadly', async () => null);
    expect(await ended(job.id)).toMatchObject({
      state: 'failed',
      problems: [{ message: 'jobs.problem.gave-up' }],
    });
  });

  it('says how long it will take from what it took so far', () => {
    const startedAt = fromNow({ minutes: -10 });
    const after20 = new Date(startedAt.getTime() + 20_000);
    const job = { state: 'running' as const, startedAt, progress: { done: 10, total: 40 }, lease: null };
    expect(secondsLeft(job, after20)).toBe(60);
    // Twenty were done by an earlier worker; this one has done ten in twenty seconds.
    const taken = { owner: 'w', until: startedAt, doneBefore: 20 };
    const goesOn = { ...job, progress: { done: 30, total: 40 }, lease: taken };
    expect(secondsLeft(goesOn, after20)).toBe(20);
    expect(secondsLeft({ ...job, progress: { done: 0, total: 40 } }, startedAt)).toBeNull();
  });

  it('never counts backward, and is complete at the end, in whatever order the items are told', async () => {
    const job = await aJob('counted', newId(), { progress: { done: 0, total: 40 } });
    const seen: number[] = [];
    aRunner('counted', async (_job, desk) => {
      const told = Array.from({ length: 39 }, (_, at) => 39 - at).map((done) => desk.progress(done, 40));
      for (const each of told) {
        await each;
        seen.push((await getJob(home.scope, job.id)).progress.done);
      }
      return null;
    });
    expect((await ended(job.id)).progress).toEqual({ done: 40, total: 40 });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('says in its own words what was wrong with what was sent', async () => {
    const job = await aJob('unreadable');
    aRunner('unreadable', async () => {
      throw new InvalidInput([{ field: 'roster', message: 'people.problem.x', params: { file: 'a.csv' } }]);
    });
    expect(await ended(job.id)).toMatchObject({
      state: 'failed',
      problems: [{ subject: '', message: 'people.problem.x', params: { file: 'a.csv' } }],
    });
  });

  it('hears of new jobs at once, and again after the database has broken off telling', async () => {
    const apart = await startApp({ jobs: false, purpose: 'lost' });
    try {
      const school = await apart.aSchool();
      const runner = aRunner('heard', async () => null, { pause: 600_000 }, apart.context);
      const doneBy = async () => {
        const job = await aJob('heard', newId(), {}, school);
        while (!isOver(await getJob(school.scope, job.id))) await pauseFor(20);
      };
      await doneBy();
      // A dropped collection ends the stream of its changes for good.
      await apart.context.db.connection.collection('jobs').drop();
      await doneBy();
      await runner.stop();
    } finally {
      await apart.close();
    }
  });

  describe('stopping a job', () => {
    it('that waits ends it before it is begun', async () => {
      const job = await aJob('never');
      expect(await saveCancelRequest(home.scope, job.id, app.context.clock.now())).toMatchObject({
        state: 'cancelled',
      });
      let begun = 0;
      aRunner('never', async () => {
        begun += 1;
        return null;
      });
      const other = await aJob('never');
      await ended(other.id);
      expect(begun).toBe(1);
      expect(await saveCancelRequest(home.scope, job.id, app.context.clock.now())).toBeNull();
    });

    it('that runs lets the item at hand be finished, and keeps what is done', async () => {
      const job = await aJob('stopped', newId(), { progress: { done: 0, total: 1000 } });
      aRunner('stopped', async (_job, desk) => {
        for (let done = 1; !desk.signal.aborted; done += 1) {
          await pauseFor(5);
          await desk.progress(done, 1000);
        }
        return { href: '/what-is-done' };
      });
      while ((await getJob(home.scope, job.id)).progress.done < 3) await pauseFor(5);
      await saveCancelRequest(home.scope, job.id, app.context.clock.now());
      const stopped = await ended(job.id);
      expect(stopped).toMatchObject({ state: 'cancelled', result: { href: '/what-is-done' }, lease: null });
      expect(stopped.progress.done).toBeGreaterThanOrEqual(3);
    });

    it('whose worker has died ends it without another attempt', async () => {
      const job = await aJob('dead');
      const before = new Date(app.context.clock.now().getTime() - 1000);
      await heldBy('dead worker', 'dead', before, before);
      await saveCancelRequest(home.scope, job.id, app.context.clock.now());
      aRunner('dead', async () => null);
      expect(await ended(job.id)).toMatchObject({ state: 'cancelled', attempts: 1 });
    });
  });

  it('works on large jobs apart from pages where their kind says so, and on small ones at once', async () => {
    const [kind, other] = [`kind-${newId()}`, `kind-${newId()}`];
    const here: string[] = [];
    const apart: string[] = [];
    const { db, clock } = app.context;
    const run: JobHandler = async ({ id }) => {
      here.push(id);
      return null;
    };
    const runner = startJobRunner({
      ...{ db, clock, log: quiet, pause: 20 },
      kinds: { [kind]: { run, atOnce: 2, apart: true }, [other]: { run, atOnce: 2 } },
      async workApart({ job, owner }) {
        apart.push(job.id);
        await saveOutcome(db, job.id, owner, {
          state: 'done',
          result: null,
          done: 1,
          finishedAt: clock.now(),
        });
      },
    });
    runners.push(runner);
    const [large, small, elsewhere] = [
      await aJob(kind),
      await aJob(kind, newId(), { small: true }),
      await aJob(other),
    ];
    for (const { id } of [large, small, elsewhere]) expect((await ended(id)).state).toBe('done');
    expect(apart).toEqual([large.id]);
    expect(new Set(here)).toEqual(new Set([small.id, elsewhere.id]));
  });

  it('a school has one job at a time where its kind says so, on two instances as well', async () => {
    const other = await app.aSchool();
    const order: string[] = [];
    let together = 0;
    const running = new Map<string, number>();
    const handler: JobHandler = async (job) => {
      const now = (running.get(job.schoolId) ?? 0) + 1;
      running.set(job.schoolId, now);
      together = Math.max(together, now);
      order.push(job.schoolId);
      await pauseFor(60);
      running.set(job.schoolId, now - 1);
      return null;
    };
    const jobs = [];
    for (let at = 0; at < 3; at += 1) {
      jobs.push(await aJob('alone', newId(), { small: true }));
      jobs.push(await aJob('alone', newId(), { small: true }, other));
    }
    for (let at = 0; at < 2; at += 1) aRunner('alone', handler, { atOnce: 3, onePerSchool: true });
    for (const { id, schoolId } of jobs)
      while (!isOver(await getJob({ db: app.context.db, schoolId }, id))) await pauseFor(20);
    expect(order).toHaveLength(6);
    expect(together).toBe(1);
  });

  it('a batch steps back for a single one and goes on where it was', async () => {
    const batch = await aJob('batch', newId(), { small: false, progress: { done: 0, total: 60 } });
    const items: string[] = [];
    let done = 0;
    const handler: JobHandler = async (job, desk) => {
      if (job.small) items.push('single');
      else
        while (done < 60 && !desk.signal.aborted) {
          await pauseFor(10);
          items.push('item');
          await desk.progress((done += 1), 60);
        }
      return null;
    };
    aRunner('batch', handler, { yields: true });
    while (done < 3) await pauseFor(5);
    await ended((await aJob('batch', newId(), { small: true })).id);
    expect(items.indexOf('single')).toBeLessThan(60);
    expect(await ended(batch.id)).toMatchObject({ state: 'done', attempts: 1, progress: { done: 60 } });
    expect(items.filter((item) => item === 'item')).toHaveLength(60);
  });
});
