/**
 * Bounds how much of one kind of work is under way. Work waits in lanes; within a lane everybody has their
 * turn, so that one caller who sends a thousand requests holds up nobody else for longer than one of them
 * takes. Waiting is bounded in number and in time.
 */
import { TooMany } from '../errors.js';

export interface GateOptions {
  /** How much of one lane is under way at the same time. */
  width: number;
  /** How many may wait in one lane. */
  waiting: number;
  /** How long anybody waits. */
  milliseconds: number;
}

export interface Gate {
  /**
   * @param lane what is bounded, e.g. one account
   * @param caller who has turns within the lane, e.g. a device or a part of the network
   * @throws TooMany when too many wait already, or it took too long
   */
  run<T>(lane: string, caller: string, work: () => Promise<T>): Promise<T>;
}

interface Waiter {
  caller: string;
  begin(): void;
  refuse(): void;
}

interface Lane {
  running: number;
  count: number;
  /** By caller; the map's order is the order of their turns. */
  waiters: Map<string, Waiter[]>;
}

export function openGate({ width, waiting, milliseconds }: GateOptions): Gate {
  const lanes = new Map<string, Lane>();
  const seconds = Math.ceil(milliseconds / 1000);

  function leave(name: string, lane: Lane): void {
    const next = takeNext(lane);
    if (next) next.begin();
    else lane.running -= 1;
    if (lane.running === 0) lanes.delete(name);
  }

  /** Resolves when it is this caller's turn. */
  function turn(lane: Lane, caller: string): Promise<void> {
    if (lane.running < width) {
      lane.running += 1;
      return Promise.resolve();
    }
    if (lane.count >= waiting && !makeRoom(lane, caller)) return Promise.reject(new TooMany(seconds));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        remove(lane, waiter);
        waiter.refuse();
      }, milliseconds);
      const waiter: Waiter = {
        caller,
        begin() {
          clearTimeout(timer);
          resolve();
        },
        refuse() {
          clearTimeout(timer);
          reject(new TooMany(seconds));
        },
      };
      add(lane, waiter);
    });
  }

  return {
    async run(name, caller, work) {
      const lane = lanes.get(name) ?? { running: 0, count: 0, waiters: new Map<string, Waiter[]>() };
      lanes.set(name, lane);
      await turn(lane, caller);
      try {
        return await work();
      } finally {
        leave(name, lane);
      }
    },
  };
}

function add(lane: Lane, waiter: Waiter): void {
  lane.waiters.set(waiter.caller, [...(lane.waiters.get(waiter.caller) ?? []), waiter]);
  lane.count += 1;
}

function remove(lane: Lane, waiter: Waiter): void {
  const left = (lane.waiters.get(waiter.caller) ?? []).filter((each) => each !== waiter);
  if (left.length > 0) lane.waiters.set(waiter.caller, left);
  else lane.waiters.delete(waiter.caller);
  lane.count -= 1;
}

/** The first of the caller whose turn it is; that caller goes to the end of the line. */
function takeNext(lane: Lane): Waiter | null {
  const [first] = lane.waiters;
  if (!first) return null;
  const [caller, [waiter, ...others]] = first;
  lane.waiters.delete(caller);
  if (others.length > 0) lane.waiters.set(caller, others);
  lane.count -= 1;
  return waiter!;
}

/** Whoever has most waiting gives up their last for a caller who has less. */
function makeRoom(lane: Lane, caller: string): boolean {
  const mine = lane.waiters.get(caller)?.length ?? 0;
  const most = [...lane.waiters.values()].reduce((a, b) => (b.length > a.length ? b : a), []);
  if (most.length <= mine + 1) return false;
  const last = most.at(-1)!;
  remove(lane, last);
  last.refuse();
  return true;
}
