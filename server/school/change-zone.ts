/**
 * Another time zone of the school: what was planned stays at its moment, so calendars and boards show it at
 * another time of day. Says what moves before it does, and refuses nothing. Pure.
 */
import { sameZone, zoneLabel } from './time-zones.js';

interface UpcomingItem {
  startsAt: Date;
  title: string;
  room: string;
}

export interface Upcoming {
  presentations: readonly UpcomingItem[];
  /** Exhibitions for which no presentation is planned so far. */
  exhibitions: readonly UpcomingItem[];
  /** How many people have said when they can come: their hours are read in the zone of the school. */
  peopleWithHours: number;
}

export interface ZoneMove {
  from: string;
  to: string;
  /** Presentations that move, and exhibitions without one. */
  presentations: number;
  exhibitions: number;
  peopleWithHours: number;
  /** The first of them. */
  items: { title: string; room: string; before: string; after: string }[];
  more: number;
}

/** Presentations and exhibitions that are listed; of the others the number is told. */
const MAX_LISTED_MOVES = 30;

const WEEK = 7 * 24 * 60 * 60 * 1000;

/** @returns null where nothing that is ahead is shown at another time, and no hours that somebody said */
export function zoneMoveOf(
  { from, to, locale, now }: { from: string; to: string; locale: string; now: Date },
  { presentations, exhibitions, peopleWithHours }: Upcoming,
): ZoneMove | null {
  if (sameZone(from, to)) return null;
  const shown = (timeZone: string) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' });
    return (moment: Date): string => format.format(moment);
  };
  const [was, will] = [shown(from), shown(to)];
  const movesOf = (list: readonly UpcomingItem[]): ZoneMove['items'] =>
    list
      .map(({ startsAt, title, room }) => ({ title, room, before: was(startsAt), after: will(startsAt) }))
      .filter(({ before, after }) => before !== after);
  const [moved, begin] = [movesOf(presentations), movesOf(exhibitions)];
  const all = [...begin, ...moved];
  const weeks = Array.from({ length: 53 }, (_each, at) => new Date(now.getTime() + at * WEEK));
  const hours = weeks.some((moment) => was(moment) !== will(moment)) ? peopleWithHours : 0;
  if (all.length === 0 && hours === 0) return null;
  return {
    ...{ from, to, presentations: moved.length, exhibitions: begin.length, peopleWithHours: hours },
    items: all.slice(0, MAX_LISTED_MOVES),
    more: Math.max(0, all.length - MAX_LISTED_MOVES),
  };
}

/** What the page asks, with the zones in words. */
export const zoneQuestion = (move: ZoneMove, now: Date) => ({
  ...move,
  words: { from: zoneLabel(move.from, now), to: zoneLabel(move.to, now) },
});
