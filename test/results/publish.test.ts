import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { findResult } from '../../server/results/result-records.js';
import { resultHash } from '../../server/results/result.js';
import { aPanel, fillSheet, type TestPanel } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { publishSlot } from '../harness/builders/publishing.js';

interface ResultBody {
  sight: string;
  publishedAt: string | null;
  criteria: {
    id: string;
    spread: number | null;
    needsTalk: boolean;
    scored: number;
    notObserved: string[];
    levels: { id: string; voices: number; marks: { label: string }[]; decided: boolean }[];
    tally: { levelId: string | null; why: string } | null;
    comments: { comment: string; voice: { name: string } }[];
  }[];
}

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

async function everybodySubmits(panel: TestPanel, levels: (string | null)[][]): Promise<void> {
  for (const [at, given] of levels.entries()) {
    await fillSheet(await panel.as(`panelist-${at}`), panel.seats[at]!.id, given, {
      comment: `Words of seat ${at}`,
    });
  }
}

const publish = async (panel: TestPanel, who: string) => publishSlot(await panel.as(who), panel.slotId);

describe('the result of a slot', () => {
  it('shows each voice at its place, the spread, the decision, what was not observed and every comment', async () => {
    const panel = await aPanel(app);
    await everybodySubmits(panel, [
      ['extending', 'meeting', 'meeting'],
      ['beginning', 'meeting', null],
      ['building', 'meeting', 'building'],
    ]);
    const view = (
      await (await panel.as('registrar')).get(`/slots/${panel.slotId}/result`)
    ).json<ResultBody>();
    const [vision, learning, influence] = view.criteria;
    expect(vision).toMatchObject({
      spread: 3,
      needsTalk: true,
      scored: 3,
      tally: { levelId: 'building', why: 'decided' },
    });
    expect(vision!.levels.map((level) => level.voices)).toEqual([1, 1, 0, 1]);
    expect(vision!.levels[3]!.marks).toEqual([{ initials: 'NH', label: 'Noor Haddad, Staff' }]);
    expect(learning).toMatchObject({ spread: 0, needsTalk: false, tally: { levelId: 'meeting' } });
    expect(influence).toMatchObject({
      scored: 2,
      notObserved: ['Amara Okafor, Advisor'],
      tally: { levelId: 'building' },
    });
    expect(vision!.comments.map((one) => one.comment)).toEqual([
      'Words of seat 0',
      'Words of seat 1',
      'Words of seat 2',
    ]);
  });

  it('needs one sheet; for those that are missing it asks first, names whose they are, and records that it was confirmed', async () => {
    const panel = await aPanel(app);
    expect((await publish(panel, 'registrar')).status).toBe(409);
    await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, ['meeting']);
    const office = await panel.as('registrar');
    const asked = await publishSlot(office, panel.slotId, { confirmed: false });
    expect([asked.status, asked.json()]).toMatchObject([
      409,
      {
        error: {
          code: 'unconfirmed',
          warnings: [{ kind: 'missing-sheets', count: 2, names: ['Amara Okafor', 'Jun Sato'] }],
        },
      },
    ]);
    expect(await findResult(panel.home.scope, panel.slotId)).toBeNull();
    expect((await publish(panel, 'registrar')).status).toBe(200);
    const entry = (await listEntriesFrom(panel.home.scope, 1, 100)).find(
      ({ act }) => act === 'results.publish',
    );
    expect(entry!.detail).toMatchObject({
      confirmed: ['missing-sheets'],
      missingSeats: [panel.seats[1]!.id, panel.seats[2]!.id],
    });
    // Whoever still owes a sheet reads nobody's.
    expect((await (await panel.as('panelist-2')).get(`/slots/${panel.slotId}/result`)).json()).toMatchObject({
      sight: 'own-sheet-first',
      voices: [],
    });
  });

  it('does not wait for a seat whose pass was taken back', async () => {
    const panel = await aPanel(app, { roles: ['teacher', 'guest'] });
    await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, ['meeting']);
    await app.context.db.connection
      .collection<{ _id: string }>('seats')
      .updateOne({ _id: panel.seats[1]!.id }, { $set: { pass: { revokedAt: app.context.clock.now() } } });
    expect((await publish(panel, 'registrar')).status).toBe(200);
  });

  it.each([
    ['registrar', 200],
    ['admin', 200],
    ['advisor', 200],
    ['panelist-0', 200],
    ['panelist-2', 403],
    ['otherAdvisor', 403],
    ['student', 403],
    ['otherStudent', 403],
  ])('is published by the right people: %s gets %i', async (who, status) => {
    const panel = await aPanel(app);
    await everybodySubmits(panel, [['meeting'], ['meeting'], ['building']]);
    const reply = await publish(panel, who);
    expect(reply.status).toBe(status);
    expect((await findResult(panel.home.scope, panel.slotId)) !== null).toBe(status === 200);
  });

  it('is no business of a guardian, and none of another school', async () => {
    const [panel, elsewhere] = [await aPanel(app), await aPanel(app)];
    expect((await publish(panel, 'guardian')).status).toBe(403);
    const stranger = await elsewhere.as('admin');
    expect((await publishSlot(stranger, panel.slotId)).status).toBe(404);
    expect((await stranger.get(`/slots/${panel.slotId}/result`)).status).toBe(404);
    expect((await (await panel.as('otherStudent')).get(`/slots/${panel.slotId}/result`)).status).toBe(403);
  });

  it('freezes once, however often and however many at once publish', async () => {
    const panel = await aPanel(app);
    await everybodySubmits(panel, [['meeting'], ['meeting'], ['building']]);
    const client = await panel.as('registrar');
    const replies = await Promise.all(Array.from({ length: 8 }, () => publishSlot(client, panel.slotId)));
    expect(replies.map((reply) => reply.status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(new Set(replies.map((reply) => reply.json<{ hash: string }>().hash)).size).toBe(1);
    const entries = (await listEntriesFrom(panel.home.scope, 1, 500)).filter(
      (entry) => entry.act === 'results.publish',
    );
    expect(entries.map((entry) => entry.subject.id)).toEqual([panel.slotId]);
  });

  it('holds what was sealed, word for word, and its hash notices a change', async () => {
    const panel = await aPanel(app);
    await everybodySubmits(panel, [['extending'], ['meeting'], [null]]);
    await publish(panel, 'registrar');
    const result = (await findResult(panel.home.scope, panel.slotId))!;
    expect(result.hash).toBe(resultHash(result));
    expect(resultHash({ ...result, sheets: result.sheets.slice(1) })).not.toBe(result.hash);
    expect(result.sheets.map((sheet) => sheet.responses['authentic-new-learning'])).toEqual([
      { levelId: 'extending', notObserved: false, comment: 'Words of seat 0', notes: {} },
      { levelId: 'meeting', notObserved: false, comment: 'Words of seat 1', notes: {} },
      { levelId: null, notObserved: true, comment: 'Words of seat 2', notes: {} },
    ]);
    expect(result.tally.criteria[0]).toMatchObject({
      scored: 2,
      notObserved: 1,
      decision: { levelId: 'meeting' },
    });
  });
});
