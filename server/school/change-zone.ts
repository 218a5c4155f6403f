/**
 * Another time zone of the school: what was planned stays at its moment, so calendars and boards show it at another time of day. Says what
 * moves before it does, and refuses nothing. Pure.
 */
import { sameZone } from './time-zones.js';

export interface Upcoming {
  startsAt: Date;
  title: string;
  room: string;
}

export interface ZoneMove {
  from: string;
  to: string;
  total: number;
  items: { title: string; room: string; before: string; after: string }[];
}

/** Presentations that are listed; of the others the number is told. */
export const MAX_LISTED_MOVES = 30;

/** @returns null where nothing that is ahead is shown at another time */
export function zoneMoveOf(
  { from, to, locale }: { from: string; to: string; locale: string },
  upcoming: readonly Upcoming[],
): ZoneMove | null {
  if (sameZone(from, to)) return null;
  const shown = (timeZone: string) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' });
    return (moment: Date): string => format.format(moment);
  };
  const [was, will] = [shown(from), shown(to)];
  const moved = upcoming
    .map(({ startsAt, title, room }) => ({ title, room, before: was(startsAt), after: will(startsAt) }))
    .filter(({ before, after }) => before !== after);
  if (moved.length === 0) return null;
  return { from, to, total: moved.length, items: moved.slice(0, MAX_LISTED_MOVES) };
}
