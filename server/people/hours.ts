/**
 * Hours as people type them, one stretch per line: `16:00-20:00` on every day, `Mon-Fri 9:00-12:30`,
 * `2026-11-24 09:00-12:00`. Pure: says which line cannot be read, and what moments the lines mean in a zone.
 */
import { DateTime } from 'luxon';

export interface Hours {
  /** `YYYY-MM-DD`, or null for any day of `weekdays`. */
  date: string | null;
  /** 1 Monday … 7 Sunday. */
  weekdays: number[];
  /** `HH:mm`, the school's time. */
  from: string;
  until: string;
}

const names = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const line =
  /^(?:(\d{4}-\d{2}-\d{2})|([a-z]{3})[a-z]*(?:\s*[-–]\s*([a-z]{3})[a-z]*)?)?\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})$/i;

/** Null when the line says no hours. */
export function readHours(text: string): Hours | null {
  const match = line.exec(text.trim());
  if (!match) return null;
  const [, date, first, last] = match;
  const clock = (hour: string, minute: string) => `${hour.padStart(2, '0')}:${minute}`;
  const [from, until] = [clock(match[4]!, match[5]!), clock(match[6]!, match[7]!)];
  if (Number(match[5]) > 59 || Number(match[7]) > 59 || from >= until || until > '24:00') return null;
  if (date) return DateTime.fromISO(date).isValid ? { date, weekdays: [], from, until } : null;
  const weekdays = first ? weekdaysOf(first, last ?? first) : everyDay;
  return weekdays ? { date: null, weekdays, from, until } : null;
}

function weekdaysOf(first: string, last: string): number[] | null {
  const [from, until] = [names.indexOf(first.toLowerCase()) + 1, names.indexOf(last.toLowerCase()) + 1];
  if (from === 0 || until === 0) return null;
  return from <= until
    ? everyDay.filter((day) => day >= from && day <= until)
    : everyDay.filter((day) => day >= from || day <= until);
}

/**
 * Whether the clocks of the zone skip one of the times of this line on its day, or show it twice: then nobody
 * can say which moment is meant. Lines about every week mean what the clocks show.
 */
export function isAtClockChange({ date, from, until }: Hours, zone: string): boolean {
  if (date === null) return false;
  return [from, until].some((clock) => {
    if (clock === '24:00') return false;
    const moment = DateTime.fromISO(`${date}T${clock}`, { zone });
    return moment.toFormat('HH:mm') !== clock || moment.getPossibleOffsets().length > 1;
  });
}

/** The lines of a text field without empty ones. */
export const linesOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((each) => each.trim())
    .filter((each) => each !== '');

/**
 * The moments that the lines mean on these days, as milliseconds since 1970.
 * @param days `YYYY-MM-DD` @param zone IANA zone of the school
 */
export function momentsOf(
  hours: readonly Hours[],
  days: readonly string[],
  zone: string,
): { from: number; until: number }[] {
  return days.flatMap((day) => {
    const midnight = DateTime.fromISO(day, { zone });
    const moment = (clock: string) => {
      const [hour, minute] = clock.split(':').map(Number) as [number, number];
      return hour === 24 ? midnight.plus({ days: 1 }).toMillis() : midnight.set({ hour, minute }).toMillis();
    };
    return hours
      .filter((each) => (each.date === null ? each.weekdays.includes(midnight.weekday) : each.date === day))
      .map((each) => ({ from: moment(each.from), until: moment(each.until) }));
  });
}

/**
 * What somebody's lines say about a list of days. A line with a date counts for its date alone: whoever gave
 * dates of another time, and no weekdays, has said nothing about these days.
 * @param about all the days that are asked about together, e.g. those of one exhibition: a date among them
 *   says that the others do not suit
 * @param days for which the moments are told; days of `about` or of others
 * @returns null where nothing is said
 */
export function saidAbout(
  hours: readonly Hours[],
  about: readonly string[],
  days: readonly string[],
  zone: string,
): { from: number; until: number }[] | null {
  const says = hours.some(({ date }) => date === null || about.includes(date) || days.includes(date));
  return says ? momentsOf(hours, days, zone) : null;
}
