/**
 * Why no plan can exist, by counting alone: each reason is a proof, and names the rule and those for whom it
 * cannot hold. An empty answer proves nothing; then it is for the search to say.
 */
import type { MessageParams } from '../errors.js';
import { isFree, type Compiled, type CompiledSlot } from './compile.js';
import { pools } from './cost.js';
import { matching } from './matching.js';
import { canCome, isTaken, spanOf } from './problem.js';

export const reasonKinds = [
  'no-advisor',
  'no-family',
  'no-mentor',
  'teachers-few',
  'peers-few',
  'guests-few',
  'no-interpreter',
  'no-step-free-room',
  'no-time',
  'no-room-then',
  'rooms-taken',
  'no-common-time',
  'times-few',
  'person-times-few',
  'panels-few',
  'person-most',
  'pool-most',
  'searched-all',
] as const;
export type ReasonKind = (typeof reasonKinds)[number];

export interface Reason {
  kind: ReasonKind;
  /** Whom it is about. */
  personIds: string[];
  message: string;
  params: MessageParams;
}

export const reason = (kind: ReasonKind, personIds: string[], params: MessageParams): Reason => ({
  kind,
  personIds,
  message: `schedule.impossible.${kind}`,
  params,
});

export function whyImpossible(compiled: Compiled): Reason[] {
  const open = compiled.slots.filter((slot) => !slot.standing || mustsOf(slot).length > 0);
  const taken = noRoomIsFree(compiled);
  if (taken.length > 0) return taken;
  const found = open.flatMap((slot) => reasonsOfSlot(compiled, slot));
  if (found.length > 0) return found;
  const noPlace = tooFewTimes(compiled);
  const noPeople = noPlace.length > 0 ? [] : tooFewPanels(compiled);
  return [...noPlace, ...tooFewTimesOfPeople(compiled), ...noPeople, ...tooManyOfPeople(compiled)];
}

/** Something else stands in all rooms at all times: said once, not of everybody. */
function noRoomIsFree({ problem, slots }: Compiled): Reason[] {
  const ids = slots.filter((slot) => !slot.standing).map((slot) => slot.studentId);
  const some = problem.times.some((time) =>
    problem.rooms.some((room) => isFree(problem, room, spanOf(time))),
  );
  const any = problem.times.length > 0 && problem.rooms.length > 0;
  return ids.length === 0 || some || !any ? [] : [reason('rooms-taken', ids, {})];
}

/** Why a student has neither time nor room: the hours of the student, the steps, or what else stands in the rooms. */
function noCell({ problem }: Compiled, studentId: string): ReasonKind {
  const wants = problem.presenters.find((each) => each.id === studentId);
  if (wants?.stepFree && !problem.rooms.some((room) => room.stepFree)) return 'no-step-free-room';
  const comes = problem.times.some((time) => {
    const span = spanOf(time);
    return wants !== undefined && canCome(wants, span) && !isTaken(wants, span);
  });
  if (!comes) return 'no-time';
  return wants?.stepFree ? 'no-step-free-room' : 'no-room-then';
}

/** The seats that may not stay empty. */
const mustsOf = (slot: CompiledSlot) => slot.needs.filter((need) => !need.isWish);

const nameOf = ({ problem }: Compiled, id: string): string =>
  [...problem.presenters, ...problem.people].find((each) => each.id === id)?.name ?? '';

const timesOf = (slot: CompiledSlot, rooms: number): number[] => [
  ...new Set(slot.cells.map((cell) => Math.floor(cell / rooms))),
];

const fewKinds: Record<string, ReasonKind> = {
  ...{ advisor: 'no-advisor', family: 'no-family', mentor: 'no-mentor' },
  ...{ teacher: 'teachers-few', peer: 'peers-few', guest: 'guests-few' },
};

function reasonsOfSlot(compiled: Compiled, slot: CompiledSlot): Reason[] {
  const { rooms, panelists, away, times, stepFree } = compiled;
  const student = nameOf(compiled, slot.studentId);
  const about = [slot.studentId];
  const found: Reason[] = [];
  for (const role of new Set(mustsOf(slot).map((need) => need.role))) {
    const needs = mustsOf(slot).filter((need) => need.role === role);
    const have = needs[0]!.options.length;
    if (have < needs.length)
      found.push(reason(fewKinds[role]!, about, { student, have, needed: needs.length }));
  }
  if (found.length > 0) return found;
  if (slot.cells.length === 0)
    return [reason(noCell(compiled, slot.studentId), about, { student, name: student })];
  if (slot.interpreter !== null) {
    const language = slot.interpreter;
    const may = [...slot.given.map((seat) => seat.person), ...slot.needs.flatMap((need) => need.options)];
    const helps = may.some(
      (p) => panelists[p]?.interprets.includes(language) || panelists[p]?.speaks.includes(language),
    );
    if (!helps) return [reason('no-interpreter', about, { student, language })];
  }
  for (const need of mustsOf(slot).filter((each) => each.options.length === 1)) {
    const p = need.options[0]!;
    const name = nameOf(compiled, compiled.personIds[p]!);
    const both = [slot.studentId, compiled.personIds[p]!];
    const busy = standsElsewhere(compiled, slot, p);
    const shared = slot.cells.filter((cell) => {
      const t = Math.floor(cell / rooms.length);
      return away[p * times.length + t] === 0 && !busy.has(t);
    });
    if (shared.length === 0) return [reason('no-common-time', both, { student, name })];
    if (stepFree[p] === 1 && !shared.some((cell) => rooms[cell % rooms.length]!.stepFree))
      return [reason('no-step-free-room', both, { student, name })];
  }
  return [];
}

