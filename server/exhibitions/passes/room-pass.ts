/**
 * The pass of a room for one day: it hangs at the door as a sign. Whoever scans it says their name once and
 * sits down on the presentation under way; each of them is a guest of their own, with a seat that can be
 * revoked by itself.
 */
import { createHmac } from 'node:crypto';
import { dayOf } from '../day-and-time.js';
import { endOf, roomKey, slotNow, type Slot } from '../slots/slot.js';
import type { Pass } from './pass.js';

export interface RoomPass {
  id: string;
  schoolId: string;
  exhibitionId: string;
  /** As it is written on the sign. */
  room: string;
  roomKey: string;
  /** `2026-11-24` in the school's zone. */
  day: string;
  pass: Pass;
  createdAt: Date;
  createdBy: string;
}

/**
 * New guests by one sign in an hour; more come in more slowly, and none of them is refused: a whole building
 * may come by one sign.
 */
export const guestsPerHour = 40;

/** The presentations that a room's pass leads to, in order. */
export const slotsBehind = (
  pass: Pick<RoomPass, 'roomKey' | 'day'>,
  slots: readonly Slot[],
  zone: string,
): Slot[] =>
  slots
    .filter((slot) => roomKey(slot.room) === pass.roomKey && dayOf(slot.startsAt, zone) === pass.day)
    .sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());

/**
 * On which of these a guest who comes in now sits down: the one under way or the next that still takes
 * somebody; after the last one, while sheets are still taken, that one. Null when nobody is heard there any
 * more.
 * @param closed slots whose panels take nobody: a result is published, or whoever presents is erased or did not come
 */
export function slotForNewcomer(
  behind: readonly Slot[],
  closed: ReadonlySet<string>,
  now: Date,
  takesSheets: boolean,
): Slot | null {
  const open = behind.filter(({ id }) => !closed.has(id));
  return slotNow(open, now) ?? (takesSheets ? (open.at(-1) ?? null) : null);
}

/**
 * Where a guest of the room who sits on `from` goes on to: the first presentation after it that is not over.
 * Null while their own has not begun, so that nobody takes seats far ahead.
 */
export function slotAfter(behind: readonly Slot[], from: Slot, now: Date): Slot | null {
  if (from.startsAt > now) return null;
  return behind.find((slot) => slot.startsAt > from.startsAt && endOf(slot) > now && !slot.absent) ?? null;
}

/** The same form sent twice writes down one guest: their id follows from the form's random words. */
export function guestIdOf(key: Buffer, once: string): string {
  const hex = createHmac('sha256', key).update(`guest:${once}`).digest('hex');
  return [8, 4, 4, 4, 12]
    .map((length, at, all) => {
      const from = all.slice(0, at).reduce((sum, each) => sum + each, 0);
      return hex.slice(from, from + length);
    })
    .join('-');
}
