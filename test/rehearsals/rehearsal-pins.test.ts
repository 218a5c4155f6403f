/** Whoever listens to a rehearsal sees the proof that the panel will see: the places which the student has pinned. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aPinningPanel } from '../harness/builders/pins.js';
import { aRehearsal } from '../harness/builders/rehearsals.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

it('shows them under their row, to read and not to take over', async () => {
  const criterionId = 'authentic-new-learning';
  const panel = await aPinningPanel(app, {
    suggest: [{ kind: 'pdf', criterionId, place: { kind: 'page', page: 2 }, note: 'The second attempt' }],
  });
  const { home, people, snapshot } = panel;
  const id = await aRehearsal(app, home, people.student, people.advisor, snapshot.id);
  const advisor = await panel.as('advisor');
  const sheet = (await advisor.get(`/rehearsals/${id}/sheet`)).json<{
    criteria: { id: string; suggested: { note: string; href: string }[] }[];
  }>();
  const pinned = sheet.criteria.filter(({ suggested }) => suggested.length > 0);
  expect(pinned.map((row) => [row.id, row.suggested.map(({ note }) => note)])).toEqual([
    [criterionId, ['The second attempt']],
  ]);
  const page = await advisor.get(`/rehearsals/${id}/sheet`, { as: 'page' });
  expect(page.text).toContain('The second attempt');
  expect(page.text).not.toContain('value="take:');
  expect(page.text).not.toContain('value="open:');
  expect((await advisor.get(pinned[0]!.suggested[0]!.href, { as: 'page' })).status).toBe(200);
});
