/**
 * The problem as the search needs it: everybody, every time and every room is a number, and what can be known
 * beforehand is a table. Says also which seats are still to be filled, and by whom they may be.
 */
import { roomKey } from '../exhibitions/slots/slot.js';
import type { SeatRole } from '../exhibitions/seats/seat.js';
import { apartBetween, familyIsAway, idleBetween, pools } from './cost.js';
import {
  canCome,
  isTaken,
  meets,
  mostPanelsOf,
  presentersIn,
  spanOf,
  type Panelist,
  type Presenter,
  type TimeSpan,
  type SchedulingProblem,
  type StandingSlot,
} from './problem.js';
import { hasConflict, isRelative, missedWishes, missingRelations } from './rules.js';

/** A seat to be filled: by one of `options`, who are persons by number. */
interface Need {
  role: SeatRole;
  options: number[];
  /** It may stay empty: a wish, which costs. */
  isWish?: true;
}

export interface CompiledSlot {
  studentId: string;
  student: number;
  /** Null for one that is to be placed. */
  standing: StandingSlot | null;
  /** Where it may be: pairs of time and room, one number each (`time * rooms + room`). */
  cells: number[];
  /** Seats that stand already. */
  given: { person: number; role: SeatRole }[];
  needs: Need[];
  /** The language from which somebody must interpret; null when nobody need, or nothing can be changed any more. */
  interpreter: string | null;
  /** Other slots of this list whose students share a guardian. */
  siblings: number[];
  /** The groups of `Compiled.together` in which somebody who presents here is. */
  groups: number[];
}

export interface Compiled {
  problem: SchedulingProblem;
  /** Panelists and presenters, one number each. */
  personIds: string[];
  panelists: (Panelist | null)[];
  /** -1: none; otherwise the place in `pools`. */
  pool: Int8Array;
  times: { startsAt: number; until: number; minutes: number }[];
  /** In the order of `times`: which of them overlap, itself included. */
  overlaps: number[][];
  rooms: { name: string; stepFree: boolean }[];
  slots: CompiledSlot[];
  /** 1 where a person cannot be at a time (`person * times + time`). */
  away: Uint8Array;
  stepFree: Uint8Array;
  /** 1 where nobody of the student's family could come (`slot * times + time`). */
  familyAway: Uint8Array;
  /** Panels of each person at most; `noLimit` where nobody has said. */
  most: Int32Array;
  /** From one time to a later one: how long somebody waits who hears both (`time * times + time`). */
  idle: Uint8Array;
  /** How far two times are from following each other. */
  apart: Uint8Array;
  /** Slots whose students should present one right after another. */
  together: number[][];
}

const noLimit = 1_000_000;

/** Whether nothing else stands in a room for all of a time. */
export const isFree = (
  problem: SchedulingProblem,
  room: SchedulingProblem['rooms'][number],
  span: TimeSpan,
): boolean =>
  !isTaken(room, span) &&
  !problem.standing.some((slot) => roomKey(slot.room) === roomKey(room.name) && meets(spanOf(slot), span));

