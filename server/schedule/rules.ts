/**
 * The hard rules of a timetable: what is broken in a plan, by whom and in which slots. Pure; the solver, the board for
 * moves by hand and the proposal's page all ask here. Says everything that is broken, never only the first.
 */
import type { MessageParams } from '../errors.js';
import { roomKey } from '../exhibitions/slots/slot.js';
import {
  canCome,
  isTaken,
  isWanted,
  mostPanelsOf,
  presentersIn,
  spanOf,
  type Panelist,
  type Plan,
  type PlannedSlot,
  type Presenter,
  type SchedulingProblem,
} from './problem.js';

export const ruleKinds = [
  'not-placed',
  'room-twice',
  'room-taken',
  'person-twice',
  'person-away',
  'person-elsewhere',
  'own-panel',
  'advisor-missing',
  'family-missing',
  'mentor-missing',
  'teachers-short',
  'peers-short',
  'guests-short',
  'advisor-forbidden',
  'relative-forbidden',
  'mentor-forbidden',
  'interpreter-missing',
  'steps',
  'too-many-panels',
  'declared-conflict',
] as const;
export type RuleKind = (typeof ruleKinds)[number];

export interface BrokenRule {
  kind: RuleKind;
  /** Whom it is about; null where it is a room. */
  personId: string | null;
  /** The slots that break it; empty for somebody who has none. */
  slotIds: string[];
  /** Message key with its parameters: `name` and `student` are people, `room` a room. */
  message: string;
  params: MessageParams;
}

const broken = (
  kind: RuleKind,
  personId: string | null,
  slotIds: string[],
  params: MessageParams,
): BrokenRule => ({ kind, personId, slotIds, message: `schedule.broken.${kind}`, params });

/** Lookups by id, made once per question. */
interface Known {
  presenters: ReadonlyMap<string, Presenter>;
  people: ReadonlyMap<string, Panelist>;
  /** By `roomKey`. */
  rooms: ReadonlyMap<string, SchedulingProblem['rooms'][number]>;
}

const knownOf = (problem: SchedulingProblem): Known => ({
  presenters: new Map(problem.presenters.map((each) => [each.id, each])),
  people: new Map(problem.people.map((each) => [each.id, each])),
  rooms: new Map(problem.rooms.map((each) => [roomKey(each.name), each])),
});

/** @param plan all slots of the exhibition, those that stood before included */
export function brokenRules(problem: SchedulingProblem, plan: Plan): BrokenRule[] {
  const known = knownOf(problem);
  const placed = new Set(plan.slots.flatMap(presentersIn));
  return [
    ...problem.presenters
      .filter((each) => !placed.has(each.id))
      .map((each) => broken('not-placed', each.id, [], { name: each.name })),
    ...brokenRooms(known, plan),
    ...brokenPeople(known, plan),
    ...tooManyPanels(problem, plan),
    ...plan.slots.flatMap((slot) => brokenSlot(problem, known, slot)),
  ];
}

/** What is broken inside one slot, whatever happens elsewhere. */
function brokenSlot(problem: SchedulingProblem, known: Known, slot: PlannedSlot): BrokenRule[] {
  const ofOthers = (slot.alsoIds ?? []).flatMap((studentId) =>
    brokenPanel(problem, known, { ...slot, studentId }).filter(({ kind }) => !kind.endsWith('-short')),
  );
  return [...brokenPanel(problem, known, slot), ...ofOthers, ...brokenAccess(known, slot)];
}

/**
 * The slots that run into each other, each such chain once and with all its slots: 400 slots at one moment
 * are one thing to say, not the 80,000 pairs among them.
 */
function overlapping(slots: readonly PlannedSlot[]): PlannedSlot[][] {
  const inOrder = [...new Map(slots.map((slot) => [slot.id, slot])).values()].sort(
    (a, b) => a.startsAt - b.startsAt,
  );
  const chains: PlannedSlot[][] = [];
  let until = Number.NEGATIVE_INFINITY;
  for (const slot of inOrder) {
    if (slot.startsAt < until) chains.at(-1)!.push(slot);
    else chains.push([slot]);
    until = Math.max(until, spanOf(slot).until);
  }
  return chains.filter((chain) => chain.length > 1);
}

