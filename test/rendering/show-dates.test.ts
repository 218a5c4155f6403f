/** What Luxon says of the same moments is the right answer; ours is only quicker. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { calendarDay, formatMoment, momentOf, relativeTime } from '../../server/rendering/show-dates.js';

const zones = ['America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati', 'Europe/Berlin', 'UTC'];
const locales = ['en', 'es', 'ar', 'de'];
/** Over two years, so that both changes of the clocks and a 29 February are among them. */
const moments = fc.integer({ min: 0, max: 800 * 24 * 60 }).map((minute) => {
  const start = Date.UTC(2027, 0, 1);
  return new Date(start + minute * 60_000);
});
const readers = fc.record({
  at: moments,
  now: moments,
  timeZone: fc.constantFrom(...zones),
  locale: fc.constantFrom(...locales),
});

/** Luxon leaves the narrow space before AM and PM. */
const plain = (text: string): string => text.replaceAll('\u202F', ' ');

describe('moments on a page', () => {
  it('are written as Luxon writes them, whatever they are given as', () => {
    fc.assert(
      fc.property(readers, ({ at, timeZone, locale }) => {
        const expected = DateTime.fromJSDate(at, { zone: timeZone }).setLocale(locale);
        for (const value of [
          at,
          at.toISOString(),
          expected.toISO(),
          expected.toISO({ includeOffset: false }),
        ]) {
          // Without its offset, a time in the hour that the clocks repeat is one of two.
          if (value === expected.toISO({ includeOffset: false }) && expected.getPossibleOffsets().length > 1)
            continue;
          const moment = momentOf(value, timeZone)!;
          for (const style of [DateTime.DATETIME_MED, DateTime.DATE_FULL, DateTime.TIME_SIMPLE])
            expect(formatMoment(moment, locale, style)).toBe(plain(expected.toLocaleString(style)));
          expect(calendarDay(moment)).toBe(expected.toISODate());
        }
      }),
    );
  });

  it('are a day that stays the same day in every zone', () => {
    for (const zone of zones)
      expect(formatMoment(momentOf('2027-03-14', zone)!, 'en', DateTime.DATE_MED)).toBe('Mar 14, 2027');
  });

  it.each(['yesterday', 'NaN', '2027-13-01T00:00:00Z', {}])('refuse %p', (value) => {
    expect(() => momentOf(value, 'UTC')).toThrow('is not a date');
  });
});

describe('how far away a moment is', () => {
  const byLuxon = (at: Date, now: Date, timeZone: string, locale: string): string => {
    const [from, to] = [now, at].map((each) => DateTime.fromJSDate(each, { zone: timeZone })) as [
      DateTime,
      DateTime,
    ];
    const isWithinDay = Math.abs(to.diff(from).as('hours')) < 24;
    const [base, target] = isWithinDay ? [from, to] : [from.startOf('day'), to.startOf('day')];
    return target.toRelative({ base, style: 'short', locale })!.replace(/\.(?=\s|$)/g, '');
  };

  it('is said as Luxon says it', () => {
    fc.assert(
      fc.property(readers, ({ at, now, timeZone, locale }) => {
        const said = relativeTime({ at, zone: timeZone }, now, { timeZone, locale });
        expect(said).toBe(byLuxon(at, now, timeZone, locale));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['2027-01-01T12:00:30Z', '2027-01-01T12:00:00Z', 'in 30 sec'],
    ['2027-01-01T11:00:01Z', '2027-01-01T12:00:00Z', '59 min ago'],
    ['2027-01-02T11:59:00Z', '2027-01-01T12:00:00Z', 'in 23 hr'],
    ['2027-01-03T01:00:00Z', '2027-01-01T23:00:00Z', 'in 2 days'],
    ['2027-02-28T12:00:00Z', '2027-01-31T12:00:00Z', 'in 1 mo'],
    ['2027-02-28T12:00:00Z', '2028-02-29T12:00:00Z', '1 yr ago'],
  ])('%s seen at %s is %s', (at, now, said) => {
    const reader = { timeZone: 'UTC', locale: 'en' };
    expect(relativeTime({ at: new Date(at), zone: 'UTC' }, new Date(now), reader)).toBe(said);
  });
});
