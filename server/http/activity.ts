/** How busy people keep this instance, for background work that makes way for them. Knows no person and no address. */
import type { RequestHandler } from 'express';

export interface Activity {
  /** Counts a request. */
  note(): void;
  /** Whether people wait for pages at this moment: one person who follows a job does not count. */
  isBusy(): boolean;
}

/** So many requests within so many milliseconds are people at work. */
const MANY = 4;
const WITHIN = 2000;

/** @param now milliseconds on a clock that never goes back */
export function createActivity(now: () => number = () => performance.now()): Activity {
  const recent: number[] = [];
  return {
    note() {
      recent.push(now());
      if (recent.length > MANY) recent.shift();
    },
    isBusy: () => recent.length === MANY && now() - recent[0]! < WITHIN,
  };
}

export const noteActivity =
  (activity: Activity): RequestHandler =>
  (_request, _response, next) => {
    activity.note();
    next();
  };
