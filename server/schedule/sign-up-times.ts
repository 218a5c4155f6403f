/**
 * When somebody who signed up can come, as the school knows it now: once they are accepted, it is what is
 * known of the person, whom the office may have called since. Only reads.
 */
import type { SchoolScope } from '../db/database.js';
import { seenOf } from '../exhibitions/refuse-stale.js';
import { attendanceOf, isAwayFrom } from '../people/attendance.js';
import { findPerson } from '../people/people-records.js';
import type { Person } from '../people/person.js';
import type { SignUp, SignUpTimes } from './sign-up.js';

export type TimesNow = SignUpTimes & Pick<SignUp, 'away'>;

/** @param person who they are at the school; null: nobody yet */
export function timesKnown(signUp: SignUp, person: Pick<Person, 'attendance'> | null): TimesNow {
  if (!person) {
    const { hours, most, speaks, interprets, away } = signUp;
    return { hours, most, speaks, interprets, away };
  }
  const { hours, most, speaks, interprets } = attendanceOf(person.attendance, {});
  return { hours, most, speaks, interprets, away: isAwayFrom(person, signUp.exhibitionId) };
}

export const timesNow = async (scope: SchoolScope, signUp: SignUp): Promise<TimesNow> =>
  timesKnown(signUp, signUp.personId === null ? null : await findPerson(scope, signUp.personId));

/** What somebody has seen of it before they change it. */
export const seenOfSignUp = ({ hours, most, speaks, interprets, away }: TimesNow): string =>
  seenOf({ hours, most, speaks, interprets, away });
