/**
 * Gathers what the rules must know of an exhibition: people, relations, hours, what else they are needed for,
 * the slots that stand. Only reads. Somebody who is named nowhere in the settings but sits on a panel already
 * is there, too.
 */
import type { SchoolScope } from '../db/database.js';
import type { Exhibition } from '../exhibitions/exhibition.js';
import { presentersOf } from '../exhibitions/groups/group.js';
import { findOccupancies } from '../exhibitions/slots/occupancies.js';
import { dayOf } from '../exhibitions/day-and-time.js';
import { endOf, roomKey, type Slot } from '../exhibitions/slots/slot.js';
import { listSlotsOfExhibition } from '../exhibitions/slots/slot-records.js';
import type { SeatRole } from '../exhibitions/seats/seat.js';
import { isAwayFrom, nothingSaid } from '../people/attendance.js';
import { readHours, saidAbout } from '../people/hours.js';
import { listAdultNames, listAdvisories, listAllPeople, listPeopleByIds } from '../people/people-records.js';
import { listPeopleOfGuardians } from '../people/family-records.js';
import type { Person } from '../people/person.js';
import { panelConflictRules } from '../school/school.js';
import { findSchool } from '../school/school-records.js';
import {
  presentersIn,
  spanOf,
  type Attendee,
  type Panelist,
  type Plan,
  type PlannedSpan,
  type Presenter,
  type SchedulingProblem,
  type TimeSpan,
  type StandingSlot,
} from './problem.js';
import { isOffered, poolOf } from './people-groups.js';
import { familiesOf, mentorsOf, push } from './relations.js';
import { isChosen, listeningOf, timesOf, togetherOf, type Schedule } from './schedule.js';
import type { ExhibitionPorts } from '../exhibitions/exhibition-ports.js';
import { type SeatFact, bySlot, listSeatFacts } from '../exhibitions/seats/seat-facts.js';

export interface Gathered {
  problem: SchedulingProblem;
  /** The slots as they stand now. */
  plan: Plan;
}

/** What somebody has read already. */
export interface KnownDay {
  slots: readonly Slot[];
  seats: readonly SeatFact[];
}

/**
 * @param schedule null while nobody has decided anything: then the slots that stand are all there is
 * @param options.onlyStanding the question is about the slots that stand: nobody else's records are read
 * @param options.also other times that the rules will be asked about
 */
export async function gatherProblem(
  ports: Pick<ExhibitionPorts, 'listSheetStates'>,
  scope: SchoolScope,
  exhibition: Exhibition,
  schedule: Schedule | null,
  options: { onlyStanding?: boolean; also?: readonly PlannedSpan[]; known?: KnownDay | undefined } = {},
): Promise<Gathered> {
  const { onlyStanding = false, also = [], known } = options;
  const [school, advisories, slots] = await Promise.all([
    findSchool(scope, scope.schoolId),
    listAdvisories(scope),
    known?.slots ?? listSlotsOfExhibition(scope, exhibition.id),
  ]);
  const zone = school?.timeZone ?? 'UTC';
  const seats =
    known?.seats ??
    (await listSeatFacts(
      ports,
      scope,
      slots.map((slot) => slot.id),
    ));
  const standing = standingOf(slots, seats);
  const times = schedule && !onlyStanding ? timesOf(schedule, zone) : [];
  const spans = [...times, ...standing, ...also].map(spanOf);
  const days = [...new Set(spans.map((span) => dayOf(new Date(span.from), zone)))];
  const plannedDays = (schedule?.days ?? []).flatMap((line) => readHours(line)?.date ?? []);
  const [everybody, elsewhere] = await Promise.all([
    onlyStanding ? peopleAround(scope, standing, advisories) : listAllPeople(scope),
    elsewhereOf(scope, exhibition.id, spans),
  ]);
  const present = presentingOf(everybody, onlyStanding ? null : schedule, standing);
  const conflicts = panelConflictRules(school);
  const asksMentors =
    !onlyStanding || conflicts.mentor !== 'allow' || (schedule?.panel.mentor ?? 'no') !== 'no';
  const mentors = asksMentors
    ? await mentorsOf(scope, onlyStanding ? await listAdultNames(scope) : everybody, present)
    : new Map<string, string[]>();
  const led = new Map(advisories.map((advisory) => [advisory.id, advisory.advisorIds]));
  const inGroups = inGroupsOf(standing);
  const families = familiesOf(everybody);

  const attendee = (person: Person): Attendee => {
    const { hours, stepFree } = { ...nothingSaid, ...person.attendance };
    const read = hours.flatMap((line) => readHours(line) ?? []);
    return {
      id: person.id,
      name: person.displayName,
      available: saidAbout(read, plannedDays, days, zone),
      taken: [...elsewhere.ofPerson(person.id), ...(inGroups.get(person.id) ?? [])],
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
    siblingIds: [...new Set(student.guardianIds.flatMap((id) => families.get(id) ?? []))].filter(
      (id) => id !== student.id,
    ),
    mentorIds: mentors.get(student.id) ?? [],
    interpreter: student.attendance?.interpreter ?? null,
  }));
  const needed = new Set([
    ...presenters.flatMap((each) => [...each.advisorIds, ...each.guardianIds, ...each.mentorIds]),
    ...seats.map((seat) => seat.personId),
  ]);
  const isNamed = isChosen(schedule);
  const choosesByName = schedule !== null && listeningOf(schedule) === 'chosen';
  const isAsked = (person: Person) =>
    isNamed(person.id) && (choosesByName || isOffered(person, exhibition.id));
  const wanted = {
    teacher: schedule?.panel.teachers ?? 0,
    peer: schedule?.panel.peers ?? 0,
    guest: schedule?.panel.guests ?? 0,
  };
  const people = everybody
    .filter((person) => person.active)
    .flatMap((person): Panelist[] => {
      const pool = isAsked(person) ? poolOf(person) : null;
      // Hundreds of students are no peers to be listed where no panel asks for one.
      if ((pool === null || wanted[pool] === 0) && !needed.has(person.id)) return [];
      const { speaks, interprets, most, conflictIds } = { ...nothingSaid, ...person.attendance };
      const comes = isAwayFrom(person, exhibition.id) ? { most: 0 } : { most };
      return [{ ...attendee(person), pool, speaks, interprets, ...comes, conflictIds }];
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
    conflicts,
    standing,
    maxPanels: schedule?.maxPanels ?? null,
    together: schedule ? togetherOf(schedule, presenters) : [],
  };
  return { problem, plan: { slots: standing } };
}

