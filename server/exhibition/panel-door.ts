/**
 * What this room must ask of the panel, which comes after it in the order of the data: who sits at a slot, and whose
 * sheets are in. app.ts hands the answers in, so that nothing here imports a later room.
 */
import type { SchoolScope } from '../database.js';
import type { Slot } from './slot.js';

export interface SeatFact {
  id: string;
  slotId: string;
  personId: string;
  name: string;
  role: string;
  chair: boolean;
  sheet: 'not-started' | 'draft' | 'submitted';
}

export interface PanelDoor {
  /** Every seat of these slots, in the order in which they were set. */
  listSeatFacts(scope: SchoolScope, slotIds: readonly string[]): Promise<SeatFact[]>;
  /** Visits in which something was left, by slot; slots without any are missing. Panels have none. */
  countVisits(scope: SchoolScope, slotIds: readonly string[]): Promise<Map<string, number>>;
  /** The slot has another time: its passes must open the door as long. Runs in the transaction of the change. */
  slotMoved(scope: SchoolScope, slot: Slot, now: Date): Promise<void>;
  /** Who is in the group has changed: every seat is told. Runs in the transaction of the change. */
  groupChanged(scope: SchoolScope, slot: Slot): Promise<void>;
  /** Whether the result of one of these slots is published. */
  isPublished(scope: SchoolScope, slotIds: readonly string[]): Promise<boolean>;
  /** The slot goes: so do its seats. Runs in the transaction of the removal. */
  slotRemoved(scope: SchoolScope, slotId: string): Promise<void>;
}

/** What the table of moves asks about: seats, sheets, visits. */
export async function factsOfDay(
  panel: Pick<PanelDoor, 'countVisits'>,
  scope: SchoolScope,
  exhibition: { format: 'panel' | 'gallery' },
  slotIds: readonly string[],
  seats: readonly SeatFact[],
) {
  const gallery = exhibition.format === 'gallery';
  const visits = gallery ? await panel.countVisits(scope, slotIds) : new Map<string, number>();
  return {
    slots: slotIds.length,
    ...countSheets(seats),
    gallery,
    visits: [...visits.values()].reduce((sum, each) => sum + each, 0),
  };
}

/** Counts for the table of moves. */
export function countSheets(seats: readonly SeatFact[]): {
  seats: number;
  sheetsInDraft: number;
  sheetsSubmitted: number;
} {
  const count = (sheet: SeatFact['sheet']) => seats.filter((seat) => seat.sheet === sheet).length;
  return { seats: seats.length, sheetsInDraft: count('draft'), sheetsSubmitted: count('submitted') };
}
