/**
 * Terms that share days are allowed, as summer programs and corrections need them, but nobody makes them
 * without being told.
 */
import type { Call } from '../http/route.js';
import type { Term } from './school.js';

type Days = Pick<Term, 'name' | 'startsOn' | 'endsOn'>;

/** The first of the others that shares a day with it. */
const overlapping = <T extends Days>(term: Days, others: readonly T[]): T | undefined =>
  others.find((other) => other.startsOn <= term.endsOn && term.startsOn <= other.endsOn);

/** What is said after a term was saved: both terms with their days where they overlap. */
export function savedNotice({ t, locale }: Pick<Call, 't' | 'locale'>, term: Days, others: readonly Days[]) {
  const other = overlapping(term, others);
  if (!other) return { notice: 'school.notice.saved' };
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const days = ({ startsOn, endsOn }: Days): string =>
    t('school.term-days', {
      from: format.format(new Date(startsOn)),
      until: format.format(new Date(endsOn)),
    });
  return {
    notice: 'school.notice.term-overlaps',
    noticeParams: { name: term.name, days: days(term), other: other.name, otherDays: days(other) },
  };
}
