/** Who of the panels is here on the day, who is missing, and where somebody who comes late is needed most. Pure. */
import { dayOf } from '../day-and-time.js';
import { endOf, type Slot } from '../slots/slot.js';
import type { Seat } from '../seats/seat.js';

export const arrivalStates = ['missing', 'here', 'expected', 'never-came'] as const;
export type ArrivalState = (typeof arrivalStates)[number];

type Timed = Pick<Slot, 'id' | 'startsAt' | 'minutes' | 'absent'>;
type Sitting = Pick<Seat, 'arrivedAt' | 'notHereAt' | 'seenAt' | 'pass'>;

/** So long before their first presentation somebody counts as missing. */
const MISSING_BEFORE_MINUTES = 10;

/**
 * Today, where somebody presents today; else the next day on which somebody does, else the last. Null without slots.
 */
export function dayToCheckIn(slots: readonly Timed[], now: Date, zone: string): string | null {
  const days = [...new Set(slots.map(({ startsAt }) => dayOf(startsAt, zone)))].sort();
  const today = dayOf(now, zone);
  return days.find((day) => day >= today) ?? days.at(-1) ?? null;
}

/**
 * Noted at the desk, or seen because a phone has come in by a pass or something was written on a sheet, each
 * on this day; unless the desk has said since that they are not here. A link that was tried at home says
 * nothing about the day, and neither does having been there on the day from which the presentation was moved.
 * @param day `YYYY-MM-DD` @param writtenAt when something was last written on the sheet; null: never
 */
export function isHere(seat: Sitting, writtenAt: Date | null, day: string, zone: string): boolean {
  return [seat.arrivedAt ?? null, seat.seenAt ?? seat.pass?.usedAt ?? null, writtenAt].some(
    (at) => at !== null && dayOf(at, zone) === day && !(seat.notHereAt && seat.notHereAt >= at),
  );
}

/** @param slots in which they sit on this day, at least one */
export function arrivalState(slots: readonly Timed[], here: boolean, now: Date): ArrivalState {
  if (here) return 'here';
  const coming = slots.filter((slot) => !slot.absent);
  // Whoever they were to hear did not come: nobody waits for them, and they can be asked to sit elsewhere.
  if (coming.length === 0) return 'expected';
  if (coming.every((slot) => endOf(slot) <= now)) return 'never-came';
  const soon = new Date(now.getTime() + MISSING_BEFORE_MINUTES * 60_000);
  return coming.some((slot) => slot.startsAt <= soon) ? 'missing' : 'expected';
}

/**
 * The presentations to which somebody could go now, where they are needed most first: under way before those
 * to come, then by how many of the panel are here. Of one that is more than half over nobody could say much:
 * it comes last.
 */
export function neediest<T extends Timed>(
  slots: readonly T[],
  presentAt: (slotId: string) => number,
  now: Date,
): T[] {
  const UNDER_WAY = 0;
  const TO_COME = 1;
  const HALF_OVER = 2;
  const turnOf = (slot: T): number => {
    if (slot.startsAt > now) return TO_COME;
    const half = slot.startsAt.getTime() + (slot.minutes * 60_000) / 2;
    return now.getTime() > half ? HALF_OVER : UNDER_WAY;
  };
  return slots
    .filter((slot) => endOf(slot) > now && !slot.absent)
    .sort(
      (a, b) =>
        turnOf(a) - turnOf(b) ||
        (turnOf(a) === TO_COME ? a.startsAt.getTime() - b.startsAt.getTime() : 0) ||
        presentAt(a.id) - presentAt(b.id),
    );
}
