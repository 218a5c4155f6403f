import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { getSlot } from '../../server/exhibitions/slots/slot-records.js';
import { listSnapshotsOfStudent } from '../../server/portfolio/portfolio-records.js';
import { anExhibition, on } from '../harness/builders/exhibition.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

it('the panel sees the newest work submitted before scoring starts, and that work stays', async () => {
  const day = await anExhibition(app);
  const { person, client } = await day.join('Ana Núñez', ['student']);
  const student = `/students/${person.id}`;
  const work = await client.post(`${student}/artifacts`, { title: 'A chair', text: 'Of one sheet' });
  const artifactId = /"id":"([^"]+)"/.exec(work.text)![1]!;
  const begun = await client.post(`${student}/portfolios`, { title: 'Wood', statement: '' });
  const portfolio = `/portfolios/${begun.json<{ id: string }>().id}`;
  let revision = begun.json<{ revision: number }>().revision;
  const submit = async (reflection: string): Promise<string> => {
    const entries = [{ artifactId, reflection, criterionIds: [] }];
    const changed = await client.put(portfolio, { title: 'Wood', statement: '', entries, revision });
    revision = changed.json<{ revision: number }>().revision;
    const done = await client.post(`${portfolio}/submit`, { revision });
    expect([changed.status, done.status]).toEqual([200, 201]);
    revision = (await client.get(portfolio)).json<{ revision: number }>().revision;
    const newest = (await listSnapshotsOfStudent(day.home.scope, person.id)).sort(
      (a, b) => b.number - a.number,
    )[0];
    return newest!.id;
  };
  const planned = await day.planner.post(`${day.path}/slots`, {
    studentId: person.id,
    startsAt: on('09:00'),
    room: 'A',
  });
  const slotId = planned.json<{ id: string }>().id;
  await day.seat(slotId, { personId: day.advisor.id });
  const pinned = async () => (await getSlot(day.home.scope, slotId)).snapshotId;

  const first = await submit('It bent.');
  expect(await pinned()).toBeNull();
  await day.move('open');
  expect(await pinned()).toBe(first);
  const second = await submit('It held.');
  expect(await pinned()).toBe(second);
  await day.move('score');
  expect(await pinned()).toBe(second);
  await submit('Written after the panel had seen it.');
  expect(await pinned()).toBe(second);
  await day.move('close');
  await day.move('reopen', 'One sheet is missing');
  expect(await pinned()).toBe(second);
  const again = await day.slot({ student: 1, at: '11:00' });
  expect((await getSlot(day.home.scope, again.json<{ id: string }>().id)).snapshotId).toBeNull();
});