export function compile(problem: SchedulingProblem): Compiled {
  const personIds = [...new Set([...problem.people, ...problem.presenters].map((each) => each.id))];
  const numberOf = new Map(personIds.map((id, at) => [id, at]));
  const people = new Map(problem.people.map((each) => [each.id, each]));
  const students = new Map(problem.presenters.map((each) => [each.id, each]));
  const attendees = personIds.map((id) => people.get(id) ?? students.get(id)!);
  const times = [...problem.times, ...problem.standing]
    .filter((time, at, all) => all.findIndex((each) => sameTime(each, time)) === at)
    .map(({ startsAt, minutes }) => ({ startsAt, minutes, until: spanOf({ startsAt, minutes }).until }))
    .sort((a, b) => a.startsAt - b.startsAt || a.minutes - b.minutes);
  const spans = times.map(spanOf);
  const rooms = [
    ...problem.rooms,
    ...problem.standing.map(({ room }) => ({ name: room, stepFree: false, taken: [] })),
  ].filter((room, at, all) => all.findIndex((each) => roomKey(each.name) === roomKey(room.name)) === at);
  const away = new Uint8Array(personIds.length * times.length);
  attendees.forEach((person, p) =>
    spans.forEach((span, t) => {
      if (!canCome(person, span) || isTaken(person, span)) away[p * times.length + t] = 1;
    }),
  );
  const timeOf = (slot: { startsAt: number; minutes: number }) =>
    times.findIndex((each) => sameTime(each, slot));
  const roomOf = (name: string) => rooms.findIndex((each) => roomKey(each.name) === roomKey(name));

  const freeCells = (student: Presenter): number[] =>
    problem.times.flatMap((time) => {
      const span = spanOf(time);
      if (!canCome(student, span) || isTaken(student, span)) return [];
      return problem.rooms.flatMap((room, r) => {
        if (!isFree(problem, room, span) || (student.stepFree && !room.stepFree)) return [];
        return [timeOf(time) * rooms.length + r];
      });
    });
  const given = (slot: StandingSlot) =>
    slot.seats.flatMap(({ personId, role }) => {
      const person = numberOf.get(personId);
      return person === undefined ? [] : [{ person, role }];
    });
  const stands = new Set(problem.standing.flatMap(presentersIn));
  const slots: CompiledSlot[] = [
    ...problem.standing.map((standing): CompiledSlot => {
      const student = students.get(standing.studentId);
      const frozen = standing.begun || !student;
      return {
        studentId: standing.studentId,
        student: numberOf.get(standing.studentId) ?? -1,
        standing,
        cells: [timeOf(standing) * rooms.length + roomOf(standing.room)],
        given: given(standing),
        needs: frozen ? [] : needsOf(problem, student, standing, numberOf),
        interpreter: frozen ? null : student.interpreter,
        siblings: [],
        groups: [],
      };
    }),
    ...problem.presenters
      .filter((student) => !stands.has(student.id))
      .map((student): CompiledSlot => ({
        studentId: student.id,
        student: numberOf.get(student.id)!,
        standing: null,
        cells: freeCells(student),
        given: [],
        needs: needsOf(problem, student, null, numberOf),
        interpreter: student.interpreter,
        siblings: [],
        groups: [],
      })),
  ];
  const together = (problem.together ?? []).map((ids) =>
    slots.flatMap((slot, s) =>
      [slot.studentId, ...(slot.standing?.alsoIds ?? [])].some((id) => ids.includes(id)) ? [s] : [],
    ),
  );
  together.forEach((group, at) => group.forEach((s) => slots[s]!.groups.push(at)));
  const pairs = (of: (a: TimeSpan, b: TimeSpan) => number) =>
    Uint8Array.from(spans.flatMap((a) => spans.map((b) => Math.min(255, of(a, b)))));
  const familyAway = new Uint8Array(slots.length * times.length);
  slots.forEach((slot, s) => {
    const student = students.get(slot.studentId);
    if (!student) return;
    slot.siblings = slots.flatMap((other, at) => (student.siblingIds.includes(other.studentId) ? [at] : []));
    spans.forEach((span, t) => {
      if (familyIsAway(student, people, span)) familyAway[s * times.length + t] = 1;
    });
  });
  return {
    problem,
    personIds,
    panelists: personIds.map((id) => people.get(id) ?? null),
    pool: Int8Array.from(personIds, (id) => {
      const pool = people.get(id)?.pool ?? null;
      return pool === null ? -1 : pools.indexOf(pool);
    }),
    times,
    overlaps: spans.map((span) => spans.flatMap((other, at) => (meets(span, other) ? [at] : []))),
    rooms,
    slots,
    away,
    stepFree: Uint8Array.from(attendees, (person) => Number(person.stepFree)),
    familyAway,
    most: Int32Array.from(personIds, (id) => Math.min(noLimit, mostPanelsOf(problem, people.get(id)))),
    idle: pairs((a, b) => (a.from < b.from ? idleBetween(problem, a, b) : 0)),
    apart: pairs((a, b) => apartBetween(problem, a, b)),
    together,
  };
}

const sameTime = (a: { startsAt: number; minutes: number }, b: { startsAt: number; minutes: number }) =>
  a.startsAt === b.startsAt && a.minutes === b.minutes;

/** The seats that the make-up of the panel still asks for. */
function needsOf(
  problem: SchedulingProblem,
  student: Presenter,
  standing: StandingSlot | null,
  numberOf: ReadonlyMap<string, number>,
): Need[] {
  const { panel, conflicts, people } = problem;
  const seated = standing?.seats ?? [];
  const isOwn = (id: string) => student.advisorIds.includes(id);
  const may = (person: Panelist) =>
    person.id !== student.id &&
    !seated.some((seat) => seat.personId === person.id) &&
    !hasConflict(person, student.id) &&
    !(conflicts.advisor === 'forbid' && isOwn(person.id)) &&
    !(conflicts.relative === 'forbid' && isRelative(student, person.id)) &&
    !(conflicts.mentor === 'forbid' && student.mentorIds.includes(person.id));
  const among = (choose: (person: Panelist) => boolean) =>
    people.filter((person) => may(person) && choose(person)).map((person) => numberOf.get(person.id)!);
  const needs: Need[] = [];
  for (const { role, rule, ids } of missingRelations(problem, student, seated)) {
    // Forbidden as a relation and wanted at once can only be said of no one.
    needs.push({ role, options: rule === 'forbid' ? [] : among((person) => ids.includes(person.id)) });
  }
  const byId = new Map(people.map((person) => [person.id, person]));
  for (const { role, ids } of missedWishes(problem, byId, student, seated)) {
    const options = among((person) => ids.includes(person.id));
    if (options.length > 0) needs.push({ role, options, isWish: true });
  }
  const have = {
    teacher: seated.filter(
      (seat) => seat.role === 'teacher' || (seat.role === 'advisor' && !isOwn(seat.personId)),
    ).length,
    peer: seated.filter((seat) => seat.role === 'peer').length,
    guest: seated.filter((seat) => seat.role === 'guest').length,
  };
  const wanted = { teacher: panel.teachers, peer: panel.peers, guest: panel.guests };
  for (const role of pools) {
    const options = among((person) => person.pool === role);
    for (let count = have[role]; count < wanted[role]; count += 1) needs.push({ role, options });
  }
  return needs;
}
