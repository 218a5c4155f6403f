/**
 * What a phone still holds when the exhibition has closed: handed in with a note, it counts once the office admits it.
 */
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { findResult } from '../../server/results/result-records.js';
import { saveSchoolChange } from '../../server/school/school-records.js';
import { sealHolds } from '../../server/scores/score-sheet.js';
import { pressOnPage } from '../harness/browser-form.js';
import { publishSlot } from '../harness/builders/publishing.js';
import { anOperation, aPanel, fillSheet, storedSheet, type TestPanel } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/** Two rows are on the server; the third waits on the phone of the second panelist when the exhibition is closed. */
async function aClosedDay() {
  const panel = await aPanel(app);
  await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, ['meeting']);
  const client = await panel.as('panelist-1');
  const seatId = panel.seats[1]!.id;
  const home = `/seats/${seatId}/sheet`;
  const rows = (await client.get(home)).json<{ criteria: { id: string }[] }>().criteria.map(({ id }) => id);
  const score = (criterionId: string) => anOperation({ kind: 'set-level', criterionId, levelId: 'building' });
  await client.post(`${home}/operations`, { operations: rows.slice(0, 2).map(score) });
  await panel.moveTo('closed', 'scoring');
  return { panel, client, seatId, home, rows, waiting: rows.slice(2).map(score) };
}

/** Reads the list first, unless the test says what was read. */
const decide = async (
  panel: TestPanel,
  seatId: string,
  decision: string,
  who = 'registrar',
  body: object = {},
) => {
  const list = await (await panel.as('registrar')).get('/late-sheets');
  const items = list.json<{ items: { seatId: string; handedInAt: string }[] }>().items;
  const handedInAt = items.find((each) => each.seatId === seatId)?.handedInAt ?? '';
  return (await panel.as(who)).post(`/seats/${seatId}/sheet/late/decide`, { decision, handedInAt, ...body });
};
const scoredOf = async (panel: TestPanel) =>
  (await (await panel.as('registrar')).get(`/slots/${panel.slotId}/result`))
    .json<{ criteria: { scored: number }[] }>()
    .criteria.map(({ scored }) => scored);

