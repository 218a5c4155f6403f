/**
 * Dates and times as people read them, in the time zone and the language of a page. Formatted by Intl alone:
 * a page shows hundreds, and Luxon asks for the offset of the zone several times for each. Pure.
 */
import { DateTime } from 'luxon';

/** A moment, or a day of the calendar, which is the same day in every zone. */
export interface ShownMoment {
  at: Date;
  /** In which it is shown: 'UTC' for a day. */
  zone: string;
}

export interface DateReader {
  locale: string;
  timeZone: string;
}

const CALENDAR_DAY = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/;

/**
 * @param value a Date, an ISO instant, an ISO time of the page's zone, or a calendar day. @throws Error for
 *   anything else
 */
export function momentOf(value: unknown, timeZone: string): ShownMoment | null {
  if (value === null || value === undefined || value === '') return null;
  const text = value instanceof Date ? '' : String(value);
  const isDay = CALENDAR_DAY.test(text);
  const at =
    value instanceof Date
      ? value
      : isDay
        ? new Date(`${text}T12:00:00Z`)
        : INSTANT.test(text)
          ? new Date(text)
          : DateTime.fromISO(text, { zone: timeZone }).toJSDate();
  if (Number.isNaN(at.getTime()))
    throw new Error(`"${String(value)}" is not a date; a field named like a helper is written this.date`);
  return { at, zone: isDay ? 'UTC' : timeZone };
}

const formats = new Map<string, Intl.DateTimeFormat>();

export function formatMoment(
  { at, zone }: ShownMoment,
  locale: string,
  style: Intl.DateTimeFormatOptions,
): string {
  const name = `${locale} ${zone} ${JSON.stringify(style)}`;
  const format = formats.get(name) ?? new Intl.DateTimeFormat(locale, { ...style, timeZone: zone });
  formats.set(name, format);
  // Some versions of the data put a narrow space before AM and PM that our fonts and searches do not know.
  return format.format(at).replaceAll('\u202F', ' ');
}

/** Year, month and day in the zone of the moment: `2026-12-01`. */
export const calendarDay = (moment: ShownMoment): string =>
  formatMoment(moment, 'en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' });

const DAY = 24 * 60 * 60 * 1000;
const dayParts = (day: string) => day.split('-').map(Number) as [number, number, number];
const utc = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/**
 * Whole months from one day to a later one; from the last day of a month, the last day of a shorter one is a
 * month later.
 */
function wholeMonths(from: string, to: string): number {
  const [fromYear, fromMonth, fromDay] = dayParts(from);
  const [toYear, toMonth, toDay] = dayParts(to);
  const lastDay = new Date(Date.UTC(toYear, toMonth, 0)).getUTCDate();
  const months = (toYear - fromYear) * 12 + toMonth - fromMonth;
  return toDay < Math.min(fromDay, lastDay) ? months - 1 : months;
}

const distances = new Map<string, Intl.RelativeTimeFormat>();
const worded = (locale: string, count: number, unit: Intl.RelativeTimeFormatUnit): string => {
  const format =
    distances.get(locale) ?? new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'short' });
  distances.set(locale, format);
  return format.format(count, unit).replace(/\.(?=\s|$)/g, '');
};

/**
 * "in 12 min", "3 days ago": what stands beside a time. From a day on, days are counted as on a calendar, in
 * the zone of the page.
 */
export function relativeTime(moment: ShownMoment, now: Date, { locale, timeZone }: DateReader): string {
  const away = moment.at.getTime() - now.getTime();
  const sign = away < 0 ? -1 : 1;
  const whole = (milliseconds: number) => Math.trunc(Math.abs(away) / milliseconds) * sign;
  if (Math.abs(away) < DAY) {
    if (Math.abs(away) >= DAY / 24) return worded(locale, whole(DAY / 24), 'hour');
    if (Math.abs(away) >= 60_000) return worded(locale, whole(60_000), 'minute');
    return worded(locale, whole(1000), 'second');
  }
  const [day, today] = [calendarDay(moment), calendarDay({ at: now, zone: timeZone })];
  const months = sign < 0 ? wholeMonths(day, today) : wholeMonths(today, day);
  if (months >= 12) return worded(locale, sign * Math.trunc(months / 12), 'year');
  if (months >= 1) return worded(locale, sign * months, 'month');
  return worded(locale, Math.round((utc(day) - utc(today)) / DAY), 'day');
}
