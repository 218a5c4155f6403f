/** The hours of the sample school's exhibition day, whenever and wherever it is loaded. */
import { describe, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import { calendarOf } from '../../server/sample-school/calendar.js';

const hour = 3_600_000;

describe("the sample school's day", () => {
  it.each([
    ['in winter', '2026-01-15T00:00:00Z'],
    ['in summer', '2026-07-15T00:00:00Z'],
    ['when clocks change', '2026-03-29T00:00:00Z'],
    ['when clocks change back', '2026-11-01T00:00:00Z'],
  ])('begins after 8 and ends before 18:30 at every hour of loading, %s', (_name, from) => {
    const begins = Date.parse(from);
    for (let at = begins; at < begins + 48 * hour; at += hour / 4) {
      const now = new Date(at + 59_000);
      const { soon, timeZone } = calendarOf(now);
      const there = (minutes: number) => DateTime.fromJSDate(soon(minutes), { zone: timeZone });
      const [first, last] = [there(-150), there(160 + 50)];
      const told = { now: now.toISOString(), timeZone, first: first.toISO(), last: last.toISO() };
      expect({ ...told, decent: first.hour >= 8 && last.hour * 60 + last.minute <= 18 * 60 + 30 }).toEqual({
        ...told,
        decent: true,
      });
      expect(first.toISODate()).toBe(last.toISODate());
    }
  });
});
