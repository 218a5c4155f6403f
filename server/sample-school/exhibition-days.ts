/** Plans an exhibition of the sample school through the rooms' own acts: slots, a panel at each, the phases. */
import type { Exhibition, MoveVerb } from '../exhibitions/exhibition.js';
import { moveExhibition } from '../exhibitions/move-exhibition.js';
import { createExhibition, type ExhibitionInput } from '../exhibitions/plan-exhibition.js';
import { addSlots } from '../exhibitions/slots/plan-slots.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import type { Slot } from '../exhibitions/slots/slot.js';
import type { PassFaces } from '../exhibitions/passes/pass.js';
import type { Seat, SeatRole } from '../exhibitions/seats/seat.js';
import { setSeat } from '../exhibitions/seats/set-seat.js';
import type { Person } from '../people/person.js';
import { exhibitionPorts } from '../ports.js';
import type { SampleStudent } from './read-content.js';
import {
  advisorOf,
  clockAt,
  named,
  personOf,
  registrarOf,
  studentOf,
  type SampleWorld,
} from './sample-world.js';
import { seededChance, shuffled } from './seeded.js';

export interface SampleSlot {
  student: SampleStudent;
  startsAt: Date;
  room: string;
}

export interface Presentation extends SampleSlot {
  slot: Slot;
  seats: Seat[];
}

/** A draft exhibition with its slots; `planned` is when somebody sat down to plan it. */
export async function planExhibition(
  world: SampleWorld,
  planned: Date,
  input: ExhibitionInput,
  slots: readonly SampleSlot[],
): Promise<{ exhibition: Exhibition; presentations: Presentation[] }> {
  const { scope, context } = world;
  const clock = clockAt(planned);
  const registrar = registrarOf(world);
  const exhibition = await named(`exhibition ${input.title}`, () =>
    createExhibition({ clock, rubrics: context.rubrics }, scope, registrar, input),
  );
  const wanted = slots.map(({ student, startsAt, room }) => ({
    studentId: studentOf(world, student).id,
    startsAt,
    room,
  }));
  const made = await named(`slots ${input.title}`, () =>
    addSlots({ ...exhibitionPorts, clock }, scope, registrar, exhibition.id, wanted),
  );
  const byStudent = new Map(made.map((slot) => [slot.studentId, slot]));
  const presentations = slots.map((each) => ({
    ...each,
    slot: byStudent.get(studentOf(world, each.student).id)!,
    seats: [],
  }));
  return { exhibition, presentations };
}

export async function seat(
  world: SampleWorld,
  planned: Date,
  { slot }: Presentation,
  who: { person: Person } | { name: string },
  role: SeatRole,
  chair = false,
): Promise<{ seat: Seat; faces: PassFaces | null }> {
  const needs = { ...exhibitionPorts, clock: clockAt(planned), passKey: world.context.config.keyFor('pass') };
  const guest = 'name' in who ? { name: who.name } : { personId: who.person.id };
  const key = 'name' in who ? who.name : who.person.id;
  return named(`seat ${slot.id} ${key}`, () =>
    setSeat(needs, world.scope, registrarOf(world), slot.id, { role, chair, ...guest }),
  );
}

export async function move(
  world: SampleWorld,
  at: Date,
  { id }: Exhibition,
  ...verbs: MoveVerb[]
): Promise<Exhibition> {
  for (const verb of verbs) {
    await named(`move ${id} ${verb}`, () =>
      moveExhibition(
        { ...exhibitionPorts, clock: clockAt(at) },
        world.scope,
        registrarOf(world),
        id,
        verb,
        'The day is over',
      ),
    );
  }
  return getExhibition(world.scope, id);
}

/**
 * Who is where at which minute, so that nobody is in two rooms at once: those who present, their families, the panels.
 */
export class Diary {
  private readonly places = new Map<string, string>();
  isFree(person: Person, at: Date, room: string): boolean {
    const place = this.places.get(`${person.id} ${at.getTime()}`);
    return place === undefined || place === room;
  }
  take(person: Person, at: Date, room: string): Person {
    this.places.set(`${person.id} ${at.getTime()}`, room);
    return person;
  }
}

const familyOf = (world: SampleWorld, student: SampleStudent): Person[] =>
  student.guardians.map((name) => personOf(world, `by name ${name}`));

/** A diary in which everybody who presents, and their families, are where they present. */
export function diaryOf(world: SampleWorld, presentations: readonly SampleSlot[]): Diary {
  const diary = new Diary();
  for (const { student, startsAt, room } of presentations) {
    for (const person of [studentOf(world, student), ...familyOf(world, student)])
      diary.take(person, startsAt, room);
  }
  return diary;
}

/** One student after the other, each at the first of the times at which the family is not with a sister or brother. */
export function oneAfterAnother(
  world: SampleWorld,
  diary: Diary,
  room: string,
  students: readonly SampleStudent[],
  times: readonly Date[],
): SampleSlot[] {
  const left = [...students];
  return times.slice(0, students.length).map((startsAt) => {
    const at = left.findIndex((student) =>
      familyOf(world, student).every((person) => diary.isFree(person, startsAt, room)),
    );
    const [student] = left.splice(at, 1);
    if (!student || at < 0) throw new Error(`Nobody in ${room} could present at ${startsAt.toISOString()}`);
    for (const person of familyOf(world, student)) diary.take(person, startsAt, room);
    return { student, startsAt, room };
  });
}

export const teacherKeys = ['rosalie', 'hana', 'thabo', 'inés', 'gregor', 'farida', 'walter', 'celestine'];

/** Four voices: the advisor with the chair, a teacher, and two of mentor, family and peer, whoever is free. */
export function panelFor(
  world: SampleWorld,
  presentation: Presentation,
  diary: Diary,
  prefer: readonly SeatRole[],
): { person: Person; role: SeatRole; chair: boolean }[] {
  const { student, startsAt, room, slot } = presentation;
  const chance = seededChance(`panel ${student.key} ${slot.termId} ${prefer.join()}`);
  const candidates: Record<string, Person[]> = {
    teacher: shuffled(chance, teacherKeys).map((key) => personOf(world, `staff ${key}`)),
    mentor: [personOf(world, `by name ${student.internship.mentor}`)],
    family: familyOf(world, student),
    peer: shuffled(
      chance,
      world.students.filter((other) => other.advisory !== student.advisory),
    ).map((other) => studentOf(world, other)),
  };
  const chosen: { person: Person; role: SeatRole; chair: boolean }[] = [];
  const seatFree = (role: SeatRole, list: readonly Person[], chair = false): boolean => {
    const person = list.find(
      (one) => diary.isFree(one, startsAt, room) && !chosen.some((other) => other.person === one),
    );
    if (person) chosen.push({ person: diary.take(person, startsAt, room), role, chair });
    return person !== undefined;
  };
  seatFree('advisor', [advisorOf(world, student)], true);
  for (const role of ['teacher', ...prefer, 'peer', 'peer'] as SeatRole[]) {
    if (chosen.length < 4) seatFree(role, candidates[role] ?? []);
  }
  return chosen;
}

export async function seatPanel(
  world: SampleWorld,
  planned: Date,
  presentation: Presentation,
  members: ReturnType<typeof panelFor>,
): Promise<void> {
  for (const { person, role, chair } of members) {
    presentation.seats.push((await seat(world, planned, presentation, { person }, role, chair)).seat);
  }
}
