/** Slots as those who plan see them, after an act: with their panels and whose sheets are in. */
import type { AnyCall } from '../../http/route.js';
import { getExhibition } from '../exhibition-records.js';
import { findPresenters } from './name-presenters.js';
import type { Slot } from './slot.js';
import { slotView, type SlotView } from './slot-face.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import { bySlot, listSeatFacts } from '../seats/seat-facts.js';

/** @param slots of one exhibition, at least one */
export async function showSlots(
  call: AnyCall,
  ports: ExhibitionPorts,
  slots: readonly Slot[],
): Promise<SlotView[]> {
  const { scope, context } = call;
  const [students, seats, exhibition] = await Promise.all([
    findPresenters(scope, slots),
    listSeatFacts(
      ports,
      scope,
      slots.map((slot) => slot.id),
    ),
    getExhibition(scope, slots[0]!.exhibitionId),
  ]);
  const seatsOf = bySlot(seats);
  const now = context.clock.now();
  return slots.map((slot) =>
    slotView(slot, exhibition.phase, students, seatsOf(slot.id), true, now, {
      gallery: exhibition.format === 'gallery',
      visits: null,
    }),
  );
}
