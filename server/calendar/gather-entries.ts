/** Reads what belongs into a calendar from the exhibitions, the panels and the people. Only reads. */
import type { SchoolScope } from '../db/database.js';
import type { Exhibition } from '../exhibitions/exhibition.js';
import { listExhibitionsByIds } from '../exhibitions/exhibition-records.js';
import { findEndedPanels } from '../exhibitions/portfolios/panel-access.js';
import { presenterLine, presentersOf } from '../exhibitions/groups/group.js';
import { findPresenters } from '../exhibitions/slots/name-presenters.js';
import { endOf, type Slot } from '../exhibitions/slots/slot.js';
import {
  listSlotsByIds,
  listSlotsOfExhibition,
  listSlotsOfStudents,
} from '../exhibitions/slots/slot-records.js';
import type { Seat } from '../exhibitions/seats/seat.js';
import { listSeatsByIds, listSeatsOfPerson } from '../exhibitions/seats/seat-records.js';
import { listStudentsOfAdvisories } from '../people/people-records.js';
import { byId } from '../people/person.js';
import {
  byTime,
  capacities,
  daysKept,
  entryOf,
  presentsAs,
  type Capacity,
  type CalendarEntry,
  type CalendarReader,
} from './calendar.js';

/** Seats looked at, newest first: more than anybody fills in the days that a calendar keeps. */
const MAX_SEATS_LISTED = 500;
const day = 86_400_000;

/** The reader's own entries, by time: what lies ahead and the last months. */
export async function gatherEntries(
  scope: SchoolScope,
  reader: CalendarReader,
  now: Date,
): Promise<CalendarEntry[]> {
  const [seats, students] = await Promise.all([seatsOf(scope, reader), studentsOf(scope, reader)]);
  const [seatSlots, studentSlots] = await Promise.all([
    listSlotsByIds(
      scope,
      seats.map((seat) => seat.slotId),
    ),
    listSlotsOfStudents(scope, [...students.keys()]),
  ]);
  const [presentations, ended] = await Promise.all([
    presentationsOf(scope, studentSlots),
    endedOf(scope, seatSlots, now),
  ]);
  const seatBySlot = new Map(
    seats.filter((seat) => !ended.has(seat.slotId)).map((seat) => [seat.slotId, seat]),
  );
  const since = now.getTime() - daysKept * day;
  const wanted = new Map<string, { slot: Slot; as: Capacity; seat: Seat | null }>();
  for (const slot of [...seatSlots, ...presentations]) {
    if (endOf(slot).getTime() < since) continue;
    const seat = seatBySlot.get(slot.id) ?? null;
    const all = [
      ...presentersOf(slot).flatMap((id) => students.get(id) ?? []),
      ...(seat ? (['panel'] as const) : []),
    ];
    if (all.length === 0) continue;
    wanted.set(slot.id, { slot, as: capacities.find((each) => all.includes(each))!, seat });
  }
  return describe(
    scope,
    [...wanted.values()].map(({ slot, as, seat }) => ({ slot, as, seatedAt: seat?.createdAt ?? null })),
  );
}

/** Slots whose panels have no access any more; asked about those that are behind the reader. */
async function endedOf(scope: SchoolScope, slots: readonly Slot[], now: Date): Promise<Map<string, Date>> {
  const past = slots.filter((slot) => endOf(slot) < now);
  const places = [...new Set(past.map((slot) => slot.exhibitionId))];
  return past.length === 0
    ? new Map()
    : findEndedPanels(scope, past, await listExhibitionsByIds(scope, places), now);
}

/** A member of a group presents where the group does. */
async function presentationsOf(scope: SchoolScope, slots: readonly Slot[]): Promise<Slot[]> {
  const inGroups = [...new Set(slots.flatMap(({ partOf }) => partOf ?? []))];
  const alone = slots.filter(({ partOf }) => !partOf);
  return inGroups.length === 0 ? alone : [...alone, ...(await listSlotsByIds(scope, inGroups))];
}

/** Every presentation of one exhibition, for those who plan it; a draft, too. */
export const gatherDayEntries = async (
  scope: SchoolScope,
  exhibition: Exhibition,
): Promise<CalendarEntry[]> =>
  describe(
    scope,
    (await listSlotsOfExhibition(scope, exhibition.id)).map((slot) => ({
      slot,
      as: 'day' as const,
      seatedAt: null,
    })),
  );

async function seatsOf(scope: SchoolScope, reader: CalendarReader): Promise<Seat[]> {
  if (reader.seatIds) return listSeatsByIds(scope, reader.seatIds);
  return (await listSeatsOfPerson(scope, reader.personId, 1, MAX_SEATS_LISTED)).items;
}

/** Whose presentations, and in which of the reader's capacities. */
async function studentsOf(scope: SchoolScope, reader: CalendarReader): Promise<Map<string, Capacity[]>> {
  const found = new Map<string, Capacity[]>();
  const add = (id: string, as: Capacity) => found.set(id, [...(found.get(id) ?? []), as]);
  const may = presentsAs(reader);
  if (may.includes('presenter')) add(reader.personId, 'presenter');
  if (may.includes('family')) for (const id of reader.childIds) add(id, 'family');
  if (may.includes('advisor'))
    for (const student of await listStudentsOfAdvisories(scope, reader.advisoryIds))
      add(student.id, 'advisor');
  return found;
}

async function describe(
  scope: SchoolScope,
  wanted: readonly { slot: Slot; as: CalendarEntry['as']; seatedAt: Date | null }[],
): Promise<CalendarEntry[]> {
  const slots = wanted.map(({ slot }) => slot);
  const [exhibitions, people] = await Promise.all([
    listExhibitionsByIds(scope, [...new Set(slots.map((slot) => slot.exhibitionId))]).then(byId),
    findPresenters(scope, slots),
  ]);
  return wanted
    .flatMap(({ slot, as, seatedAt }) => {
      const exhibition = exhibitions.get(slot.exhibitionId);
      if (!exhibition || (as !== 'day' && exhibition.phase === 'draft')) return [];
      const words = {
        studentName: presenterLine(slot, people),
        exhibitionTitle: exhibition.title,
        place: exhibition.place,
      };
      return [entryOf(slot, as, words, seatedAt)];
    })
    .sort(byTime);
}
