/** What pages and programs may see of a job. */
import { z } from 'zod';
import type { MessageParams } from '../errors.js';
import type { Job } from './job.js';
import { jobStates, secondsLeft } from './job.js';

export const jobAnswer = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.enum(jobStates),
  progress: z.object({ done: z.number(), total: z.number() }),
  problems: z.array(z.object({ subject: z.string(), message: z.string(), words: z.string() })),
  /** Somebody has stopped it, and it ends after the item at hand. */
  stopping: z.boolean(),
  result: z.object({ href: z.string() }).nullable(),
  secondsLeft: z.number().nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
});

export function jobView(
  job: Job,
  now: Date,
  t: (key: string, params?: MessageParams) => string,
): z.output<typeof jobAnswer> {
  return {
    id: job.id,
    kind: job.kind,
    state: job.state,
    progress: job.progress,
    problems: job.problems.map((problem) => ({
      subject: problem.subject,
      message: problem.message,
      words: t(problem.message, problem.params),
    })),
    stopping: job.state === 'running' && Boolean(job.cancelRequestedAt),
    result: job.result,
    secondsLeft: secondsLeft(job, now),
    createdAt: job.createdAt.toISOString(),
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}
