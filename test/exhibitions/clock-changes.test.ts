/**
 * Times as a school's clocks show them: those that the clocks skip are refused, those that they show twice
 * are asked about.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import { InvalidInput } from '../../server/errors.js';
import { saveExhibitionChange } from '../../server/exhibitions/exhibition-records.js';
import { readMoment } from '../../server/exhibitions/day-and-time.js';
import { zoneMoveOf } from '../../server/school/change-zone.js';
import { findSchool } from '../../server/school/school-records.js';
import { anExhibition } from '../harness/builders/exhibition.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { clocksGoBack, schoolZone, testClock } from '../harness/test-clock.js';

/** The next day after today of so many hours in this zone. */
function dayOfHours(hours: number): string {
  let day = DateTime.fromJSDate(testClock.now(), { zone: schoolZone }).startOf('day');
  while (day.plus({ days: 1 }).diff(day, 'hours').hours !== hours) day = day.plus({ days: 1 });
  return day.toISODate()!;
}
const spring = dayOfHours(23);
const read = (text: string, which?: 'first' | 'second' | 'any') =>
  readMoment(text, schoolZone, 'startsAt', which).toISOString();

describe('a time of the clock', () => {
  it.each([
    [`${spring}T02:30`, 'time-skipped'],
    [`${clocksGoBack}T01:30`, 'time-twice'],
    [`${clocksGoBack}T25:30`, 'not-a-time'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => read(text)).toThrow(InvalidInput);
    try {
      read(text);
    } catch (error) {
      expect((error as InvalidInput).fields).toMatchObject([
        { field: 'startsAt', message: `exhibition.problem.${message}` },
      ]);
    }
  });

  it.each<[string, 'first' | 'second' | 'any' | undefined, string]>([
    [`${clocksGoBack}T01:30`, 'first', `${clocksGoBack}T05:30:00.000Z`],
    [`${clocksGoBack}T01:30`, 'second', `${clocksGoBack}T06:30:00.000Z`],
    [`${clocksGoBack}T01:30`, 'any', `${clocksGoBack}T05:30:00.000Z`],
    [`${clocksGoBack}T01:30:00-05:00`, undefined, `${clocksGoBack}T06:30:00.000Z`],
    [`${clocksGoBack}T05:30:00Z`, undefined, `${clocksGoBack}T05:30:00.000Z`],
    [`${clocksGoBack}T02:00`, undefined, `${clocksGoBack}T07:00:00.000Z`],
    [`${spring}T03:00`, undefined, `${spring}T07:00:00.000Z`],
    [`${spring}T09:00`, 'second', `${spring}T13:00:00.000Z`],
  ])('%s (%s) is %s', (text, which, moment) => {
    expect(read(text, which)).toBe(moment);
  });
});

it('a change of the zone tells what is shown at another time, and nothing where the clocks agree', () => {
  const now = testClock.now();
  const item = { startsAt: now, title: 'Fall', room: 'Library' };
  const nothing = { presentations: [], exhibitions: [], peopleWithHours: 0 };
  const move = (to: string, upcoming: object) =>
    zoneMoveOf({ from: schoolZone, to, locale: 'en', now }, { ...nothing, ...upcoming });
  const many = { presentations: Array.from({ length: 40 }, () => item) };
  for (const upcoming of [{ presentations: [item] }, { exhibitions: [item] }, { peopleWithHours: 2 }, many]) {
    expect([move('America/Detroit', upcoming), move('US/Eastern', upcoming)]).toEqual([null, null]);
    expect(move('America/Chicago', upcoming)).not.toBeNull();
  }
  expect(move('America/Chicago', {})).toBeNull();
  const [moved] = move('America/Chicago', { exhibitions: [item] })!.items;
  expect(moved!.before).not.toBe(moved!.after);
  expect(move('America/Chicago', many)).toMatchObject({ presentations: 40, more: 10 });
  expect(move('America/Chicago', many)!.items).toHaveLength(30);
});