/** The times at which somebody is held by a slot that stands. */
function standsElsewhere({ slots, rooms, overlaps }: Compiled, but: CompiledSlot, p: number): Set<number> {
  const holds = (slot: CompiledSlot) =>
    slot !== but && slot.standing && (slot.student === p || slot.given.some((seat) => seat.person === p));
  return new Set(slots.filter(holds).flatMap((slot) => overlaps[Math.floor(slot.cells[0]! / rooms.length)]!));
}

/** More students than places at the times and in the rooms in which they can present. */
function tooFewTimes(compiled: Compiled): Reason[] {
  const { slots, times, rooms } = compiled;
  const open = slots.filter((slot) => !slot.standing);
  const { size, tooMany, theirPlaces } = matching(
    open.map((slot) => slot.cells),
    new Array<number>(times.length * rooms.length).fill(1),
  );
  if (size === open.length) return [];
  const ids = tooMany.map((at) => open[at]!.studentId);
  return [
    reason('times-few', ids, {
      count: ids.length,
      places: theirPlaces.length,
      names: namesOf(compiled, ids),
    }),
  ];
}

const shown = 6;
const namesOf = (compiled: Compiled, ids: readonly string[]): string | readonly string[] => {
  const names = ids.slice(0, shown).map((id) => nameOf(compiled, id));
  return ids.length > shown ? `${names.join(', ')}, …` : names;
};

/** Somebody who alone can take a seat on more panels than there are times at which they could. */
function tooFewTimesOfPeople(compiled: Compiled): Reason[] {
  const { slots, times, rooms, away, personIds, overlaps } = compiled;
  const T = times.length;
  return personIds.flatMap((id, p) => {
    const mine = slots.filter((slot) =>
      [...slot.given.map((seat) => [seat.person]), ...mustsOf(slot).map((need) => need.options)].some(
        (options) => options.length === 1 && options[0] === p,
      ),
    );
    const open = mine.filter((slot) => !slot.standing);
    if (open.length < 1) return [];
    const busy = new Set(
      slots
        .filter((slot) => slot.standing && (mine.includes(slot) || slot.student === p))
        .flatMap((slot) => overlaps[Math.floor(slot.cells[0]! / rooms.length)]!),
    );
    const { size } = matching(
      open.map((slot) => timesOf(slot, rooms.length).filter((t) => away[p * T + t] === 0 && !busy.has(t))),
      new Array<number>(T).fill(1),
    );
    if (size === open.length) return [];
    return [
      reason('person-times-few', [id], { name: nameOf(compiled, id), needed: open.length, have: size }),
    ];
  });
}

/**
 * Each presentation takes some of a pool away from all others at its time: at each time only so many panels can sit.
 */
function tooFewPanels(compiled: Compiled): Reason[] {
  const { slots, times, rooms, pool, away, personIds, problem } = compiled;
  const open = slots.filter((slot) => !slot.standing);
  if (open.length === 0) return [];
  const grid = [...new Set(open.flatMap((slot) => timesOf(slot, rooms.length)))];
  return pools.flatMap((_name, group) => {
    const each = Math.min(...open.map((slot) => takes(slot, pool, group)));
    if (each === 0) return [];
    const places = grid.map((t) => {
      const here = personIds.filter((_id, p) => pool[p] === group && away[p * times.length + t] === 0).length;
      return Math.min(problem.rooms.length, Math.floor(here / each));
    });
    const have = places.reduce((sum, count) => sum + count, 0);
    if (have >= open.length) return [];
    return [reason('panels-few', [], { pool: pools[group]!, each, have, needed: open.length })];
  });
}

/** Seats of this slot that nobody but the pool can take. */
const takes = (slot: CompiledSlot, pool: Int8Array, group: number): number =>
  mustsOf(slot).filter((need) => need.options.every((p) => pool[p] === group)).length;

/**
 * Who must sit on more panels than they may, and groups of people who together may not sit on as many as
 * there are seats.
 */
function tooManyOfPeople(compiled: Compiled): Reason[] {
  const { slots, pool, personIds, most } = compiled;
  const loads = new Int32Array(personIds.length);
  const alone = new Int32Array(personIds.length);
  const wanted = pools.map(() => 0);
  for (const slot of slots) {
    for (const { person } of slot.given) loads[person]! += 1;
    for (const { options } of mustsOf(slot)) if (options.length === 1) alone[options[0]!]! += 1;
    pools.forEach((_name, group) => (wanted[group]! += takes(slot, pool, group)));
  }
  const people = personIds.flatMap((id, p) => {
    const needed = loads[p]! + alone[p]!;
    if (alone[p] === 0 || needed <= most[p]!) return [];
    return [reason('person-most', [id], { name: nameOf(compiled, id), needed, most: most[p]! })];
  });
  if (people.length > 0) return people;
  return pools.flatMap((name, group) => {
    const own = personIds.flatMap((_id, p) => (pool[p] === group ? [Math.max(0, most[p]! - loads[p]!)] : []));
    const have = own.reduce((sum, each) => sum + each, 0);
    return have >= wanted[group]!
      ? []
      : [reason('pool-most', [], { pool: name, have, needed: wanted[group]! })];
  });
}
