/** Hours as a table: everything or nothing, wrong rows by their number, and nobody who is not in the file changes. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findPerson } from '../../server/people/people-records.js';
import type { Person } from '../../server/people/person.js';
import { readHoursCsv } from '../../server/people/read-hours-csv.js';
import type { Client } from '../harness/client.js';
import { exhibitionDay } from '../harness/builders/exhibition.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';

let app: TestApp;
let home: TestSchool;
let office: Client;
let people: Record<'ola' | 'zoe' | 'twin' | 'other', Person>;
beforeAll(async () => {
  app = await startApp({ jobs: false });
  home = await app.aSchool();
  await home.person({ name: 'Mei Lin', roles: ['registrar'], email: 'office@hours.example' });
  office = await app.as('office@hours.example');
  people = {
    ola: await home.person({ name: 'Ola Berg', roles: ['guest'], email: 'ola@hours.example' }),
    zoe: await home.person({ name: 'Zoe Adler', roles: ['advisor'] }),
    twin: await home.person({ name: 'Sam Reed', roles: ['guest'] }),
    other: await home.person({ name: 'Sam Reed', roles: ['guardian'] }),
  };
});
afterAll(() => app.close());

const send = (csv: string) => {
  const form = new FormData();
  form.set('file', new Blob([csv]), 'hours.csv');
  return office.send('POST', '/people/hours', form);
};
const attendanceOf = async (person: Person) => (await findPerson(home.scope, person.id))?.attendance;

describe('a table of hours', () => {
  it('is taken over, one row or several for each person', async () => {
    const reply = await send(
      `Name;E-mail;Hours;How often;Languages\n` +
        `Ola Berg;OLA@hours.example;"${exhibitionDay} 9:00 AM - 12:00 PM; Mon-Fri 16:00-18:00";2;Spanish, somali\n` +
        `Adler, Zoe;;${exhibitionDay} 09:00-10:00;;\n`,
    );
    expect(reply.json<object>()).toEqual({ people: 2, changed: 2 });
    expect(await attendanceOf(people.ola)).toMatchObject({
      hours: [`${exhibitionDay} 09:00-12:00`, 'Mon-Fri 16:00-18:00'],
      most: 2,
      speaks: ['Spanish', 'Somali'],
    });
    const rows = await send(
      `person,date,from,until\nZoe Adler,${exhibitionDay},8:30,9:30\nZoe Adler,${exhibitionDay},1:00 pm,2:00 pm\n`,
    );
    expect(rows.json<object>()).toEqual({ people: 1, changed: 1 });
    expect((await attendanceOf(people.zoe))?.hours).toEqual([
      `${exhibitionDay} 8:30-9:30`,
      `${exhibitionDay} 13:00-14:00`,
    ]);
    expect((await attendanceOf(people.ola))?.most).toBe(2);
  });

  it.each([
    ['a stranger', 'name,hours\nNobody Known,09:00-10:00', 'Row 2: nobody at this school is “Nobody Known”.'],
    ['two of one name', 'name,hours\nSam Reed,09:00-10:00', 'Row 2: several people are “Sam Reed”.'],
    ['no hours', 'name,hours\nOla Berg,after lunch', 'Row 2: “after lunch” is not a time range.'],
    ['the wrong way round', 'name,hours\nOla Berg,12:00-09:00', 'Row 2: “12:00-09:00” is not a time range.'],
    [
      'no number',
      'name,hours,panels\nOla Berg,09:00-10:00,often',
      'Row 2: “often” is not a number of panels.',
    ],
    [
      'a formula',
      'name,hours,speaks\nOla Berg,09:00-10:00,=B2',
      'Row 2: “=B2” is a spreadsheet formula or its error, not text.',
    ],
    ['nobody said', 'name,hours\nOla Berg,09:00-10:00\n,09:00-10:00', 'Row 3: it does not say who.'],
    ['no column of people', 'hours\n09:00-10:00', 'No column of hours.csv says who'],
    ['no column of hours', 'name\nOla Berg', 'No column of hours.csv says when'],
    ['nothing', 'name,hours\n', 'The file has no rows.'],
  ])('with %s changes nothing and says why', async (_name, csv, words) => {
    const before = await attendanceOf(people.ola);
    const reply = await send(csv);
    expect(reply.status).toBe(422);
    const messages = reply.json<{ error: { fields: { field: string; message: string }[] } }>().error.fields;
    expect(messages).toContainEqual({ field: 'file', message: expect.stringContaining(words) });
    expect(await attendanceOf(people.ola)).toEqual(before);
  });

  it('leaves what was there where a cell says nothing; “always” and “never” are words', async () => {
    const before = (await attendanceOf(people.ola))!;
    expect(before.hours).not.toEqual([]);
    const blank = await send('name,hours,panels\nOla Berg,,4\n');
    expect(blank.json<object>()).toEqual({ people: 1, changed: 1 });
    expect(await attendanceOf(people.ola)).toMatchObject({ hours: before.hours, most: 4 });
    const form = { termId: home.termId, title: 'Fall', format: 'panel', rubric: 'exhibition' };
    const made = await office.post('/exhibitions', {
      ...{ ...form, startsAt: `${exhibitionDay}T09:00`, place: 'Hall', slotMinutes: 50 },
    });
    expect([made.status, made.text]).toEqual([201, expect.anything()]);
    const { id } = made.json<{ id: string }>();
    await send('name,hours\nOla Berg,Never\n');
    expect(await attendanceOf(people.ola)).toMatchObject({ hours: before.hours, most: 4, awayFrom: [id] });
    await send(`name,hours\nOla Berg,"${before.hours.join('; ')}"\n`);
    expect(await attendanceOf(people.ola)).toMatchObject({ hours: before.hours, awayFrom: [] });
    await send('name,hours\nOla Berg,any time\n');
    expect(await attendanceOf(people.ola)).toMatchObject({ hours: [], most: 4, awayFrom: [] });
  });

  it('reads stretches that a line break in a cell has joined', async () => {
    const { rows } = await readHoursCsv(
      'f.csv',
      Buffer.from('name,hours\nA,"Mon 9:00-10:00\nTue 9:00-10:00"\n'),
    );
    expect(rows[0]?.hours).toEqual(['Mon 9:00-10:00', 'Tue 9:00-10:00']);
  });
});
