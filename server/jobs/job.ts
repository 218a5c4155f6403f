/**
 * Work that takes longer than a request: leased from MongoDB by any instance, with a heartbeat, progress per item and the
 * problems met. A worker that dies loses its lease and another one takes the job over; handlers must therefore be able to begin again.
 */
import { runsSchool, type Actor } from '../access/actor.js';
import type { Clock } from '../clock.js';
import { newId } from '../ids.js';

export const jobStates = ['waiting', 'running', 'done', 'failed'] as const;
export type JobState = (typeof jobStates)[number];

export interface JobProblem {
  /** Whom or what it is about, as people call it. */
  subject: string;
  /** Message key. */
  message: string;
}

export interface Job {
  id: string;
  schoolId: string;
  /** Names the handler and the words on the progress page, e.g. `transcripts`. */
  kind: string;
  /** The same request again gives the same job: unique per school and kind. */
  key: string;
  payload: Record<string, unknown>;
  state: JobState;
  progress: { done: number; total: number };
  problems: JobProblem[];
  /** `href` is where the outcome can be seen. */
  result: { href: string } | null;
  /** How often it has been begun. */
  attempts: number;
  createdAt: Date;
  createdBy: string;
  startedAt: Date | null;
  finishedAt: Date | null;
  lease: { owner: string; until: Date } | null;
}

/** What somebody asks for: it waits for a worker. @param asked.total how many items there are, for the progress */
export const newJob = (
  { schoolId }: { schoolId: string },
  clock: Clock,
  actor: Actor,
  { total, ...asked }: Pick<Job, 'kind' | 'key' | 'payload'> & { total: number },
): Job => ({
  ...asked,
  id: newId(),
  schoolId,
  state: 'waiting',
  progress: { done: 0, total },
  problems: [],
  result: null,
  attempts: 0,
  createdAt: clock.now(),
  createdBy: actor.personId,
  startedAt: null,
  finishedAt: null,
  lease: null,
});

/** A job that has killed so many workers is given up. */
export const attemptsMaximum = 5;

/** Who asked for it, and those who run the school. */
export const mayReadJob = (actor: Actor, job: Job): boolean =>
  runsSchool(actor) || job.createdBy === actor.personId;

/** Seconds that are probably left, or null while nothing can be said. */
export function secondsLeft(job: Pick<Job, 'progress' | 'startedAt' | 'state'>, now: Date): number | null {
  const { done, total } = job.progress;
  if (job.state !== 'running' || !job.startedAt || done === 0 || total === 0) return null;
  const elapsed = (now.getTime() - job.startedAt.getTime()) / 1000;
  return Math.max(0, Math.round((elapsed / done) * (total - done)));
}
