/**
 * What this room must ask of the panel, which comes after it in the order of the data: who sits at a slot, and whose
 * sheets are in. app.ts hands the answers in, so that nothing here imports a later room.
 */
import type { SchoolScope } from '../../database.js';
import { hasPresenter } from '../groups/group.js';
import type { Slot } from '../slots/slot.js';

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

/** Who sits where, and nothing of their sheets. */
type Seated = Pick<SeatFact, 'slotId' | 'personId'>;

export interface PanelDoor {
  /** Every seat of these slots, in the order in which they were set. */
  listSeatFacts(scope: SchoolScope, slotIds: readonly string[]): Promise<SeatFact[]>;
  /** The same people without the state of their sheets: for questions of place and time. */
  listSeated(scope: SchoolScope, slotIds: readonly string[]): Promise<Seated[]>;
  /** The slots of this exhibition on whose panels this person sits. */
  listSlotIdsOfPanelist(scope: SchoolScope, exhibitionId: string, personId: string): Promise<string[]>;
  /** Seats and sheets of a whole exhibition, counted where they lie. */
  countSheetsOfDay(scope: SchoolScope, exhibitionId: string): Promise<SheetCounts>;
  /** Visits in which something was left, by slot; slots without any are missing. Panels have none. */
  countVisits(scope: SchoolScope, slotIds: readonly string[]): Promise<Map<string, number>>;
  /** The slot has another time: its passes must open the door as long. Runs in the transaction of the change. */
  slotMoved(scope: SchoolScope, slot: Slot, now: Date): Promise<void>;
  /** Who is in the group has changed: every seat is told. Runs in the transaction of the change. */
  groupChanged(scope: SchoolScope, slot: Slot): Promise<void>;
  /** Whether the result of one of these slots is published. */
  isPublished(scope: SchoolScope, slotIds: readonly string[]): Promise<boolean>;
  /** Those of them whose result is published. */
  listPublished(scope: SchoolScope, slotIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** The slot goes: so do its seats. Runs in the transaction of the removal. */
  slotRemoved(scope: SchoolScope, slotId: string): Promise<void>;
}

export interface SheetCounts {
  seats: number;
  sheetsInDraft: number;
  sheetsSubmitted: number;
  /** Sheets with something in them that are set aside, or of guests whom nobody has admitted; in none of the other numbers. */
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
  panel: Pick<PanelDoor, 'countVisits'>,
  scope: SchoolScope,
  exhibition: { format: 'panel' | 'gallery' },
  slots: readonly Slot[],
  seats: readonly SeatFact[],
) {
  const gallery = exhibition.format === 'gallery';
  const visits = gallery
    ? await panel.countVisits(
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

/** Counts for the table of moves. Where nobody came to present, no sheet is waited for. @param slots at which these people sit */
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
