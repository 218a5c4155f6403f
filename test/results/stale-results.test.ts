/**
 * Nothing is revised, decided or published that its sender has not seen; and nothing questionable without being asked.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listDecisions } from '../../server/results/decision-records.js';
import { findResult } from '../../server/results/result-records.js';
import { saveSchoolChange } from '../../server/school/school-records.js';
import { aTalkingPanel, type Talking } from '../harness/builders/reveal.js';
import { aPanel, fillSheet } from '../harness/builders/scores.js';
import { publishSlot, seenState } from '../harness/builders/publishing.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Refused {
  error: {
    code: string;
    message: string;
    changes?: { what: string; who: string | null; at: string | null; criterionId: string | null }[];
    warnings?: { kind: string; criterionId: string | null; words: string; href: string }[];
  };
}
const refusal = (reply: { json<T>(): T }) => reply.json<Refused>().error;
const agreed = { kind: 'consensus', levelId: 'meeting', reason: 'We talked' };
const settled = { kind: 'moderation', levelId: 'extending', reason: 'Read by two more' };

async function talking(levels?: (string | null)[][]) {
  const panel = await aTalkingPanel(app, levels);
  const [chair, office, voice] = await Promise.all(
    ['panelist-0', 'registrar', 'panelist-1'].map((who) => panel.as(who)),
  );
  return { panel, chair: chair!, office: office!, voice: voice!, slot: `/slots/${panel.slotId}` };
}

describe('an action on a result', () => {
  it('says which state its sender has seen: 428 without it, and nothing is saved', async () => {
    const { panel, chair, office, voice, slot } = await talking();
    const criterionId = panel.rows[0]!;
    const replies = [
      await chair.post(`${slot}/decisions`, { criterionId, ...agreed }),
      await voice.post(`/seats/${panel.seats[1]!.id}/sheet/revisions`, {
        ...{ id: 'without-state', criterionId, levelId: 'meeting', reason: 'Heard again' },
      }),
      await office.post(`${slot}/result/publish`, { confirmed: true }),
    ];
    expect(replies.map((reply) => [reply.status, refusal(reply).code])).toEqual(
      replies.map(() => [428, 'state-missing']),
    );
    expect(refusal(replies[0]!).message).toContain('“state”');
    expect(await listDecisions(panel.home.scope, panel.slotId)).toEqual([]);
    expect(await findResult(panel.home.scope, panel.slotId)).toBeNull();
  });

  it('a consensus and a moderation sent together: one is recorded, the other is told who did what, and when', async () => {
    const { panel, chair, office, slot } = await talking();
    const criterionId = panel.rows[0]!;
    const seen = await seenState(office, panel.slotId, 'reveal');
    const replies = await Promise.all([
      chair.post(`${slot}/decisions`, { criterionId, ...agreed, ...seen }),
      office.post(`${slot}/decisions`, { criterionId, ...settled, ...seen }),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409]);
    const [standing] = await listDecisions(panel.home.scope, panel.slotId);
    const stale = refusal(replies.find(({ status }) => status === 409)!);
    expect(stale).toMatchObject({
      code: 'stale',
      changes: [
        { what: standing!.kind, who: standing!.decidedByName, at: standing!.at.toISOString(), criterionId },
      ],
    });
    expect(stale.message).toContain(`${standing!.decidedByName} recorded a ${standing!.kind}`);
    expect(await listDecisions(panel.home.scope, panel.slotId)).toHaveLength(1);
  });

  it('a moderation made a moment earlier is not frozen unseen; what is said about another row stops nobody', async () => {
    const { panel, chair, office, voice, slot } = await talking();
    const [first, second, third] = panel.rows;
    const seen = await seenState(office, panel.slotId);
    const seenByVoice = await seenState(voice, panel.slotId, 'reveal');
    await panel.decide('panelist-0', { criterionId: first, ...settled });
    const refused = await office.post(`${slot}/result/publish`, { ...seen, confirmed: true });
    expect([refused.status, refusal(refused).changes?.map(({ what }) => what)]).toEqual([
      409,
      ['moderation'],
    ]);
    expect(await findResult(panel.home.scope, panel.slotId)).toBeNull();
    const revise = (criterionId: string, id: string) =>
      voice.post(`/seats/${panel.seats[1]!.id}/sheet/revisions`, {
        ...{ id, criterionId, levelId: 'meeting', reason: 'Heard again', ...seenByVoice },
      });
    expect([(await revise(third!, 'another-row')).status, (await revise(first!, 'this-row')).status]).toEqual(
      [201, 409],
    );
    expect((await panel.decide('panelist-0', { criterionId: second, ...agreed })).status).toBe(201);
    // The same sent again by the same person is one decision; said by somebody else it is another.
    const now = await seenState(chair, panel.slotId, 'reveal');
    const again = { criterionId: third, ...agreed, ...now };
    const twice = await Promise.all([1, 2].map(() => chair.post(`${slot}/decisions`, again)));
    expect(twice.map(({ status }) => status).sort()).toEqual([200, 201]);
  });

  it('a sheet that came in since is named, too', async () => {
    const panel = await aTalkingPanel(app, [['extending'], ['beginning']]);
    await panel.open('panelist-0');
    const chair = await panel.as('panelist-0');
    const seen = await seenState(chair, panel.slotId, 'reveal');
    await fillSheet(await panel.as('panelist-2'), panel.seats[2]!.id, ['building']);
    const reply = await chair.post(`/slots/${panel.slotId}/decisions`, {
      ...{ criterionId: panel.rows[0], ...agreed, ...seen },
    });
    expect([reply.status, refusal(reply).changes]).toMatchObject([409, [{ what: 'sheet', who: 'Jun Sato' }]]);
  });

  it('a voice that counts again is said by name, also to an action on one row', async () => {
    const { panel, chair, office, slot } = await talking();
    const seatId = panel.seats[2]!.id;
    await office.post(`/seats/${seatId}/set-aside`, { reason: 'Of another room' });
    const seen = await seenState(chair, panel.slotId, 'reveal');
    await office.post(`/seats/${seatId}/count`, { reason: 'Of this room' });
    await panel.decide('registrar', { criterionId: panel.rows[1], ...settled });
    const reply = await chair.post(`${slot}/decisions`, { criterionId: panel.rows[0], ...agreed, ...seen });
    expect([reply.status, refusal(reply).changes]).toMatchObject([
      409,
      [{ what: 'counts-again', who: 'Jun Sato' }],
    ]);
    expect(refusal(reply).message).toContain('Jun Sato’s sheet counts again.');
  });

  it('two people who publish at the same moment: the later one is told by whom it was published', async () => {
    const { panel, chair, office, slot } = await talking([['meeting'], ['meeting'], ['meeting']]);
    const seen = await seenState(office, panel.slotId);
    const replies = await Promise.all(
      [chair, office].map((client, at) =>
        client.post(`${slot}/result/publish`, { ...seen, outcome: at === 0 ? 'met' : 'none' }),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    const stale = refusal(replies.find(({ status }) => status === 409)!);
    expect(stale.changes).toMatchObject([{ what: 'published' }]);
    expect(stale.changes![0]!.who).not.toBeNull();
    const late = await chair.post(`${slot}/decisions`, { criterionId: panel.rows[0], ...agreed, ...seen });
    expect([late.status, refusal(late).changes?.map(({ what }) => what)]).toEqual([409, ['published']]);
  });

  it('publishing again says so only while what is sent is what was published, and nothing has changed since', async () => {
    const { panel, office, slot } = await talking([['meeting'], ['meeting'], ['meeting']]);
    const [first, second] = panel.rows;
    const publish = (body: object) => office.post(`${slot}/result/publish`, { confirmed: true, ...body });
    const seen = await seenState(office, panel.slotId);
    const said = { ...seen, outcome: 'not-yet', missed: [first], reason: 'Shown too briefly' };
    expect((await publish(said)).status).toBe(200);
    const { hash } = (await publish(said)).json<{ hash: string }>();
    expect((await publish({ ...seen })).json()).toMatchObject({ hash });
    for (const other of [{ missed: [first, second] }, { reason: 'Another one' }, { words: 'Bring a map' }])
      expect([other, (await publish({ ...said, ...other })).status]).toEqual([other, 409]);
    expect((await publish({ state: undefined })).status).toBe(428);
    const correction = await (
      await panel.as('admin')
    ).post(`${slot}/result/corrections`, {
      ...{ ...(await seenState(office, panel.slotId)), reason: 'Met after all', outcome: 'met' },
    });
    expect(correction.status).toBe(201);
    const late = await publish(seen);
    expect([late.status, refusal(late).code, refusal(late).changes?.map(({ what }) => what)]).toEqual([
      ...[409, 'stale', ['corrected']],
    ]);
  });

  it('as a form comes back with what was typed, what has changed, and the state of now', async () => {
    const { panel, chair, slot } = await talking();
    const criterionId = panel.rows[0]!;
    const seen = await seenState(chair, panel.slotId, 'reveal');
    await panel.decide('registrar', { criterionId, ...settled });
    const typed = { criterionId, ...agreed, reason: 'Typed with care' };
    const page = await chair.post(`${slot}/decisions`, { ...typed, ...seen }, { as: 'page' });
    expect(page.status).toBe(409);
    for (const words of ['Typed with care', 'recorded a moderation on', 'Read by two more'])
      expect(page.text).toContain(words);
    const { state } = await seenState(chair, panel.slotId, 'reveal');
    expect(page.text).toContain(`name="state" value="${state}"`);
    const sent = await chair.post(`${slot}/decisions`, { ...typed, state }, { as: 'page' });
    expect(sent.status).toBe(303);
    // A form from before states were asked for keeps what was typed as well.
    const old = await chair.post(`${slot}/decisions`, { ...typed, reason: 'An old form' }, { as: 'page' });
    expect([old.status, old.text.includes('An old form')]).toEqual([428, true]);
  });
});

describe('warnings before publishing', () => {
  const kinds = async (panel: Talking) =>
    (await (await panel.as('registrar')).get(`/slots/${panel.slotId}/result`)).json<{
      warnings: { kind: string; criterionId: string | null; href: string }[];
    }>().warnings;

  it('rows apart and missing sheets are listed with links; publishing then is confirmed', async () => {
    const panel = await aTalkingPanel(app, [['extending'], ['beginning']]);
    await panel.moveTo('closed', 'scoring');
    const office = await panel.as('registrar');
    const warnings = await kinds(panel);
    expect(warnings.map(({ kind, criterionId }) => [kind, criterionId])).toEqual([
      ...panel.rows.map((row) => ['apart', row]),
      ['missing-sheets', null],
    ]);
    expect(warnings[0]!.href).toBe(`/slots/${panel.slotId}/reveal?decide=${panel.rows[0]}#act`);
    const refused = await publishSlot(office, panel.slotId, { confirmed: false });
    expect([refused.status, refusal(refused).code, refusal(refused).warnings?.length]).toEqual([
      409,
      'unconfirmed',
      warnings.length,
    ]);
    const form = { words: 'Typed words', outcome: 'met', confirmed: '' };
    const page = await publishSlot(office, panel.slotId, form, { as: 'page' });
    expect([page.status, page.text.includes('Typed words')]).toEqual([422, true]);
    expect(await findResult(panel.home.scope, panel.slotId)).toBeNull();
    expect((await publishSlot(office, panel.slotId)).status).toBe(200);
  });

  it('a decision answers a row that is apart; the school may ask for more voices', async () => {
    const panel = await aTalkingPanel(app, [
      ['extending', 'meeting', 'meeting'],
      ['beginning', 'meeting', null],
      ['building', 'meeting', 'meeting'],
    ]);
    await panel.decide('panelist-0', { criterionId: panel.rows[0], ...agreed });
    expect(await kinds(panel)).toEqual([]);
    const { scope, school } = panel.home;
    const ask = (minVoices: number) =>
      saveSchoolChange(scope, { policies: { ...school.policies, minVoices } });
    await ask(3);
    expect(await kinds(panel)).toMatchObject([
      { kind: 'row-voices', criterionId: panel.rows[2], count: 2, asked: 3 },
    ]);
    await ask(4);
    expect(await kinds(panel)).toMatchObject([{ kind: 'voices', criterionId: null, count: 3, asked: 4 }]);
  });

  it('none are told to those who may not publish', async () => {
    const panel = await aPanel(app);
    for (const [at, level] of ['extending', 'beginning', 'meeting'].entries())
      await fillSheet(await panel.as(`panelist-${at}`), panel.seats[at]!.id, [level]);
    const view = (await (await panel.as('panelist-2')).get(`/slots/${panel.slotId}/result`)).json<object>();
    expect(view).toMatchObject({ warnings: [] });
  });
});
