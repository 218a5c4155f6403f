/** Presentations by room, and by room and day: what one door, one sign and one page of the timetable are about. Pure. */
import { dayOf } from './day-and-time.js';
import { roomKey, type Slot } from './slot.js';

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
  for (const slot of slots) rooms.set(roomKey(slot.room), [...(rooms.get(roomKey(slot.room)) ?? []), slot]);
  return rooms;
}

/** In the order in which one walks past the doors: by room, then by day. */
export function byRoomAndDay<T extends Placed>(slots: readonly T[], zone: string): Door<T>[] {
  return [...byRoom(slots)]
    .flatMap(([key, inRoom]) =>
      [...new Set(inRoom.map((slot) => dayOf(slot.startsAt, zone)))].map((day) => ({
        roomKey: key,
        room: inRoom[0]!.room,
        day,
        slots: inRoom
          .filter((slot) => dayOf(slot.startsAt, zone) === day)
          .sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime()),
      })),
    )
    .sort((a, b) => a.room.localeCompare(b.room, 'en', { numeric: true }) || a.day.localeCompare(b.day));
}
