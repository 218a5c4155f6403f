/** Hours as people type them, and what the school knows of somebody for its timetables. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { momentsOf, readHours } from '../../server/people/hours.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { at, clocksGoBack, dayAfter, schoolZone, today } from '../harness/test-clock.js';

const every = [1, 2, 3, 4, 5, 6, 7];

describe('hours', () => {
  it.each([
    ['16:00-20:00', { date: null, weekdays: every, from: '16:00', until: '20:00' }],
    ['Mon-Fri 9:00 – 12:30', { date: null, weekdays: [1, 2, 3, 4, 5], from: '09:00', until: '12:30' }],
    ['saturday - mon 08:00-24:00', { date: null, weekdays: [1, 6, 7], from: '08:00', until: '24:00' }],
    [`${today()} 09:00-12:00`, { date: today(), weekdays: [], from: '09:00', until: '12:00' }],
  ])('%s', (text, hours) => expect(readHours(text)).toEqual(hours));

  it.each([
    '',
    'after school',
    '20:00-16:00',
    '9-12',
    'Foo 9:00-12:00',
    `${today().slice(0, 4)}-02-30 9:00-10:00`,
    '9:70-10:00',
  ])('refuses "%s"', (text) => expect(readHours(text)).toBeNull());

  it('are moments in the zone of the school, also on the day on which the clocks change', () => {
    const hours = [readHours('Sun 16:00-20:00')!];
    const found = momentsOf(hours, [dayAfter(clocksGoBack, -1), clocksGoBack], schoolZone);
    expect(found.map((span) => new Date(span.from))).toEqual([at('16:00', clocksGoBack)]);
    expect(found[0]!.until - found[0]!.from).toBe(4 * 3_600_000);
  });
});

describe('what the school was told of somebody', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it('is kept as typed, stays where a program leaves it out, and is read by those who run the school', async () => {
    const home = await app.aSchool();
    await home.person({ name: 'Rosa', roles: ['registrar'], email: 'rosa@facts.example' });
    const registrar = await app.as('rosa@facts.example');
    const person = { givenName: 'Ana', familyName: 'Ruiz', roles: ['guardian'] };
    const typed = { speaks: 'spanish,  haitian creole', interpreter: 'Spanish', stepFree: 'yes' };
    const added = await registrar.post('/people', { ...person, ...typed, hours: '16:00-20:00\n\n' });
    expect(added.status).toBe(201);
    const path = `/people/${added.json<{ person: { id: string } }>().person.id}`;
    const facts = {
      speaks: ['Spanish', 'Haitian creole'],
      interprets: [],
      interpreter: 'Spanish',
      stepFree: true,
      hours: ['16:00-20:00'],
    };
    expect((await registrar.get(path)).json<{ person: object }>().person).toMatchObject(facts);
    expect((await registrar.put(path, { ...person, interprets: ['Spanish'] })).status).toBe(200);
    expect((await registrar.get(path)).json<{ person: object }>().person).toMatchObject({
      ...facts,
      interprets: ['Spanish'],
    });
    const wrong = await registrar.put(path, { ...person, hours: '16:00-20:00\nafter work' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('“after work” is not a time range. Write, for example, Dec 3, 9–11 AM');
    await registrar.put(path, { ...person, hours: '12/3/2030 9am-11am\nweekdays after 3 pm' });
    const form = await registrar.get(path, { as: 'page' });
    expect(form.text).toMatch(/Tue, Dec 3, 2030, 9:00–11:00 AM\s+Mon–Fri, after 3:00 PM/);
    const list = await registrar.get('/people');
    expect(list.text).not.toContain('interpreter');
  });
});
