/** What somebody the school knows already has said of when they can come, with what they offered for one exhibition by its link. Pure. */
import { attendanceOf, type Attendance } from '../people/attendance.js';
import type { Person } from '../people/person.js';
import { poolOf } from './people-groups.js';
import type { SignUp } from './sign-up.js';

/** Words about students that wait for the office, each once. */
export const joinWords = (before: string, said: string): string =>
  said === '' || before.includes(said) ? before : [before, said].filter((each) => each !== '').join('\n');

const union = (...lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())];

/**
 * @param days hours of the exhibition: what "at any time" means beside the hours that somebody has given for other days
 * @returns what is known of them from now on: nothing that they said before is lost
 */
export function joinOffer(
  person: Pick<Person, 'roles' | 'attendance'>,
  offer: SignUp,
  days: readonly string[],
): Attendance {
  const was = attendanceOf(person.attendance, {});
  const { exhibitionId, away } = offer;
  const offered = offer.hours.length > 0 || was.hours.length === 0 ? offer.hours : days;
  const others = (was.awayFrom ?? []).filter((id) => id !== exhibitionId);
  // Guests who are asked to everything stay so; of anybody else who is no guest yet, this is all that they offered.
  const isGuest = poolOf(person) === 'guest';
  const comesTo = isGuest ? was.comesTo && union(was.comesTo, [exhibitionId]) : [exhibitionId];
  return attendanceOf(was, {
    hours: union(was.hours, offered),
    most: offer.most ?? (was.most === 0 && !away ? null : was.most),
    speaks: union(was.speaks, offer.speaks),
    interprets: union(was.interprets, offer.interprets),
    conflictWords: joinWords(was.conflictWords ?? '', offer.conflictWords),
    awayFrom: away ? [...others, exhibitionId] : others,
    ...(comesTo ? { comesTo } : {}),
  });
}
