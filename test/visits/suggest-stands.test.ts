/** Visitors of a gallery are told where few people have been; the coordinator puts a stand first. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderStands } from '../../server/visits/suggest-stands.js';
import { on } from '../harness/builders/exhibition.js';
import { aGallery, doorOf } from '../harness/builders/visits.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ jobs: false, clock: { now: () => new Date(on('09:20')) } });
});
afterAll(() => app.close());

describe('the order of stands', () => {
  const stands = ['a', 'b', 'c', 'd'].map((id) => ({ id, prioritized: id === 'd' }));
  const visits = new Map([
    ['a', 4],
    ['b', 1],
    ['d', 9],
  ]);
  const order = (visitor: string) =>
    orderStands(stands, (id) => visits.get(id) ?? 0, visitor).map(({ id }) => id);

  it('is: put first, then the fewest visits', () => {
    expect(order('jun')).toEqual(['d', 'c', 'b', 'a']);
  });

  it('differs between visitors where stands are equal, so that not all go to one', () => {
    const many = Array.from({ length: 6 }, (_each, n) => ({ id: `stand ${n}` }));
    const first = (visitor: string) => orderStands(many, () => 0, visitor)[0]!.id;
    expect(new Set(Array.from({ length: 40 }, (_each, n) => first(`visitor ${n}`))).size).toBeGreaterThan(3);
    expect(first('visitor 1')).toBe(first('visitor 1'));
  });
});

interface Mine {
  next: { slotId: string; visits: number; prioritized: boolean }[];
}

it('a visitor is told of stands they have not been at, the one put first in front', async () => {
  const gallery = await aGallery(app);
  const { day, slots } = gallery;
  const third = await day.slotId({ student: 2, room: 'Hall' });
  const visitor = app.visitor();
  const visit = await gallery.comeIn(visitor, 0, { name: 'Jun Sato', role: 'mentor', once: 'form-of-jun' });
  const next = async () => (await visitor.get('/visits')).json<Mine>().next;
  expect((await next()).map(({ slotId }) => slotId).sort()).toEqual([slots[1], third].sort());
  for (const [slotId, words] of [
    [third, 'Visitors are sent to this stand first.'],
    [slots[1]!, ''],
  ] as const) {
    const reply = await day.planner.post(`${day.path}/stands/priority`, {
      slotId,
      prioritized: words !== '',
    });
    expect(reply.status).toBe(200);
    expect((await next())[0]).toMatchObject({ slotId: third, prioritized: true });
  }
  const left = await visitor.post(visit, {
    once: 'sending-1',
    'feedback.0': 'The colours.',
    'feedback.1': '',
    'feedback.2': '',
  });
  expect(left.status).toBe(200);
  const page = await visitor.get(visit, { as: 'page' });
  expect(page.text).toContain('Where to go next');
  await day.planner.post(`${day.path}/stands/stop`, { slotId: third });
  expect((await next()).map(({ slotId }) => slotId)).toEqual([slots[1]]);
  const absent = { studentId: day.students[1]!.id, absent: 'yes' };
  expect((await day.planner.post(`/slots/${slots[1]!}/members/absent`, absent)).status).toBe(200);
  expect(await next()).toEqual([]);
  const empty = await visitor.post(doorOf(gallery.signs[1]!));
  expect([empty.status, empty.text]).toEqual([409, expect.stringContaining('stand-empty')]);
  const elsewhere = await day.planner.post('/exhibitions/other/stands/priority', { slotId: third });
  expect(elsewhere.status).toBe(404);
});
