/**
 * Which job an instance takes up next, and which one steps back for a while. Pure. Small jobs do not wait
 * behind batches, and schools take turns: whoever has been served least recently comes first.
 */
import type { Job } from './job.js';

export type OpenJob = Pick<
  Job,
  | 'id'
  | 'schoolId'
  | 'kind'
  | 'small'
  | 'state'
  | 'attempts'
  | 'progress'
  | 'createdAt'
  | 'startedAt'
  | 'lease'
  | 'cancelRequestedAt'
>;

export interface KindLimits {
  /**
   * Jobs of this kind that one instance works on at the same time. From two on, one place is never given to a
   * large job, and one is kept for a large job that waits.
   */
  atOnce: number;
  /** A school has one running job of this kind at most, on whichever instance. */
  onePerSchool?: true;
  /** The handler goes on where it was broken off, so a long job may step back for others. */
  yields?: true;
}

export type Limits = Readonly<Record<string, KindLimits>>;

/** What can be told about the installation at this moment. */
export interface JobsNow {
  /** Waiting and running jobs of all instances. */
  open: readonly OpenJob[];
  /** Ids of the jobs that this instance works on. */
  mine: ReadonlySet<string>;
  /** When a job of the school was last taken up. */
  servedAt: ReadonlyMap<string, Date>;
  now: Date;
}

/** Milliseconds after which a job that was never begun is not overtaken by small ones any more. */
const MAX_OVERTAKEN = 60_000;
/** Milliseconds that a large job keeps its place while another school waits for it. */
export const TURN = 5000;

const isExpired = (job: OpenJob, now: Date): boolean =>
  job.state === 'running' && job.lease !== null && job.lease.until < now;

/** Whether a worker may take it up: it waits, or its worker has not been heard of since its lease ran out. */
const isFree = (job: OpenJob, now: Date): boolean => job.state === 'waiting' || isExpired(job, now);

/** @returns the job to take up next, or null while there is none or no place for one */
export function chooseJob(limits: Limits, jobs: JobsNow): OpenJob | null {
  const { open, mine, servedAt, now } = jobs;
  const running = open.filter((job) => job.state === 'running' && !isExpired(job, now));
  const runningOf = (schoolId: string) => running.filter((job) => job.schoolId === schoolId);
  const free = open.filter((job) => isFree(job, now) && !mine.has(job.id) && !job.cancelRequestedAt);
  const allowed = free.filter((job) => {
    const limit = limits[job.kind];
    if (!limit || !hasPlace(limit, job, free, ownOf(jobs, job.kind))) return false;
    return !limit.onePerSchool || !runningOf(job.schoolId).some(({ kind }) => kind === job.kind);
  });
  const first = (job: OpenJob): number =>
    job.small || (!job.startedAt && now.getTime() - job.createdAt.getTime() > MAX_OVERTAKEN) ? 0 : 1;
  const served = (job: OpenJob): number => servedAt.get(job.schoolId)?.getTime() ?? 0;
  const order = (a: OpenJob, b: OpenJob): number =>
    first(a) - first(b) ||
    runningOf(a.schoolId).length - runningOf(b.schoolId).length ||
    served(a) - served(b) ||
    a.createdAt.getTime() - b.createdAt.getTime();
  return [...allowed].sort(order)[0] ?? null;
}

const ownOf = ({ open, mine }: JobsNow, kind: string): OpenJob[] =>
  open.filter((job) => job.kind === kind && mine.has(job.id));

function hasPlace(
  { atOnce }: KindLimits,
  job: OpenJob,
  free: readonly OpenJob[],
  own: readonly OpenJob[],
): boolean {
  const places = atOnce - own.length;
  if (places <= 0) return false;
  if (atOnce === 1) return true;
  const large = own.filter((each) => !each.small).length;
  if (!job.small) return large < atOnce - 1;
  const largeWaits = free.some((each) => each.kind === job.kind && !each.small);
  return places > 1 || large > 0 || !largeWaits;
}

/**
 * @returns ids of this instance's jobs that step back: others of their kind wait for the place, and they had their turn
 */
export function jobsThatYield(limits: Limits, jobs: JobsNow): string[] {
  return Object.entries(limits).flatMap(([kind, limit]) => {
    if (!limit.yields) return [];
    const waiting = jobs.open.filter((job) => job.kind === kind && job.state === 'waiting');
    return ownOf(jobs, kind)
      .filter((job) => {
        if (job.small || !job.startedAt) return false;
        // Where there is a place for small jobs only, they need not wait.
        if (limit.atOnce === 1 && waiting.some(({ small }) => small)) return true;
        const others = waiting.some((each) => !each.small && each.schoolId !== job.schoolId);
        return others && jobs.now.getTime() - job.startedAt.getTime() >= TURN;
      })
      .map(({ id }) => id);
  });
}
