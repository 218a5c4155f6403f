/** Who of the panels is here on the day, who is missing, and where somebody who comes late is needed most. Pure. */
import { dayOf } from '../exhibition/day-and-time.js';
import { endOf, type Slot } from '../exhibition/slot.js';
import type { Seat, SheetState } from './seat.js';

export const arrivalStates = ['missing', 'here', 'expected', 'never-came'] as const;
export type ArrivalState = (typeof arrivalStates)[number];

type Timed = Pick<Slot, 'id' | 'startsAt' | 'minutes'>;
type Sitting = Pick<Seat, 'slotId' | 'personId' | 'arrivedAt' | 'hands' | 'pass'>;

/** So long before their first presentation somebody counts as missing. */
export const MISSING_BEFORE_MINUTES = 10;

/** Today, where somebody presents today; else the next day on which somebody does, else the last. Null without slots. */
export function dayToCheckIn(slots: readonly Timed[], now: Date, zone: string): string | null {
  const days = [...new Set(slots.map(({ startsAt }) => dayOf(startsAt, zone)))].sort();
  const today = dayOf(now, zone);
  return days.find((day) => day >= today) ?? days.at(-1) ?? null;
}

/** Noted at the desk, or seen because a phone has come in by a pass or a sheet is begun. */
export const isHere = (seat: Sitting, sheet: SheetState): boolean =>
  Boolean(seat.arrivedAt) ||
  Boolean(seat.pass?.usedAt) ||
  (seat.hands?.length ?? 0) > 0 ||
  sheet !== 'not-started';

/** @param slots in which they sit on this day, at least one */
export function arrivalState(slots: readonly Timed[], here: boolean, now: Date): ArrivalState {
  if (here) return 'here';
  if (slots.every((slot) => endOf(slot) <= now)) return 'never-came';
  const soon = new Date(now.getTime() + MISSING_BEFORE_MINUTES * 60_000);
  return slots.some((slot) => slot.startsAt <= soon) ? 'missing' : 'expected';
}

/**
 * The presentations to which somebody could go now, where they are needed most first: under way before those to come, then by how many
 * of the panel are here.
 */
export function neediest<T extends Timed>(
  slots: readonly T[],
  presentAt: (slotId: string) => number,
  now: Date,
): T[] {
  const begun = (slot: T): number => Number(slot.startsAt > now);
  return slots
    .filter((slot) => endOf(slot) > now)
    .sort(
      (a, b) =>
        begun(a) - begun(b) ||
        (begun(a) === 1 ? a.startsAt.getTime() - b.startsAt.getTime() : 0) ||
        presentAt(a.id) - presentAt(b.id),
    );
}
