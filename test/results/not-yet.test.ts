/** Publishing against a bar: proposed, confirmed or changed with a reason, frozen, and told to student and family. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findResult } from '../../server/results/result-records.js';
import { resultHash } from '../../server/results/result.js';
import { aBarredPanel } from '../harness/builders/attempts.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { publishSlot } from '../harness/builders/publishing.js';

interface Shown {
  attainment: { outcome: string; missed: { name: string }[]; by: string | null; words: string } | null;
  proposal: { outcome: string | null; missed: { id: string }[] } | null;
  attempts: { attempt: number; outcome: string | null }[];
}

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

describe('publishing against a bar', () => {
  it('proposes from the voices, freezes what was confirmed, and the seal covers it', async () => {
    const panel = await aBarredPanel(app);
    const { rows } = panel;
    const before = (await panel.result('advisor')).json<Shown>();
    expect([before.attainment, before.proposal]).toMatchObject([
      null,
      { outcome: 'not-yet', missed: [{ id: rows[1] }] },
    ]);
    expect((await panel.publish('advisor', { words: 'Bring the first draft along.' })).status).toBe(200);
    const result = (await findResult(panel.home.scope, panel.slotId))!;
    expect(result.attainment).toMatchObject({ outcome: 'not-yet', missed: [rows[1]], reason: '' });
    expect(result.hash).toBe(resultHash(result));
    const { attainment, ...without } = result;
    for (const changed of [without, { ...result, attainment: { ...attainment!, words: 'Other words' } }])
      expect(resultHash(changed)).not.toBe(result.hash);
    const after = (await panel.result('student')).json<Shown>();
    expect([after.proposal, after.attempts]).toMatchObject([null, [{ attempt: 1, outcome: 'not-yet' }]]);
    expect(after.attainment).toMatchObject({ words: 'Bring the first draft along.', by: 'Amara Okafor' });
  });

  it('another outcome or other rows need a reason, and nothing typed is lost', async () => {
    const panel = await aBarredPanel(app);
    const advisor = await panel.as('advisor');
    const typed = { outcome: 'met', words: 'A canary of words' };
    const page = await publishSlot(advisor, panel.slotId, typed, { as: 'page' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('A canary of words');
    expect(page.text).toContain('This is not what the scores suggest.');
    expect(page.text).toMatch(/value="met" aria-describedby="[^"]*" checked|value="met" checked/);
    expect(await findResult(panel.home.scope, panel.slotId)).toBeNull();
    for (const refused of [
      { outcome: 'not-yet', missed: [panel.rows[0], panel.rows[1]] },
      { outcome: 'not-yet', missed: [], reason: 'Because' },
      { outcome: 'none' },
      { outcome: 'perhaps' },
    ])
      expect((await panel.publish('advisor', refused)).status).toBe(422);
    const reason = 'The second interview answered it';
    expect((await panel.publish('advisor', { ...typed, reason })).status).toBe(200);
    const seen = await panel.result('guardian', panel.slotId, 'page');
    expect(seen.text).toContain(reason);
    expect(seen.text).toContain('A canary of words');
  });

  it('where nothing can be proposed somebody says it', async () => {
    const panel = await aBarredPanel(app, [null]);
    expect((await panel.publish()).status).toBe(422);
    const said = { outcome: 'not-yet', missed: panel.rows, reason: 'The fire alarm rang' };
    expect((await panel.publish('registrar', said)).status).toBe(200);
    const { attainment } = (await findResult(panel.home.scope, panel.slotId))!;
    expect(attainment).toMatchObject({ missed: panel.rows, notShown: panel.rows, proposed: null });
  });

  it('without a bar nothing has to be said, and the result is sealed as results always were', async () => {
    const panel = await aBarredPanel(app, undefined, { bar: null });
    expect((await panel.result('advisor')).json<Shown>().proposal).toBeNull();
    expect((await panel.publish()).status).toBe(200);
    const result = (await findResult(panel.home.scope, panel.slotId))!;
    expect([result.attainment, result.slot.attemptOf]).toEqual([undefined, undefined]);
    expect(result.hash).toBe(resultHash(result));
    const { text } = await panel.result('student', panel.slotId, 'page');
    expect(text).not.toContain('id="attainment"');
  });

  it('tells student and family kindly what to show again and how it goes on; nobody is failed', async () => {
    const panel = await aBarredPanel(app);
    await panel.publish('advisor', { words: 'Bring the first draft along.' });
    const student = (await panel.result('student', panel.slotId, 'page')).text;
    for (const words of [
      'Not yet: one criterion to revisit',
      'Authentic New Learning',
      'Bring the first draft along.',
      'Shown already:',
      `/students/${panel.people.student.id}/portfolios`,
      'Your advisor finds a time for the next attempt with you.',
      'Both attempts stay in the record',
    ])
      expect(student).toContain(words);
    const family = (await panel.result('guardian', panel.slotId, 'page')).text;
    expect(family).toContain('Itzel Núñez keeps working on it');
    for (const text of [student, family]) {
      expect(text).not.toContain('next-attempt');
      expect(text.toLowerCase()).not.toMatch(/\bfail/);
    }
  });
});
