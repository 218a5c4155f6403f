/**
 * Hours as people say them: read where they mean one thing, told where not, and shown in words that can be typed back.
 */
import { describe, expect, it } from '@jest/globals';
import { InvalidInput, type MessageParams } from '../../server/errors.js';
import { clearHours } from '../../server/people/clear-hours.js';
import { hoursWords } from '../../server/people/hours-words.js';
import { readHoursCsv } from '../../server/people/read-hours-csv.js';
import { typedHours } from '../../server/people/typed-hours.js';
import { createTexts } from '../../server/rendering/texts.js';

/** A Saturday; the date is the test's own "today". */
const today = '2030-11-30';

describe('hours as people say them', () => {
  it.each([
    ['after 3 pm', '15:00-24:00'],
    ['weekdays after 3pm', 'Mon-Fri 15:00-24:00'],
    ['before noon', '00:00-12:00'],
    ['3-5pm', '15:00-17:00'],
    ['from 3 pm on', '15:00-24:00'],
    ['between 9 and 11 am', '09:00-11:00'],
    ['6pm to midnight', '18:00-24:00'],
    ['12/3/2030 9am-11am', '2030-12-03 09:00-11:00'],
    ['9-11am 12/3/2030', '2030-12-03 09:00-11:00'],
    ['12/3 9am-11am', '2030-12-03 09:00-11:00'],
    ['Dec 3, 9:00–11:00', '2030-12-03 09:00-11:00'],
    ['December 3rd 1pm to 4pm', '2030-12-03 13:00-16:00'],
    ['3 Dec 2030 9-11', '2030-12-03 09:00-11:00'],
    ['Tuesday Dec 3 after 3:30pm', '2030-12-03 15:30-24:00'],
    ['Tues, 12/3/2030, 9:00 AM - 12:00 PM', '2030-12-03 09:00-12:00'],
    ['3-5pm on Dec 3', '2030-12-03 15:00-17:00'],
    ['Dec 3 all day', '2030-12-03 00:00-24:00'],
    ['Mar 4 9-11', '2031-03-04 09:00-11:00'],
    ['Feb 29 9-11', '2032-02-29 09:00-11:00'],
    ['Monday through Friday, 3:00 to 5:00 pm', 'Monday-Friday 15:00-17:00'],
    ['every Monday 3-5pm', 'Monday 15:00-17:00'],
    ['Saturday 10 am - noon', 'Saturday 10:00-12:00'],
    ['weekends any time', 'Sat-Sun 00:00-24:00'],
    ['always', '00:00-24:00'],
    ['3pm-5pm Mon-Fri', 'Mon-Fri 15:00-17:00'],
    ['Dec 3 from 9 am', '2030-12-03 09:00-24:00'],
    ['Dec 3 from 9 to 11 am', '2030-12-03 09:00-11:00'],
    ['Dec 3, noon-1', '2030-12-03 12:00-13:00'],
    ['3 PM-5', '15:00-17:00'],
    ['Saturday, Dec 7: 9-11', '2030-12-07 09:00-11:00'],
    // A clock of 24 hours, as in the form that is kept.
    ['Thu 03:30-05:30', 'Thu 03:30-05:30'],
    ['Dec 3, 04:00-06:30', '2030-12-03 04:00-06:30'],
    ['Thu 3:30-5:30 AM', 'Thu 03:30-05:30'],
    ['Thu 9:00-12:30', 'Thu 9:00-12:30'],
  ])('reads “%s”', (typed, line) => expect(typedHours(typed, 'month-first', today)).toEqual({ line }));

  it.each([
    ['mornings', 'not-hours'],
    ['after lunch', 'not-hours'],
    ['after 3', 'which-half'],
    ['3-5', 'which-half'],
    ['Dec 3, 1:00-4:00', 'which-half'],
    ['12/3 1:00 - 3:00', 'which-half'],
    ['Thu 3:30-5:30', 'which-half'],
    ['3:30-5:30', 'which-half'],
    ['2030-12-03 1.00-4.00', 'which-half'],
    ['Mon-Fri 3:30-5', 'which-half'],
    ['after 3:30', 'which-half'],
    ['from 3:30', 'which-half'],
    ['before 3:30', 'which-half'],
    ['until 5:00', 'which-half'],
    ['9:00-3:00', 'which-half'],
    ['12:00-3:00', 'which-half'],
    ['Dec 3', 'not-hours'],
    ['Feb 30 9-11', 'not-hours'],
    ['Friday Dec 3 9-11', 'not-hours'],
    ['Fri, 12/3/2030 9-11am', 'not-hours'],
  ])('does not guess “%s”', (typed, doubt) =>
    expect(typedHours(typed, 'month-first', today)).toEqual({ doubt }),
  );

  it('asks a form the same, but for lines that it has kept, and takes several days at once', () => {
    const clock = { now: () => new Date(`${today}T12:00:00Z`) };
    const clear = (lines: string[], before: string[] = []) =>
      clearHours(lines, { clock, zone: 'UTC', before });
    expect(() => clear(['Thu 3:30-5:30'])).toThrow(InvalidInput);
    expect(() => clear(['Thu 3:30-5:30'], ['Thu 03:30-05:30'])).toThrow(InvalidInput);
    expect(clear(['Thu 3:30-5:30'], ['Thu 3:30-5:30'])).toEqual(['Thu 3:30-5:30']);
    expect(clear(['Mon, Wed and Friday: 3-5pm'])).toEqual([
      ...['Mon 15:00-17:00', 'Wed 15:00-17:00', 'Friday 15:00-17:00'],
    ]);
    expect(() => clear(['Mon, Wed 3-5'])).toThrow(InvalidInput);
  });

  it('leaves the order of a table’s month and day to the office, and keeps a day with its hours', async () => {
    const read = async (cell: string) => {
      const table = Buffer.from(`name;hours\nA;"${cell}"\n`);
      const { rows, problems } = await readHoursCsv('f.csv', table, null, today);
      return [rows[0]?.hours, problems.length];
    };
    expect(await read('12/3 9-11')).toEqual([undefined, 1]);
    expect(await read('Mon, Wed 3-5pm')).toEqual([['Mon 15:00-17:00', 'Wed 15:00-17:00'], 0]);
    expect(await read('12/13 1:00-4:00')).toEqual([undefined, 1]);
    expect(await read('12/13 9-11')).toEqual([['2030-12-13 09:00-11:00'], 0]);
    expect(await read('Tue, Dec 3, 9-11, Dec 4 after 3 pm')).toEqual([
      ['2030-12-03 09:00-11:00', '2030-12-04 15:00-24:00'],
      0,
    ]);
  });

  it.each([
    ['2030-12-03 13:00-16:00', 'Tue, Dec 3, 2030, 1:00–4:00 PM'],
    ['2030-12-03 09:00-12:30', 'Tue, Dec 3, 2030, 9:00 AM–12:30 PM'],
    ['Mon-Fri 15:00-24:00', 'Mon–Fri, after 3:00 PM'],
    ['Fri-Mon 00:00-12:00', 'Fri–Mon, before 12:00 PM'],
    ['Sun 09:00-10:00', 'Sun, 9:00–10:00 AM'],
    ['16:00-20:00', 'Every day, 4:00–8:00 PM'],
    ['00:00-24:00', 'Every day, all day'],
  ])('says %s as %s, which can be typed back', (line, words) => {
    const texts = createTexts();
    const t = (key: string, params?: MessageParams) => texts.t('en', key, params);
    expect(hoursWords(line, { locale: 'en', t, withYear: true })).toBe(words);
    expect(typedHours(words, 'month-first', today)).toEqual({ line });
  });
});
