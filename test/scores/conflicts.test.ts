/**
 * Two devices of one panelist: what neither knew of the other meets as a conflict that shows both, never as
 * an overwrite.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fieldOf, valueAt, valueOf } from '../../server/scores/score-fields.js';
import type { Operation, ScoreSheet } from '../../server/scores/score-sheet.js';
import { openConflicts, mergeOperation } from '../../server/scores/merge-operation.js';
import { anOperation, aPanel, fillSheet, storedSheet } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';

interface Body {
  applied: string[];
  revision: number;
  conflicts: { operationId: string; field: string; mine: string; theirs: string }[];
  sheet: { responses: Record<string, { levelId: string | null }> };
  error: { code: string };
}

const row = 'clarity';
const [phone, tablet] = ['phone-0001', 'tablet-0001'];

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

async function aScorer() {
  const panel = await aPanel(app, { rubric: 'oral-communication' });
  const client = await panel.as('panelist-0');
  const seatId = panel.seats[0]!.id;
  const send = async (operations: object[]) => {
    const answer = await client.post(`/seats/${seatId}/sheet/operations`, { operations });
    return { status: answer.status, ...answer.json<Body>() };
  };
  const level = (device: string, seen: number, levelId: string, more = {}) =>
    anOperation({ kind: 'set-level', criterionId: row, levelId, device, seen, ...more });
  const stored = async () => (await storedSheet(panel, seatId))!;
  /** The phone says proficient, the tablet, which knows nothing of it, says advanced. */
  const quarrel = async () => {
    await send([level(phone, 0, 'proficient')]);
    const second = level(tablet, 0, 'advanced');
    return { second, body: await send([second]) };
  };
  return { panel, client, seatId, send, level, stored, quarrel };
}

describe('two devices of one panelist', () => {
  it('that answer a row without knowing of each other get both answers shown, and the first stands', async () => {
    const { quarrel, stored, send } = await aScorer();
    const { second, body } = await quarrel();
    expect(body.status).toBe(200);
    expect(body.applied).toEqual([second.id]);
    expect(body.conflicts).toEqual([
      {
        operationId: second.id,
        field: `level.${row}`,
        mine: 'advanced',
        theirs: 'proficient',
        device: tablet,
      },
    ]);
    expect((await stored()).answer(row).levelId).toBe('proficient');
    // Sent again it changes nothing and is answered the same.
    const again = await send([second, second]);
    expect([again.conflicts, again.revision]).toEqual([body.conflicts, body.revision]);
  });

  it('may go on in other rows, and a change that was made knowing of the other simply counts', async () => {
    const { send, level, stored } = await aScorer();
    await send([level(phone, 0, 'proficient')]);
    const other = anOperation({
      kind: 'set-comment',
      criterionId: row,
      comment: 'x',
      device: tablet,
      seen: 0,
    });
    expect((await send([other])).conflicts).toEqual([]);
    expect((await send([level(tablet, 2, 'advanced')])).conflicts).toEqual([]);
    expect((await stored()).answer(row)).toMatchObject({ levelId: 'advanced', comment: 'x' });
  });

  it('that say the same are of one mind', async () => {
    const { send, level } = await aScorer();
    await send([level(phone, 0, 'proficient')]);
    expect((await send([level(tablet, 0, 'proficient')])).conflicts).toEqual([]);
  });

  it.each([
    ['mine', 'advanced'],
    ['theirs', 'proficient'],
  ])('end when one is picked: %s', async (keep, levelId) => {
    const { quarrel, send, stored } = await aScorer();
    const { second, body } = await quarrel();
    const pick = anOperation({
      kind: 'resolve',
      conflict: second.id,
      keep,
      device: tablet,
      seen: body.revision,
    });
    expect((await send([pick])).conflicts).toEqual([]);
    expect((await stored()).answer(row).levelId).toBe(levelId);
    const revision = (await stored()).revision;
    expect((await send([pick, second])).conflicts).toEqual([]);
    expect([(await stored()).revision, (await stored()).answer(row).levelId]).toEqual([revision, levelId]);
  });

  it('are asked again when the other answer changed before the choice arrived', async () => {
    const { quarrel, send, level, stored } = await aScorer();
    const { second, body } = await quarrel();
    await send([level(phone, 1, 'developing')]);
    const pick = { kind: 'resolve', conflict: second.id, device: tablet, seen: body.revision };
    const answer = await send([anOperation({ ...pick, keep: 'mine' })]);
    expect(answer.conflicts).toMatchObject([{ mine: 'advanced', theirs: 'developing' }]);
    expect((await stored()).answer(row).levelId).toBe('developing');
  });

  it('know what another page of the same phone has not been acknowledged for yet', async () => {
    const { send, level } = await aScorer();
    const before = level(phone, 0, 'proficient');
    const next = level('phone-0002', 0, 'advanced', { after: [before.id] });
    expect((await send([before, next])).conflicts).toEqual([]);
  });

  it('are refused a choice that does not exist', async () => {
    const { send } = await aScorer();
    const answer = await send([anOperation({ kind: 'resolve', conflict: 'nothing-here', keep: 'mine' })]);
    expect([answer.status, answer.error.code]).toEqual([409, 'no-such-conflict']);
  });

  it('cannot submit before one is picked, and the page says so and lets them pick without a script', async () => {
    const { quarrel, client, seatId, stored } = await aScorer();
    const { second } = await quarrel();
    await fillSheet(client, seatId, ['proficient'], { submit: false });
    const refused = await client.post(`/seats/${seatId}/sheet/submit`);
    expect([refused.status, refused.json<Body>().error.code]).toEqual([409, 'conflicts']);
    const review = await client.get(`/seats/${seatId}/sheet/review`, { as: 'page' });
    expect(review.text).toContain('Two devices answered differently');
    const sheet = await client.get(`/seats/${seatId}/sheet`, { as: 'page' });
    expect(sheet.text).toContain(`name="resolve.${second.id}" value="mine"`);
    const { revision } = await stored();
    const form = { base: String(revision), nonce: 'one-showing', [`resolve.${second.id}`]: 'mine' };
    await client.post(`/seats/${seatId}/sheet/operations`, form, { as: 'page' });
    expect((await stored()).answer(row).levelId).toBe('advanced');
    expect((await client.post(`/seats/${seatId}/sheet/submit`)).status).toBe(200);
  });

  it('at the same moment, from twenty devices: one stands, each other answer waits', async () => {
    const { send, level, stored } = await aScorer();
    const levels = ['proficient', 'advanced', 'developing', 'emerging'];
    const operations = Array.from({ length: 20 }, (_, at) => level(`device-${at}-abc`, 0, levels[at % 4]!));
    const replies = await Promise.all(operations.map((operation) => send([operation])));
    expect(replies.map(({ status }) => status)).toEqual(operations.map(() => 200));
    const sheet = await stored();
    expect(sheet.journal.length).toBe(20);
    expect(
      new Set([sheet.answer(row).levelId, ...openConflicts(sheet).map(({ change }) => valueOf(change))]),
    ).toEqual(new Set(levels));
  });
});

