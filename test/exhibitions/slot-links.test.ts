/** The page of a presentation leads nobody to where they may not go. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { anExhibition, on } from '../harness/builders/exhibition.js';
import { aPanel, fillSheet } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

it('to the student’s page only those who may read it, and the student to their own', async () => {
  const panel = await aPanel(app);
  const link = `href="/students/${panel.people.student.id}"`;
  const page = async (who: string) =>
    (await (await panel.as(who)).get(`/slots/${panel.slotId}`, { as: 'page' })).text;
  expect(await page('panelist-0')).not.toContain(link);
  expect(await page('registrar')).toContain(link);
  const own = await page('student');
  expect(own).toContain(link);
  expect(own).toContain('My page');
});

it('says nothing of an empty panel where visitors are the panel', async () => {
  const day = await anExhibition(app, { format: 'gallery' });
  const student = await day.join('Ana Prado', ['student']);
  const slot = await day.planner.post(`${day.path}/slots`, {
    studentId: student.person.id,
    startsAt: on('09:00'),
    room: 'Stand 1',
  });
  await day.move('open');
  const page = await student.client.get(`/slots/${slot.json<{ id: string }>().id}`, { as: 'page' });
  expect(page.text).not.toContain('The panel</h2>');
});

it('a guest whose sheet is in learns that the panel still talks, and finds it again', async () => {
  const panel = await aPanel(app, { roles: ['teacher'] });
  const registrar = await panel.as('registrar');
  const made = await registrar.post(`/slots/${panel.slotId}/seats`, { name: 'Jun Sato', role: 'guest' });
  const { seatId, passUrl } = made.json<{ seatId: string; passUrl: string }>();
  const guest = app.visitor();
  await guest.post(new URL(passUrl).pathname);
  expect((await guest.get('/', { as: 'page' })).text).not.toContain('Your sheet is in.');
  await fillSheet(guest, seatId, ['meeting']);
  const home = await guest.get('/', { as: 'page' });
  expect(home.text).toContain('Your sheet is in. The panel talks once all sheets are in.');
  expect(home.text).not.toContain('Thank you for listening');
  expect((await guest.get('/seats', { as: 'page' })).text).toContain(`/seats/${seatId}/sheet`);
});