const idsOf = (slots: readonly PlannedSlot[]): string[] => slots.map((slot) => slot.id);

function grouped(slots: readonly PlannedSlot[], keysOf: (slot: PlannedSlot) => string[]) {
  const groups = new Map<string, PlannedSlot[]>();
  for (const slot of slots) {
    for (const key of new Set(keysOf(slot))) {
      const group = groups.get(key);
      if (group) group.push(slot);
      else groups.set(key, [slot]);
    }
  }
  return groups;
}

function brokenRooms(known: Known, plan: Plan): BrokenRule[] {
  return [...grouped(plan.slots, (slot) => [roomKey(slot.room)])].flatMap(([key, slots]) => {
    const room = known.rooms.get(key);
    const name = room?.name ?? slots[0]!.room;
    return [
      ...overlapping(slots).map((chain) => broken('room-twice', null, idsOf(chain), { room: name })),
      ...slots
        .filter((slot) => room && isTaken(room, spanOf(slot)))
        .map((slot) => broken('room-taken', null, [slot.id], { room: name })),
    ];
  });
}

function brokenPeople(known: Known, plan: Plan): BrokenRule[] {
  const everybody = grouped(plan.slots, (slot) => [
    slot.studentId,
    ...slot.seats.map((seat) => seat.personId),
  ]);
  return [...everybody].flatMap(([id, slots]) => {
    const person = known.presenters.get(id) ?? known.people.get(id);
    const name = person?.name ?? '';
    return [
      ...overlapping(slots).map((chain) => broken('person-twice', id, idsOf(chain), { name })),
      ...slots.flatMap((slot) => {
        if (!person) return [];
        if (!canCome(person, spanOf(slot))) return [broken('person-away', id, [slot.id], { name })];
        return isTaken(person, spanOf(slot)) ? [broken('person-elsewhere', id, [slot.id], { name })] : [];
      }),
    ];
  });
}

/** Somebody who sits on more panels than they or the school want. */
function tooManyPanels(problem: SchedulingProblem, plan: Plan): BrokenRule[] {
  const seated = grouped(plan.slots, (slot) => slot.seats.map((seat) => seat.personId));
  return problem.people.flatMap((person) => {
    const slots = seated.get(person.id) ?? [];
    const most = mostPanelsOf(problem, person);
    if (slots.length <= most) return [];
    const params = { name: person.name, have: slots.length, most };
    return [broken('too-many-panels', person.id, idsOf(slots), params)];
  });
}

/** Whether somebody said that they must not hear this student. */
export const hasConflict = (person: Panelist | null | undefined, studentId: string): boolean =>
  person?.conflictIds?.includes(studentId) ?? false;

/**
 * Who could fulfil a wish for this student's panel that nobody on it fulfils, for each such wish: the
 * advisor, the family or the mentor, where it can be.
 */
export function missedWishes(
  { panel }: SchedulingProblem,
  people: ReadonlyMap<string, Panelist>,
  student: Presenter,
  seats: PlannedSlot['seats'],
) {
  const wishes = [
    { role: 'advisor', presence: panel.advisor, ids: student.advisorIds },
    { role: 'family', presence: panel.family, ids: student.guardianIds },
    { role: 'mentor', presence: panel.mentor, ids: student.mentorIds },
  ] as const;
  return wishes.flatMap(({ role, presence, ids }) => {
    if (presence !== 'wish') return [];
    const able = ids.filter((id) => people.has(id) && !hasConflict(people.get(id), student.id));
    const sits = seats.some((seat) => able.includes(seat.personId));
    return able.length === 0 || sits ? [] : [{ role, ids: able }];
  });
}

/**
 * Which of advisor, family and mentor are wanted on this student's panel and do not sit there; `ids`: who
 * they would be.
 */
