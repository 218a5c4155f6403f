/**
 * Of a group one member's result may be published when a late sheet is admitted: the next one would be made
 * of more sheets than theirs. Whoever publishes it is asked first. Reads only.
 */
import type { SchoolScope } from '../db/database.js';
import type { Seat } from '../exhibitions/seats/seat.js';
import { isCounted } from '../exhibitions/counting/counted-seats.js';
import type { SheetState } from '../exhibitions/seats/seat.js';
import { findResult } from './result-records.js';

/** Seats whose sheet counts and is missing in the published result of another member. */
export async function seatsMissingElsewhere(
  scope: SchoolScope,
  seats: readonly Seat[],
  states: ReadonlyMap<string, SheetState>,
  publishedSlotIds: Iterable<string>,
): Promise<Seat[]> {
  const missing = new Set<string>();
  const counted = seats.filter((seat) => isCounted(seat) && states.get(seat.id) === 'submitted');
  for (const slotId of publishedSlotIds) {
    const result = await findResult(scope, slotId);
    const known = new Set(result?.sheets.map(({ seatId }) => seatId));
    for (const { id } of counted) if (result && !known.has(id)) missing.add(id);
  }
  return counted.filter(({ id }) => missing.has(id));
}
