/** "See the result" is offered to whoever finds one there, and my seats are in the order of what is left to do. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { anOperation, aPanel, fillSheet, type TestPanel } from '../harness/builders/scores.js';
import { aGuestPass, passPath, type MadePass } from '../harness/builders/panel.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { publishSlot } from '../harness/builders/publishing.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const people = ['student', 'guardian', 'advisor', 'registrar', 'otherAdvisor', 'panelist-0', 'panelist-2'];

async function offered(panel: TestPanel): Promise<string[]> {
  const found: string[] = [];
  for (const who of people) {
    const slot = await (await panel.as(who)).get(`/slots/${panel.slotId}`, { as: 'page' });
    expect(slot.status).toBe(200);
    if (slot.text.includes('See the result')) found.push(who);
  }
  return found;
}

it('the result is offered to panel and staff from the first sheet, to student and family once published, else to nobody', async () => {
  const panel = await aPanel(app);
  expect(await offered(panel)).toEqual([]);
  await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, [null]);
  expect(await offered(panel)).toEqual(['advisor', 'registrar', 'panelist-0', 'panelist-2']);
  await panel.moveTo('closed', 'scoring');
  expect(await offered(panel)).toEqual(['advisor', 'registrar', 'panelist-0', 'panelist-2']);
  expect((await publishSlot(await panel.as('registrar'), panel.slotId)).status).toBe(200);
  expect(await offered(panel)).toEqual(people.filter((who) => who !== 'otherAdvisor'));
});

it('my seats: what is left comes first, what is done is folded; a guest’s page follows the day', async () => {
  const { day, slotId, pass } = await aGuestPass(app);
  const later = await day.slotId({ student: 1, at: '11:00' });
  const first = (await day.planner.get(`/slots/${slotId}`)).json<{ seats: { personId: string }[] }>();
  const again = await day.seat(later, { personId: first.seats[0]!.personId, role: 'guest', pass: true });
  await day.move('open');
  await day.move('score');
  const guest = app.visitor();
  await guest.post(passPath(pass));
  await guest.post(passPath(again.json<MadePass>()));
  const sheet = (await guest.get(`/seats/${pass.seatId}/sheet`)).json<{ criteria: { id: string }[] }>();
  const operations = sheet.criteria.map(({ id }) => anOperation({ kind: 'not-observed', criterionId: id }));
  await guest.post(`/seats/${pass.seatId}/sheet/operations`, { operations });
  expect((await guest.post(`/seats/${pass.seatId}/sheet/submit`, { early: true })).status).toBe(200);
  const { items } = (await guest.get('/seats')).json<{ items: { slotId: string }[] }>();
  expect(items.map((seat) => seat.slotId)).toEqual([later, slotId]);
  const page = await guest.get('/seats', { as: 'page' });
  expect(page.text).toMatch(/<details><summary>Done: 1 presentation<[^]*Itzel Núñez/);
  expect(page.text).toContain(`data-live="/exhibitions/${day.exhibitionId}/events"`);
  expect((await guest.get(`/exhibitions/${day.exhibitionId}/events`)).status).toBe(200);
  const other = await aGuestPass(app);
  expect((await guest.get(`/exhibitions/${other.day.exhibitionId}/events`)).status).toBe(404);
});
