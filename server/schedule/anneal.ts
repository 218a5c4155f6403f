/**
 * Simulated annealing over whole plans: students change places, seats change people, and what makes a plan
 * worse is kept the less often the longer it goes on (Kirkpatrick, Gelatt and Vecchi, 1983). A fixed number
 * of moves, so the same seed gives the same plan.
 */
import type { Compiled } from './compile.js';
import { dayGap, weights } from './cost.js';
import type { RandomSource } from './random.js';
import { emptyState, type SearchState } from './search-state.js';

export interface FoundPlan {
  cell: Int32Array;
  seats: Int32Array[];
  hard: number;
  /** Weighted, groups included. */
  soft: number;
}

export interface Pace {
  moves: number;
  /** Called now and then with the share done, 0 to 1, and the best so far; true stops. */
  told(share: number, best: FoundPlan): boolean;
}

const hardWeight = 60;
const hot = 10;
const cold = 0.25;

const groupCost = (state: SearchState): number => state.extraGroups() * weights.group;

/** @returns the best plan met; `hard` tells whether it keeps every rule */
export function anneal(compiled: Compiled, chance: RandomSource, pace: Pace): FoundPlan {
  const state = emptyState(compiled);
  begin(compiled, state, chance);
  let groups = groupCost(state);
  const copy = (): FoundPlan => ({
    cell: state.cell.slice(),
    seats: state.seats.map((own) => own.slice()),
    hard: state.hard,
    soft: state.soft + groups,
  });
  let best = copy();
  const isBetter = () =>
    state.hard < best.hard || (state.hard === best.hard && state.soft + groups < best.soft);
  const move = movesOf(compiled, state, chance);
  const power = Math.exp;
  if (!move) return best;
  for (let step = 0; step < pace.moves; step += 1) {
    const share = step / pace.moves;
    if (step % 4096 === 0 && pace.told(share, best)) break;
    const heat = hot * (cold / hot) ** share;
    const before = state.hard * hardWeight + state.soft;
    const undo = move();
    if (!undo) continue;
    const worse = state.hard * hardWeight + state.soft - before;
    // A plan in one piece can only fall apart: groups need counting only when the move would be kept without them.
    const accepted = worse - groups <= 0 || chance.next() < power(-(worse - groups) / heat);
    if (!accepted) {
      undo();
      continue;
    }
    const fresh = groupCost(state);
    const change = worse + fresh - groups;
    if (change > 0 && chance.next() >= power(-change / heat)) {
      undo();
      continue;
    }
    groups = fresh;
    if (isBetter()) best = copy();
  }
  pace.told(1, best);
  return best;
}

/** A first plan: everybody in the first free place, every seat with whoever is free and has sat least. */
function begin(compiled: Compiled, state: SearchState, chance: RandomSource): void {
  const { slots } = compiled;
  const order = slots.map((_slot, s) => s).filter((s) => !slots[s]!.standing);
  order.sort((a, b) => slots[a]!.cells.length - slots[b]!.cells.length);
  for (const s of order) {
    const free = slots[s]!.cells.filter((cell) => state.inCell[cell]! < 0);
    if (free.length > 0) place(state, s, free[chance.below(free.length)]!);
    else makeRoom(compiled, state, s);
  }
  slots.forEach((slot, s) => {
    slot.needs.forEach((need, n) => {
      let chosen = -1;
      let least = Infinity;
      for (const p of need.options) {
        const before = state.hard;
        state.setSeat(s, n, p);
        const price = (state.hard - before) * 1000 + state.loads[p]!;
        state.setSeat(s, n, -1);
        if (price < least) [least, chosen] = [price, p];
      }
      if (chosen >= 0 && !(need.isWish && least >= 1000)) state.setSeat(s, n, chosen);
    });
  });
}

const place = (state: SearchState, s: number, cell: number): void => state.setCell(s, cell);

/** Nothing is free for `s`: those who are in its places move on along an augmenting path. */
function makeRoom(compiled: Compiled, state: SearchState, s: number): boolean {
  const { slots } = compiled;
  const seen = new Set<number>();
  const tryFor = (slot: number): boolean => {
    for (const cell of slots[slot]!.cells) {
      if (seen.has(cell)) continue;
      seen.add(cell);
      const other = state.inCell[cell]!;
      if (other >= 0 && slots[other]!.standing) continue;
      if (other >= 0) {
        const from = state.cell[other]!;
        state.setCell(other, -1);
        if (!tryFor(other)) {
          state.setCell(other, from);
          continue;
        }
      }
      state.setCell(slot, cell);
      return true;
    }
    return false;
  };
  return tryFor(s);
}

type Undo = () => void;

