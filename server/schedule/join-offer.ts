/**
 * What somebody the school knows already has said of when they can come, with what they offered for one
 * exhibition by its link. Pure.
 */
import { DateTime } from 'luxon';
import { attendanceOf, type Attendance } from '../people/attendance.js';
import { readHours } from '../people/hours.js';
import type { Person } from '../people/person.js';
import { poolOf } from './people-groups.js';
import type { SignUp } from './sign-up.js';

/** Words about students that wait for the office, each once. */
export const joinWords = (before: string, said: string): string =>
  said === '' || before.includes(said) ? before : [before, said].filter((each) => each !== '').join('\n');

const union = (...lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())];

/**
 * Said of every week for one exhibition, hours say nothing about others: as lines of its own dates, where it
 * has such days.
 */
function onDatesOf(days: readonly string[], lines: readonly string[]): string[] {
  const dates = union(days.flatMap((line) => readHours(line)?.date ?? []));
  return lines.flatMap((line) => {
    const read = readHours(line);
    if (!read || read.date !== null) return [line];
    const own = dates.filter((date) => read.weekdays.includes(DateTime.fromISO(date).weekday));
    return own.length > 0 ? own.map((date) => `${date} ${read.from}-${read.until}`) : [line];
  });
}

/**
 * @param days hours of the exhibition: what "at any time" means beside the hours that somebody has given for other days
 * @returns what is known of them from now on: nobody can come less often to anything else than they said before
 */
export function joinOffer(
  person: Pick<Person, 'roles' | 'attendance'>,
  offer: SignUp,
  days: readonly string[],
): Attendance {
  const was = attendanceOf(person.attendance, {});
  const { exhibitionId, away } = offer;
  const pool = poolOf(person);
  // They are at the school anyway: without hours of their own they can be asked at any time, and as often as is needed.
  const isHere = pool === 'teacher' || pool === 'peer';
  const isAnyTime = was.hours.length === 0;
  const offered = offer.hours.length > 0 || isAnyTime ? onDatesOf(days, offer.hours) : days;
  const others = (was.awayFrom ?? []).filter((id) => id !== exhibitionId);
  // Guests who are asked to everything stay so; of anybody else who is no guest yet, this is all that they offered.
  const comesTo = pool === 'guest' ? was.comesTo && union(was.comesTo, [exhibitionId]) : [exhibitionId];
  const most = was.most === 0 && !away ? null : was.most;
  return attendanceOf(was, {
    hours: isHere && isAnyTime ? [] : union(was.hours, offered),
    most: isHere && was.most !== 0 ? was.most : (offer.most ?? most),
    speaks: union(was.speaks, offer.speaks),
    interprets: union(was.interprets, offer.interprets),
    conflictWords: joinWords(was.conflictWords ?? '', offer.conflictWords),
    awayFrom: away ? [...others, exhibitionId] : others,
    ...(comesTo ? { comesTo } : {}),
  });
}
