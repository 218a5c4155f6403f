/**
 * Who and what is where at a time; refuses what would put a room, a student or somebody of a panel in two
 * places at once. Only reads.
 */
import { DateTime } from 'luxon';
import type { SchoolScope } from '../../db/database.js';
import { InvalidInput, type FieldProblem } from '../../errors.js';
import { listPeopleByIds } from '../../people/people-records.js';
import { findSchool } from '../../school/school-records.js';
import { listExhibitionsByIds } from '../exhibition-records.js';
import { presentersOf } from '../groups/group.js';
import { clashesOf, endOf, type Clash, type Occupancy, type Slot } from './slot.js';
import { listSlotsBetween } from './slot-records.js';
import { listSeated } from '../seats/seat-records.js';
import { bySlot } from '../seats/seat-facts.js';

/**
 * Where everybody is between two moments, in whatever exhibition of the school.
 * @param exceptExhibitionId an exhibition that the caller knows already
 */
export async function findOccupancies(
  scope: SchoolScope,
  from: Date,
  until: Date,
  exceptExhibitionId: string | null = null,
): Promise<Occupancy[]> {
  const slots = await listSlotsBetween(scope, from, until, exceptExhibitionId);
  if (slots.length === 0) return [];
  const [exhibitions, seats] = await Promise.all([
    listExhibitionsByIds(scope, [...new Set(slots.map((slot) => slot.exhibitionId))]),
    listSeated(
      scope,
      slots.map((slot) => slot.id),
    ),
  ]);
  const seatsOf = bySlot(seats);
  const formats = new Map(exhibitions.map((exhibition) => [exhibition.id, exhibition.format]));
  return slots.map((slot) => occupancyOf(slot, formats.get(slot.exhibitionId) ?? 'panel', seatsOf(slot.id)));
}

export const occupancyOf = (
  slot: Slot,
  format: Occupancy['format'],
  seats: readonly { personId: string }[],
): Occupancy => ({
  slotId: slot.id,
  exhibitionId: slot.exhibitionId,
  format,
  startsAt: slot.startsAt,
  minutes: slot.minutes,
  room: slot.room,
  studentIds: presentersOf(slot),
  panelistIds: seats.map((seat) => seat.personId),
});

/**
 * Checks each wanted occupancy against all that is taken and against the others wanted with it.
 * @param fieldOf the form field beside which a clash of the wanted one is told
 * @throws InvalidInput naming who or what is in the way, where and when
 */
export async function checkClashes(
  scope: SchoolScope,
  wanted: readonly Occupancy[],
  fieldOf: (at: number, clash: Clash) => string,
): Promise<void> {
  const problems = await findClashes(scope, wanted, fieldOf);
  if (problems.length > 0) throw new InvalidInput(problems);
}

/** The same without refusing: what is in the way of these, empty when nothing is. */
export async function findClashes(
  scope: SchoolScope,
  wanted: readonly Occupancy[],
  fieldOf: (at: number, clash: Clash) => string,
): Promise<FieldProblem[]> {
  if (wanted.length === 0) return [];
  const from = new Date(Math.min(...wanted.map((each) => each.startsAt.getTime())));
  const until = new Date(Math.max(...wanted.map((each) => endOf(each).getTime())));
  const moving = new Set(wanted.map((each) => each.slotId));
  const taken = (await findOccupancies(scope, from, until)).filter((each) => !moving.has(each.slotId));
  const near = neighbours(taken);
  const found = wanted.flatMap((each, at) => {
    const clashes = clashesOf(each, near.around(each));
    near.add(each);
    return clashes.map((clash) => ({ clash, field: fieldOf(at, clash) }));
  });
  return found.length > 0 ? tellClashes(scope, found, [...taken, ...wanted]) : [];
}

const quarter = 15 * 60_000;

/** Occupancies by the quarters of an hour that they fill: what can meet one is found without looking at all of them. */
function neighbours(known: readonly Occupancy[]) {
  const byQuarter = new Map<number, Occupancy[]>();
  const quartersOf = ({ startsAt, minutes }: Occupancy): number[] => {
    const first = Math.floor(startsAt.getTime() / quarter);
    const last = Math.ceil((startsAt.getTime() + minutes * 60_000) / quarter);
    return Array.from({ length: Math.max(1, last - first) }, (_each, at) => first + at);
  };
  const add = (one: Occupancy): void => {
    for (const each of quartersOf(one)) {
      const there = byQuarter.get(each);
      if (there) there.push(one);
      else byQuarter.set(each, [one]);
    }
  };
  known.forEach(add);
  return {
    add,
    around: (one: Occupancy): Occupancy[] => [
      ...new Set(quartersOf(one).flatMap((each) => byQuarter.get(each) ?? [])),
    ],
  };
}

async function tellClashes(
  scope: SchoolScope,
  found: readonly { clash: Clash; field: string }[],
  all: readonly Occupancy[],
): Promise<FieldProblem[]> {
  const [school, people] = await Promise.all([
    findSchool(scope, scope.schoolId),
    listPeopleByIds(
      scope,
      found.flatMap(({ clash }) => (clash.personId ? [clash.personId] : [])),
    ),
  ]);
  const names = new Map(people.map((person) => [person.id, person.displayName]));
  const bySlotId = new Map(all.map((each) => [each.slotId, each]));
  return found.map(({ clash, field }) => {
    const other = bySlotId.get(clash.slotId)!;
    const clock = (moment: Date) =>
      DateTime.fromJSDate(moment, { zone: school?.timeZone ?? 'UTC' })
        .setLocale(school?.locale ?? 'en')
        .toLocaleString(DateTime.TIME_SIMPLE);
    return {
      field,
      message: `exhibition.problem.clash-${clash.kind}`,
      params: {
        name: clash.personId ? (names.get(clash.personId) ?? '') : '',
        room: other.room,
        from: clock(other.startsAt),
        until: clock(endOf(other)),
      },
    };
  });
}
