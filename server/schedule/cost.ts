/**
 * What a plan costs that breaks no hard rule: the wishes it does not fulfil. Nought is the best that could be
 * wished for. Pure; the solver counts the same numbers as it goes, and a test holds the two against each
 * other.
 */
import { roomKey } from '../exhibitions/slots/slot.js';
import { connectedness } from './connectedness.js';
import {
  canCome,
  covers,
  isTaken,
  meets,
  presentersIn,
  spanOf,
  type Panelist,
  type Plan,
  type PlannedSlot,
  type Presenter,
  type SchedulingProblem,
  type TimeSpan,
} from './problem.js';
import { missedWishes } from './rules.js';

export interface Cost {
  /** How often somebody goes to another room between two presentations of a day. */
  roomChanges: number;
  /** Per pool, the sum of squared numbers of panels over the least that the same number of seats allows: 0 is even. */
  loadExcess: number;
  /** Presentations to which nobody of the family can come, and pairs of siblings who present at the same time. */
  familyAway: number;
  /** Groups of raters beyond the first: severity cannot be compared between them. */
  extraGroups: number;
  /**
   * Times of the day at which somebody waits between two panels. Left out of plans of long ago, as are the two below.
   */
  idle?: number;
  /** How far students who belong together are from presenting one right after another, in times of the day. */
  apart?: number;
  /** Wishes for a panel that are not fulfilled. */
  missedWishes?: number;
  total: number;
}

/** A group apart weighs more than any change of rooms that would link it. */
export const weights = {
  roomChange: 3,
  load: 1,
  familyAway: 8,
  group: 200,
  idle: 1,
  apart: 4,
  wish: 6,
} as const;

/** Two presentations that are further apart belong to different days. */
export const dayGap = 10 * 3_600_000;

const totalOf = (cost: Omit<Cost, 'total'>): number =>
  cost.roomChanges * weights.roomChange +
  cost.loadExcess * weights.load +
  cost.familyAway * weights.familyAway +
  cost.extraGroups * weights.group +
  (cost.idle ?? 0) * weights.idle +
  (cost.apart ?? 0) * weights.apart +
  (cost.missedWishes ?? 0) * weights.wish;

export function costOf(problem: SchedulingProblem, plan: Plan): Cost {
  const cost = {
    roomChanges: roomChangesOf(plan),
    loadExcess: loadExcessOf(problem, plan),
    familyAway: familiesAway(problem, plan).length,
    extraGroups: Math.max(0, connectedness(plan).groups.length - 1),
    idle: idleOf(problem, plan),
    apart: apartOf(problem, plan),
    missedWishes: wishesMissed(problem, plan),
  };
  return { ...cost, total: totalOf(cost) };
}

/** Panels of each person, by id. */
export function loadsOf(plan: Plan): Map<string, number> {
  const loads = new Map<string, number>();
  for (const { seats } of plan.slots)
    for (const { personId } of seats) loads.set(personId, (loads.get(personId) ?? 0) + 1);
  return loads;
}

/** At how many of the times something could be heard between one presentation and the next. */
const timesBetween = (
  { times }: Pick<SchedulingProblem, 'times'>,
  before: TimeSpan,
  after: TimeSpan,
): number => times.filter((time) => covers({ from: before.until, until: after.from }, spanOf(time))).length;

/** How long somebody waits who hears the two one after the other: nought overnight. */
export const idleBetween = (
  problem: Pick<SchedulingProblem, 'times'>,
  before: TimeSpan,
  after: TimeSpan,
): number => (after.from - before.until > dayGap ? 0 : timesBetween(problem, before, after));

/** However far two are apart, it counts no more than this. */
const MAX_APART = 5;

/** How far two presentations are from following each other: at once is no better than one time between. */
export const apartBetween = (
  problem: Pick<SchedulingProblem, 'times'>,
  one: TimeSpan,
  other: TimeSpan,
): number => {
  if (meets(one, other)) return 1;
  const [before, after] = one.from < other.from ? [one, other] : [other, one];
  return Math.min(MAX_APART, timesBetween(problem, before, after));
};

function idleOf(problem: SchedulingProblem, plan: Plan): number {
  let idle = 0;
  for (const slots of seatedIn(plan).values())
    slots.forEach((slot, at) => {
      const next = slots[at + 1];
      if (next) idle += idleBetween(problem, spanOf(slot), spanOf(next));
    });
  return idle;
}

