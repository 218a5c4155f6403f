/**
 * A plan in the making, with its cost kept up to date move by move. `hard` counts broken rules (0: none),
 * `soft` is the weighted cost without the groups, which are counted only when asked for: that is the one
 * number that needs the whole plan.
 */
import type { Compiled } from './compile.js';
import { dayGap, evenSquares, pools, weights } from './cost.js';
import { understands } from './understands.js';

export interface SearchState {
  readonly cell: Int32Array;
  /** Per slot, the person in each of its needs; -1: empty. */
  readonly seats: readonly Int32Array[];
  hard: number;
  soft: number;
  /** What of `soft` may fall again while more is filled in: waiting, students apart, wishes. */
  loose: number;
  /** The slot in a cell; -1: free. */
  readonly inCell: Int32Array;
  setCell(slot: number, cell: number): void;
  setSeat(slot: number, need: number, person: number): void;
  extraGroups(): number;
  /** The slots in which somebody sits or presents, by time. */
  diaryOf(person: number): readonly number[];
  /** Panels of each person so far. */
  readonly loads: Int32Array;
}

/** Empty: the slots that stand are in their places, with the seats that they have. */
export function emptyState(compiled: Compiled): SearchState {
  const { slots, times, rooms, personIds, pool, away, stepFree, familyAway, panelists } = compiled;
  const { most, idle: idleTable, apart: apartTable, together } = compiled;
  const [T, R, P] = [times.length, rooms.length, personIds.length];
  const overlapping = new Uint8Array(T * T);
  compiled.overlaps.forEach((list, t) => list.forEach((other) => (overlapping[t * T + other] = 1)));
  /** Per person, the slots in which they sit or present, by time. */
  const diary: number[][] = Array.from({ length: P }, () => []);
  const cell = new Int32Array(slots.length).fill(-1);
  const inCell = new Int32Array(T * R).fill(-1);
  const seats = slots.map((slot) => new Int32Array(slot.needs.length).fill(-1));
  const loads = new Int32Array(P);
  const squares = new Float64Array(pools.length);
  const seated = new Int32Array(pools.length);
  const members = pools.map((_name, at) => pool.reduce((sum, each) => sum + Number(each === at), 0));
  const personHard = new Int32Array(P);
  const personMoves = new Int32Array(P);
  const personIdle = new Int32Array(P);
  const slotHard = new Int32Array(slots.length);
  const slotWish = new Int32Array(slots.length);
  const slotMissed = new Int32Array(slots.length);
  const groupApart = new Int32Array(together.length);
  let tooMany = 0;

  const diaryOf = (p: number) => diary[p]!;
  const state: SearchState = {
    cell,
    seats,
    hard: 0,
    soft: 0,
    loose: 0,
    inCell,
    setCell,
    setSeat,
    extraGroups,
    diaryOf,
    loads,
  };
  const timeOf = (slot: number) => (cell[slot]! / R) | 0;
  const roomOf = (slot: number) => cell[slot]! % R;

  function addLoose(by: number): void {
    state.soft += by;
    state.loose += by;
  }

  function refreshPerson(p: number): void {
    const list = diary[p]!;
    let broken = 0;
    let moves = 0;
    let idle = 0;
    let last = -1;
    for (let at = 0; at < list.length; at += 1) {
      const slot = list[at]!;
      const t = timeOf(slot);
      if (away[p * T + t] === 1) broken += 1;
      const before = at > 0 ? list[at - 1]! : -1;
      if (before >= 0 && overlapping[timeOf(before) * T + t] === 1) broken += 1;
      if (slots[slot]!.student === p) continue;
      if (last >= 0 && roomOf(last) !== roomOf(slot)) {
        if (times[t]!.startsAt - times[timeOf(last)]!.until <= dayGap) moves += 1;
      }
      if (last >= 0) idle += idleTable[timeOf(last) * T + t]!;
      last = slot;
    }
    state.hard += broken - personHard[p]!;
    state.soft += (moves - personMoves[p]!) * weights.roomChange;
    personHard[p] = broken;
    personMoves[p] = moves;
    addLoose((idle - personIdle[p]!) * weights.idle);
    personIdle[p] = idle;
  }

  function refreshSlot(s: number): void {
    const slot = slots[s]!;
    let broken = 0;
    let wish = 0;
    let missed = 0;
    const own = seats[s]!;
    for (let n = 0; n < own.length; n += 1) {
      if (own[n]! < 0) {
        const { isWish, options } = slot.needs[n]!;
        if (!isWish) broken += 1;
        else if (!sitsThere(s, options)) missed += 1;
      }
      for (let m = 0; m < n; m += 1) if (own[n]! >= 0 && own[n] === own[m]) broken += 1;
    }
    if (cell[s]! < 0) broken += 1;
    else {
      if (!rooms[roomOf(s)]!.stepFree) for (const p of own) if (p >= 0 && stepFree[p] === 1) broken += 1;
      wish = familyAway[s * T + timeOf(s)]!;
    }
    if (slot.interpreter !== null && !understands(slot.interpreter, slot.given, own, panelists)) broken += 1;
    state.hard += broken - slotHard[s]!;
    state.soft += (wish - slotWish[s]!) * weights.familyAway;
    slotHard[s] = broken;
    slotWish[s] = wish;
    // A plan has no wish before the presentation has its place.
    if (cell[s]! < 0) missed = 0;
    addLoose((missed - slotMissed[s]!) * weights.wish);
    slotMissed[s] = missed;
  }

  /** Whether one of them sits on this panel, in whatever seat. */
  function sitsThere(s: number, options: readonly number[]): boolean {
    for (const p of seats[s]!) if (p >= 0 && options.includes(p)) return true;
    return slots[s]!.given.some(({ person }) => options.includes(person));
  }

  function refreshGroups(s: number): void {
    for (const group of slots[s]!.groups) {
      const placed = together[group]!.filter((each) => cell[each]! >= 0).map(timeOf);
      placed.sort((a, b) => a - b);
      let far = 0;
      for (let at = 1; at < placed.length; at += 1) far += apartTable[placed[at - 1]! * T + placed[at]!]!;
      addLoose((far - groupApart[group]!) * weights.apart);
      groupApart[group] = far;
    }
  }

  function siblingsAtOnce(s: number): number {
    if (cell[s]! < 0) return 0;
    const t = timeOf(s);
    let count = 0;
    for (const other of slots[s]!.siblings)
      if (other !== s && cell[other]! >= 0 && overlapping[t * T + timeOf(other)] === 1) count += 1;
    return count;
  }

  function enter(p: number, s: number): void {
    const list = diary[p]!;
    const t = timeOf(s);
    let at = list.length;
    list.push(s);
    for (; at > 0 && timeOf(list[at - 1]!) > t; at -= 1) list[at] = list[at - 1]!;
    list[at] = s;
  }
  function leave(p: number, s: number): void {
    const list = diary[p]!;
    let at = list.indexOf(s);
    for (; at < list.length - 1; at += 1) list[at] = list[at + 1]!;
    list.pop();
  }

  function addLoad(p: number, by: 1 | -1): void {
    const group = pool[p]!;
    if (group >= 0) {
      const before = squares[group]! - evenSquares(seated[group]!, members[group]!);
      squares[group] = squares[group]! + by * (2 * loads[p]!) + 1;
      seated[group] = seated[group]! + by;
      const after = squares[group] - evenSquares(seated[group], members[group]!);
      state.soft += (after - before) * weights.load;
    }
    const over = Math.max(0, loads[p]! - most[p]!);
    loads[p] = loads[p]! + by;
    const more = Math.max(0, loads[p] - most[p]!) - over;
    state.hard += more;
    tooMany += more;
  }

  /** Who must be in a slot; used before the next question only. */
  const everybody: number[] = [];
  function everybodyOf(s: number): number[] {
    everybody.length = 0;
    for (const seat of slots[s]!.given) everybody.push(seat.person);
    if (slots[s]!.student >= 0) everybody.push(slots[s]!.student);
    const own = seats[s]!;
    for (let n = 0; n < own.length; n += 1) if (own[n]! >= 0) everybody.push(own[n]!);
    return everybody;
  }

  function setCell(s: number, to: number): void {
    const all = everybodyOf(s);
    state.soft -= siblingsAtOnce(s) * weights.familyAway;
    if (cell[s]! >= 0) {
      for (const p of all) leave(p, s);
      if (inCell[cell[s]!] === s) inCell[cell[s]!] = -1;
    }
    cell[s] = to;
    if (to >= 0) {
      inCell[to] = s;
      for (const p of all) enter(p, s);
    }
    for (const p of all) refreshPerson(p);
    state.soft += siblingsAtOnce(s) * weights.familyAway;
    refreshGroups(s);
    refreshSlot(s);
  }

  function setSeat(s: number, need: number, p: number): void {
    const before = seats[s]![need]!;
    if (before === p) return;
    seats[s]![need] = p;
    if (before >= 0) {
      if (cell[s]! >= 0) leave(before, s);
      addLoad(before, -1);
      refreshPerson(before);
    }
    if (p >= 0) {
      if (cell[s]! >= 0) enter(p, s);
      addLoad(p, 1);
      refreshPerson(p);
    }
    refreshSlot(s);
  }

  const parent = new Int32Array(P);
  const given = slots.map((slot) =>
    Int32Array.from(slot.given.filter((seat) => seat.role !== 'family').map((seat) => seat.person)),
  );
  const rates = slots.map((slot) => Uint8Array.from(slot.needs, (need) => Number(need.role !== 'family')));
  function rootOf(p: number): number {
    while (parent[p] !== p) {
      parent[p] = parent[parent[p]!]!;
      p = parent[p]!;
    }
    return p;
  }
  function extraGroups(): number {
    parent.fill(-1);
    let groups = 0;
    for (let s = 0; s < seats.length; s += 1) {
      const [stood, own, counts] = [given[s]!, seats[s]!, rates[s]!];
      let root = -1;
      for (let n = -stood.length; n < own.length; n += 1) {
        const p = n < 0 ? stood[n + stood.length]! : own[n]!;
        if (p < 0 || (n >= 0 && counts[n] === 0)) continue;
        if (parent[p] === -1) {
          parent[p] = p;
          groups += 1;
        }
        const its = rootOf(p);
        if (root === -1) root = its;
        else if (its !== root) {
          parent[its] = root;
          groups -= 1;
        }
      }
    }
    return groups > 1 ? groups - 1 : 0;
  }

  slots.forEach((slot, s) => {
    for (const { person } of slot.given) addLoad(person, 1);
    refreshSlot(s);
    if (slot.standing) setCell(s, slot.cells[0]!);
  });
  // What stands broken already cannot be mended here and is no fault of the plan.
  state.hard -= personHard.reduce((sum, each) => sum + each, 0) + tooMany;
  return state;
}
