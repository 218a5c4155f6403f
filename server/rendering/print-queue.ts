/**
 * Who prints next. Owners take turns: a place goes to the owner with the fewest pages printing, among those
 * to the one whose last turn is longest ago. One owner may not fill the queue, so nobody keeps the printer
 * from the others.
 */
import { PrinterBusy, PrintTimedOut } from './printer.js';

/** The part of the queue that one owner may fill. */
const OWNERS_PART = 1 / 4;

interface Waiting {
  owner: string;
  start: () => void;
  refuse: (error: Error) => void;
}

export interface PrintQueue {
  /**
   * Resolves when there is a place, which `leave` gives back.
   * @param until a moment of `performance.now()`
   * @throws PrinterBusy, PrintTimedOut
   */
  enter(owner: string, until: number): Promise<void>;
  leave(owner: string): void;
  /** Refuses all who wait. */
  close(error: Error): void;
}

/**
 * @param options.places how many may print at this moment
 * @param options.limit how many may wait
 */
export function createPrintQueue({ places, limit }: { places: () => number; limit: number }): PrintQueue {
  const waiting: Waiting[] = [];
  const printing = new Map<string, number>();
  /** The number of each owner's last turn. */
  const turns = new Map<string, number>();
  let turn = 0;
  let taken = 0;

  const count = (owner: string, change: 1 | -1): void => {
    taken += change;
    if (change === 1) turns.set(owner, (turn += 1));
    const now = (printing.get(owner) ?? 0) + change;
    if (now > 0) printing.set(owner, now);
    else printing.delete(owner);
  };

  const comesBefore = (a: Waiting, b: Waiting): boolean => {
    const busy = (printing.get(a.owner) ?? 0) - (printing.get(b.owner) ?? 0);
    return busy < 0 || (busy === 0 && (turns.get(a.owner) ?? 0) < (turns.get(b.owner) ?? 0));
  };

  function takeNext(): Waiting | undefined {
    if (waiting.length === 0) return undefined;
    const next = waiting.reduce((best, each) => (comesBefore(each, best) ? each : best));
    waiting.splice(waiting.indexOf(next), 1);
    return next;
  }

  return {
    enter(owner, until) {
      if (taken < places()) {
        count(owner, 1);
        return Promise.resolve();
      }
      const own = waiting.filter((each) => each.owner === owner).length;
      if (waiting.length >= limit || own >= limit * OWNERS_PART)
        return Promise.reject(new PrinterBusy('Too many pages wait to be printed'));
      return new Promise<void>((resolve, reject) => {
        const entry: Waiting = {
          owner,
          start: () => {
            clearTimeout(timer);
            resolve();
          },
          refuse: (error) => {
            clearTimeout(timer);
            reject(error);
          },
        };
        const timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(entry), 1);
          reject(new PrintTimedOut('The page was still waiting to be printed when its time was up'));
        }, until - performance.now());
        waiting.push(entry);
      });
    },
    leave(owner) {
      count(owner, -1);
      while (taken < places()) {
        const next = takeNext();
        if (!next) return;
        count(next.owner, 1);
        next.start();
      }
    },
    close(error) {
      for (const entry of waiting.splice(0)) entry.refuse(error);
    },
  };
}
