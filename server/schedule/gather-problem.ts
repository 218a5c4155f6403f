/**
 * Gathers what the rules must know of an exhibition: people, relations, hours, what else they are needed for, the slots that
 * stand. Only reads. Somebody who is named nowhere in the settings but sits on a panel already is there, too.
 */
import type { SchoolScope } from '../database.js';
import type { Exhibition } from '../exhibition/exhibition.js';
import { presentersOf } from '../exhibition/group.js';
import { findOccupancies } from '../exhibition/occupancies.js';
import type { PanelDoor, SeatFact } from '../exhibition/panel-door.js';
import { dayOf } from '../exhibition/day-and-time.js';
import { endOf, roomKey, type Occupancy, type Slot } from '../exhibition/slot.js';
import { listSlotsOfExhibition } from '../exhibition/slot-records.js';
import type { SeatRole } from '../panel/seat.js';
import { nothingSaid } from '../people/attendance.js';
import { momentsOf, readHours } from '../people/hours.js';
import { listAdvisories, listAllPeople } from '../people/people-records.js';
import type { Person } from '../people/person.js';
import { listInternshipsOfStudents } from '../plan/internship-records.js';
import { conflictsOf } from '../school/school.js';
import { findSchool } from '../school/school-records.js';
import {
  presentersIn,
  spanOf,
  type Attendee,
  type Panelist,
  type Plan,
  type Pool,
  type Presenter,
  type SchedulingProblem,
  type Span,
  type StandingSlot,
} from './problem.js';
import { timesOf, type Schedule } from './schedule.js';

export interface Gathered {
  problem: SchedulingProblem;
  /** The slots as they stand now. */
  plan: Plan;
}

/**
 * @param schedule null while nobody has decided anything: then the slots that stand are all there is
 * @param also other times that the rules will be asked about
 */
export async function gatherProblem(
  panel: PanelDoor,
  scope: SchoolScope,
  exhibition: Exhibition,
  schedule: Schedule | null,
  also: readonly { startsAt: number; minutes: number }[] = [],
): Promise<Gathered> {
  const [school, everybody, advisories, slots] = await Promise.all([
    findSchool(scope, scope.schoolId),
    listAllPeople(scope),
    listAdvisories(scope),
    listSlotsOfExhibition(scope, exhibition.id),
  ]);
  const zone = school?.timeZone ?? 'UTC';
  const seats = await panel.listSeatFacts(
    scope,
    slots.map((slot) => slot.id),
  );
  const standing = standingOf(slots, seats);
  const times = schedule ? timesOf(schedule, zone) : [];
  const spans = [...times, ...standing, ...also].map(spanOf);
  const days = [...new Set(spans.map((span) => dayOf(new Date(span.from), zone)))];
  const elsewhere = await elsewhereOf(panel, scope, exhibition.id, spans);
  const present = presentingOf(everybody, schedule, standing);
  const mentors = await mentorsOf(scope, everybody, present);
  const led = new Map(advisories.map((advisory) => [advisory.id, advisory.advisorIds]));

  const attendee = (person: Person): Attendee => {
    const { hours, stepFree } = { ...nothingSaid, ...person.attendance };
    const read = hours.flatMap((line) => readHours(line) ?? []);
    return {
      id: person.id,
      name: person.displayName,
      available: read.length === 0 ? null : momentsOf(read, days, zone),
      taken: [...elsewhere.ofPerson(person.id), ...inGroupOf(standing, person.id)],
      stepFree,
    };
  };
  const here = new Map(everybody.filter((person) => person.active).map((person) => [person.id, person]));
  const presenters = present.map((student): Presenter => ({
    ...attendee(student),
    advisorIds: ((student.advisoryId && led.get(student.advisoryId)) || []).filter((id) =>
      here.get(id)?.roles.includes('advisor'),
    ),
    guardianIds: student.guardianIds.filter((id) => here.has(id)),
    siblingIds: everybody
      .filter((other) => other.id !== student.id)
      .filter((other) => other.guardianIds.some((id) => student.guardianIds.includes(id)))
      .map((other) => other.id),
    mentorIds: mentors.get(student.id) ?? [],
    interpreter: student.attendance?.interpreter ?? null,
  }));
  const needed = new Set([
    ...presenters.flatMap((each) => [...each.advisorIds, ...each.guardianIds, ...each.mentorIds]),
    ...seats.map((seat) => seat.personId),
  ]);
  const chosen = new Set(schedule?.panelistIds ?? []);
  const wanted = {
    teacher: schedule?.panel.teachers ?? 0,
    peer: schedule?.panel.peers ?? 0,
    guest: schedule?.panel.guests ?? 0,
  };
  const people = everybody
    .filter((person) => person.active)
    .flatMap((person): Panelist[] => {
      const pool = chosen.size === 0 || chosen.has(person.id) ? poolOf(person) : null;
      // Hundreds of students are no peers to be listed where no panel asks for one.
      if ((pool === null || wanted[pool] === 0) && !needed.has(person.id)) return [];
      const { speaks, interprets } = { ...nothingSaid, ...person.attendance };
      return [{ ...attendee(person), pool, speaks, interprets }];
    });
  const problem: SchedulingProblem = {
    rooms: (schedule?.rooms ?? []).map((room) => ({ ...room, taken: elsewhere.ofRoom(room.name) })),
    times,
    presenters,
    people,
    panel: schedule?.panel ?? {
      ...{ advisor: 'no', family: 'no', mentor: 'no' },
      ...{ teachers: 0, peers: 0, guests: 0 },
    },
    conflicts: conflictsOf(school),
    standing,
  };
  return { problem, plan: { slots: standing } };
}

