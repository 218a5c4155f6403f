/**
 * Every plan of a small problem, one after another, judged by the published rules and the published cost
 * alone: what the solver must equal.
 */
import { costOf } from '../../server/schedule/cost.js';
import {
  isWanted,
  type PlannedSeat,
  type PlannedSlot,
  type Presenter,
  type SchedulingProblem,
} from '../../server/schedule/problem.js';
import { brokenRules, type BrokenRule } from '../../server/schedule/rules.js';

function* choose<T>(list: readonly T[], count: number, from = 0): Generator<T[]> {
  if (count === 0) return yield [];
  for (let at = from; at < list.length; at += 1)
    for (const rest of choose(list, count - 1, at + 1)) yield [list[at]!, ...rest];
}

function* panels(problem: SchedulingProblem, student: Presenter): Generator<PlannedSeat[]> {
  const { panel, conflicts, people } = problem;
  const ids = (list: readonly string[]) => list.filter((id) => people.some((each) => each.id === id));
  const parts = [
    [
      isWanted(panel.advisor, conflicts.advisor, student.advisorIds.length),
      'advisor',
      ids(student.advisorIds),
    ],
    [
      isWanted(panel.family, conflicts.relative, student.guardianIds.length),
      'family',
      ids(student.guardianIds),
    ],
    [isWanted(panel.mentor, conflicts.mentor, student.mentorIds.length), 'mentor', ids(student.mentorIds)],
    [panel.teachers, 'teacher', people.filter((each) => each.pool === 'teacher').map((each) => each.id)],
    [panel.peers, 'peer', people.filter((each) => each.pool === 'peer').map((each) => each.id)],
    [panel.guests, 'guest', people.filter((each) => each.pool === 'guest').map((each) => each.id)],
  ] as const;
  const wishes = [panel.advisor, panel.family, panel.mentor].map((presence) => presence === 'wish');
  const fill = function* (at: number): Generator<PlannedSeat[]> {
    const part = parts[at];
    if (!part) return yield [];
    const [count, role, from] = part;
    // A wish is fulfilled or not.
    if (at < wishes.length && wishes[at]) for (const rest of fill(at + 1)) yield rest;
    for (const group of choose(from, at < wishes.length && wishes[at] ? 1 : Number(count)))
      for (const rest of fill(at + 1)) yield [...group.map((personId) => ({ personId, role })), ...rest];
  };
  for (const seats of fill(0))
    if (new Set(seats.map((seat) => seat.personId)).size === seats.length) yield seats;
}

/** The least cost of all plans that keep every rule; null when there is none. */
export function bruteForce(problem: SchedulingProblem): { cost: number | null; plans: number } {
  const cells = problem.times.flatMap((time) => problem.rooms.map((room) => ({ ...time, room: room.name })));
  const students = problem.presenters.filter(
    (each) => !problem.standing.some((slot) => slot.studentId === each.id),
  );
  let cost: number | null = null;
  let plans = 0;
  const slots: PlannedSlot[] = [...problem.standing];
  const keyOf = (rule: BrokenRule) => JSON.stringify([rule.kind, rule.personId, rule.slotIds]);
  const stood = new Set(brokenRules(problem, { slots }).map(keyOf));
  const keepsSoFar = () =>
    brokenRules(problem, { slots }).every((rule) => rule.kind === 'not-placed' || stood.has(keyOf(rule)));
  const visit = (at: number): void => {
    const student = students[at];
    if (!student) {
      plans += 1;
      const found = costOf(problem, { slots }).total;
      if (cost === null || found < cost) cost = found;
      return;
    }
    for (const cell of cells) {
      for (const seats of panels(problem, student)) {
        slots.push({ id: `of ${student.id}`, studentId: student.id, ...cell, seats });
        if (keepsSoFar()) visit(at + 1);
        slots.pop();
      }
    }
  };
  visit(0);
  return { cost, plans };
}
