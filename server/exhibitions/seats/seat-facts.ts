/** Who sits at the slots of an exhibition, and how far their sheets are. */
import type { SchoolScope } from '../../db/database.js';
import { notCountedBecause } from '../counting/counted-seats.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import { hasPresenter } from '../groups/group.js';
import { expiryOf } from '../passes/pass.js';
import { listSlotIdsWithoutPresenter } from '../slots/slot-records.js';
import { endOf, type Slot } from '../slots/slot.js';
import type { SheetState } from './seat.js';
import {
  countSeatsOfExhibition,
  listSeatsOfSlot,
  listShownSeats,
  listUncountedSeats,
  removeSeatsOfSlot,
  savePassExpiry,
} from './seat-records.js';

export interface SeatFact {
  id: string;
  slotId: string;
  personId: string;
  name: string;
  role: string;
  chair: boolean;
  sheet: 'not-started' | 'draft' | 'submitted';
  /** Why its sheet counts nowhere; left out: it counts. */
  uncounted?: 'set-aside' | 'not-admitted';
  /** It opens nothing to this person any more. */
  ended?: true;
}

export interface SheetCounts {
  seats: number;
  sheetsInDraft: number;
  sheetsSubmitted: number;
  /**
   * Sheets with something in them that are set aside, or of guests whom nobody has admitted; in none of the
   * other numbers.
   */
  sheetsNotCounted: number;
}

/** The list by slot, each in its order; asked once instead of searching the list for every slot. */
export function bySlot<T extends { slotId: string }>(list: readonly T[]): (slotId: string) => T[] {
  const groups = new Map<string, T[]>();
  for (const each of list) {
    const group = groups.get(each.slotId);
    if (group) group.push(each);
    else groups.set(each.slotId, [each]);
  }
  return (slotId) => groups.get(slotId) ?? [];
}

/** What the table of moves asks about: seats, sheets, visits. */
export async function factsOfDay(
  ports: Pick<ExhibitionPorts, 'countVisits'>,
  scope: SchoolScope,
  exhibition: { format: 'panel' | 'gallery' },
  slots: readonly Slot[],
  seats: readonly SeatFact[],
) {
  const gallery = exhibition.format === 'gallery';
  const visits = gallery
    ? await ports.countVisits(
        scope,
        slots.map(({ id }) => id),
      )
    : new Map<string, number>();
  return dayFacts(exhibition, slots.length, countSheets(seats, slots), visits);
}

/** The same from what was counted already. */
export const dayFacts = (
  { format }: { format: 'panel' | 'gallery' },
  slots: number,
  sheets: SheetCounts,
  visits: ReadonlyMap<string, number>,
) => ({
  slots,
  ...sheets,
  gallery: format === 'gallery',
  visits: [...visits.values()].reduce((sum, each) => sum + each, 0),
});

/**
 * Counts for the table of moves. Where nobody came to present, no sheet is waited for. @param slots at which
 * these people sit
 */
export function countSheets(seats: readonly SeatFact[], slots: readonly Slot[]): SheetCounts {
  const away = new Set(slots.filter((slot) => !hasPresenter(slot)).map(({ id }) => id));
  const counted = seats.filter((seat) => !seat.uncounted && !away.has(seat.slotId));
  const count = (sheet: SeatFact['sheet']) => counted.filter((seat) => seat.sheet === sheet).length;
  return {
    // Also guests whom nobody has admitted yet: scoring can start with whoever is there.
    seats: seats.filter((seat) => seat.uncounted !== 'set-aside' && !away.has(seat.slotId)).length,
    sheetsInDraft: count('draft'),
    sheetsSubmitted: count('submitted'),
    sheetsNotCounted: seats.filter(
      (seat) => (seat.uncounted || away.has(seat.slotId)) && seat.sheet !== 'not-started',
    ).length,
  };
}

/** Every seat of these slots, in the order in which they were set. */
export async function listSeatFacts(
  ports: Pick<ExhibitionPorts, 'listSheetStates'>,
  scope: SchoolScope,
  slotIds: readonly string[],
): Promise<SeatFact[]> {
  const seats = await listShownSeats(scope, slotIds);
  const sheets = await ports.listSheetStates(
    scope,
    seats.map((seat) => seat.id),
  );
  return seats.map(({ id, slotId, personId, name, role, chair, endedAt, ...seat }) => {
    const uncounted = notCountedBecause(seat);
    return {
      ...{ id, slotId, personId, name, role, chair },
      ...(endedAt ? { ended: true as const } : {}),
      ...(uncounted ? { uncounted } : {}),
      sheet: sheets.get(id) ?? 'not-started',
    };
  });
}

/** Seats and sheets of a whole exhibition, counted in the database. */
export async function countSheetsOfDay(
  ports: Pick<ExhibitionPorts, 'listSheetStates' | 'countSheetsOfExhibition'>,
  scope: SchoolScope,
  exhibitionId: string,
): Promise<SheetCounts> {
  const [seats, { draft, submitted }, unheard, away] = await Promise.all([
    countSeatsOfExhibition(scope, exhibitionId),
    ports.countSheetsOfExhibition(scope, exhibitionId),
    listUncountedSeats(scope, exhibitionId),
    listSlotIdsWithoutPresenter(scope, exhibitionId),
  ]);
  // Nobody scores somebody who did not come.
  const awaySeats = away.length > 0 ? await listShownSeats(scope, away) : [];
  const isAway = new Set(awaySeats.map(({ id }) => id));
  const uncounted = [...unheard.filter(({ id }) => !isAway.has(id)), ...awaySeats];
  if (uncounted.length === 0)
    return { seats, sheetsInDraft: draft, sheetsSubmitted: submitted, sheetsNotCounted: 0 };
  const states = await ports.listSheetStates(
    scope,
    uncounted.map(({ id }) => id),
  );
  const among = (state: SheetState) => [...states.values()].filter((each) => each === state).length;
  return {
    seats: seats - uncounted.filter(({ id, setAsideAt }) => setAsideAt || isAway.has(id)).length,
    sheetsInDraft: draft - among('draft'),
    sheetsSubmitted: submitted - among('submitted'),
    sheetsNotCounted: states.size,
  };
}

/** The slot has another time: its passes must open as long. Runs in the transaction of the change. */
export async function slotMoved(
  ports: Pick<ExhibitionPorts, 'standMoved'>,
  scope: SchoolScope,
  slot: Slot,
  now: Date,
): Promise<void> {
  for (const seat of await listSeatsOfSlot(scope, slot.id)) {
    if (seat.pass) await savePassExpiry(scope, seat.id, expiryOf(now, endOf(slot)));
  }
  await ports.standMoved(scope, slot);
}

/** The slot goes: so do its seats. Runs in the transaction of the removal. */
export async function slotRemoved(
  ports: Pick<ExhibitionPorts, 'standRemoved'>,
  scope: SchoolScope,
  slotId: string,
): Promise<void> {
  await removeSeatsOfSlot(scope, slotId);
  await ports.standRemoved(scope, slotId);
}
