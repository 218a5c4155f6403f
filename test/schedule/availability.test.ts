/** Signing up: panelists and families say themselves when they can come, and the timetable knows it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import { getExhibition } from '../../server/exhibitions/exhibition-records.js';
import { findPerson } from '../../server/people/people-records.js';
import { gatherProblem } from '../../server/schedule/gather-problem.js';
import { exhibitionPorts } from '../../server/ports.js';
import { findSchedule } from '../../server/schedule/schedule-records.js';
import { anExhibition, exhibitionDay, type TestExhibition } from '../harness/builders/exhibition.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let day: TestExhibition;
let judge: { id: string; client: Client };
let parent: { id: string; client: Client };
const morning = `${exhibitionDay} 09:00-12:00`;
beforeAll(async () => {
  app = await startApp({ jobs: false });
  day = await anExhibition(app);
  const kept = await day.planner.put(`${day.path}/schedule`, {
    ...{ rooms: 'Library', days: `${morning}\n${exhibitionDay} 13:00-16:00`, slotMinutes: 50, teachers: 1 },
  });
  if (kept.status !== 200) throw new Error(kept.text);
  const joined = async (name: string, roles: ('panelist' | 'guardian')[]) => {
    const { person, client } = await day.join(name, roles);
    return { id: person.id, client };
  };
  judge = await joined('Ola Berg', ['panelist']);
  parent = await joined('Rosa Núñez', ['guardian']);
});
afterAll(() => app.close());

interface Availability {
  when: string;
  offered: { value: string; chosen: boolean }[];
  hours: string[];
  most: number | null;
  conflicts: string[];
}
const saved = async (id: string) => (await findPerson(day.home.scope, id))?.attendance;

describe('signing up', () => {
  it('offers the hours that are planned, and keeps what is said', async () => {
    const before = (await judge.client.get('/availability')).json<Availability>();
    expect(before).toMatchObject({ when: 'always', offered: [{ value: morning, chosen: false }, {}] });
    const said = { when: 'these', days: [morning], hours: 'Mon 16:00-18:00', most: 3, speaks: 'spanish' };
    const reply = await judge.client.put('/availability', {
      ...said,
      conflicts: day.students[0]!.displayName,
    });
    expect(reply.json<Availability>()).toMatchObject({
      ...{ when: 'these', hours: ['Mon 16:00-18:00'], most: 3, conflicts: [day.students[0]!.displayName] },
      offered: [{ value: morning, chosen: true }, { chosen: false }],
    });
    expect(await saved(judge.id)).toMatchObject({
      ...{ hours: [morning, 'Mon 16:00-18:00'], most: 3, speaks: ['Spanish'] },
      conflictIds: [day.students[0]!.id],
    });
    const again = await judge.client.put(
      '/availability',
      (await judge.client.get('/availability')).json<object>(),
    );
    expect(again.status).toBe(200);
    expect((await saved(judge.id))?.hours).toEqual([morning, 'Mon 16:00-18:00']);
  });

  it('choosing no hours is not the same as always, and not coming is said as such', async () => {
    const refused = await parent.client.put('/availability', { when: 'these', days: [] });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Choose at least one time');
    expect((await parent.client.put('/availability', { when: 'never' })).json<Availability>().when).toBe(
      'never',
    );
    const { id } = (await day.planner.get(day.path)).json<{ id: string }>();
    expect(await saved(parent.id)).toMatchObject({ awayFrom: [id], most: null });
    expect((await parent.client.put('/availability', { when: 'always' })).json<Availability>().when).toBe(
      'always',
    );
  });

  it('not this time is about what is planned now: later exhibitions ask again, and the hours are still there', async () => {
    const hours = { when: 'these', days: [morning], most: 2 };
    expect((await judge.client.put('/availability', hours)).status).toBe(200);
    const kept = await judge.client.put('/availability', { when: 'never', days: [] });
    expect(kept.json<Availability>()).toMatchObject({ when: 'never', most: 2 });
    const exhibition = (await day.planner.get(day.path)).json<{ id: string }>();
    const mostAt = async (exhibitionId: string) => {
      const schedule = (await findSchedule(day.home.scope, exhibition.id))!;
      const { problem } = await gatherProblem(
        exhibitionPorts,
        day.home.scope,
        { ...(await getExhibition(day.home.scope, exhibition.id)), id: exhibitionId },
        { ...schedule, exhibitionId },
      );
      return problem.people.find((person) => person.id === judge.id)?.most;
    };
    expect(await mostAt(exhibition.id)).toBe(0);
    expect(await mostAt('the-next-one')).toBe(2);
    await judge.client.put('/availability', hours);
    expect(await mostAt(exhibition.id)).toBe(2);
  });

  it('hours with a date count for that date alone: a later exhibition asks again', async () => {
    const exhibition = await getExhibition(
      day.home.scope,
      (await day.planner.get(day.path)).json<{ id: string }>().id,
    );
    const schedule = (await findSchedule(day.home.scope, exhibition.id))!;
    const after = (days: number) => DateTime.fromISO(exhibitionDay).plus({ days }).toISODate()!;
    const freeOn = async (days: string[]) => {
      const asked = { ...schedule, days };
      const gathered = await gatherProblem(exhibitionPorts, day.home.scope, exhibition, asked);
      return gathered.problem.people.find((person) => person.id === judge.id)?.available;
    };
    const say = (hours: string) => judge.client.put('/availability', { when: 'these', hours });
    expect((await say(morning)).status).toBe(200);
    const span = { from: expect.any(Number), until: expect.any(Number) };
    expect(await freeOn([morning])).toEqual([span]);
    // The second day of the same exhibition was there to be chosen, and was not.
    expect(await freeOn([morning, `${after(1)} 09:00-12:00`])).toEqual([span]);
    expect(await freeOn([`${after(100)} 09:00-12:00`])).toBeNull();
    expect((await say(`${morning}\nSun 06:00-07:00`)).status).toBe(200);
    expect(await freeOn([`${after(100)} 09:00-12:00`])).not.toBeNull();
    expect((await judge.client.put('/availability', { when: 'always' })).status).toBe(200);
  });

  it('tells families and guests nothing about who is at the school', async () => {
    const page = await parent.client.get('/availability', { as: 'page' });
    expect(page.text).toContain('in your own words');
    for (const conflicts of [day.students[0]!.displayName, 'Nobody Known'])
      expect((await parent.client.put('/availability', { when: 'always', conflicts })).status).toBe(200);
    expect((await saved(parent.id))?.conflictIds).toEqual([]);
  });

  it('families write in their own words whom they must not hear; the office says who is meant', async () => {
    const { client: office } = await day.join('Mei Chen', ['registrar']);
    const said = { when: 'always', conflictWords: 'My niece\nItzel' };
    const reply = await parent.client.put('/availability', said);
    expect(reply.json<object>()).toMatchObject({
      conflicts: [],
      conflictIds: [],
      conflictWords: said.conflictWords,
    });
    const waiting = async () =>
      (await office.get('/availability/conflicts')).json<{ people: { id: string; words: string }[] }>()
        .people;
    expect(await waiting()).toEqual([{ id: parent.id, name: 'Rosa Núñez', words: said.conflictWords }]);
    const planning = await day.planner.get(`${day.path}/schedule`, { as: 'page' });
    expect(planning.text).toContain('1 person wrote whom they shouldn’t score.');
    const settle = (body: object) => office.post(`/availability/conflicts/${parent.id}`, body);
    const unread = await settle({ students: '', words: 'My niece' });
    expect([unread.status, unread.text]).toEqual([409, expect.stringContaining('Read it again')]);
    const nobody = await settle({ students: 'Nobody Known', words: said.conflictWords });
    expect([nobody.status, nobody.text]).toEqual([422, expect.stringContaining('No student is named')]);
    const page = await office.get('/availability/conflicts', { as: 'page' });
    expect(page.text).toContain('My niece');
    // As a browser sends what a hidden field holds.
    const settled = await settle({
      students: day.students[0]!.displayName,
      words: said.conflictWords.replace('\n', '\r\n'),
    });
    expect(settled.json<object>()).toEqual({ id: parent.id, conflictIds: [day.students[0]!.id] });
    expect(await saved(parent.id)).toMatchObject({ conflictIds: [day.students[0]!.id], conflictWords: '' });
    expect(await waiting()).toEqual([]);
    // Saying when they can come changes nothing about it, and tells them nothing.
    const again = await parent.client.put('/availability', { when: 'always' });
    expect(again.json<object>()).toMatchObject({ conflicts: [], conflictIds: [] });
    expect((await saved(parent.id))?.conflictIds).toEqual([day.students[0]!.id]);
  });

  it('two students of one name stay two: the page keeps their ids, and each line is one of them', async () => {
    const twins = [
      await day.home.person({ name: 'Sam Reed', roles: ['student'], studentNumber: 'T-1' }),
      await day.home.person({ name: 'Sam Reed', roles: ['student'], studentNumber: 'T-2' }),
    ];
    const ids = twins.map(({ id }) => id);
    const say = (body: object) => judge.client.put('/availability', { when: 'always', ...body });
    const sayings = ['Sam Reed', 'T-1', 'Nobody Known'].map((conflicts) =>
      say({ conflictIds: [], conflicts }),
    );
    // Whether nobody or several have a name, and whose number it is, is told to nobody but the office.
    for (const reply of await Promise.all(sayings))
      expect([reply.status, reply.text]).toEqual([422, expect.stringContaining('exactly one student')]);
    const many = Array.from({ length: 21 }, (_, at) => `Name ${at}`).join('\n');
    expect((await say({ conflicts: many })).text).toContain('20 names at most');
    expect((await say({})).status).toBe(200);
    await app.context.db.connection
      .collection<{ _id: string }>('people')
      .updateOne({ _id: judge.id }, { $set: { 'attendance.conflictIds': ids } });
    expect((await saved(judge.id))?.conflictIds).toEqual(ids);
    const read = async () => (await judge.client.get('/availability')).json<Availability>();
    expect((await read()).conflicts).toEqual(['Sam Reed', 'Sam Reed']);
    expect((await judge.client.put('/availability', await read())).status).toBe(200);
    expect((await saved(judge.id))?.conflictIds).toEqual(ids);
    expect((await say({ conflicts: ['Sam Reed', 'Sam Reed'] })).status).toBe(200);
    expect((await saved(judge.id))?.conflictIds).toEqual(ids);
    const page = await judge.client.get('/availability', { as: 'page' });
    for (const id of ids) expect(page.text).toContain(`name="conflictIds" value="${id}" checked`);
    expect((await say({ conflictIds: ['', ids[1]] })).status).toBe(200);
    expect((await saved(judge.id))?.conflictIds).toEqual([ids[1]]);
    await say({ conflictIds: [] });
    expect((await saved(judge.id))?.conflictIds).toEqual([]);
  });

  it.each([
    ['hours', { hours: 'after lunch' }, 'time range'],
    [
      'conflicts',
      { when: 'always', conflicts: 'Nobody Known' },
      '“Nobody Known” is not the name of exactly one student',
    ],
  ])('refuses wrong %s beside the field', async (field, body, words) => {
    const reply = await judge.client.put('/availability', { days: [morning], ...body });
    expect(reply.status).toBe(422);
    expect(reply.json<{ error: { fields: object[] } }>().error.fields).toContainEqual({
      field,
      message: expect.stringContaining(words),
    });
  });
});