/**
 * The people whom the rules of standing slots can be about: who presents, who sits there, and the family and
 * advisors of the former.
 */
async function peopleAround(
  scope: SchoolScope,
  standing: readonly StandingSlot[],
  advisories: readonly { id: string; advisorIds: string[] }[],
): Promise<Person[]> {
  const presenting = new Set(standing.flatMap(presentersIn));
  const seated = standing.flatMap(({ seats }) => seats.map(({ personId }) => personId));
  const known = await listPeopleByIds(scope, [...new Set([...presenting, ...seated])]);
  const students = known.filter((person) => presenting.has(person.id));
  const guardianIds = [...new Set(students.flatMap((student) => student.guardianIds))];
  const ofStudents = new Set(students.flatMap(({ advisoryId }) => advisoryId ?? []));
  const advisorIds = advisories.filter(({ id }) => ofStudents.has(id)).flatMap((each) => each.advisorIds);
  const have = new Set(known.map(({ id }) => id));
  const [families, others] = await Promise.all([
    listPeopleOfGuardians(scope, guardianIds),
    listPeopleByIds(
      scope,
      [...new Set([...guardianIds, ...advisorIds])].filter((id) => !have.has(id)),
    ),
  ]);
  return [...new Map([...known, ...families, ...others].map((person) => [person.id, person])).values()];
}

function standingOf(slots: readonly Slot[], seats: readonly SeatFact[]): StandingSlot[] {
  const seatsOf = bySlot(seats);
  return slots.map((slot) => {
    const own = seatsOf(slot.id);
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
  const chosen = { advisories: new Set(advisoryIds), students: new Set(studentIds) };
  const asked = (student: Person) =>
    kind === 'all' ||
    (kind === 'advisories'
      ? student.advisoryId !== null && chosen.advisories.has(student.advisoryId)
      : chosen.students.has(student.id));
  return everybody.filter(
    (person) =>
      person.roles.includes('student') && (stands.has(person.id) || (person.active && asked(person))),
  );
}

/** When people present in a group of this exhibition whose slot bears another member's name. */
function inGroupsOf(standing: readonly StandingSlot[]): Map<string, TimeSpan[]> {
  const found = new Map<string, TimeSpan[]>();
  for (const slot of standing) for (const id of slot.alsoIds ?? []) push(found, id, spanOf(slot));
  return found;
}

/** What rooms and people are needed for in other exhibitions of these days. */
async function elsewhereOf(
  scope: SchoolScope,
  exhibitionId: string,
  spans: readonly TimeSpan[],
): Promise<{ ofPerson(id: string): TimeSpan[]; ofRoom(name: string): TimeSpan[] }> {
  const from = Math.min(...spans.map((span) => span.from));
  const until = Math.max(...spans.map((span) => span.until));
  const others =
    spans.length === 0 ? [] : await findOccupancies(scope, new Date(from), new Date(until), exhibitionId);
  const [people, rooms] = [new Map<string, TimeSpan[]>(), new Map<string, TimeSpan[]>()];
  for (const each of others) {
    const span = { from: each.startsAt.getTime(), until: endOf(each).getTime() };
    push(rooms, roomKey(each.room), span);
    for (const id of new Set([...each.studentIds, ...each.panelistIds])) push(people, id, span);
  }
  return { ofPerson: (id) => people.get(id) ?? [], ofRoom: (name) => rooms.get(roomKey(name)) ?? [] };
}
