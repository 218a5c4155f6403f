/**
 * Wakes the workers as soon as the database tells of a new job. While it cannot be heard the workers look by
 * themselves, more and more rarely, and hearing is taken up again.
 */
import type { Database } from '../db/database.js';
import type { Log } from '../log.js';
import { watchJobs } from './job-records.js';

export interface JobWatch {
  /** Resolves at the next news, also of those that came since the last call. */
  next(): Promise<void>;
  wake(): void;
  /** How long to rest when nothing waits. @param longest milliseconds while the database is heard */
  pause(longest: number): number;
  stop(): Promise<void>;
}

/** Milliseconds: the first look without being told, and the longest wait before hearing is tried again. */
const FIRST_PAUSE = 400;
const MAX_RETRY = 30_000;

export function watchForJobs(db: Database, log: Pick<Log, 'info'>): JobWatch {
  let stream: { stop(): Promise<void> } | null = null;
  let retry: NodeJS.Timeout | undefined;
  let failures = 0;
  let quiet = 0;
  let stopped = false;
  let news = false;
  let tell: (() => void) | null = null;

  function wake(): void {
    news = true;
    quiet = 0;
    tell?.();
  }

  function listen(): void {
    if (stopped) return;
    const lost = (): void => {
      if (stream !== mine) return;
      stream = null;
      void mine.stop();
      if (stopped) return;
      failures += 1;
      log.info({ failures }, 'new jobs are looked for until the database tells of them again');
      retry = setTimeout(listen, Math.min(MAX_RETRY, FIRST_PAUSE * 2 ** failures));
      retry.unref();
      wake();
    };
    const changed = (): void => {
      failures = 0;
      wake();
    };
    const mine = watchJobs(db, changed, lost);
    stream = mine;
    // What came while nobody listened.
    wake();
  }

  listen();
  return {
    wake,
    next: () =>
      new Promise((resolve) => {
        tell = () => {
          tell = null;
          news = false;
          resolve();
        };
        if (news) tell();
      }),
    pause(longest) {
      if (stream) return longest;
      quiet += 1;
      return Math.min(longest, FIRST_PAUSE * 2 ** Math.min(quiet - 1, 8));
    },
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await stream?.stop();
    },
  };
}
