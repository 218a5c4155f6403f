/**
 * Sheets that are set aside, and guests by a door sign whom nobody has admitted: they stay in the record and
 * count nowhere.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { findResult } from '../../server/results/result-records.js';
import { resultHolds } from '../../server/results/result.js';
import { publishSlot } from '../harness/builders/publishing.js';
import { fillSheet, type TestPanel } from '../harness/builders/scores.js';
import { aTalkingPanel } from '../harness/builders/reveal.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Voice {
  name: string | null;
  notCounted: { why: string; reason: string | null } | null;
}
interface ResultBody {
  panel: { seats: number; submitted: number; awaited: number };
  voices: Voice[];
  criteria: {
    scored: number;
    spread: number;
    needsTalk: boolean;
    outcome: { levelId: string };
    comments: { comment: string }[];
  }[];
  publish: { possible: boolean } | null;
}

const act = async (
  panel: TestPanel,
  who: string,
  seat: number,
  kind: 'set-aside' | 'count',
  reason = 'A prank',
) => (await panel.as(who)).post(`/seats/${panel.seats[seat]!.id}/${kind}`, { reason });
const resultOf = async (panel: TestPanel, who: string) =>
  (await (await panel.as(who)).get(`/slots/${panel.slotId}/result`)).json<ResultBody>();

describe('a sheet that is set aside', () => {
  it('is offered to count again to others alone, never to whose it is, also by a correction', async () => {
    const panel = await aTalkingPanel(app);
    await act(panel, 'registrar', 0, 'set-aside');
    const offered = async (who: string) =>
      (await (await panel.as(who)).get(`/slots/${panel.slotId}`))
        .json<{ seats: { id: string; maySetAside: boolean }[] }>()
        .seats.find(({ id }) => id === panel.seats[0]!.id)!.maySetAside;
    expect([await offered('panelist-0'), await offered('registrar')]).toEqual([false, true]);
    expect((await act(panel, 'panelist-0', 0, 'count')).status).toBe(403);
    expect((await publishSlot(await panel.as('registrar'), panel.slotId)).status).toBe(200);
    const form = async (who: string) =>
      (await (await panel.as(who)).get(`/slots/${panel.slotId}/result`, { as: 'page' })).text;
    expect(await form('registrar')).toContain('name="countAgain"');
    expect(await form('panelist-0')).not.toContain('name="countAgain"');
    // Who may publish and not correct everything is told who does.
    expect(await form('panelist-0')).toContain('Found a mistake?');
    expect(await form('registrar')).not.toContain('Found a mistake?');
  });

  it('stays, marked with its reason, and no tally reads it; taken back it counts again', async () => {
    const panel = await aTalkingPanel(app);
    expect((await resultOf(panel, 'registrar')).criteria[0]).toMatchObject({ scored: 3, spread: 3 });
    expect((await act(panel, 'panelist-0', 1, 'set-aside', 'Scored the wrong room')).status).toBe(200);
    const view = await resultOf(panel, 'registrar');
    expect(view.criteria[0]).toMatchObject({ scored: 2, spread: 2, outcome: { levelId: 'building' } });
    expect(view.panel).toEqual({ seats: 2, submitted: 2, awaited: 0, late: 0 });
    expect(view.voices.map(({ notCounted }) => notCounted)).toEqual([
      null,
      { why: 'set-aside', reason: 'Scored the wrong room' },
      null,
    ]);
    const page = await (await panel.as('registrar')).get(`/slots/${panel.slotId}/result`, { as: 'page' });
    expect(page.text).toContain('Set aside, doesn’t count: Scored the wrong room');
    expect(
      (await panel.revise('panelist-1', 1, { criterionId: panel.rows[0], levelId: 'meeting' })).status,
    ).toBe(409);
    expect((await act(panel, 'registrar', 1, 'set-aside')).status).toBe(409);
    expect((await act(panel, 'registrar', 1, 'count', 'It was the right room')).status).toBe(200);
    expect((await resultOf(panel, 'registrar')).criteria[0]).toMatchObject({ scored: 3, spread: 3 });
    const acts = (await listEntriesFrom(panel.home.scope, 1, 100)).map((entry) => entry.act);
    expect(acts).toEqual(expect.arrayContaining(['sheet.set-aside', 'sheet.count']));
    const slot = await (await panel.as('registrar')).get(`/slots/${panel.slotId}`, { as: 'page' });
    for (const words of ['Scored the wrong room', 'It was the right room'])
      expect(slot.text).toContain(words);
  });

  it('is frozen with the result, marked; student and family read nothing of it', async () => {
    const panel = await aTalkingPanel(app);
    await act(panel, 'registrar', 1, 'set-aside', 'canary reason');
    expect((await panel.publish()).status).toBe(200);
    const result = (await findResult(panel.home.scope, panel.slotId))!;
    expect(resultHolds(result)).toBe(true);
    expect([result.sheets.length, result.tally.sheets, result.tally.criteria[0]!.scored]).toEqual([3, 2, 2]);
    expect(result.sheets.map(({ notCounted }) => notCounted?.why)).toEqual([
      undefined,
      'set-aside',
      undefined,
    ]);
    for (const who of ['student', 'guardian']) {
      const reply = await (await panel.as(who)).get(`/slots/${panel.slotId}/result`);
      expect(reply.json<ResultBody>().voices).toHaveLength(2);
      expect(reply.text).not.toMatch(/canary-1|canary reason/);
    }
    expect((await resultOf(panel, 'panelist-0')).voices).toHaveLength(3);
    expect(
      (await act(panel, 'registrar', 0, 'set-aside')).json<{ error: { code: string } }>().error.code,
    ).toBe('published');
  });

  it('is not waited for when it was never finished, and its panelist still reads no other', async () => {
    const panel = await aTalkingPanel(app, [['meeting'], ['meeting']]);
    await fillSheet(await panel.as('panelist-2'), panel.seats[2]!.id, ['beginning'], { submit: false });
    const warnings = async () =>
      (await (await panel.as('registrar')).get(`/slots/${panel.slotId}/result`)).json<{
        warnings: object[];
      }>().warnings;
    expect(await warnings()).toMatchObject([{ kind: 'missing-sheets', names: ['Jun Sato'] }]);
    await act(panel, 'panelist-0', 2, 'set-aside', 'Had to leave');
    expect((await panel.reveal('panelist-0')).json()).toMatchObject({ revealed: true, awaited: [] });
    expect((await panel.reveal('panelist-2')).status).toBe(403);
    expect(await warnings()).toEqual([]);
    expect((await panel.publish()).status).toBe(200);
  });

  it.each([
    ['a panelist without the chair', 'panelist-2', 403],
    ['the student', 'student', 403],
    ['an advisor who does not lead the panel', 'otherAdvisor', 403],
  ])('not by %s', async (_who, who, status) => {
    const panel = await aTalkingPanel(app, [['meeting']]);
    expect((await act(panel, who, 0, 'set-aside')).status).toBe(status);
  });

  it('not without a reason: the form comes back with the problem beside its field', async () => {
    const panel = await aTalkingPanel(app, [['meeting']]);
    const client = await panel.as('panelist-0');
    const seatId = panel.seats[1]!.id;
    const reply = await client.post(`/seats/${seatId}/set-aside`, { reason: ' ' }, { as: 'page' });
    expect([reply.status, reply.text]).toEqual([
      422,
      expect.stringContaining(`id="f-${seatId}-reason-problem"`),
    ]);
  });
});