/** As what somebody fills up panels when nothing ties them to the student. */
export function poolOf(person: Pick<Person, 'roles'>): Pool {
  if (person.roles.includes('student')) return 'peer';
  if (person.roles.some((role) => ['advisor', 'panelist', 'registrar', 'admin'].includes(role)))
    return 'teacher';
  return person.roles.includes('guest') ? 'guest' : null;
}

function standingOf(slots: readonly Slot[], seats: readonly SeatFact[]): StandingSlot[] {
  return slots.map((slot) => {
    const own = seats.filter((seat) => seat.slotId === slot.id);
    return {
      id: slot.id,
      studentId: presentersOf(slot)[0] ?? slot.studentId,
      alsoIds: presentersOf(slot).slice(1),
      room: slot.room,
      startsAt: slot.startsAt.getTime(),
      minutes: slot.minutes,
      seats: own.map(({ personId, role }) => ({ personId, role: role as SeatRole })),
      begun: own.some((seat) => seat.sheet !== 'not-started'),
    };
  });
}

function presentingOf(
  everybody: readonly Person[],
  schedule: Schedule | null,
  standing: readonly StandingSlot[],
): Person[] {
  const stands = new Set(standing.flatMap(presentersIn));
  const { kind, advisoryIds, studentIds } = schedule?.presenting ?? {
    ...{ kind: 'chosen', advisoryIds: [], studentIds: [] },
  };
  const asked = (student: Person) =>
    kind === 'all' ||
    (kind === 'advisories'
      ? student.advisoryId !== null && advisoryIds.includes(student.advisoryId)
      : studentIds.includes(student.id));
  return everybody.filter(
    (person) =>
      person.roles.includes('student') && (stands.has(person.id) || (person.active && asked(person))),
  );
}

/** Internships name their mentor; the person is known where exactly one adult of the school has that name. */
async function mentorsOf(
  scope: SchoolScope,
  everybody: readonly Person[],
  students: readonly Person[],
): Promise<Map<string, string[]>> {
  const internships = await listInternshipsOfStudents(
    scope,
    students.map((student) => student.id),
  );
  const key = (name: string) => name.trim().toLocaleLowerCase('en');
  const named = new Map<string, string[]>();
  for (const person of everybody) {
    if (!person.active || person.roles.includes('student')) continue;
    named.set(key(person.displayName), [...(named.get(key(person.displayName)) ?? []), person.id]);
  }
  const found = new Map<string, string[]>();
  for (const { studentId, mentorName } of internships) {
    const ids = named.get(key(mentorName)) ?? [];
    // The newest internship comes first, and its mentor is the one who counts.
    if (ids.length === 1 && !found.has(studentId)) found.set(studentId, ids);
  }
  return found;
}

/** When this person presents in a group of this exhibition whose slot bears another member's name. */
const inGroupOf = (standing: readonly StandingSlot[], personId: string): Span[] =>
  standing.filter(({ alsoIds = [] }) => alsoIds.includes(personId)).map(spanOf);

/** What rooms and people are needed for in other exhibitions of these days. */
async function elsewhereOf(
  panel: PanelDoor,
  scope: SchoolScope,
  exhibitionId: string,
  spans: readonly Span[],
): Promise<{ ofPerson(id: string): Span[]; ofRoom(name: string): Span[] }> {
  const from = Math.min(...spans.map((span) => span.from));
  const until = Math.max(...spans.map((span) => span.until));
  const found =
    spans.length === 0 ? [] : await findOccupancies(panel, scope, new Date(from), new Date(until));
  const others = found.filter((each) => each.exhibitionId !== exhibitionId);
  const spansOf = (list: readonly Occupancy[]) =>
    list.map((each) => ({ from: each.startsAt.getTime(), until: endOf(each).getTime() }));
  return {
    ofPerson: (id) =>
      spansOf(others.filter((each) => each.studentIds.includes(id) || each.panelistIds.includes(id))),
    ofRoom: (name) => spansOf(others.filter((each) => roomKey(each.room) === roomKey(name))),
  };
}
