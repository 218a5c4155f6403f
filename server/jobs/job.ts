/**
 * Work that takes longer than a request: leased from MongoDB by any instance, with a heartbeat, progress per
 * item and the problems met. A worker that dies loses its lease and another one takes the job over; handlers
 * must therefore be able to begin again. Which job comes next is decided in choose-job.ts.
 */
import { hasRole, runsSchool, type Actor } from '../access/actor.js';
import { checkScope, type TokenScope } from '../access/token-scopes.js';
import type { Clock } from '../clock.js';
import { Conflict, type MessageParams } from '../errors.js';
import { newId } from '../ids.js';

export const jobStates = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;
type JobState = (typeof jobStates)[number];

export interface JobProblem {
  /** Whom or what it is about, as people call it. */
  subject: string;
  /** Message key. */
  message: string;
  params?: MessageParams;
}

export interface Job {
  id: string;
  schoolId: string;
  /** Names the handler and the words on the progress page, e.g. `transcripts`. */
  kind: string;
  /** The same request again gives the same job: unique per school and kind. */
  key: string;
  payload: Record<string, unknown>;
  /**
   * Takes moments, like a single transcript: it does not wait behind batches. Left out in jobs from before
   * there were two sizes.
   */
  small?: boolean;
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
  /** Who works on it; `doneBefore` says how many items were done when this worker took it up. */
  lease: { owner: string; until: Date; doneBefore?: number } | null;
  /** Set while it runs, where a school may have only one of its kind running: unique. */
  runningKey?: string | null;
  /** Somebody wants it stopped; the worker ends it after the item at hand. */
  cancelRequestedAt?: Date | null;
}

/** A job of so many items is small, unless whoever asks for it knows better. */
const MAX_SMALL_ITEMS = 5;

/**
 * What somebody asks for: it waits for a worker.
 * @param asked.total how many items there are, for the progress; 0 while nobody knows
 */
export const newJob = (
  { schoolId }: { schoolId: string },
  clock: Clock,
  actor: Actor,
  { total, small, ...asked }: Pick<Job, 'kind' | 'key' | 'payload' | 'small'> & { total: number },
): Job => ({
  ...asked,
  small: small ?? total <= MAX_SMALL_ITEMS,
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
  runningKey: null,
  cancelRequestedAt: null,
});

/** Nothing more happens to it. */
export const isOver = ({ state }: Pick<Job, 'state'>): boolean => state !== 'waiting' && state !== 'running';

/** A job that has killed so many workers is given up. */
export const MAX_ATTEMPTS = 5;

/** Who asked for it, and those who run the school; what is erased is the administrators'. */
export const mayReadJob = (actor: Actor, job: Pick<Job, 'kind' | 'createdBy'>): boolean =>
  job.createdBy === actor.personId || (job.kind === 'erasure' ? hasRole(actor, 'admin') : runsSchool(actor));

/** What a token needs to stop a job: what it needs to ask for it. A kind that is not named no token stops. */
const scopeToStop: Readonly<Record<string, TokenScope>> = {
  transcripts: 'transcripts:issue',
  roster: 'people:import',
  'roster-preview': 'people:import',
  schedule: 'exhibitions:write',
};

/** An erasure goes on until nothing is left: half of it would be neither. */
export const isStoppable = ({ kind }: Pick<Job, 'kind'>): boolean => kind !== 'erasure';

/** @throws Conflict for what is not stopped; Forbidden for a token that could not have asked for it */
export function checkStop(actor: Actor, job: Pick<Job, 'kind'>): void {
  checkScope(scopeToStop[job.kind] ?? 'never', actor);
  if (!isStoppable(job)) throw new Conflict('jobs.problem.not-stopped', {}, 'not-stopped');
}

/** Seconds that are probably left, or null while nothing can be said. */
export function secondsLeft(
  job: Pick<Job, 'progress' | 'startedAt' | 'state' | 'lease'>,
  now: Date,
): number | null {
  const { done, total } = job.progress;
  // What an earlier worker has done says nothing about the pace of this one.
  const doneHere = done - (job.lease?.doneBefore ?? 0);
  if (job.state !== 'running' || !job.startedAt || doneHere <= 0 || total === 0) return null;
  const elapsed = (now.getTime() - job.startedAt.getTime()) / 1000;
  return Math.max(0, Math.round((elapsed / doneHere) * (total - done)));
}
