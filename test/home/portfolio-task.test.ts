/**
 * The student's first page asks for portfolios of the terms in which they present, and leads to a page that
 * knows which.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aPanel } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { dayFromNow } from '../harness/test-clock.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

it('says nothing of an exhibition in preparation, and offers to begin a portfolio of its term afterwards', async () => {
  const panel = await aPanel(app, { phase: 'draft' });
  const registrar = await panel.as('registrar');
  const { id } = (
    await registrar.post('/terms', { name: 'Next', startsOn: dayFromNow(201), endsOn: dayFromNow(300) })
  ).json<{ id: string }>();
  expect((await registrar.post(`/terms/${id}/current`, { confirmed: true })).status).toBe(200);
  const student = await panel.as('student');
  const list = `/students/${panel.people.student.id}/portfolios`;
  const [current, other] = [`"${list}"`, `"${list}?termId=${panel.home.termId}"`];
  const asked = async () => {
    const { text } = await student.get('/');
    return [text.includes(current), text.includes(other)];
  };
  expect(await asked()).toEqual([true, false]);
  await panel.moveTo('open', 'draft');
  expect(await asked()).toEqual([true, true]);
  const chosen = async (path: string) => {
    const { status, text } = await student.get(path, { as: 'page' });
    const [, term] = /<option value="([^"]*)" selected/.exec(text) ?? [];
    return [status, term];
  };
  expect(await chosen(`${list}?termId=${panel.home.termId}`)).toEqual([200, panel.home.termId]);
  expect(await chosen(list)).toEqual([200, id]);
  expect(await chosen(`${list}?termId=unknown`)).toEqual([200, id]);
  await panel.moveTo('closed', 'open');
  expect(await asked()).toEqual([true, false]);
});
