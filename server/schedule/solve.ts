/**
 * Finds a timetable: says first whether one can exist by counting, then searches, then proves what can be
 * proven. The answer is checked once more by the rules themselves, so that nothing is proposed on the word of
 * the search alone.
 */
import { anneal, type FoundPlan } from './anneal.js';
import { boundsOf } from './bounds.js';
import { compile, type Compiled } from './compile.js';
import { costOf, type Cost } from './cost.js';
import { searchAll } from './exact.js';
import { reason, whyImpossible, type Reason } from './impossible.js';
import type { PlannedSlot, SchedulingProblem } from './problem.js';
import { randomFrom } from './random.js';
import { brokenRules, type BrokenRule } from './rules.js';

export interface Solution {
  /** `impossible` is proven; `not-found` is not. */
  state: 'planned' | 'impossible' | 'not-found';
  /** Every slot, those that stood before included; for `not-found` the nearest plan; empty when impossible. */
  slots: PlannedSlot[];
  cost: Cost | null;
  /** No plan that keeps the rules costs less than this. */
  bound: number | null;
  /** Whether `cost.total` is the least there is. */
  proven: boolean;
  reasons: Reason[];
  /** Rules that the plan breaks beyond those that stood broken before. */
  broken: BrokenRule[];
}

export interface SolveOptions {
  seed: number;
  /**
   * How far it is, 0 to 1, and what the best plan so far costs (null: none keeps every rule yet); true stops
   * the search.
   */
  told?(share: number, cost: number | null): boolean;
  /** Moves tried; left out: as many as the size asks for. */
  moves?: number;
}

/** Above so many places and seats, looking at every plan is hopeless. */
const exactTasks = 26;
const exactSteps = 400_000;

export function solve(problem: SchedulingProblem, options: SolveOptions): Solution {
  const compiled = compile(problem);
  const reasons = whyImpossible(compiled);
  if (reasons.length > 0) return impossible(reasons);
  const bounds = boundsOf(compiled);
  const tasks = compiled.slots.reduce(
    (sum, slot) => sum + slot.needs.length + Number(slot.standing === null),
    0,
  );
  const found = anneal(compiled, randomFrom(options.seed), {
    moves: options.moves ?? Math.min(1_500_000, Math.max(20_000, tasks * 3_000)),
    told: (share, best) => {
      const stop = options.told?.(share, best.hard === 0 ? best.soft : null) ?? false;
      return stop || (best.hard === 0 && best.soft <= bounds.total);
    },
  });
  const keeps = found.hard === 0 ? found : null;
  if (keeps && keeps.soft <= bounds.total) return planned(compiled, keeps, bounds.total, true);
  if (tasks <= exactTasks) {
    const exact = searchAll(compiled, keeps, exactSteps);
    if (exact.complete && !exact.best) return impossible([reason('searched-all', [], {})]);
    if (exact.best)
      return planned(compiled, exact.best, exact.complete ? exact.best.soft : bounds.total, exact.complete);
  }
  return planned(compiled, found, bounds.total, false);
}

const impossible = (reasons: Reason[]): Solution => ({
  ...{ state: 'impossible', slots: [], cost: null, bound: null, proven: true, reasons, broken: [] },
});

function planned(compiled: Compiled, found: FoundPlan, bound: number, proven: boolean): Solution {
  const { problem } = compiled;
  const slots = slotsOf(compiled, found);
  const broken = newlyBroken(problem, slots);
  const keeps = broken.length === 0;
  return {
    state: keeps ? 'planned' : 'not-found',
    slots,
    cost: costOf(problem, { slots }),
    bound,
    proven: proven && keeps,
    reasons: [],
    broken,
  };
}

const keyOf = (rule: BrokenRule): string => `${rule.kind} ${rule.personId} ${rule.slotIds.join(' ')}`;

/** What a plan breaks that the slots which stand do not break already. */
export function newlyBroken(problem: SchedulingProblem, slots: readonly PlannedSlot[]): BrokenRule[] {
  const before = new Set(brokenRules(problem, { slots: problem.standing }).map(keyOf));
  return brokenRules(problem, { slots: [...slots] }).filter(
    (rule) => rule.kind === 'not-placed' || !before.has(keyOf(rule)),
  );
}

/** The id under which a slot that is still to be made stands in a plan. */
const newSlotId = (studentId: string): string => `new ${studentId}`;

function slotsOf(compiled: Compiled, found: FoundPlan): PlannedSlot[] {
  const { slots, rooms, times, personIds } = compiled;
  return slots
    .flatMap((slot, s): PlannedSlot[] => {
      const cell = found.cell[s]!;
      if (cell < 0) return [];
      const time = times[Math.floor(cell / rooms.length)]!;
      const added = slot.needs.flatMap(({ role }, n) => {
        const p = found.seats[s]![n]!;
        return p < 0 ? [] : [{ personId: personIds[p]!, role }];
      });
      if (slot.standing) {
        const { id, studentId, alsoIds, room, startsAt, minutes, seats } = slot.standing;
        return [
          {
            ...{ id, studentId, room, startsAt, minutes, seats: [...seats, ...added] },
            ...(alsoIds ? { alsoIds } : {}),
          },
        ];
      }
      return [
        {
          id: newSlotId(slot.studentId),
          studentId: slot.studentId,
          room: rooms[cell % rooms.length]!.name,
          startsAt: time.startsAt,
          minutes: time.minutes,
          seats: added,
        },
      ];
    })
    .sort((a, b) => a.startsAt - b.startsAt || a.room.localeCompare(b.room, 'en', { numeric: true }));
}
