/**
 * The board of the day: rooms down, time across, in columns of five minutes. Pure layout; says nothing of
 * what stands in a slot.
 */
import { DateTime } from 'luxon';
import { dayOf } from '../day-and-time.js';
import { byRoom } from './by-room.js';
import { endOf } from '../slots/slot.js';

const step = 5 * 60_000;

/** In rem, as `exhibition-board.css` has them. */
const roomsWidth = 5.5;
const cardWidth = 4.5;
const widthStep = 6;
const leastWidth = 54;
const MAX_WIDTH = 150;

interface Placed {
  startsAt: Date;
  minutes: number;
  room: string;
}

interface Cell<T> {
  /** Width in columns. */
  span: number;
  slot: T | null;
  /** It begins in the second half of the board, so that what grows there grows backward. */
  late: boolean;
}

export interface BoardDay<T> {
  /** `YYYY-MM-DD` */
  day: string;
  /** When the first column begins. */
  from: Date;
  columns: number;
  /**
   * How wide the table is at least, in rem, so that the shortest presentation can be read; a multiple of `widthStep`.
   */
  width: number;
  hours: { at: Date; span: number }[];
  /** A room has several lanes when stands are open side by side. */
  rooms: { room: string; slots: T[]; lanes: { cells: Cell<T>[] }[] }[];
  /** Columns before the line of now and after it; null on another day. */
  now: { before: number; after: number } | null;
}

/**
 * @param slots in any order
 * @param zone IANA zone in which a day begins and ends
 */
export function boardOf<T extends Placed>(slots: readonly T[], zone: string, now: Date): BoardDay<T>[] {
  const byDay = new Map<string, T[]>();
  for (const slot of [...slots].sort(byTime)) {
    const day = dayOf(slot.startsAt, zone);
    const ofDay = byDay.get(day);
    if (ofDay) ofDay.push(slot);
    else byDay.set(day, [slot]);
  }
  return [...byDay].map(([day, ofDay]) => boardDay(day, ofDay, zone, now));
}

const byTime = (a: Placed, b: Placed): number =>
  a.startsAt.getTime() - b.startsAt.getTime() || a.room.localeCompare(b.room);

function boardDay<T extends Placed>(day: string, slots: T[], zone: string, now: Date): BoardDay<T> {
  const from = DateTime.fromJSDate(slots[0]!.startsAt, { zone }).startOf('hour');
  const last = new Date(Math.max(...slots.map((slot) => endOf(slot).getTime())));
  const until = DateTime.fromJSDate(new Date(last.getTime() - 1), { zone })
    .startOf('hour')
    .plus({ hours: 1 });
  const start = from.toMillis();
  const columns = Math.round((until.toMillis() - start) / step);
  const hours = Array.from({ length: columns / 12 }, (_each, at) => ({
    at: new Date(start + at * 12 * step),
    span: 12,
  }));
  const rooms = byRoom(slots);
  const gone = Math.floor((now.getTime() - start) / step);
  return {
    day,
    from: from.toJSDate(),
    columns,
    width: widthOf(slots, columns),
    hours,
    rooms: [...rooms.values()]
      .sort((a, b) => a[0]!.room.localeCompare(b[0]!.room, 'en', { numeric: true }))
      .map((inRoom) => ({ room: inRoom[0]!.room, slots: inRoom, lanes: lanesOf(inRoom, start, columns) })),
    now: gone >= 0 && gone < columns ? { before: gone, after: columns - gone } : null,
  };
}

function widthOf(slots: readonly Placed[], columns: number): number {
  const shortest = Math.min(...slots.map(({ minutes }) => minutes)) / 5;
  const wanted = roomsWidth + (columns * cardWidth) / Math.max(1, shortest);
  return Math.min(MAX_WIDTH, Math.max(leastWidth, Math.ceil(wanted / widthStep) * widthStep));
}

/** Each slot goes into the first lane that is free by then. */
function lanesOf<T extends Placed>(
  slots: readonly T[],
  start: number,
  columns: number,
): { cells: Cell<T>[] }[] {
  const lanes: { cells: Cell<T>[]; filled: number }[] = [];
  for (const slot of slots) {
    const begins = Math.floor((slot.startsAt.getTime() - start) / step);
    const ends = Math.max(begins + 1, Math.min(columns, Math.ceil((endOf(slot).getTime() - start) / step)));
    let lane = lanes.find((each) => each.filled <= begins);
    if (!lane) lanes.push((lane = { cells: [], filled: 0 }));
    if (begins > lane.filled) lane.cells.push({ span: begins - lane.filled, slot: null, late: false });
    lane.cells.push({ span: ends - begins, slot, late: begins >= columns / 2 });
    lane.filled = ends;
  }
  return lanes.map(({ cells, filled }) => ({
    cells: filled < columns ? [...cells, { span: columns - filled, slot: null, late: false }] : cells,
  }));
}
