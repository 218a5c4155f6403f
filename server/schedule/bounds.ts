/**
 * What no plan can do better: lower bounds that hold for every plan that keeps the rules, each a relaxation
 * with its own proof.
 */
import type { Compiled } from './compile.js';
import { dayGap, evenSquares, pools, weights } from './cost.js';
import { matching } from './matching.js';

export interface Bounds {
  roomChanges: number;
  loadExcess: number;
  familyAway: number;
  total: number;
}

export function boundsOf(compiled: Compiled): Bounds {
  const roomChanges = roomChangeBound(compiled);
  const loadExcess = loadBound(compiled);
  const familyAway = familyBound(compiled);
  return {
    roomChanges,
    loadExcess,
    familyAway,
    total: roomChanges * weights.roomChange + loadExcess * weights.load + familyAway * weights.familyAway,
  };
}

/**
 * On a single day everybody who serves in two rooms changes rooms at least once, and k rooms are linked by no
 * fewer than k - 1 changes; a group that stays apart costs more than a change would. Over several days people
 * may change rooms overnight: 0. Every presentation must have somebody who links, so a make-up of family
 * alone links nothing and costs the groups anyway.
 */
function roomChangeBound({ slots, times, rooms }: Compiled): number {
  if (times.length === 0 || slots.length === 0) return 0;
  if (times.at(-1)!.startsAt - Math.min(...times.map((time) => time.until)) > dayGap) return 0;
  const listens = slots.every((slot) =>
    [...slot.given, ...slot.needs.filter((need) => !need.isWish)].some((seat) => seat.role !== 'family'),
  );
  if (!listens) return 0;
  const standingRooms = new Set(
    slots.filter((slot) => slot.standing).map((slot) => slot.cells[0]! % rooms.length),
  );
  const starts = new Set(slots.flatMap((slot) => slot.cells.map((cell) => Math.floor(cell / rooms.length))));
  const used = Math.max(standingRooms.size, Math.ceil(slots.length / Math.max(1, starts.size)));
  return Math.max(0, used - 1);
}

/**
 * Seats that only one person can have are theirs; the others may go to whoever of the pool has least,
 * whatever the rooms and times say. Where a seat could be filled from different pools, nothing is said of
 * these.
 */
function loadBound({ slots, pool }: Compiled): number {
  const loads = new Map<number, number>();
  const free = pools.map(() => 0);
  const unclear = pools.map(() => false);
  const sit = (p: number) => loads.set(p, (loads.get(p) ?? 0) + 1);
  for (const slot of slots) {
    for (const { person } of slot.given) sit(person);
    for (const { options, isWish } of slot.needs) {
      const groups = new Set(options.map((p) => pool[p]!));
      if (isWish) {
        // Nobody need sit there.
        for (const group of groups) if (group >= 0) unclear[group] = true;
        continue;
      }
      if (options.length === 1) sit(options[0]!);
      else if (groups.size === 1) {
        const [group] = groups;
        if (group !== undefined && group >= 0) free[group]! += 1;
      } else for (const group of groups) if (group >= 0) unclear[group] = true;
    }
  }
  return pools.reduce((sum, _name, group) => {
    if (unclear[group]) return sum;
    const own = [...pool].flatMap((each, p) => (each === group ? [loads.get(p) ?? 0] : []));
    return sum + spreadExcess(own, free[group]!);
  }, 0);
}

/** The least excess when `more` seats go one by one to whoever has least. */
export function spreadExcess(loads: readonly number[], more: number): number {
  if (loads.length === 0) return 0;
  const own = [...loads].sort((a, b) => a - b);
  let left = more;
  // Raise the lowest to the level of the next until nothing is left.
  for (let at = 1; at <= own.length && left > 0; at += 1) {
    const level = own[at - 1]!;
    const room = at < own.length ? (own[at]! - level) * at : Infinity;
    const put = Math.min(left, room);
    const [each, rest] = [Math.floor(put / at), put % at];
    for (let i = 0; i < at; i += 1) own[i] = level + each + (i < rest ? 1 : 0);
    left -= put;
    if (put < room) break;
  }
  const seats = own.reduce((sum, load) => sum + load, 0);
  return own.reduce((sum, load) => sum + load ** 2, 0) - evenSquares(seats, own.length);
}

/** As many as possible at times at which their family can come, whoever sits on the panels; the others cannot. */
function familyBound({ slots, familyAway, times, rooms }: Compiled): number {
  const fixed = slots.filter((slot) => slot.standing);
  const [T, R] = [times.length, rooms.length];
  const isAway = (s: number, t: number) => familyAway[s * T + t] === 1;
  const away = fixed.filter((slot) => isAway(slots.indexOf(slot), Math.floor(slot.cells[0]! / R))).length;
  const open = slots.flatMap((slot, s) => (slot.standing ? [] : [{ slot, s }]));
  const friendly = open.map(({ slot, s }) => slot.cells.filter((cell) => !isAway(s, Math.floor(cell / R))));
  return away + open.length - matching(friendly, new Array<number>(T * R).fill(1)).size;
}
