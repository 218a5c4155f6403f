/**
 * Hours as spreadsheets and people write them, brought into the lines of `hours.ts`: `11/24/2026 9:00 AM -
 * 12:00 PM`, `09:00:00-12:00:00`, `9-12`. Nothing is guessed: where day and month, or morning and afternoon,
 * could be meant either way, that is the answer. Pure.
 */
import { DateTime } from 'luxon';
import { readHours } from './hours.js';
import { inPlainNumbers } from './plain-hours.js';

/** How numbers with slashes are meant; null: nobody has said, so only what can be meant in one way is taken. */
export const dateOrders = ['month-first', 'day-first'] as const;
export type DateOrder = (typeof dateOrders)[number];

type HoursDoubt = 'not-hours' | 'which-date' | 'which-half';
export type TypedHours = { line: string } | { doubt: HoursDoubt };

const numbers = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/;
const isoWithMidnight = /^(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?(?=\s|$)/;
/** Earlier, a time without AM or PM is more likely one in the afternoon. */
const EARLIEST_BARE_HOUR = 7;

/** `2026-11-24` of a date with numbers at the beginning, and what follows it; null where there is none. */
function dateAtStart(
  text: string,
  order: DateOrder | null,
): { date: string; rest: string } | { doubt: HoursDoubt } | null {
  const midnight = isoWithMidnight.exec(text);
  // A spreadsheet's day is its midnight; alone in front of hours it means the day.
  if (midnight && text.slice(midnight[0].length).trim() !== '')
    return { date: midnight[1]!, rest: text.slice(midnight[0].length) };
  const found = numbers.exec(text);
  if (!found) return null;
  const [all, one, sign, two, typedYear] = found as unknown as [string, string, string, string, string];
  const year = typedYear.length === 2 ? 2000 + Number(typedYear) : Number(typedYear);
  const asDate = (month: string, day: string): string | null =>
    DateTime.fromObject({ year, month: Number(month), day: Number(day) }).toISODate();
  const [monthFirst, dayFirst] = [asDate(one, two), asDate(two, one)];
  // With points it is always the day that comes first.
  const meant = sign === '.' ? 'day-first' : order;
  const rest = text.slice(all.length).replace(/^\s*00:00(?::00)?(?=\s+\S)/, '');
  const date =
    meant === null
      ? monthFirst && dayFirst && monthFirst !== dayFirst
        ? null
        : (monthFirst ?? dayFirst)
      : meant === 'month-first'
        ? monthFirst
        : dayFirst;
  if (date) return { date, rest };
  return { doubt: meant === null && monthFirst && dayFirst ? 'which-date' : 'not-hours' };
}

const clockText = /^(\d{1,2})(?:[:.](\d{2})(?::\d{2}(?:\.0+)?)?)?\s*(?:([ap])\.?\s?m\.?)?$/i;

interface Clock {
  hour: number;
  minute: string;
  half: 'a' | 'p' | null;
  /** As one writes the hours of a clock with twelve of them: `3`, `3:30`; not `03:30`. */
  bare: boolean;
}

function readClock(text: string): Clock | null {
  const found = clockText.exec(text.trim());
  if (!found) return null;
  const half = (found[3]?.toLowerCase() ?? null) as Clock['half'];
  const [hour, minute] = [Number(found[1]), found[2] ?? '00'];
  if (Number(minute) > 59 || (half ? hour < 1 || hour > 12 : hour > 24)) return null;
  return { hour, minute, half, bare: !half && (!found[2] || found[1]!.length === 1) };
}

/** It may as well be in the afternoon, and more likely is. */
const isEarly = ({ bare, hour }: Clock): boolean => bare && hour > 0 && hour < EARLIEST_BARE_HOUR;

const inTwentyFour = ({ hour, minute, half }: Clock): string => {
  const of24 = half === null ? hour : (hour % 12) + (half === 'p' ? 12 : 0);
  return `${String(of24).padStart(2, '0')}:${minute}`;
};

/** `9-11 AM`, `11-1 PM`: what is written once counts for both, unless the first would come after the second. */
function shareHalf(from: Clock, until: Clock): Clock {
  if (from.half || !until.half || from.hour > 12 || from.hour < 1) return from;
  const same: Clock = { ...from, half: until.half };
  return inTwentyFour(same) < inTwentyFour(until) ? same : { ...from, half: until.half === 'p' ? 'a' : 'p' };
}

/** `noon-1`, `3 PM-5`: the end is the next such time. */
const afterStart = (from: Clock, until: Clock): Clock =>
  from.half && until.bare && until.hour < 12 && inTwentyFour(until) <= inTwentyFour(from)
    ? { ...until, half: 'p' }
    : until;

/** The two times of a stretch in the form of `hours.ts`; null where they are no times. */
function readSpan(text: string): { from: string; until: string } | { doubt: HoursDoubt } | null {
  const parts = text.split(/ ?[-–—] ?| (?:to|until) /i);
  const [first, last] = parts.map(readClock);
  if (parts.length !== 2 || !first || !last) return null;
  const until = afterStart(first, last);
  const begins = inTwentyFour(shareHalf(first, until));
  const ends = inTwentyFour(until) === '00:00' ? '24:00' : inTwentyFour(until);
  const isUnsaid = first.half === null && last.half === null;
  // `before 3:30` begins at midnight, which says nothing of what its end means.
  const isEither = isEarly(first) || (begins === '00:00' && isEarly(last));
  const isTurned = begins >= ends && (first.bare || last.bare);
  if (isUnsaid && (isEither || isTurned)) return { doubt: 'which-half' };
  return begins < ends ? { from: begins, until: ends } : null;
}

/** The times of a line of `hours.ts`. */
const ownTimes = /\d{1,2}:\d{2}\s*[-–]\s*\d{1,2}:\d{2}$/;

/**
 * One stretch as it was typed, as a line of `hours.ts`, or what is not clear about it.
 * @param today `YYYY-MM-DD` at the school: a date without a year is the next such day; null: a date needs its year
 */
export function typedHours(typed: string, order: DateOrder | null, today: string | null = null): TypedHours {
  const asTyped = typed.trim().replace(/\s+/g, ' ');
  if (readHours(asTyped)) {
    // What is written in our own form stays as it is, unless others write the same for the afternoon.
    const span = readSpan(ownTimes.exec(asTyped)![0]);
    return span && 'doubt' in span ? span : { line: asTyped };
  }
  const text = today === null ? asTyped : inPlainNumbers(asTyped, today, order);
  if (text === null) return { doubt: 'not-hours' };
  const start = dateAtStart(text, order);
  if (start && 'doubt' in start) return start;
  const dated = start ?? splitDay(text);
  const span = readSpan(dated.rest.trim());
  if (span && 'doubt' in span) return span;
  const line = span ? `${dated.date} ${span.from}-${span.until}`.trim() : '';
  return span && readHours(line) ? { line } : { doubt: 'not-hours' };
}

/** `Mon-Fri`, `Tuesday` or a date of our own form, in front of the hours. */
function splitDay(text: string): { date: string; rest: string } {
  const found = /^(\d{4}-\d{2}-\d{2}|[a-z]{3,}(?:\s?[-–]\s?[a-z]{3,})?)(?=[\s,:])[\s,:]*/i.exec(text);
  return found ? { date: found[1]!, rest: text.slice(found[0].length) } : { date: '', rest: text };
}
