import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { anOperation, aPanel, fillSheet, storedSheet, type TestPanel } from '../harness/builders/scores.js';
import type { Client } from '../harness/client.js';

interface AppliedBody {
  applied: string[];
  revision: number;
  savedAt: string | null;
  state: string;
  progress: { done: number; total: number; missing: string[] };
  sheet: { responses: Record<string, { levelId: string | null; notObserved: boolean; comment: string }> };
}
interface ErrorBody {
  error: { code: string; message: string; fields?: { field: string; message: string }[] };
}

const vision = 'commitment-to-personal-vision';
const learning = 'authentic-new-learning';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

async function aScorer(options: Parameters<typeof aPanel>[1] = {}) {
  const panel = await aPanel(app, options);
  const client = await panel.as('panelist-0');
  const seatId = panel.seats[0]!.id;
  const send = (operations: object[], from: Client = client) =>
    from.post(`/seats/${seatId}/sheet/operations`, { operations });
  return { panel, client, seatId, send, stored: () => storedSheet(panel, seatId) };
}

describe('operations', () => {
  it('are answered with ids, revision and sheet, and stand in the database', async () => {
    const { send, stored, seatId, client } = await aScorer();
    const first = anOperation({ kind: 'set-level', criterionId: vision, levelId: 'meeting' });
    const second = anOperation({ kind: 'set-comment', criterionId: vision, comment: 'You told us why.' });
    const body = (await send([first, second])).json<AppliedBody>();
    expect(body.applied).toEqual([first.id, second.id]);
    expect([body.revision, body.state, body.progress.done]).toEqual([2, 'draft', 1]);
    expect(body.sheet.responses[vision]).toMatchObject({ levelId: 'meeting', comment: 'You told us why.' });
    const sheet = await stored();
    expect(sheet?.journal.map((entry) => entry.operationId)).toEqual([first.id, second.id]);
    expect(sheet?.answer(vision).levelId).toBe('meeting');
    const read = (await client.get(`/seats/${seatId}/sheet`)).json<{ revision: number; savedAt: string }>();
    expect(read.revision).toBe(2);
    expect(read.savedAt).toBe(sheet?.journal[1]?.at.toISOString());
  });

  it('sent twenty times at once count once', async () => {
    const { send, stored } = await aScorer();
    const operation = anOperation({ kind: 'set-level', criterionId: vision, levelId: 'building' });
    const replies = await Promise.all(Array.from({ length: 20 }, () => send([operation])));
    expect(replies.map((reply) => reply.status)).toEqual(Array.from({ length: 20 }, () => 200));
    for (const reply of replies) expect(reply.json<AppliedBody>().applied).toEqual([operation.id]);
    const sheet = await stored();
    expect([sheet?.revision, sheet?.journal.length]).toEqual([1, 1]);
  });

  it('of two windows at the same moment both stand', async () => {
    const { send, stored } = await aScorer();
    const operations = Array.from({ length: 12 }, (_, at) =>
      at % 2 === 0
        ? anOperation({ kind: 'set-comment', criterionId: vision, comment: `from one window, ${at}` })
        : anOperation({ kind: 'set-level', criterionId: learning, levelId: 'meeting' }),
    );
    const replies = await Promise.all(operations.map((operation) => send([operation])));
    expect(replies.every((reply) => reply.status === 200)).toBe(true);
    const sheet = await stored();
    expect(sheet?.revision).toBe(12);
    expect(new Set(sheet?.journal.map((entry) => entry.operationId))).toEqual(
      new Set(operations.map(({ id }) => id)),
    );
    expect(sheet?.answer(learning).levelId).toBe('meeting');
    expect(sheet?.answer(vision).comment).toMatch(/^from one window/);
  });

  it('"not observed" takes the level away, a level takes "not observed" away', async () => {
    const { send, stored } = await aScorer();
    await send([anOperation({ kind: 'set-level', criterionId: vision, levelId: 'meeting' })]);
    await send([anOperation({ kind: 'not-observed', criterionId: vision })]);
    expect((await stored())?.answer(vision)).toMatchObject({ levelId: null, notObserved: true });
    await send([anOperation({ kind: 'set-level', criterionId: vision, levelId: 'beginning' })]);
    expect((await stored())?.answer(vision)).toMatchObject({ levelId: 'beginning', notObserved: false });
  });

  it('keep words under the sides of a single-point rubric, and only there', async () => {
    const { send, stored } = await aScorer({ rubric: 'single-point-exhibition' });
    await send([
      anOperation({
        kind: 'set-comment',
        criterionId: 'purpose',
        levelId: 'goes-beyond',
        comment: 'Your own question.',
      }),
    ]);
    expect((await stored())?.answer('purpose').notes).toEqual({ 'goes-beyond': 'Your own question.' });
    const refused = await send([
      anOperation({ kind: 'set-comment', criterionId: 'purpose', levelId: 'meets', comment: 'x' }),
    ]);
    expect(refused.status).toBe(422);
  });

  const wrong: [string, object, string][] = [
    [
      'a level of another rubric',
      { kind: 'set-level', criterionId: vision, levelId: 'proficient' },
      'operations.1.levelId',
    ],
    [
      'points instead of a level',
      { kind: 'set-level', criterionId: vision, levelId: 3 },
      'operations.1.levelId',
    ],
    [
      'a row of another rubric',
      { kind: 'set-level', criterionId: 'clarity', levelId: 'meeting' },
      'operations.1.criterionId',
    ],
    [
      'a path instead of a row',
      { kind: 'set-comment', criterionId: '$where', comment: 'x' },
      'operations.1.criterionId',
    ],
    ['an endless comment', { kind: 'set-overall', comment: 'x'.repeat(5001) }, 'operations.1.comment'],
    ['an unknown kind', { kind: 'set-grade', criterionId: vision, levelId: 'meeting' }, 'operations.1.kind'],
    ['a poor id', { id: 'a b', kind: 'set-overall', comment: 'x' }, 'operations.1.id'],
  ];
  it.each(wrong)('refuse %s, and none of its batch is taken', async (_name, change, field) => {
    const { send, stored } = await aScorer();
    const reply = await send([
      anOperation({ kind: 'set-level', criterionId: vision, levelId: 'meeting' }),
      anOperation(change),
    ]);
    expect(reply.status).toBe(422);
    expect(reply.json<ErrorBody>().error.fields?.map((one) => one.field)).toContain(field);
    expect(await stored()).toBeNull();
  });

  it.each(['draft', 'open', 'closed'] as const)('are refused while the exhibition is %s', async (phase) => {
    const { send, stored } = await aScorer({ phase });
    const reply = await send([anOperation({ kind: 'set-overall', comment: 'early' })]);
    expect([reply.status, reply.json<ErrorBody>().error.code]).toEqual([409, 'not-open']);
    expect(await stored()).toBeNull();
  });

  it('that were taken before closing are still acknowledged afterwards', async () => {
    const { send, panel } = await aScorer();
    const operation = anOperation({ kind: 'set-overall', comment: 'in time' });
    await send([operation]);
    await panel.moveTo('closed', 'scoring');
    expect((await send([operation])).json<AppliedBody>().applied).toEqual([operation.id]);
  });
});