describe('changes that come after closing', () => {
  it('are taken with a note, change nothing, and count once the office admits them: each of them once', async () => {
    const { panel, client, seatId, home, waiting } = await aClosedDay();
    expect((await client.post(`${home}/operations`, { operations: waiting })).status).toBe(409);
    const body = { operations: waiting, note: 'No network in room 12' };
    for (const time of ['first', 'again']) {
      const sent = await client.post(`${home}/late`, body);
      expect([time, sent.status, sent.json()]).toEqual([
        time,
        200,
        { applied: waiting.map(({ id }) => id), state: 'waiting' },
      ]);
    }
    expect(await scoredOf(panel)).toEqual([1, 1, 1]);
    expect((await client.get(home)).json()).toMatchObject({
      takesScores: false,
      late: { state: 'waiting', note: 'No network in room 12' },
      progress: { done: 2 },
    });
    const office = await panel.as('registrar');
    expect((await office.get('/')).text).toContain('/late-sheets');
    const list = await office.get('/late-sheets');
    expect(list.json()).toMatchObject({
      items: [
        { seatId, panelistName: 'Amara Okafor', note: 'No network in room 12', changes: waiting.length },
      ],
    });
    const page = await office.get('/late-sheets', { as: 'page' });
    const admitted = await pressOnPage(office, page.text, 'Admit Amara Okafor');
    expect(admitted.status).toBe(303);
    expect(await scoredOf(panel)).toEqual([2, 2, 2]);
    const sheet = (await storedSheet(panel, seatId))!;
    expect([sheet.state, sealHolds(sheet), sheet.journal.length]).toEqual([
      'submitted',
      true,
      sheet.revision,
    ]);
    expect((await decide(panel, seatId, 'admit')).status).toBe(409);
    const acts = (await listEntriesFrom(panel.home.scope, 1, 100)).map(({ act }) => act);
    for (const act of ['scores.hand-in-late', 'scores.late-admitted', 'scores.submit'])
      expect(acts).toContain(act);
  });

  it('are called handed in and not decided, never missing, wherever the sheet is asked for', async () => {
    const { panel, client, seatId, home, waiting } = await aClosedDay();
    const [office, chair] = [await panel.as('registrar'), await panel.as('panelist-0')];
    const slot = `/slots/${panel.slotId}`;
    const awaited = async () =>
      (await office.get(`${slot}/reveal`)).json<{ awaited: string[] }>().awaited.includes('Amara Okafor');
    expect(await awaited()).toBe(true);
    const { state: seen } = (await office.get(`${slot}/result`)).json<{ state: string }>();
    await client.post(`${home}/late`, { operations: waiting });
    expect(await awaited()).toBe(false);
    const decideHere = `/late-sheets?slotId=${panel.slotId}`;
    const late = (href: string | null) => ({ seatId, name: 'Amara Okafor', at: expect.any(String), href });
    expect((await office.get(`${slot}/reveal`)).json()).toMatchObject({ lateSheets: [late(decideHere)] });
    expect((await chair.get(`${slot}/reveal`)).json()).toMatchObject({ lateSheets: [late(null)] });
    const warning = expect.objectContaining({
      ...{ kind: 'late-sheets', names: ['Amara Okafor'], count: 1, href: decideHere },
      words: expect.stringContaining('The office hasn’t decided whether a sheet that was handed in late'),
    });
    const result = (await office.get(`${slot}/result`)).json<{ warnings: { words: string }[] }>();
    expect(result).toMatchObject({
      lateSheets: [late(decideHere)],
      warnings: expect.arrayContaining([warning]),
    });
    expect(result.warnings.filter(({ words }) => words.includes('Amara Okafor'))).toHaveLength(1);
    const day = `/exhibitions/${panel.exhibitionId}/results`;
    expect((await office.get(day)).json()).toMatchObject({
      items: [{ late: 1, awaited: panel.seats.length - 2 }],
    });
    // What was seen before it came is not what would be published now.
    const stale = await office.post(`${slot}/result/publish`, { state: seen, confirmed: true });
    expect([stale.status, stale.json()]).toMatchObject([409, { error: { code: 'stale' } }]);
    for (const [path, words] of [
      [`${slot}/reveal`, 'handed in a sheet late'],
      [`${slot}/result`, 'handed in a sheet late'],
      [day, '1 handed in late, not decided yet'],
      [slot, 'Handed in late ('],
      [`/exhibitions/${panel.exhibitionId}/downloads/seats.csv`, 'late, waiting'],
    ] as const)
      expect([path, (await office.get(path, { as: 'page' })).text]).toEqual([
        path,
        expect.stringContaining(words),
      ]);
    const sheet = (await client.get(home, { as: 'page' })).text;
    expect(sheet).toContain('The office has not decided yet.');
    expect(sheet).not.toContain('data-done');
    expect((await client.get('/seats')).json()).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ id: seatId, handedInLateAt: expect.any(String) }),
      ]),
    });
    // Published all the same, the page still says it.
    await publishSlot(office, panel.slotId);
    expect((await office.get(`${slot}/result`)).json()).toMatchObject({ lateSheets: [late(decideHere)] });
    expect((await (await panel.as('student')).get(`${slot}/result`)).json()).toMatchObject({
      lateSheets: [],
    });
    expect((await office.get(decideHere)).json()).toMatchObject({ total: 1 });
    expect((await office.get('/late-sheets?slotId=another')).json()).toMatchObject({ total: 0 });
  });

  it('wait for nobody once the sheet was submitted after all', async () => {
    const { panel, client, home, seatId, waiting } = await aClosedDay();
    await client.post(`${home}/late`, {});
    await panel.moveTo('scoring', 'closed');
    await client.post(`${home}/operations`, { operations: waiting });
    expect((await client.post(`${home}/submit`, { early: true })).status).toBe(200);
    const office = await panel.as('registrar');
    expect((await office.get('/late-sheets')).json()).toMatchObject({ total: 0 });
    expect((await office.get(`/slots/${panel.slotId}/reveal`)).json()).toMatchObject({ lateSheets: [] });
    expect((await storedSheet(panel, seatId))!.state).toBe('submitted');
  });

  it('declined, nothing of them counts, and the panelist is told', async () => {
    const { panel, client, seatId, home, waiting } = await aClosedDay();
    await client.post(`${home}/late`, { operations: waiting });
    expect((await decide(panel, seatId, 'decline')).json()).toMatchObject({ state: 'draft' });
    expect(await scoredOf(panel)).toEqual([1, 1, 1]);
    expect((await client.get(home, { as: 'page' })).text).toContain('The office has declined it.');
  });

  it('without a script the page hands in what the server has; a sheet with open rows does not count', async () => {
    const { panel, client, seatId, home } = await aClosedDay();
    const page = await client.get(home, { as: 'page' });
    const sent = await pressOnPage(client, page.text, 'Hand in to the office', { note: 'Dead phone' });
    expect(sent.status).toBe(303);
    expect((await decide(panel, seatId, 'admit')).json()).toMatchObject({ state: 'draft' });
    expect(await scoredOf(panel)).toEqual([1, 1, 1]);
  });

  it('are decided on as they were read, and stay decided when the phone sends the same once more', async () => {
    const { panel, client, seatId, home, waiting } = await aClosedDay();
    await client.post(`${home}/late`, { operations: waiting.slice(0, 1), note: 'No network' });
    const list = async () =>
      (await (await panel.as('registrar')).get('/late-sheets')).json<{ items: { handedInAt: string }[] }>();
    const [{ handedInAt }] = (await list()).items as [{ handedInAt: string }];
    const all = { operations: waiting, note: 'No network, and two rows more' };
    await setTimeout(2);
    await client.post(`${home}/late`, all);
    expect((await decide(panel, seatId, 'admit', 'registrar', { handedInAt: undefined })).status).toBe(428);
    const stale = await decide(panel, seatId, 'admit', 'registrar', { handedInAt });
    expect([stale.status, stale.json()]).toMatchObject([409, { error: { code: 'stale' } }]);
    expect((await decide(panel, seatId, 'decline')).status).toBe(200);
    expect((await client.post(`${home}/late`, all)).json()).toMatchObject({ state: 'declined' });
    expect((await list()).items).toEqual([]);
  });

  it.each([
    ['declined', 'decline'],
    ['admitted', 'admit'],
  ])(
    '%s, wait again only once more was written, where scores were taken again',
    async (already, decision) => {
      const { panel, client, seatId, home, waiting } = await aClosedDay();
      const handIn = async () => {
        const page = await client.get(home, { as: 'page' });
        expect((await pressOnPage(client, page.text, 'Hand in to the office')).status).toBe(303);
        return (await client.get(home, { as: 'page' })).text;
      };
      expect(await handIn()).toContain('Handed in. The office decides whether it counts.');
      expect((await decide(panel, seatId, decision)).json()).toMatchObject({ state: 'draft' });
      const again = await handIn();
      expect(again).toContain(`The office has already ${already} this sheet`);
      expect(again).not.toContain('The office decides whether it counts.');
      await panel.moveTo('scoring', 'closed');
      await setTimeout(2);
      await client.post(`${home}/operations`, { operations: waiting });
      await panel.moveTo('closed', 'scoring');
      expect(await handIn()).toContain('Handed in. The office decides whether it counts.');
      expect((await decide(panel, seatId, 'admit')).json()).toMatchObject({ state: 'submitted' });
    },
  );

  it.each([
    ['by somebody who does not run the school', 'advisor', 403],
    ['by the panelist', 'panelist-1', 403],
  ])('are not admitted %s', async (_what, who, status) => {
    const { panel, client, seatId, home } = await aClosedDay();
    await client.post(`${home}/late`, {});
    expect((await decide(panel, seatId, 'admit', who)).status).toBe(status);
  });

  it('are not decided on by whoever handed them in', async () => {
    const { panel, client, seatId, home } = await aClosedDay();
    await client.post(`${home}/late`, {});
    await app.context.db.connection
      .collection<{ _id: string }>('seats')
      .updateOne({ _id: seatId }, { $set: { personId: panel.people.registrar.id } });
    await app.context.db.connection
      .collection<{ _id: string }>('scoresheets')
      .updateOne({ _id: seatId }, { $set: { panelistId: panel.people.registrar.id } });
    const page = (await (await panel.as('registrar')).get('/late-sheets', { as: 'page' })).text;
    expect(page).toContain('Somebody else in the office decides');
    expect(page).not.toContain('name="decision"');
    for (const decision of ['admit', 'decline'])
      expect((await decide(panel, seatId, decision)).status).toBe(403);
    expect((await decide(panel, seatId, 'decline', 'admin')).status).toBe(200);
  });

  it('are refused while scores are still taken', async () => {
    const { panel, client, home } = await aClosedDay();
    await panel.moveTo('scoring', 'closed');
    const reply = await client.post(`${home}/late`, {});
    expect([reply.status, reply.json()]).toMatchObject([409, { error: { code: 'still-open' } }]);
  });

  it('are taken after publishing, also while scores are taken; admitted, a correction takes the sheet over', async () => {
    const { panel, client, seatId, home, waiting, rows } = await aClosedDay();
    await panel.moveTo('scoring', 'closed');
    const office = await panel.as('registrar');
    expect((await publishSlot(office, panel.slotId)).status).toBe(200);
    expect((await client.get(home)).json()).toMatchObject({
      ...{ takesScores: false, takesLate: true, closedBecause: 'published' },
    });
    expect((await client.post(`${home}/late`, { operations: waiting })).status).toBe(200);
    const list = await office.get('/late-sheets', { as: 'page' });
    const admitted = await pressOnPage(office, list.text, 'Admit Amara Okafor');
    expect([admitted.status, admitted.headers.get('location')]).toEqual([
      303,
      expect.stringContaining(`/slots/${panel.slotId}/result`),
    ]);
    const result = await findResult(panel.home.scope, panel.slotId);
    expect([result!.sheets.length, (await storedSheet(panel, seatId))!.state]).toEqual([1, 'submitted']);
    const page = await office.get(`/slots/${panel.slotId}/result`, { as: 'page' });
    expect(page.text).toContain('These sheets arrived or changed after publishing.');
    const corrected = await pressOnPage(office, page.text, 'Correct the result', { reason: 'It came late' });
    expect(corrected.status).toBe(303);
    const after = await findResult(panel.home.scope, panel.slotId);
    expect([after!.tally.sheets, after!.tally.criteria.map(({ scored }) => scored)]).toEqual([
      2,
      rows.map(() => 2),
    ]);
  });

  it('are declined after publishing, and leave the list', async () => {
    const { panel, client, seatId, home } = await aClosedDay();
    await client.post(`${home}/late`, {});
    const office = await panel.as('registrar');
    await publishSlot(office, panel.slotId);
    expect((await decide(panel, seatId, 'decline')).json()).toMatchObject({ state: 'draft' });
    expect((await office.get('/late-sheets')).json<{ items: object[] }>().items).toEqual([]);
  });

  it('that were declined do not come back with the next ones', async () => {
    const { panel, client, seatId, home, waiting, rows } = await aClosedDay();
    const level = (criterionId: string, levelId: string) =>
      anOperation({ kind: 'set-level', criterionId, levelId });
    await client.post(`${home}/late`, { operations: [level(rows[0]!, 'extending')] });
    await decide(panel, seatId, 'decline');
    await client.post(`${home}/late`, { operations: waiting });
    const office = await panel.as('registrar');
    expect((await office.get('/late-sheets')).json()).toMatchObject({ items: [{ changes: waiting.length }] });
    expect((await decide(panel, seatId, 'admit')).json()).toMatchObject({ state: 'submitted' });
    const sheet = (await storedSheet(panel, seatId))!;
    expect(rows.map((row) => sheet.answer(row).levelId)).toEqual(rows.map(() => 'building'));
  });

  it('are handed in when access to the work has ended, also where nothing has reached the server yet', async () => {
    const { panel } = await aClosedDay();
    const hour = 3_600_000;
    const ago = (hours: number) => new Date(app.context.clock.now().getTime() - hours * hour);
    const { connection } = app.context.db;
    await connection
      .collection<{ _id: string }>('slots')
      .updateOne({ _id: panel.slotId }, { $set: { startsAt: ago(3) } });
    await connection
      .collection<{ _id: string }>('exhibitions')
      .updateOne({ _id: panel.exhibitionId }, { $set: { closedAt: ago(1) } });
    const { scope, school } = panel.home;
    await saveSchoolChange(scope, { policies: { ...school.policies, panelAccessDays: 0 } });
    const client = await panel.as('panelist-2');
    expect((await client.get(`/slots/${panel.slotId}`)).status).toBe(403);
    const home = `/seats/${panel.seats[2]!.id}/sheet`;
    const page = await client.get(home, { as: 'page' });
    expect([page.status, page.text.includes('Hand in to the office')]).toEqual([200, true]);
    const { criteria } = (await client.get(home)).json<{ criteria: { id: string }[] }>();
    const operations = criteria.map(({ id: criterionId }) =>
      anOperation({ kind: 'set-level', criterionId, levelId: 'meeting' }),
    );
    expect((await client.post(`${home}/late`, { operations })).status).toBe(200);
    expect((await decide(panel, panel.seats[2]!.id, 'admit')).json()).toMatchObject({ state: 'submitted' });
  });

  it('for a row or level that the rubric does not have are refused, and for a sheet without any', async () => {
    const { panel, client, home } = await aClosedDay();
    const wrong = [{ id: randomUUID(), kind: 'set-level', criterionId: 'no-row', levelId: 'building' }];
    expect((await client.post(`${home}/late`, { operations: wrong })).status).toBe(422);
    const empty = await (await panel.as('panelist-2')).post(`/seats/${panel.seats[2]!.id}/sheet/late`, {});
    expect(empty.status).toBe(409);
  });
});