/** One random move a call; null when it came to nothing. Null altogether where nothing can be moved. */
function movesOf(compiled: Compiled, state: SearchState, chance: RandomSource): (() => Undo | null) | null {
  const { slots, times } = compiled;
  const movable = slots.flatMap((slot, s) => (!slot.standing && state.cell[s]! >= 0 ? [s] : []));
  const open = slots.flatMap((slot, s) =>
    slot.needs.flatMap((need, n) =>
      (need.options.length > 1 || need.isWish) && state.cell[s]! >= 0 ? [{ s, n }] : [],
    ),
  );
  const mayBeIn = slots.map((slot) => new Set(slot.cells));
  const maySit = slots.map((slot) => slot.needs.map((need) => new Set(need.options)));
  const rooms = compiled.rooms.length;
  if (movable.length === 0 && open.length === 0) return null;

  function swapSeat(s: number, n: number, other: number, m: number): Undo | null {
    const [p, q] = [state.seats[s]![n]!, state.seats[other]![m]!];
    if (p === q || p < 0 || q < 0 || !maySit[s]![n]!.has(q) || !maySit[other]![m]!.has(p)) return null;
    const put = (a: number, b: number) => {
      state.setSeat(s, n, -1);
      state.setSeat(other, m, b);
      state.setSeat(s, n, a);
    };
    put(q, p);
    return () => put(p, q);
  }

  /** Two students change places, or one goes to a free one; with `stays` the filled-up seats stay where they were. */
  function moveStudent(): Undo | null {
    const s = movable[chance.below(movable.length)]!;
    const { cells } = slots[s]!;
    const [from, to] = [state.cell[s]!, cells[chance.below(cells.length)]!];
    if (from === to) return null;
    const other = state.inCell[to]!;
    if (other >= 0 && (slots[other]!.standing || !mayBeIn[other]!.has(from))) return null;
    const go = (a: number, b: number) => {
      state.setCell(s, -1);
      if (other >= 0) state.setCell(other, b);
      state.setCell(s, a);
    };
    go(to, from);
    const undos: Undo[] = [() => go(from, to)];
    if (other >= 0 && chance.next() < 0.7) {
      slots[s]!.needs.forEach((need, n) => {
        if (need.options.length < 2 || need.isWish) return;
        const m = slots[other]!.needs.findIndex((each, at) => each.role === need.role && at >= n);
        const undo = m >= 0 ? swapSeat(s, n, other, m) : null;
        if (undo) undos.push(undo);
      });
    }
    return () => {
      for (const undo of undos.reverse()) undo();
    };
  }

  function changeSeat(p: number, s: number, n: number): Undo | null {
    const before = state.seats[s]![n]!;
    if (p === before || (p >= 0 && state.seats[s]!.includes(p))) return null;
    state.setSeat(s, n, p);
    return () => state.setSeat(s, n, before);
  }

  /** Takes over somebody of the panel before or after in the same room. */
  function stayInRoom(s: number, n: number): Undo | null {
    const step = chance.next() < 0.5 ? rooms : -rooms;
    const near = state.inCell[state.cell[s]! + step] ?? -1;
    if (near < 0 || state.seats[near]!.length === 0) return null;
    const p = state.seats[near]![chance.below(state.seats[near]!.length)]!;
    if (p < 0 || !maySit[s]![n]!.has(p) || state.seats[s]!.includes(p)) return null;
    // Whoever is in two places then changes seats with the one who goes.
    const row = ((state.cell[s]! / rooms) | 0) * rooms;
    for (let cell = row; cell < row + rooms; cell += 1) {
      const other = state.inCell[cell]!;
      if (other < 0 || other === s) continue;
      const m = state.seats[other]!.indexOf(p);
      if (m >= 0) return swapSeat(s, n, other, m);
    }
    return changeSeat(p, s, n);
  }

  /** Two people change places from some time on, for as long as the day lasts. */
  function exchange(s: number, n: number): Undo | null {
    const p = state.seats[s]![n]!;
    const { options } = slots[s]!.needs[n]!;
    const q = options[chance.below(options.length)]!;
    if (p < 0 || p === q) return null;
    const from = times[(state.cell[s]! / rooms) | 0]!.startsAt;
    const changes: number[] = [];
    const collect = (leaves: number, comes: number) => {
      for (const slot of state.diaryOf(leaves)) {
        const { startsAt } = times[(state.cell[slot]! / rooms) | 0]!;
        if (startsAt < from || startsAt > from + dayGap) continue;
        const m = state.seats[slot]!.indexOf(leaves);
        if (m < 0 || !maySit[slot]![m]!.has(comes) || state.seats[slot]!.includes(comes)) continue;
        changes.push(slot, m, leaves, comes);
      }
    };
    collect(p, q);
    collect(q, p);
    for (let at = 0; at < changes.length; at += 4)
      state.setSeat(changes[at]!, changes[at + 1]!, changes[at + 3]!);
    return () => {
      for (let at = changes.length - 4; at >= 0; at -= 4)
        state.setSeat(changes[at]!, changes[at + 1]!, changes[at + 2]!);
    };
  }

  return () => {
    const dice = chance.next();
    if (open.length === 0 || (movable.length > 0 && dice < 0.25)) return moveStudent();
    const { s, n } = open[chance.below(open.length)]!;
    if (dice < 0.5) return dice < 0.42 ? stayInRoom(s, n) : exchange(s, n);
    if (dice < 0.7) {
      const { s: other, n: m } = open[chance.below(open.length)]!;
      return other === s ? null : swapSeat(s, n, other, m);
    }
    const { options, isWish } = slots[s]!.needs[n]!;
    // A wish is given up and taken up again.
    if (isWish && state.seats[s]![n]! >= 0 && chance.next() < 0.5) return changeSeat(-1, s, n);
    return changeSeat(options[chance.below(options.length)]!, s, n);
  };
}
