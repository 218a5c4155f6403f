/** Times as people type them: a form's local time means the school's zone, a program's instant means itself. */
import { DateTime } from 'luxon';
import { z } from 'zod';
import { InvalidInput } from '../errors.js';

/** `2026-11-24T09:00` (the school's time) or `2026-11-24T14:00:00Z`. */
export const momentText = z
  .string()
  .trim()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/, 'exhibition.problem.not-a-time');

/** @throws InvalidInput on `field` when the text is no time of the calendar */
export function readMoment(text: string, zone: string, field: string): Date {
  const moment = DateTime.fromISO(text, { zone });
  if (!moment.isValid) throw new InvalidInput([{ field, message: 'exhibition.problem.not-a-time' }]);
  return moment.toJSDate();
}

/** The value of a `datetime-local` field. */
export const localMoment = (moment: Date, zone: string): string =>
  DateTime.fromJSDate(moment, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");

/** The calendar day of an instant in the school's zone, `2026-11-24`. */
export const dayOf = (moment: Date, zone: string): string =>
  DateTime.fromJSDate(moment, { zone }).toISODate() ?? '';

/** The time of day as a reader of this language writes it, `10:40 AM`. */
export const timeText = (moment: Date, zone: string, locale: string): string =>
  DateTime.fromJSDate(moment, { zone }).setLocale(locale).toLocaleString(DateTime.TIME_SIMPLE);

/** The calendar day of an instant as a reader of this language writes it, `Nov 24, 2026`. */
export const dateText = (moment: Date, zone: string, locale: string): string =>
  DateTime.fromJSDate(moment, { zone }).setLocale(locale).toLocaleString(DateTime.DATE_MED);

/** Midnight after a day `2026-11-24` in this zone. */
export const endOfDay = (day: string, zone: string): Date =>
  DateTime.fromISO(day, { zone }).endOf('day').toJSDate();
