/** Times as people type them: a form's local time means the school's zone, a program's instant means itself. */
import { DateTime } from 'luxon';
import { z } from 'zod';
import { InvalidInput } from '../errors.js';
import { calendarDay, formatMoment } from '../rendering/show-dates.js';

/** `2026-11-24T09:00` (the school's time) or `2026-11-24T14:00:00Z`. */
export const momentText = z
  .string()
  .trim()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/, 'exhibition.problem.not-a-time');

/** Which of two moments is meant when the clocks go back and show a time twice. Left out: somebody is asked. */
export const whichTime = z.preprocess(
  (value) => (value === '' ? undefined : value),
  z.enum(['first', 'second']).optional(),
);
type WhichTime = z.output<typeof whichTime>;

/**
 * @param which `any`: the first of two moments, and the next one where there is none; for filters, which need no answer
 * @throws InvalidInput on `field` when the text is no time of the calendar, when the clocks skip it, or when
 *   they show it twice and nobody has said which one is meant
 */
export function readMoment(text: string, zone: string, field: string, which?: WhichTime | 'any'): Date {
  const moment = DateTime.fromISO(text, { zone });
  const wrong = (message: string, params: Record<string, string> = {}): InvalidInput =>
    new InvalidInput([{ field, message: `exhibition.problem.${message}`, params }]);
  if (!moment.isValid) throw wrong('not-a-time');
  // A text with an offset is a moment; only what the clocks of the school show can be skipped or shown twice.
  if (/(?:Z|[+-]\d{2}(?::?\d{2})?)$/i.test(text.slice(16))) return moment.toJSDate();
  const [first, second] = moment.getPossibleOffsets().sort((one, other) => one.toMillis() - other.toMillis());
  if (which === 'any') return (first ?? moment).toJSDate();
  const shown = moment.toFormat("yyyy-MM-dd'T'HH:mm");
  if (shown !== text.slice(0, 16))
    throw wrong('time-skipped', { asked: text.slice(11, 16), next: moment.toFormat('HH:mm') });
  if (!first || !second) return moment.toJSDate();
  if (which === undefined) throw wrong('time-twice', { asked: text.slice(11, 16) });
  return (which === 'first' ? first : second).toJSDate();
}

/** Which of the two moments it is, where the clocks show its time twice on that day; else ''. */
export function whichTimeOf(moment: Date, zone: string): WhichTime | '' {
  const both = DateTime.fromISO(localMoment(moment, zone), { zone })
    .getPossibleOffsets()
    .map((each) => each.toMillis());
  if (both.length < 2) return '';
  const start = DateTime.fromJSDate(moment).startOf('minute').toMillis();
  return start === Math.min(...both) ? 'first' : 'second';
}

const CLOCK: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
/** The value of a `datetime-local` field. */
export const localMoment = (moment: Date, zone: string): string =>
  `${dayOf(moment, zone)}T${formatMoment({ at: moment, zone }, 'en-GB', CLOCK)}`;

/** The calendar day of an instant in the school's zone, `2026-11-24`. */
export const dayOf = (moment: Date, zone: string): string => calendarDay({ at: moment, zone });

/** The time of day as a reader of this language writes it, `10:40 AM`. */
export const timeText = (moment: Date, zone: string, locale: string): string =>
  formatMoment({ at: moment, zone }, locale, DateTime.TIME_SIMPLE);

/** The calendar day of an instant as a reader of this language writes it, `Nov 24, 2026`. */
export const dateText = (moment: Date, zone: string, locale: string): string =>
  formatMoment({ at: moment, zone }, locale, DateTime.DATE_MED);

/** Midnight after a day `2026-11-24` in this zone. */
export const endOfDay = (day: string, zone: string): Date =>
  DateTime.fromISO(day, { zone }).endOf('day').toJSDate();
