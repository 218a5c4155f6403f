/** The progress of a background job: for people a page that renews itself, for programs JSON. */
import { idParams } from '../http/read-input.js';
import { page, routes, type Call } from '../http/route.js';
import { Forbidden } from '../errors.js';
import { mayReadJob } from './job.js';
import { getJob } from './job-records.js';
import { jobAnswer, jobView } from './job-view.js';

export const jobRoutes = routes('jobs');

/** Seconds after which the browser asks again while the job runs. */
const askAgain = 2;

function leftWords(call: Pick<Call, 't'>, seconds: number | null): string | null {
  if (seconds === null) return null;
  return seconds < 60
    ? call.t('jobs.left.seconds', { count: Math.max(1, seconds) })
    : call.t('jobs.left.minutes', { count: Math.round(seconds / 60) });
}

jobRoutes.get(
  '/jobs/:id',
  { summary: 'How far a background job is', who: 'signed-in', params: idParams, answer: jobAnswer },
  async (call) => {
    const job = await getJob(call.scope, call.params.id);
    if (!mayReadJob(call.actor, job)) throw new Forbidden();
    const view = jobView(job, call.context.clock.now(), call.t);
    const goesOn = job.state === 'waiting' || job.state === 'running';
    if (goesOn) call.response.setHeader('Refresh', String(askAgain));
    call.response.setHeader('Cache-Control', 'no-store');
    return page(
      'jobs/job',
      {
        ...view,
        goesOn,
        title: call.t(`jobs.kinds.${job.kind}.title`),
        stateWords: call.t(`jobs.state.${job.state}`),
        stateKind:
          job.state === 'done'
            ? job.problems.length > 0
              ? 'warn'
              : 'ok'
            : job.state === 'failed'
              ? 'stop'
              : null,
        countWords: call.t(`jobs.kinds.${job.kind}.count`, {
          count: job.progress.done,
          total: job.progress.total,
        }),
        left: leftWords(call, view.secondsLeft),
        openWords: call.t(`jobs.kinds.${job.kind}.open`),
      },
      { title: call.t(`jobs.kinds.${job.kind}.title`) },
    );
  },
);
