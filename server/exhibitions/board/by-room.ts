/**
 * Presentations by room, and by room and day: what one door, one sign and one page of the timetable are about. Pure.
 */
import { dayOf } from '../day-and-time.js';
import { roomKey, type Slot } from '../slots/slot.js';

type Placed = Pick<Slot, 'room' | 'startsAt'>;

export interface Door<T> {
  roomKey: string;
  /** As it was written first. */
  room: string;
  /** `2026-11-24` in the school's zone. */
  day: string;
  /** By time. */
  slots: T[];
}

/** The slots of each room in the order in which they came. */
export function byRoom<T extends Pick<Slot, 'room'>>(slots: readonly T[]): Map<string, T[]> {
  const rooms = new Map<string, T[]>();
  for (const slot of slots) {
    const key = roomKey(slot.room);
    const inRoom = rooms.get(key);
    if (inRoom) inRoom.push(slot);
    else rooms.set(key, [slot]);
  }
  return rooms;
}

/** In the order in which one walks past the doors: by room, then by day. */
export function byRoomAndDay<T extends Placed>(slots: readonly T[], zone: string): Door<T>[] {
  return [...byRoom(slots)]
    .flatMap(([key, inRoom]) => {
      const days = new Map<string, T[]>();
      for (const slot of inRoom) {
        const day = dayOf(slot.startsAt, zone);
        const ofDay = days.get(day);
        if (ofDay) ofDay.push(slot);
        else days.set(day, [slot]);
      }
      return [...days].map(([day, ofDay]) => ({
        roomKey: key,
        room: inRoom[0]!.room,
        day,
        slots: ofDay.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime()),
      }));
    })
    .sort((a, b) => a.room.localeCompare(b.room, 'en', { numeric: true }) || a.day.localeCompare(b.day));
}
