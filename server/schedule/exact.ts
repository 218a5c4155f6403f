/**
 * Branch and bound over every plan, for small timetables: proves the best plan, or that there is none. Gives
 * up, and says so, after a number of steps. Prunes by rules broken so far and by what the rest must cost at
 * least; costs only grow as seats fill.
 */
import type { FoundPlan } from './anneal.js';
import type { Compiled } from './compile.js';
import { evenSquares, pools, weights } from './cost.js';
import { spreadExcess } from './bounds.js';
import { emptyState } from './search-state.js';

export interface Exact {
  /** Null: no plan keeps every rule (only when `complete`). */
  best: FoundPlan | null;
  /** Whether everything was looked at: then `best` is proven. */
  complete: boolean;
}

/**
 * @param known a plan that keeps every rule, or null; only better ones are looked for
 * @param steps places and seats tried before giving up
 */
export function searchAll(compiled: Compiled, known: FoundPlan | null, steps: number): Exact {
  const { slots, pool } = compiled;
  const state = emptyState(compiled);
  const groupMembers = pools.map((_name, group) =>
    [...pool].flatMap((each, p) => (each === group ? [p] : [])),
  );
  const order = slots.map((_slot, s) => s);
  order.sort((a, b) => slots[a]!.cells.length - slots[b]!.cells.length);
  const tasks = order.flatMap((s) => [
    ...(slots[s]!.standing ? [] : [{ s, n: -1 }]),
    ...slots[s]!.needs.map((_need, n) => ({ s, n })),
  ]);
  const clear = pools.map((_name, group) =>
    slots.every((slot) =>
      slot.needs.every((need) => {
        const groups = new Set(need.options.map((p) => pool[p]!));
        return (groups.size <= 1 && !need.isWish) || !groups.has(group);
      }),
    ),
  );
  /** Seats of a pool that are still to come after each task. */
  const toCome = tasks.map((_task, at) =>
    pools.map(
      (_name, group) =>
        tasks.slice(at).filter(({ s, n }) => n >= 0 && pool[slots[s]!.needs[n]!.options[0] ?? -1] === group)
          .length,
    ),
  );

  /** The cost so far with the load excess of now replaced by what it can still become. */
  function atLeast(at: number): number {
    let bound = state.soft - state.loose;
    groupMembers.forEach((members, group) => {
      const loads = members.map((p) => state.loads[p]!);
      const seats = loads.reduce((sum, load) => sum + load, 0);
      const now = loads.reduce((sum, load) => sum + load ** 2, 0) - evenSquares(seats, loads.length);
      const later = clear[group] ? spreadExcess(loads, toCome[at]?.[group] ?? 0) : 0;
      bound += (later - now) * weights.load;
    });
    return bound;
  }

  let best = known;
  let left = steps;
  // Everything empty counts as broken; what is tried must mend exactly its own part.
  const visit = (at: number): boolean => {
    if (best && atLeast(at) >= best.soft) return true;
    if (at === tasks.length) {
      if (state.hard > 0) return true;
      const soft = state.soft + state.extraGroups() * weights.group;
      if (!best || soft < best.soft) {
        best = { cell: state.cell.slice(), seats: state.seats.map((own) => own.slice()), hard: 0, soft };
      }
      return true;
    }
    const { s, n } = tasks[at]!;
    const slot = slots[s]!;
    const isLastOfSlot = tasks[at + 1]?.s !== s;
    const need = n < 0 ? null : slot.needs[n]!;
    const choices = need ? (need.isWish ? [...need.options, -1] : need.options) : slot.cells;
    for (const choice of choices) {
      if (left <= 0) return false;
      left -= 1;
      if (n < 0 && state.inCell[choice]! >= 0) continue;
      // Seats of one kind are all the same: people come in rising order.
      const twin = n > 0 && slot.needs[n - 1]!.options === slot.needs[n]!.options;
      if (n >= 0 && twin && choice <= state.seats[s]![n - 1]!) continue;
      const before = state.hard;
      if (n < 0) state.setCell(s, choice);
      else state.setSeat(s, n, choice);
      const silent = slot.interpreter !== null && !isLastOfSlot;
      const mends = need?.isWish ? 0 : 1;
      const fits = state.hard <= before - mends || (silent && state.hard <= before);
      const done = !fits || visit(at + 1);
      if (n < 0) state.setCell(s, -1);
      else state.setSeat(s, n, -1);
      if (!done) return false;
    }
    return true;
  };
  const complete = visit(0);
  return { best, complete };
}
