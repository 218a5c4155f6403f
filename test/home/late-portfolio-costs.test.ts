/**
 * What the first page reads to find portfolios that came late does not grow with the years a student has been
 * at the school.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Clock } from '../../server/clock.js';
import { newId } from '../../server/ids.js';
import { listSeatsOfSlot } from '../../server/exhibitions/seats/seat-records.js';
import { anExhibition, exhibitionDay, on } from '../harness/builders/exhibition.js';
import { aSnapshot } from '../harness/builders/portfolio.js';
import { fillSheet } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { dayAfter } from '../harness/test-clock.js';
import { watchCommands } from '../harness/watch-commands.js';

const clock: Clock = { now: () => new Date(on('09:10')) };
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock, purpose: 'plans', jobs: false });
});
afterAll(() => app.close());

it('reads the slots of the running exhibition, however many earlier ones there are', async () => {
  const day = await anExhibition(app);
  const slotId = await day.slotId();
  const { person, client: chair } = await day.join('Femi Bello', ['panelist']);
  await day.seat(slotId, { personId: person.id, role: 'teacher', chair: true });
  await day.move('open');
  await day.move('score');
  const [seat] = await listSeatsOfSlot(day.home.scope, slotId);
  await fillSheet(chair, seat!.id, ['meeting'], { submit: false });
  await aSnapshot(app, day.home, { studentId: day.students[0]!.id });
  const { client: registrar } = await day.join('Ada Lind', ['registrar']);
  const slotsRead = async () => {
    const watched = await watchCommands(app.context.db);
    const page = await registrar.get('/', { as: 'page' });
    const asked = (await watched()).filter(({ collection }) => collection === 'slots');
    expect(page.text).toContain('Itzel Núñez submitted a portfolio after scoring had opened');
    return asked.reduce((sum, { documents }) => sum + documents, 0);
  };
  const before = await slotsRead();
  const slots = app.context.db.connection.collection<{ _id: string }>('slots');
  const slot = (await slots.findOne({ _id: slotId }))!;
  const years = Array.from({ length: 30 }, (_each, n) => ({
    ...{ ...slot, _id: newId(), exhibitionId: newId() },
    startsAt: new Date(on('09:00', dayAfter(exhibitionDay, -100 - n))),
  }));
  await slots.insertMany(years);
  expect(await slotsRead()).toBe(before);
});
