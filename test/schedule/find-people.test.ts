/**
 * Choosing people in planning at a school of more than a thousand students: found by name in the database,
 * with and without script.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newPersonOf } from '../../server/people/add-person.js';
import { nothingSaid } from '../../server/people/attendance.js';
import { savePeople, savePersonChange } from '../../server/people/people-records.js';
import { MAX_STUDENTS_LISTED } from '../../server/schedule/people-choices.js';
import { anExhibition, exhibitionDay, type TestExhibition } from '../harness/builders/exhibition.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let day: TestExhibition;
let zelda: string;
let sam: string;
beforeAll(async () => {
  app = await startApp({ jobs: false });
  day = await anExhibition(app);
  const { scope, school } = day.home;
  const students = Array.from({ length: MAX_STUDENTS_LISTED + 1 }, (_, at) =>
    newPersonOf(app.context.clock, school.id, {
      ...{ givenName: at === 0 ? 'Zelda' : 'Sam', familyName: `Number${at}`, roles: ['student'] },
    }),
  );
  [zelda, sam] = [students[0]!.id, students[1]!.id];
  await savePeople(scope, students);
});
afterAll(() => app.close());

const page = { as: 'page' } as const;
const box = (kind: string, name: string, id: string) => `<input type="${kind}" name="${name}" value="${id}"`;

it('finds by part of a name, 20 at most, only students where asked', async () => {
  const found = async (query: string) =>
    (await day.planner.get(`${day.path}/people?${query}`)).json<{
      people: { value: string; label: string }[];
    }>().people;
  expect(await found('search=zelda')).toMatchObject([{ value: zelda, label: 'Zelda Number0' }]);
  expect(await found('search=sam')).toHaveLength(20);
  expect((await found('search=okafor')).map(({ value }) => value)).toEqual([day.advisor.id]);
  expect(await found('search=okafor&who=students')).toEqual([]);
  expect(await found('search=')).toEqual([]);
});

describe('the form of the timetable', () => {
  it('lists nobody of so many, finds without script, and loses nothing that was typed', async () => {
    const before = await day.planner.get(`${day.path}/schedule`, page);
    expect(before.text).not.toContain(zelda);
    const typed = { rooms: 'The Attic', days: `${exhibitionDay} 10:00-11:00`, studentIds: [] as string[] };
    const send = (more: object) =>
      day.planner.post(`${day.path}/schedule/people`, { ...typed, ...more }, page);
    const found = await send({ findStudents: 'zelda' });
    expect(found.status).toBe(200);
    expect(found.text).toContain('The Attic');
    expect(found.text).toContain(`${box('checkbox', 'studentIds', zelda)}>`);
    expect(found.text).toContain(`data-people-href="${day.path}/people?who=students"`);
    // Whoever was ticked before stays, also while somebody else is searched for.
    const kept = await send({ studentIds: [zelda], findPanelists: 'okafor' });
    expect(kept.text).toContain(`${box('checkbox', 'studentIds', zelda)} checked>`);
    expect(kept.text).toContain(box('checkbox', 'panelistIds', day.advisor.id));
  });

  it('has whoever was found and ticked after it was refused, and in the draft that is kept', async () => {
    const typed = {
      ...{ rooms: 'The Attic', days: 'some day', slotMinutes: 50, breakMinutes: 10, presenting: 'chosen' },
      ...{ advisor: 'no', family: 'no', mentor: 'no', teachers: 1, peers: 0, guests: 0, seen: '' },
      ...{ studentIds: [zelda], listening: 'chosen', panelistIds: [sam] },
    };
    const isTicked = (text: string) =>
      [
        ['studentIds', zelda],
        ['panelistIds', sam],
      ].map(([name, id]) => text.includes(`${box('checkbox', name!, id!)} checked`));
    const { client: other } = await day.join('Rita Lind', ['registrar']);
    const wrong = await day.planner.post(`${day.path}/schedule`, typed, page);
    expect([wrong.status, ...isTicked(wrong.text)]).toEqual([422, true, true]);
    const good = { ...typed, days: `${exhibitionDay} 10:00-11:00` };
    expect(
      (await other.put(`${day.path}/schedule`, { ...good, presenting: 'all', studentIds: [] })).status,
    ).toBe(200);
    const stale = await day.planner.post(`${day.path}/schedule`, good, page);
    expect([stale.status, ...isTicked(stale.text)]).toEqual([409, true, true]);
    const asTexts = Object.fromEntries(
      Object.entries(good).flatMap(([name, value]) => (Array.isArray(value) ? [] : [[name, String(value)]])),
    );
    const draft = {
      action: `${day.path}/schedule`,
      page: `${day.path}/schedule`,
      fields: { ...good, ...asTexts },
    };
    expect((await other.put('/drafts', draft)).status).toBe(200);
    const opened = await other.get(`${day.path}/schedule`, page);
    expect([opened.status, ...isTicked(opened.text)]).toEqual([200, true, true]);
  });
});

describe('the page of a presentation', () => {
  it('offers staff in groups to choose one of, and finds anybody else by name', async () => {
    const slotId = await day.slotId();
    const { person: teacher } = await day.join('Ola Berg', ['advisor']);
    const plain = await day.planner.get(`/slots/${slotId}`, page);
    expect(plain.text).not.toMatch(/<select[^>]*name="personId"/);
    expect(plain.text).toContain(box('radio', 'personId', teacher.id));
    expect(plain.text).not.toContain(box('radio', 'personId', zelda));
    const found = await day.planner.get(`/slots/${slotId}?find=zelda`, page);
    expect(found.text).toContain(box('radio', 'personId', zelda));
    const nobody = await day.planner.get(`/slots/${slotId}?find=nobody-known`, page);
    expect(nobody.text).toContain('No one else by that name');
    const wrong = { personId: zelda, role: 'nobody' };
    const refused = await day.planner.post(`/slots/${slotId}/seats`, wrong, page);
    expect([refused.status, refused.text]).toEqual([
      422,
      expect.stringContaining(`${box('radio', 'personId', zelda)} checked`),
    ]);
    expect((await day.planner.post(`/slots/${slotId}/seats`, { personId: zelda }, page)).status).toBe(303);
  });

  it('has whoever was found for a group in the form that is shown again', async () => {
    const path = `/slots/${await day.slotId({ student: 1, room: 'Loft' })}`;
    expect((await day.planner.get(path, page)).text).not.toContain(sam);
    // Somebody of the panel has named the student.
    await savePersonChange(day.home.scope, day.advisor.id, {
      attendance: { ...nothingSaid, conflictIds: [sam] },
    });
    const seat = await day.planner.post(`${path}/seats`, { personId: day.advisor.id });
    expect(seat.status).toBe(201);
    const refused = await day.planner.post(`${path}/members`, { studentId: sam }, page);
    expect([refused.status, refused.text]).toEqual([
      422,
      expect.stringContaining(`${box('radio', 'studentId', sam)} checked`),
    ]);
  });
});
