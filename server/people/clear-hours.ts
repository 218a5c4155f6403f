/** The lines that somebody typed into a form, each brought into the form of `hours.ts` or refused by what it says. */
import { DateTime } from 'luxon';
import type { Clock } from '../clock.js';
import { InvalidInput } from '../errors.js';
import { isAtClockChange, readHours } from './hours.js';
import { eachDay } from './plain-hours.js';
import { typedHours } from './typed-hours.js';

/** `YYYY-MM-DD`, today at the school. */
export const dayAt = (clock: Clock, zone: string): string =>
  DateTime.fromJSDate(clock.now(), { zone }).toFormat('yyyy-MM-dd');

const same = (one: string, other: string): boolean =>
  JSON.stringify(readHours(one)) === JSON.stringify(readHours(other));

/**
 * A date with slashes has the month first, as on every screen, unless it can only be the day.
 * @param before lines that were kept already: they may stay, and stay as they are
 * @throws InvalidInput on `field` for what is no time range, or is at a time that the clocks of the zone
 *   skip, or show twice
 */
export function clearHours<T extends readonly string[] | undefined>(
  lines: T,
  {
    clock,
    zone,
    before = [],
    field = 'hours',
  }: { clock: Clock; zone: string; before?: readonly string[] | undefined; field?: string },
): T | string[] {
  if (lines === undefined) return lines;
  const today = dayAt(clock, zone);
  const clear = lines.flatMap(eachDay).map((line): string => {
    if (before.includes(line)) return line;
    const anyOrder = typedHours(line, null, today);
    const read =
      'doubt' in anyOrder && anyOrder.doubt !== 'which-half'
        ? typedHours(line, 'month-first', today)
        : anyOrder;
    if ('doubt' in read)
      throw new InvalidInput([
        { field, message: `people.problem.hours-${read.doubt}`, params: { line: line.slice(0, 60) } },
      ]);
    const kept = before.find((each) => same(each, read.line));
    if (kept === undefined && isAtClockChange(readHours(read.line)!, zone))
      throw new InvalidInput([
        { field, message: 'people.problem.hours-clock-change', params: { line: line.slice(0, 60) } },
      ]);
    return kept ?? read.line;
  });
  return [...new Set(clear)];
}