function apartOf(problem: SchedulingProblem, plan: Plan): number {
  return (problem.together ?? []).reduce((sum, ids) => {
    const spans = plan.slots
      .filter((slot) => presentersIn(slot).some((id) => ids.includes(id)))
      .map(spanOf)
      .sort((a, b) => a.from - b.from);
    return spans.slice(1).reduce((more, span, at) => more + apartBetween(problem, spans[at]!, span), sum);
  }, 0);
}

const wishesMissed = (problem: SchedulingProblem, plan: Plan): number => wishesOpen(problem, plan).length;

/** Whose panels lack somebody who was wished for, and who that could be. */
export function wishesOpen(problem: SchedulingProblem, plan: Plan): { studentId: string; ids: string[] }[] {
  const people = new Map(problem.people.map((each) => [each.id, each]));
  const students = new Map(problem.presenters.map((each) => [each.id, each]));
  // Where somebody has written already, no seat is added any more.
  const begun = new Set(problem.standing.flatMap((slot) => (slot.begun ? [slot.id] : [])));
  return plan.slots.flatMap((slot) => {
    const student = begun.has(slot.id) ? undefined : students.get(slot.studentId);
    const missed = student ? missedWishes(problem, people, student, slot.seats) : [];
    return missed.map(({ ids }) => ({ studentId: slot.studentId, ids }));
  });
}

/** The panels of each person, by time. */
function seatedIn(plan: Plan): Map<string, PlannedSlot[]> {
  const seated = new Map<string, PlannedSlot[]>();
  for (const slot of plan.slots)
    for (const { personId } of slot.seats) {
      const own = seated.get(personId);
      if (own) own.push(slot);
      else seated.set(personId, [slot]);
    }
  for (const slots of seated.values()) slots.sort((a, b) => a.startsAt - b.startsAt);
  return seated;
}

function roomChangesOf(plan: Plan): number {
  let changes = 0;
  for (const inOrder of seatedIn(plan).values()) {
    inOrder.forEach((slot, at) => {
      const next = inOrder[at + 1];
      if (!next || next.startsAt - spanOf(slot).until > dayGap) return;
      if (roomKey(slot.room) !== roomKey(next.room)) changes += 1;
    });
  }
  return changes;
}

export const pools = ['teacher', 'peer', 'guest'] as const;

/** The sum of squares when `seats` are spread over `people` as evenly as whole numbers allow. */
export function evenSquares(seats: number, people: number): number {
  if (people === 0) return 0;
  const more = seats % people;
  const each = (seats - more) / people;
  return more * (each + 1) * (each + 1) + (people - more) * each * each;
}

function loadExcessOf(problem: SchedulingProblem, plan: Plan): number {
  const loads = loadsOf(plan);
  let excess = 0;
  for (const pool of pools) {
    const own = problem.people
      .filter((person) => person.pool === pool)
      .map((each) => loads.get(each.id) ?? 0);
    const seats = own.reduce((sum, load) => sum + load, 0);
    excess += own.reduce((sum, load) => sum + load ** 2, 0) - evenSquares(seats, own.length);
  }
  return excess;
}

/** Whether nobody of a student's family could come then; false where the records name no family. */
export function familyIsAway(
  student: Pick<Presenter, 'guardianIds'>,
  people: ReadonlyMap<string, Panelist>,
  span: TimeSpan,
): boolean {
  const family = student.guardianIds.flatMap((id) => people.get(id) ?? []);
  return family.length > 0 && !family.some((person) => canCome(person, span) && !isTaken(person, span));
}

/**
 * The students to whom it happens: once for a time at which nobody can come, once for each sibling who presents then.
 */
export function familiesAway(problem: SchedulingProblem, plan: Plan): string[] {
  const people = new Map(problem.people.map((each) => [each.id, each]));
  const students = new Map(problem.presenters.map((each) => [each.id, each]));
  return plan.slots.flatMap((slot, at) => {
    const student = students.get(slot.studentId);
    if (!student) return [];
    const sharing = plan.slots
      .slice(at + 1)
      .filter((other) => student.siblingIds.includes(other.studentId) && meets(spanOf(slot), spanOf(other)));
    const away = familyIsAway(student, people, spanOf(slot)) ? [student.id] : [];
    return [...away, ...sharing.map(() => student.id)];
  });
}
