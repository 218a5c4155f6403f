/** What the measurement tells its clients' process, and what that answers. */

export interface SeatOf {
  seatId: string;
  /** The session of whoever sits there, as a Cookie header. */
  cookie: string;
}

export interface Criterion {
  id: string;
  levelIds: string[];
}

export interface Run {
  /** `paced`: one operation a second and client; `full`: the next one as soon as the last is answered. */
  pace: 'paced' | 'full';
  /** Passes before anything is counted: connections, compiled code, and the sheets' beginnings. */
  warmUpSeconds: number;
  seconds: number;
  /** Clients are dealt out over these. */
  urls: string[];
  /** `operations`: the app's score sheets. `insert`: the bare insert, with the same body. */
  target: 'operations' | 'insert';
  seats: SeatOf[];
  criteria: Criterion[];
  /** Left out: nobody watches the board and nobody submits. */
  board?: {
    exhibitionId: string;
    /** Of whoever watches, one connection on every instance. */
    cookie: string;
    /** Seats that are filled and submitted one after another, each of a slot of its own. */
    submits: (SeatOf & { slotId: string })[];
    everyMilliseconds: number;
  };
}

export interface Ran {
  /** Everything that was sent, also while warming up. */
  all: number;
  /** Acknowledged ones that were counted; the rate is over the time in which they were sent. */
  operations: number;
  perSecond: number;
  errors: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Of each phone's first change, which brings its sheet into being; it falls into the warm-up. */
  firstP99: number;
  /** What the clients themselves used, for everything. */
  processorMs: number;
  /** Milliseconds from the acknowledged submission to its event; `missed` never came. */
  lag: { count: number; missed: number; p50: number; p99: number } | null;
  firstError: string | null;
}

/** @param share 0.99 for p99; 0 of nothing */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