export function missingRelations(
  { panel, conflicts }: SchedulingProblem,
  student: Presenter,
  seats: PlannedSlot['seats'],
) {
  const relations = [
    { role: 'advisor', presence: panel.advisor, rule: conflicts.advisor, ids: student.advisorIds },
    { role: 'family', presence: panel.family, rule: conflicts.relative, ids: student.guardianIds },
    { role: 'mentor', presence: panel.mentor, rule: conflicts.mentor, ids: student.mentorIds },
  ] as const;
  return relations.filter(({ role, presence, rule, ids }) => {
    // Family and mentors may be typed in at the door: then the seat says who they are, not the records.
    const sits = seats.some(
      (seat) => seat.role === role && (role !== 'advisor' || ids.length === 0 || ids.includes(seat.personId)),
    );
    return !sits && isWanted(presence, rule, ids.length);
  });
}

function brokenPanel(problem: SchedulingProblem, known: Known, slot: PlannedSlot): BrokenRule[] {
  const student = known.presenters.get(slot.studentId);
  if (!student) return [];
  const { panel, conflicts } = problem;
  const found: BrokenRule[] = [];
  const nameOf = (id: string) => known.people.get(id)?.name ?? known.presenters.get(id)?.name ?? '';
  const say = (kind: RuleKind, personId: string, more: MessageParams = {}) =>
    found.push(broken(kind, personId, [slot.id], { student: student.name, ...more }));
  const { seats } = slot;

  for (const { role } of missingRelations(problem, student, seats)) say(`${role}-missing`, student.id);

  const isOwn = (personId: string) => student.advisorIds.includes(personId);
  const have = {
    teachers: seats.filter(
      (seat) => seat.role === 'teacher' || (seat.role === 'advisor' && !isOwn(seat.personId)),
    ).length,
    peers: seats.filter((seat) => seat.role === 'peer').length,
    guests: seats.filter((seat) => seat.role === 'guest').length,
  };
  for (const group of ['teachers', 'peers', 'guests'] as const) {
    if (have[group] < panel[group])
      say(`${group}-short`, student.id, { have: have[group], needed: panel[group] });
  }

  for (const { personId, role } of seats) {
    const more = { name: nameOf(personId) };
    if (personId === student.id) say('own-panel', personId, more);
    if (conflicts.advisor === 'forbid' && isOwn(personId)) say('advisor-forbidden', personId, more);
    if (conflicts.relative === 'forbid' && (role === 'family' || isRelative(student, personId)))
      say('relative-forbidden', personId, more);
    if (conflicts.mentor === 'forbid' && (role === 'mentor' || student.mentorIds.includes(personId)))
      say('mentor-forbidden', personId, more);
    if (hasConflict(known.people.get(personId), student.id)) say('declared-conflict', personId, more);
  }
  if (student.interpreter && !understood(student.interpreter, seats, known))
    say('interpreter-missing', student.id, { language: student.interpreter });
  return found;
}

export const isRelative = (student: Presenter, personId: string): boolean =>
  student.guardianIds.includes(personId) || student.siblingIds.includes(personId);

/** Somebody on the panel interprets, or everybody on it speaks the language. */
function understood(language: string, seats: PlannedSlot['seats'], known: Known): boolean {
  const panel = seats.map((seat) => known.people.get(seat.personId));
  return (
    panel.some((person) => person?.interprets.includes(language)) ||
    (panel.length > 0 && panel.every((person) => person?.speaks.includes(language)))
  );
}

function brokenAccess(known: Known, slot: PlannedSlot): BrokenRule[] {
  const room = known.rooms.get(roomKey(slot.room));
  // While nobody has said which rooms there are, nothing is known of their steps.
  if (room?.stepFree || known.rooms.size === 0) return [];
  return [...presentersIn(slot), ...slot.seats.map((seat) => seat.personId)].flatMap((id) => {
    const person = known.presenters.get(id) ?? known.people.get(id);
    if (!person?.stepFree) return [];
    return [broken('steps', id, [slot.id], { name: person.name, room: room?.name ?? slot.room })];
  });
}
