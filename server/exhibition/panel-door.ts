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
  /** The slot has another time: its passes must open the door as long. Runs in the transaction of the change. */
  slotMoved(scope: SchoolScope, slot: Slot, now: Date): Promise<void>;
  /** The slot goes: so do its seats. Runs in the transaction of the removal. */
  slotRemoved(scope: SchoolScope, slotId: string): Promise<void>;
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
