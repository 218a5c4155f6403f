/**
 * The one clock of the tests. It starts at a fixed moment in every test file and runs from there, so that no
 * test knows what day it really is. `TEST_CLOCK` moves the moment for a whole run: `+40d`, `-3h`, or an
 * instant such as `2027-01-01T04:30Z`. Dates in tests come from here.
 */
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { DateTime } from 'luxon';
import type { Clock } from '../../server/clock.js';
import { projectRoot } from '../../server/project-root.js';

/** A Tuesday in the school year, 10:00 in `schoolZone`. */
const usualMoment = '2026-11-17T15:00:00Z';

/** Zone of every school that the harness makes. */
export const schoolZone = 'America/New_York';

/** A day of 25 hours in `schoolZone`, a Sunday. */
export const clocksGoBack = '2026-11-01';

/**
 * @throws Error when `given` is neither a span like `+40d` (`d`, `h` or `m`) nor an instant in ISO 8601 with its offset
 */
function momentOf(given: string | undefined): DateTime<true> {
  const usual = DateTime.fromISO(usualMoment, { zone: 'utc' }) as DateTime<true>;
  if (!given) return usual;
  const span = /^([+-]\d+)([dhm])$/.exec(given);
  if (span) return usual.plus({ [{ d: 'days', h: 'hours', m: 'minutes' }[span[2]!]!]: Number(span[1]) });
  const instant = /(Z|[+-]\d\d:?\d\d)$/.test(given) ? DateTime.fromISO(given, { zone: 'utc' }) : null;
  if (!instant?.isValid) throw new Error(`TEST_CLOCK=${given}: write +40d, -3h or 2027-01-01T04:30Z`);
  return instant;
}

const start = momentOf(process.env.TEST_CLOCK).toMillis();

/** A clock that shows `moment` now and runs from there. */
export function clockFrom(moment: Date): Clock {
  const begun = performance.now();
  return { now: () => new Date(moment.getTime() + Math.floor(performance.now() - begun)) };
}

/** Runs from the fixed moment; a test that needs a standing clock passes its own. */
export const testClock: Clock = clockFrom(new Date(start));

/** Settings for a process that a test starts, so that it runs on the tests' clock as well. */
export const clockOfProcess = (): { NODE_OPTIONS: string; TEST_CLOCK_AHEAD: string } => ({
  NODE_OPTIONS: `--import ${pathToFileURL(path.join(projectRoot, 'test/harness/test-clock-process.mjs')).href}`,
  TEST_CLOCK_AHEAD: String(testClock.now().getTime() - Date.now()),
});

const daysFromNow = (days: number, zone: string): DateTime =>
  DateTime.fromMillis(start, { zone }).startOf('day').plus({ days });

/** Days from today in `zone`, as `YYYY-MM-DD`: negative ones lie in the past. Always counted from the fixed moment. */
export const dayFromNow = (days: number, zone = schoolZone): string => daysFromNow(days, zone).toISODate()!;

export const today = (zone = schoolZone): string => dayFromNow(0, zone);

/** `day` and some days more, as `YYYY-MM-DD`. */
export const dayAfter = (day: string, days = 1): string =>
  DateTime.fromISO(day, { zone: 'utc' }).plus({ days }).toISODate()!;

/** Like `dayFromNow`, but a Saturday or Sunday becomes the Monday after it. */
export function schoolDayFromNow(days: number, zone = schoolZone): string {
  const day = daysFromNow(days, zone);
  return (day.weekday > 5 ? day.plus({ days: 8 - day.weekday }) : day).toISODate()!;
}

/** The moment at which clocks in `zone` show `time` (`HH:mm`) on `day`. */
export const at = (time: string, day = today(), zone = schoolZone): Date =>
  DateTime.fromISO(`${day}T${time}`, { zone }).toJSDate();

/** The last millisecond of `day` in `zone`. */
export const endOfDay = (day: string, zone = schoolZone): Date =>
  DateTime.fromISO(day, { zone }).endOf('day').toJSDate();

/** Some minutes (or hours, days …) from the clock's now. */
export const fromNow = (span: { days?: number; hours?: number; minutes?: number; seconds?: number }): Date =>
  DateTime.fromJSDate(testClock.now(), { zone: 'utc' }).plus(span).toJSDate();
