/**
 * The progress of a background job: for people a page that renews itself, for programs JSON. It can be stopped here.
 */
import { z } from 'zod';
import type { SchoolScope } from '../db/database.js';
import { Conflict, Forbidden } from '../errors.js';
import { pagerOf } from '../http/pager.js';
import { idParams, listOf, pageQuery } from '../http/read-input.js';
import { done, page, routes, type Call, type FeatureRoutes } from '../http/route.js';
import { checkStop, isOver, isStoppable, mayReadJob, type Job } from './job.js';
import { getJob, listJobs, saveCancelRequest } from './job-records.js';
import { jobAnswer, jobView } from './job-view.js';

export const jobRoutes = routes('jobs');

/** Seconds after which the browser asks again while the job runs. */
const askAgain = 2;
/** Milliseconds of waiting after which the page explains it. */
const LONG_WAIT = 20_000;

function leftWords(call: Pick<Call, 't'>, seconds: number | null): string | null {
  if (seconds === null) return null;
  return seconds < 60
    ? call.t('jobs.left.seconds', { count: Math.max(1, seconds) })
    : call.t('jobs.left.minutes', { count: Math.round(seconds / 60) });
}

/** What is unusual about a job that is not over, or null. */
function noteOf(job: Job, now: Date): string | null {
  if (job.state === 'running' && job.cancelRequestedAt) return 'jobs.note.stopping';
  if (job.state === 'running' && job.attempts > 1) return 'jobs.note.interrupted';
  if (job.state === 'waiting' && job.progress.done > 0) return 'jobs.note.others-turn';
  const waits = now.getTime() - job.createdAt.getTime();
  return job.state === 'waiting' && waits > LONG_WAIT ? 'jobs.note.waits' : null;
}

const stateKinds = { waiting: null, running: null, done: 'ok', failed: 'stop', cancelled: 'warn' } as const;

async function readableJob(call: Pick<Call, 'scope' | 'actor'>, id: string): Promise<Job> {
  const job = await getJob(call.scope, id);
  if (!mayReadJob(call.actor, job)) throw new Forbidden();
  return job;
}

/** What the page and the list say of the state. */
const stateFace = (call: Pick<Call, 't'>, job: Job) => ({
  title: call.t(`jobs.kinds.${job.kind}.title`),
  stateWords: call.t(`jobs.state.${job.state}`),
  stateKind: job.state === 'done' && job.problems.length > 0 ? ('warn' as const) : stateKinds[job.state],
  countWords: countWords(call, job),
});

/**
 * How far it is; of transcripts that are done, how many of them were issued. A finished search has nothing to count.
 */
function countWords({ t }: Pick<Call, 't'>, job: Job): string | null {
  const { done, total } = job.progress;
  if (total === 0 || (job.kind === 'schedule' && job.state === 'done')) return null;
  const { length: failed } = job.problems;
  if (isOver(job) && failed > 0 && job.kind === 'transcripts') {
    const issued = Math.max(0, done - failed);
    return t('jobs.transcripts-partly', { issued, count: total, not: total - issued });
  }
  return t(`jobs.kinds.${job.kind}.count`, { done, count: job.kind === 'roster-preview' ? done : total });
}

/** @param ports.listNames names of people by id; the people come downstream */
export function makeJobListRoutes(ports: {
  listNames(scope: SchoolScope, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}): FeatureRoutes {
  const router = routes('jobs');
  router.get(
    '/jobs',
    {
      summary: 'Background jobs of the school, newest first',
      who: ['admin'],
      query: pageQuery,
      answer: listOf(jobAnswer.extend({ byName: z.string() })),
    },
    async (call) => {
      const { scope, query, context, t } = call;
      const found = await listJobs(scope, query.page, query.perPage);
      const names = await ports.listNames(scope, [...new Set(found.items.map((job) => job.createdBy))]);
      const now = context.clock.now();
      const items = found.items.map((job) => {
        const view = { ...jobView(job, now, t), byName: names.get(job.createdBy) ?? '' };
        if (call.wantsJson) return view;
        const face = stateFace(call, job);
        const mayStop = !isOver(job) && !view.stopping && isStoppable(job);
        return { ...view, ...face, mayStop };
      });
      const title = t('jobs.list.title');
      return page('jobs/list', { ...found, items, pager: pagerOf(found, '/jobs') }, { title });
    },
  );
  return router;
}

jobRoutes.get(
  '/jobs/:id',
  { summary: 'How far a background job is', who: 'signed-in', params: idParams, answer: jobAnswer },
  async (call) => {
    const job = await readableJob(call, call.params.id);
    const now = call.context.clock.now();
    const view = jobView(job, now, call.t);
    const goesOn = !isOver(job);
    if (goesOn) call.response.setHeader('Refresh', String(askAgain));
    call.response.setHeader('Cache-Control', 'no-store');
    const title = call.t(`jobs.kinds.${job.kind}.title`);
    const note = goesOn ? noteOf(job, now) : null;
    return page(
      'jobs/job',
      {
        ...view,
        goesOn,
        mayStop: goesOn && !view.stopping && isStoppable(job),
        ...stateFace(call, job),
        note: note && call.t(note),
        left: leftWords(call, view.secondsLeft),
        openWords: call.t(`jobs.kinds.${job.kind}.open`),
      },
      { title },
    );
  },
);

jobRoutes.post(
  '/jobs/:id/cancel',
  {
    summary: 'Stop a background job; what it has finished stays',
    who: 'signed-in',
    params: idParams,
    answer: jobAnswer,
  },
  async (call) => {
    const job = await readableJob(call, call.params.id);
    checkStop(call.actor, job);
    const now = call.context.clock.now();
    const stopped = await saveCancelRequest(call.scope, job.id, now);
    if (!stopped) throw new Conflict('jobs.problem.over');
    return done(`/jobs/${job.id}`, jobView(stopped, now, call.t));
  },
);
