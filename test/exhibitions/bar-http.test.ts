/** The bar of an exhibition over HTTP: announced before scoring, in the levels and rows of its rubric. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { getExhibition } from '../../server/exhibitions/exhibition-records.js';
import { anExhibition, on } from '../harness/builders/exhibition.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

it('is set on all rows or on named ones, and everybody who takes part reads it', async () => {
  const day = await anExhibition(app);
  const address = `${day.path}/bar`;
  expect((await day.planner.get(address)).json<object>()).toEqual({
    exhibitionId: day.exhibitionId,
    bar: null,
    seen: expect.any(String),
  });
  const set = await day.planner.put(address, { levelId: 'meeting' });
  expect(set.json()).toMatchObject({ bar: { levelId: 'meeting', level: 'Meeting', criterionIds: null } });
  const rows = app.context.rubrics.bySlug('exhibition').rubric.criteria;
  const named = { levelId: 'meeting', rows: 'named', criterionIds: [rows[2]!.id, rows[0]!.id] };
  const posted = await day.planner.post(address, named, { as: 'page' });
  expect([posted.status, posted.headers.get('location')]).toEqual([303, day.path]);
  const { bar } = await getExhibition(day.home.scope, day.exhibitionId);
  expect(bar).toEqual({ levelId: 'meeting', criterionIds: [rows[0]!.id, rows[2]!.id] });
  const form = (await day.planner.get(address, { as: 'page' })).text;
  expect(form.match(/name="criterionIds" value="[^"]+" checked/g)).toHaveLength(2);

  await day.slotId();
  await day.move('open');
  const { client: student } = await day.join('Ana Núñez', ['student']);
  const seen = (await student.get(day.path, { as: 'page' })).text;
  expect(seen).toContain('To meet: Meeting or beyond on');
  expect(seen).not.toContain(address);
  expect((await student.get(day.path)).json<{ bar: object }>().bar).toMatchObject({
    rows: [rows[0]!.name, rows[2]!.name],
  });
});

it('refuses what the rubric does not have and keeps what was typed', async () => {
  const day = await anExhibition(app);
  const address = `${day.path}/bar`;
  for (const [body, field] of [
    [{ levelId: 'perfect' }, 'levelId'],
    [{ levelId: 'meeting', rows: 'named', criterionIds: ['handwriting'] }, 'criterionIds'],
    [{ levelId: 'meeting', rows: 'named' }, 'criterionIds'],
  ] as const) {
    const reply = await day.planner.put(address, body);
    expect([reply.status, reply.text.includes(`"${field}"`)]).toEqual([422, true]);
  }
  const { seen } = (await day.planner.get(address)).json<{ seen: string }>();
  const { client: other } = await day.join('Rosa Lind', ['registrar']);
  expect((await other.put(address, { levelId: 'building' })).status).toBe(428);
  expect((await other.put(address, { levelId: 'building', seen })).status).toBe(200);
  const stale = await day.planner.put(address, { levelId: 'meeting', seen });
  expect([stale.status, stale.json()]).toMatchObject([
    ...[409, { error: { code: 'stale', changes: [{ who: 'Rosa Lind' }] } }],
  ]);
  const page = await day.planner.post(address, { levelId: 'extending', rows: 'named' }, { as: 'page' });
  expect(page.status).toBe(422);
  expect(page.text).toContain('Choose at least one criterion');
  expect(page.text).toMatch(/value="extending" checked/);
});

it('stands once scoring has started, and goes when a draft takes another rubric, not another version', async () => {
  const day = await anExhibition(app);
  const bar = async () => (await getExhibition(day.home.scope, day.exhibitionId)).bar;
  await day.planner.put(`${day.path}/bar`, { levelId: 'meeting' });
  const settings = { termId: day.home.termId, title: 'Fall', startsAt: on('09:00') };
  await day.planner.put(day.path, { ...settings, rubric: 'exhibition' });
  expect(await bar()).toMatchObject({ levelId: 'meeting' });
  // The file of the rubric has better words since.
  await app.context.db.connection
    .collection('exhibitions')
    .updateOne({ id: day.exhibitionId }, { $set: { 'rubric.hash': '0'.repeat(64) } });
  await day.planner.put(day.path, { ...settings, rubric: 'exhibition' });
  expect(await bar()).toMatchObject({ levelId: 'meeting' });
  await day.planner.put(day.path, { ...settings, rubric: 'learning-goals' });
  expect(await bar()).toBeNull();
  await day.planner.put(day.path, { ...settings, rubric: 'exhibition' });
  await day.planner.put(`${day.path}/bar`, { levelId: 'building' });
  const slotId = await day.slotId();
  await day.seat(slotId, { personId: day.advisor.id });
  await day.move('open');
  expect((await day.planner.put(`${day.path}/bar`, { levelId: 'meeting' })).status).toBe(200);
  await day.move('score');
  expect((await day.planner.put(`${day.path}/bar`, { levelId: '' })).status).toBe(409);
  const page = (await day.planner.get(`${day.path}/bar`, { as: 'page' })).text;
  expect(page).toContain('the bar stays as it was announced');
  expect(page).not.toContain('name="levelId"');
  expect(await bar()).toMatchObject({ levelId: 'meeting' });
});