describe('submitting', () => {
  it('names every row without an answer, and takes "not observed" for one', async () => {
    const { client, seatId, send } = await aScorer();
    await send([anOperation({ kind: 'not-observed', criterionId: vision })]);
    const early = await client.post(`/seats/${seatId}/sheet/submit`);
    expect(early.status).toBe(422);
    expect(early.json<ErrorBody>().error.fields?.map((one) => one.field)).toEqual([
      `criteria.${learning}`,
      'criteria.application-and-influence',
    ]);
    expect(early.json<ErrorBody>().error.fields?.[0]?.message).toMatch(
      /^Authentic New Learning: please choose/,
    );
    await fillSheet(client, seatId, [null]);
  });

  it('seals: hashed, in the audit record, and no operation gets in any more', async () => {
    const { client, seatId, send, stored, panel } = await aScorer();
    const taken = anOperation({ kind: 'set-overall', comment: 'Before the seal.' });
    await send([taken]);
    await fillSheet(client, seatId, ['meeting']);
    const sealed = await stored();
    expect(sealed).toMatchObject({ state: 'submitted', hash: expect.stringMatching(/^[0-9a-f]{64}$/) });

    const late = await send([anOperation({ kind: 'set-level', criterionId: vision, levelId: 'beginning' })]);
    expect([late.status, late.json<ErrorBody>().error.code]).toEqual([409, 'sealed']);
    expect((await send([taken])).json<AppliedBody>().applied).toEqual([taken.id]);
    expect(await stored()).toMatchObject({
      hash: sealed!.hash,
      revision: sealed!.revision,
      responses: sealed!.responses,
    });

    const again = await client.post(`/seats/${seatId}/sheet/submit`);
    expect([again.status, again.json<{ hash: string }>().hash]).toEqual([200, sealed!.hash]);
    const entries = (await listEntriesFrom(panel.home.scope, 1, 500)).filter(
      (entry) => entry.act === 'scores.submit',
    );
    expect(entries.map((entry) => [entry.subject.id, entry.detail['hash']])).toEqual([
      [seatId, sealed!.hash],
    ]);
  });

  it('twenty times at once seals once, and with a late change either counts or is refused', async () => {
    const { client, seatId, send, stored } = await aScorer();
    await fillSheet(client, seatId, ['meeting'], { submit: false });
    const late = anOperation({ kind: 'set-level', criterionId: vision, levelId: 'beginning' });
    const [change, ...submits] = await Promise.all([
      send([late]),
      ...Array.from({ length: 20 }, () => client.post(`/seats/${seatId}/sheet/submit`)),
    ]);
    expect(submits.every((reply) => [200, 409].includes(reply.status))).toBe(true);
    if (submits.every((reply) => reply.status === 409)) await client.post(`/seats/${seatId}/sheet/submit`);
    const sheet = await stored();
    expect(sheet?.state).toBe('submitted');
    const counts = sheet!.journal.some((entry) => entry.operationId === late.id);
    expect(change?.status).toBe(counts ? 200 : 409);
    expect(sheet?.answer(vision).levelId).toBe(counts ? 'beginning' : 'meeting');
  });
});

describe('a seat', () => {
  const strangers = ['student', 'guardian', 'registrar', 'admin', 'otherAdvisor', 'panelist-2'];
  it.each(strangers)('is closed to %s', async (who) => {
    const panel: TestPanel = await aPanel(app);
    const client = await panel.as(who);
    const address = `/seats/${panel.seats[0]!.id}/sheet`;
    const replies = [
      await client.get(address),
      await client.get(`${address}/review`),
      await client.post(`${address}/operations`, {
        operations: [anOperation({ kind: 'set-overall', comment: 'x' })],
      }),
      await client.post(`${address}/submit`),
    ];
    expect(replies.map((reply) => reply.status)).toEqual([403, 403, 403, 403]);
    expect(await storedSheet(panel, panel.seats[0]!.id)).toBeNull();
  });

  it('of another school does not exist', async () => {
    const [here, there] = [await aPanel(app), await aPanel(app)];
    const client = await here.as('admin');
    expect((await client.get(`/seats/${there.seats[0]!.id}/sheet`)).status).toBe(404);
  });
});