describe('the order of arrival', () => {
  const blank = { responses: {}, overallComment: '', journal: [], conflicts: [], revision: 0 };
  type Folded = Pick<ScoreSheet, 'responses' | 'overallComment' | 'journal' | 'revision'> &
    Required<Pick<ScoreSheet, 'conflicts'>>;

  /** What the server does, without the database: comments only, so that a field is one path. */
  function deliver(operations: Operation[]): string[] {
    const sheet: Folded = { ...blank, journal: [], conflicts: [] };
    for (const operation of operations) {
      if (sheet.journal.some(({ operationId }) => operationId === operation.id)) continue;
      const settled = mergeOperation(sheet, operation, new Date(0))!;
      const { change, outcome, conflicts } = settled;
      const { id: operationId, device, sequence } = operation;
      sheet.journal.push({
        ...{ operationId, at: new Date(0), by: 'somebody', change, device, sequence },
        ...(outcome ? { outcome } : {}),
      });
      sheet.revision += 1;
      sheet.conflicts = conflicts;
      if (!outcome) sheet.overallComment = valueOf(change);
      expect(fieldOf(change)).toBe('overall');
    }
    return [valueAt(sheet, 'overall'), ...openConflicts(sheet).map(({ change }) => valueOf(change))].sort();
  }

  it('with every repetition and shuffle leaves the same answers', () => {
    const operations = fc.uniqueArray(
      fc.record({
        device: fc.constantFrom('a', 'b', 'c'),
        sequence: fc.nat(9),
        words: fc.constantFrom('x', 'y', 'z'),
      }),
      { selector: ({ device, sequence }) => `${device}${sequence}`, minLength: 1, maxLength: 8 },
    );
    const runs = operations.chain((list) => {
      const made = list.map(({ device, sequence, words }): Operation => ({
        ...{ id: `${device}-${sequence}`, kind: 'set-overall', comment: words, device, sequence, seen: 0 },
      }));
      const all = [...made, ...made];
      return fc.tuple(fc.constant(made), fc.shuffledSubarray(all, { minLength: all.length }));
    });
    fc.assert(
      fc.property(runs, ([made, shuffled]) => {
        expect([...new Set(deliver(shuffled))]).toEqual([...new Set(deliver(made))]);
      }),
      { numRuns: 500 },
    );
  });
});