describe('on screen', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app?.close());

  it('a planner is asked which of two moments is meant', async () => {
    const day = await anExhibition(app);
    const plan = (startsAt: string, more: object = {}) =>
      day.planner.post(
        `${day.path}/slots`,
        { studentIds: [day.students[0]!.id], startsAt, room: 'Library', ...more },
        { as: 'page' },
      );
    const asked = await plan(`${clocksGoBack}T01:30`);
    expect([asked.status, asked.text]).toEqual([422, expect.stringContaining('name="whichTime"')]);
    expect(asked.text).toContain('the clocks show 01:30 twice');
    const again = await day.planner.post(`${day.path}/slots`, {
      ...{ studentIds: [day.students[0]!.id], startsAt: `${clocksGoBack}T01:30`, room: 'Library' },
      whichTime: 'second',
    });
    const { slots } = again.json<{ slots: { id: string; startsAt: string }[] }>();
    expect(slots).toMatchObject([{ startsAt: `${clocksGoBack}T06:30:00.000Z` }]);
    // What is stored answers the question by itself.
    const page = await day.planner.get(`/slots/${slots[0]!.id}`, { as: 'page' });
    expect(page.text).toContain('<option value="second" selected>');
    const usual = await day.planner.get(`${day.path}/edit`, { as: 'page' });
    expect([usual.status, usual.text.includes('name="whichTime"')]).toEqual([200, false]);
  });

  it('hours of a day on which the clocks change are asked about', async () => {
    const day = await anExhibition(app);
    const say = (hours: string) => day.planner.put('/availability', { hours });
    const refused = await say(`${clocksGoBack} 01:30-04:00`);
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('The clocks change')]);
    expect((await say(`${clocksGoBack} 03:00-05:00`)).status).toBe(200);
    const plan = { rooms: 'Library', slotMinutes: 30, teachers: 1 };
    const days = `${clocksGoBack} 00:30-01:30`;
    const planned = await day.planner.put(`${day.path}/schedule`, { ...plan, days });
    expect([planned.status, planned.text]).toEqual([422, expect.stringContaining('The clocks change')]);
  });

  it('an administrator sees what another zone moves before it does, and everything else is saved', async () => {
    const day = await anExhibition(app);
    const { school, person } = day.home;
    const later = DateTime.fromJSDate(testClock.now()).plus({ days: 3 }).toUTC().toISO();
    await day.planner.post(`${day.path}/slots`, {
      ...{ studentIds: [day.students[0]!.id], startsAt: later, room: 'Library' },
    });
    await person({ name: 'Ada Min', roles: ['admin'], email: 'ada@zone.example' });
    const admin = await app.as('ada@zone.example');
    const zoneNow = async () => (await findSchool(app.context.db, school.id))!.timeZone;
    const wanted = { name: 'Renamed', timeZone: 'America/Chicago' };
    const refused = await admin.put('/school', wanted);
    expect([refused.status, refused.json()]).toMatchObject([
      ...[409, { error: { code: 'zone-moves', presentations: 1, items: [{ room: 'Library' }] } }],
    ]);
    const page = await admin.post('/school', wanted, { as: 'page' });
    expect(page.text).toContain('1 upcoming presentation will show at a different time.');
    expect(page.text).toContain('Library');
    expect([await zoneNow(), (await findSchool(app.context.db, school.id))!.name]).toEqual([
      schoolZone,
      'Renamed',
    ]);
    const sure = await admin.post(
      '/school',
      { timeZone: 'America/Chicago', zoneConfirmed: 'yes' },
      { as: 'page' },
    );
    expect([sure.status, await zoneNow()]).toEqual([303, 'America/Chicago']);
  });

  it('is asked also where no presentation is planned so far, and about hours that people gave', async () => {
    const day = await anExhibition(app);
    const { scope, person } = day.home;
    await person({ name: 'Al Min', roles: ['admin'], email: 'al@zone.example' });
    const admin = await app.as('al@zone.example');
    const change = () => admin.put('/school', { timeZone: 'America/Chicago' });
    const moment = { startsAt: new Date(testClock.now().getTime() - 1000) };
    const plan = (startsAt: Date) => saveExhibitionChange(scope, day.exhibitionId, 'draft', { startsAt });
    await plan(new Date(testClock.now().getTime() + 3 * 24 * 60 * 60 * 1000));
    expect((await change()).json()).toMatchObject({ error: { exhibitions: 1, presentations: 0 } });
    const page = await admin.post('/school', { timeZone: 'America/Chicago' }, { as: 'page' });
    expect(page.text).toContain('1 exhibition without presentations so far will show a different start.');
    await plan(moment.startsAt);
    await day.planner.put('/availability', { hours: 'Mon 09:00-12:00' });
    expect((await change()).json()).toMatchObject({ error: { exhibitions: 0, peopleWithHours: 1 } });
  });
});
