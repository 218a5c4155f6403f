/**
 * Lines of `hours.ts` in words: `Thu, Dec 3, 1:00–4:00 PM`, `Mon–Fri, after 3:00 PM`. With the year, the
 * words can be typed back.
 */
import { DateTime } from 'luxon';
import { readHours, type Hours } from './hours.js';
import type { MessageParams } from '../errors.js';

interface WordsIn {
  locale: string;
  t: (key: string, params?: MessageParams) => string;
  /** In a field that is sent back. */
  withYear?: boolean;
}

/** @param line of `hours.ts`; anything else stays as it is */
export function hoursWords(line: string, { locale, t, withYear = false }: WordsIn): string {
  const hours = readHours(line);
  if (!hours) return line;
  return [daysOf(hours, { locale, t, withYear }), timesOf(hours, { locale, t })].join(', ');
}

function daysOf({ date, weekdays }: Hours, { locale, t, withYear }: WordsIn): string {
  if (date !== null)
    return new Intl.DateTimeFormat(locale, {
      ...{ weekday: 'short', month: 'short', day: 'numeric', timeZone: 'UTC' },
      ...(withYear ? { year: 'numeric' } : {}),
    }).format(DateTime.fromISO(date, { zone: 'utc' }).toMillis());
  if (weekdays.length === 7) return t('people.hours-words.every-day');
  // Friday to Monday goes over the end of the week.
  const first = weekdays.find((day) => !weekdays.includes(day === 1 ? 7 : day - 1)) ?? weekdays[0]!;
  const last = ((first + weekdays.length - 2) % 7) + 1;
  const name = (day: number): string =>
    // A week that begins on a Monday.
    new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, 0, day));
  return first === last ? name(first) : `${name(first)}–${name(last)}`;
}

function timesOf({ from, until }: Hours, { locale, t }: WordsIn): string {
  const moment = (clock: string): number => {
    const [hour, minute] = clock.split(':').map(Number) as [number, number];
    return Date.UTC(2024, 0, 1, hour, minute);
  };
  const format = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' });
  const plain = (text: string): string => text.replace(/[\u2009\u202f]/g, ' ');
  const time = (clock: string): string => plain(format.format(moment(clock)));
  if (from === '00:00' && until === '24:00') return t('people.hours-words.all-day');
  if (until === '24:00') return t('people.hours-words.after', { time: time(from) });
  if (from === '00:00') return t('people.hours-words.before', { time: time(until) });
  return plain(format.formatRange(moment(from), moment(until))).replace(/ – /, '–');
}
