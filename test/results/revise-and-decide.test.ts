/** What a panel says after its reveal: appended beside the sealed sheets, which never change. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findBrokenEntry } from '../../server/audit/append-audit.js';
import { listDecisions } from '../../server/results/decision-records.js';
import { listRevisions } from '../../server/results/revision-records.js';
import { sealHolds } from '../../server/scores/score-sheet.js';
import { aTalkingPanel, type Talking } from '../harness/builders/reveal.js';
import { seenState } from '../harness/builders/publishing.js';
import { fillSheet, storedSheet } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Row {
  id: string;
  spread: number;
  levels: { id: string; voices: number; decided: boolean }[];
  tally: { levelId: string | null } | null;
  outcome: { levelId: string | null; by: string };
  revisions: {
    before: string | null;
    after: string | null;
    reason: string;
    voice: { name: string | null };
  }[];
  panelDecisions: { kind: string; levelId: string; by: string | null; as: string; counts: boolean }[];
}

const revealed = async (panel: Talking, who = 'panelist-0') =>
  (await panel.reveal(who)).json<{ rows: Row[] }>().rows;
const given = (row: Row) => row.levels.map((level) => level.voices);

describe('a revision', () => {
  it('moves the voice in the tally; the sealed sheet stays, and the record keeps first and later', async () => {
    const panel = await aTalkingPanel(app);
    const criterionId = panel.rows[0]!;
    const sealed = await storedSheet(panel, panel.seats[0]!.id);
    const [before] = await revealed(panel);
    expect([given(before!), before!.spread, before!.tally]).toEqual([[1, 1, 0, 1], 3, null]);

    const change = {
      id: 'revision-one',
      criterionId,
      levelId: 'meeting',
      reason: 'The second source is cited',
    };
    expect((await panel.revise('panelist-0', 0, change)).status).toBe(201);
    expect((await panel.revise('panelist-1', 1, { criterionId, levelId: 'meeting' })).status).toBe(201);
    const [row] = await revealed(panel);
    expect([given(row!), row!.spread, row!.tally?.levelId]).toEqual([[0, 1, 2, 0], 1, 'meeting']);
    expect(row!.revisions.map(({ before: first, after, voice }) => [voice.name, first, after])).toEqual([
      ['Noor Haddad', 'Extending', 'Meeting'],
      ['Amara Okafor', 'Beginning', 'Meeting'],
    ]);
    expect(await storedSheet(panel, panel.seats[0]!.id)).toMatchObject({
      responses: sealed!.responses,
      revision: sealed!.revision,
      hash: sealed!.hash,
    });
    expect(sealHolds((await storedSheet(panel, panel.seats[0]!.id))!)).toBe(true);

    // "Not observed" is no score, and a revision may be revised: the latest counts.
    expect((await panel.revise('panelist-0', 0, { criterionId, notObserved: true })).status).toBe(201);
    const [again] = await revealed(panel);
    expect([given(again!), again!.revisions.length]).toEqual([[0, 1, 1, 0], 3]);
  });

  it('counts once, however often it is sent, and its id means one thing only', async () => {
    const panel = await aTalkingPanel(app);
    const client = await panel.as('panelist-0');
    const change = {
      id: 'sent-often',
      criterionId: panel.rows[0],
      levelId: 'meeting',
      reason: 'Heard again',
      ...(await seenState(client, panel.slotId, 'reveal')),
    };
    const address = `/seats/${panel.seats[0]!.id}/sheet/revisions`;
    const replies = await Promise.all([1, 2, 3, 4].map(() => client.post(address, change)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    expect((await client.post(address, { ...change, levelId: 'building' })).status).toBe(409);
    expect(await listRevisions(panel.home.scope, panel.slotId)).toHaveLength(1);
    expect(await findBrokenEntry(panel.home.scope)).toBeNull();
  });

  it('is refused before the reveal, without a sheet of one’s own, and for another’s seat', async () => {
    const panel = await aTalkingPanel(app, [['extending'], ['beginning']]);
    const change = { criterionId: panel.rows[0], levelId: 'meeting' };
    const statuses = async () => [
      (await panel.revise('panelist-0', 0, change)).status,
      (await panel.revise('panelist-2', 2, change)).status,
      (await panel.revise('panelist-2', 0, change)).status,
      (await panel.revise('registrar', 0, change)).status,
      (await panel.revise('student', 0, change)).status,
    ];
    expect(await statuses()).toEqual([409, 409, 403, 403, 403]);
    await panel.open('panelist-0');
    expect(await statuses()).toEqual([201, 409, 403, 403, 403]);
  });

  const bad: [string, object, string][] = [
    ['no reason', { levelId: 'meeting', reason: ' ' }, 'reason'],
    ['a reason without end', { levelId: 'meeting', reason: 'x'.repeat(2001) }, 'reason'],
    ['no level', {}, 'levelId'],
    ['a level and "not observed"', { levelId: 'meeting', notObserved: true }, 'levelId'],
    ['a level that the rubric does not have', { levelId: '3' }, 'levelId'],
    ['the level that stands', { levelId: 'extending' }, 'levelId'],
    ['an unknown row', { criterionId: 'nothing', levelId: 'meeting' }, 'criterionId'],
    ['a useless id', { id: 'x', levelId: 'meeting' }, 'id'],
  ];
  it('says beside the field what is wrong, and keeps what was typed', async () => {
    const panel = await aTalkingPanel(app);
    for (const [name, change, field] of bad) {
      const reply = await panel.revise('panelist-0', 0, { criterionId: panel.rows[0], ...change });
      const { error } = reply.json<{ error: { fields: { field: string }[] } }>();
      expect([name, reply.status, error.fields.map((one) => one.field)]).toEqual([name, 422, [field]]);
    }
    const form = {
      id: 'from-a-form',
      criterionId: panel.rows[0],
      levelId: 'extending',
      reason: 'Kept words',
      ...(await seenState(await panel.as('panelist-0'), panel.slotId, 'reveal')),
    };
    const page = await (
      await panel.as('panelist-0')
    ).post(`/seats/${panel.seats[0]!.id}/sheet/revisions`, form, { as: 'page' });
    expect([page.status, page.text.includes('Kept words')]).toEqual([422, true]);
    expect(page.text).toContain('Your score is already there.');
    expect(await listRevisions(panel.home.scope, panel.slotId)).toEqual([]);
  });
});

describe('a decision', () => {
  it('stands beside voices and tally, the latest counts, and repeating it adds nothing', async () => {
    const panel = await aTalkingPanel(app);
    const criterionId = panel.rows[0]!;
    const agreed = { criterionId, kind: 'consensus', levelId: 'meeting' };
    expect((await panel.decide('panelist-0', agreed)).status).toBe(201);
    expect((await panel.decide('panelist-0', agreed)).status).toBe(200);
    const settled = { criterionId, kind: 'moderation', levelId: 'extending', reason: 'Read by two more' };
    expect((await panel.decide('registrar', settled)).status).toBe(201);
    const [row] = await revealed(panel, 'panelist-1');
    expect([given(row!), row!.tally?.levelId]).toEqual([[1, 1, 0, 1], 'building']);
    expect(row!.outcome).toMatchObject({ levelId: 'extending', by: 'moderation' });
    expect(row!.levels.map(({ decided }) => decided)).toEqual([false, false, false, true]);
    expect(row!.panelDecisions.map(({ kind, as, counts }) => [kind, as, counts])).toEqual([
      ['consensus', 'chair', false],
      ['moderation', 'registrar', true],
    ]);
    const chair = await panel.as('panelist-0');
    const page = (await chair.get(`/slots/${panel.slotId}/reveal`, { as: 'page' })).text;
    expect(page).toContain('Everything that differed is settled');
    expect(page).toContain(`href="/slots/${panel.slotId}/result#publish"`);
  });

  it('is recorded by the right people after the reveal, with a level and a reason', async () => {
    const panel = await aTalkingPanel(app, [['extending'], ['beginning']]);
    const decision = { criterionId: panel.rows[0], kind: 'moderation', levelId: 'meeting' };
    expect((await panel.decide('panelist-0', decision)).status).toBe(409);
    await panel.open('panelist-0');
    const cases: [string, object, number][] = [
      ['panelist-1', {}, 403],
      ['panelist-2', {}, 403],
      ['otherAdvisor', {}, 403],
      ['student', {}, 403],
      ['guardian', {}, 403],
      ['registrar', { kind: 'consensus' }, 403],
      ['panelist-0', { levelId: 'none' }, 422],
      ['panelist-0', { reason: '' }, 422],
      ['panelist-0', { kind: 'vote' }, 422],
      ['panelist-0', { kind: 'consensus' }, 201],
      ['admin', {}, 201],
    ];
    for (const [who, change, status] of cases) {
      expect([who, change, (await panel.decide(who, { ...decision, ...change })).status]).toEqual([
        who,
        change,
        status,
      ]);
    }
    expect(await listDecisions(panel.home.scope, panel.slotId)).toHaveLength(2);
  });
});

it('a late judge after the reveal sees nothing before their own sheet is in', async () => {
  const panel = await aTalkingPanel(app, [['extending'], ['beginning']]);
  await panel.open('registrar');
  await panel.revise('panelist-0', 0, {
    criterionId: panel.rows[0],
    levelId: 'meeting',
    reason: 'canary-late',
  });
  const late = await panel.as('panelist-2');
  for (const address of [
    `/slots/${panel.slotId}/reveal`,
    `/slots/${panel.slotId}/result`,
    `/seats/${panel.seats[2]!.id}/sheet`,
    '/',
  ])
    expect((await late.get(address)).text).not.toContain('canary');
  await fillSheet(late, panel.seats[2]!.id, ['building']);
  expect((await panel.reveal('panelist-2')).text).toContain('canary-late');
});
