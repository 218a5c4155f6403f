/** Hours as spreadsheets write them: read where they can be meant in one way only, asked about where not. */
import { describe, expect, it } from '@jest/globals';
import { readHoursCsv } from '../../server/people/read-hours-csv.js';

describe('a table of hours', () => {
  it.each([
    ['11/24/2030 9:00 AM - 12:00 PM', '2030-11-24 09:00-12:00'],
    ['24/11/2030 09:00:00-12:00:00', '2030-11-24 09:00-12:00'],
    ['24.11.2030 9.00-12.30', '2030-11-24 09:00-12:30'],
    ['04.05.2030 9-12', '2030-05-04 09:00-12:00'],
    ['5/5/30 9-12', '2030-05-05 09:00-12:00'],
    ['2030-11-24 00:00:00 9-11 AM', '2030-11-24 09:00-11:00'],
    ['11-1 PM', '11:00-13:00'],
    ['1-3 p.m.', '13:00-15:00'],
    ['Mon 8 pm - 12 am', 'Mon 20:00-24:00'],
    ['Tuesday 9:00 until 10:30', 'Tuesday 09:00-10:30'],
    ['16:00-20:00', '16:00-20:00'],
  ])('reads %s as a spreadsheet writes it', async (typed, line) => {
    const { rows, problems } = await readHoursCsv('f.csv', Buffer.from(`name,hours\nA,${typed}\n`));
    expect([rows[0]?.hours, problems]).toEqual([[line], []]);
  });

  it('finds the headings below titles, and names damaged cells', async () => {
    const file = 'Panel hours,,\nPrinted today,,\nname,email,hours\nA One,a@h.example,Mon 9:00-12:00\n';
    expect((await readHoursCsv('f.csv', Buffer.from(file))).rows).toMatchObject([
      { row: 4, name: 'A One', hours: ['Mon 9:00-12:00'] },
    ]);
    const { problems } = await readHoursCsv('f.csv', Buffer.from('name,hours\nA\ufffd One,Mon 9:00-12:00\n'));
    expect(problems).toMatchObject([{ row: 2, message: 'people.hours.problem.damaged' }]);
  });

  it('asks whether the month or the day comes first, and takes the answer', async () => {
    const csv = Buffer.from('name,date,from,until\nA,4/5/2030,09:00:00,12:00:00\nA,11/24/2030,9,11\n');
    const read = async (order: 'month-first' | 'day-first' | null) => readHoursCsv('f.csv', csv, order);
    expect((await read(null)).problems).toEqual([
      { row: 2, message: 'people.hours.problem.which-date', params: { line: '4/5/2030 09:00:00-12:00:00' } },
    ]);
    const { rows, problems } = await read('month-first');
    expect([rows.map(({ hours }) => hours), problems]).toEqual([
      [['2030-04-05 09:00-12:00'], ['2030-11-24 09:00-11:00']],
      [],
    ]);
    expect((await read('day-first')).problems).toMatchObject([{ row: 3 }]);
  });
});
