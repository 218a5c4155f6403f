/** The times of a room on one day, as somebody has seen them before they say that it runs late. */
import { dayOf } from '../day-and-time.js';
import { seenOf } from '../refuse-stale.js';
import { slotNow, type Slot } from '../slots/slot.js';

/** Of all that takes place there on the day of what is under way or comes next; null when everything is over. */
export function seenOfRoom(inRoom: readonly Slot[], now: Date, timeZone: string): string | null {
  const here = slotNow(inRoom, now);
  return here ? seenOfTimes(onDayOf(here, inRoom, timeZone)) : null;
}

export const seenOfTimes = (slots: readonly Slot[]): string =>
  seenOf(slots.map(({ id, startsAt, minutes }) => [id, startsAt, minutes]));

export const onDayOf = (here: Slot, inRoom: readonly Slot[], timeZone: string): Slot[] =>
  inRoom.filter((slot) => dayOf(slot.startsAt, timeZone) === dayOf(here.startsAt, timeZone));
