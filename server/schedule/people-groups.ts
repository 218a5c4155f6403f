/**
 * The groups by which people are chosen for a timetable: what they are at the school, their advisory, and who
 * said when they can come. Pure.
 */
import { isAwayFrom } from '../people/attendance.js';
import { momentsOf, readHours } from '../people/hours.js';
import type { Person } from '../people/person.js';
import type { Pool } from './problem.js';
import { stretchesOf, type Schedule } from './schedule.js';

/** As what somebody fills up panels when nothing ties them to the student. */
export function poolOf(person: Pick<Person, 'roles'>): Pool {
  if (person.roles.includes('student')) return 'peer';
  if (person.roles.some((role) => ['advisor', 'panelist', 'registrar', 'admin'].includes(role)))
    return 'teacher';
  return person.roles.includes('guest') ? 'guest' : null;
}

/**
 * Guests who signed up for other exhibitions by a link offered nothing here: only whoever chooses them by
 * name takes them.
 */
export const isOffered = (person: Pick<Person, 'roles' | 'attendance'>, exhibitionId: string): boolean =>
  poolOf(person) !== 'guest' || (person.attendance?.comesTo?.includes(exhibitionId) ?? true);

/**
 * `teacher`, `peer`, `guest`, `advisory:ID`, and `available` for those who said that they can come during these hours.
 */
export function groupsOf(
  person: Pick<Person, 'roles' | 'advisoryId' | 'attendance'>,
  schedule: Pick<Schedule, 'days' | 'exhibitionId'>,
  zone: string,
): string[] {
  const pool = poolOf(person);
  if (!isOffered(person, schedule.exhibitionId)) return [];
  return [
    ...(pool ? [pool] : []),
    ...(person.roles.includes('student') ? [`advisory:${person.advisoryId ?? ''}`] : []),
    ...(saidTheyCome(person, schedule, zone) ? ['available'] : []),
  ];
}

/** Whether somebody typed hours that meet these; whoever said nothing has not said that they come. */
function saidTheyCome(
  { attendance }: Pick<Person, 'attendance'>,
  schedule: Pick<Schedule, 'days' | 'exhibitionId'>,
  zone: string,
): boolean {
  if (isAwayFrom({ attendance }, schedule.exhibitionId)) return false;
  const read = (attendance?.hours ?? []).flatMap((line) => readHours(line) ?? []);
  if (read.length === 0) return false;
  const dates = [...new Set(schedule.days.flatMap((line) => readHours(line)?.date ?? []))];
  const moments = momentsOf(read, dates, zone);
  return stretchesOf(schedule, zone).some(({ from, until }) =>
    moments.some((each) => each.from < until && from < each.until),
  );
}
