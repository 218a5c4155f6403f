/**
 * A correction says what it means for everybody before it is made, and takes nothing for granted that was
 * said about other levels.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findResult } from '../../server/results/result-records.js';
import { pressOnPage } from '../harness/browser-form.js';
import { aBarredPanel, type BarredPanel } from '../harness/builders/attempts.js';
import { aGroup, type TestGroup } from '../harness/builders/group.js';
import { publishSlot, seenState } from '../harness/builders/publishing.js';
import { aTalkingPanel, type Talking } from '../harness/builders/reveal.js';
import type { Client, Reply } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { saveExhibitionChange } from '../../server/exhibitions/exhibition-records.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Consequence {
  slotId: string;
  asks: boolean;
  outcome: string | null;
  proposal: { outcome: string | null; missed: { id: string }[] } | null;
  rows: { id: string; after: string | null }[];
  warnings: string[];
  seen: string;
}
const told = (reply: Reply) =>
  reply.json<{ error: { code: string; consequences: Consequence[] } }>().error.consequences;
const problemIn = (reply: Reply) =>
  reply.json<{ error: { code: string; fields?: { field: string }[] } }>().error;
const reason = 'The second source was overlooked';

const correct = async (client: Client, slotId: string, body: object) =>
  client.post(`/slots/${slotId}/result/corrections`, {
    ...{ ...(await seenState(client, slotId)), reason, ...body },
  });
const saidOf = async ({ home }: { home: Talking['home'] }, slotId: string) =>
  (await findResult(home.scope, slotId))!;
const seatsOf = () => app.context.db.connection.collection<{ _id: string }>('seats');

/** The second row is below the bar: published as "not yet". */
async function notYet(): Promise<{ panel: BarredPanel; office: Client; row: string }> {
  const panel = await aBarredPanel(app);
  expect((await panel.publish()).status).toBe(200);
  return { panel, office: await panel.as('registrar'), row: panel.rows[1]! };
}

describe('a correction after which something else is proposed', () => {
  it('is asked for the outcome again, also where the old one is sent along', async () => {
    const { panel, office, row } = await notYet();
    const asked = { levels: [`${row}:meeting`], outcome: 'not-yet', missed: [row] };
    const first = await correct(office, panel.slotId, asked);
    expect([first.status, problemIn(first).code]).toEqual([409, 'unconfirmed']);
    const [own] = told(first);
    expect(own).toMatchObject({
      ...{ slotId: panel.slotId, asks: true, outcome: 'not-yet' },
      ...{ proposal: { outcome: 'met', missed: [] }, rows: [{ id: row, after: 'Meeting' }] },
    });
    expect((await saidOf(panel, panel.slotId)).correction).toBeUndefined();
    const without = await correct(office, panel.slotId, {
      ...{ levels: asked.levels, consequences: [own!.seen] },
    });
    expect([without.status, problemIn(without).fields?.[0]?.field]).toEqual([422, 'answers']);
    // What was read was about this level alone.
    const another = { ...asked, levels: [`${row}:extending`], consequences: [own!.seen] };
    expect((await correct(office, panel.slotId, another)).status).toBe(409);
    const answers = [`${panel.slotId}:met`];
    const made = await correct(office, panel.slotId, { ...asked, consequences: [own!.seen], answers });
    expect(made.status).toBe(201);
    expect((await saidOf(panel, panel.slotId)).attainment).toMatchObject({
      ...{ outcome: 'met', missed: [], proposed: { outcome: 'met', missed: [] } },
    });
  });

  it('shows the new proposal in its form, with everything that was typed', async () => {
    const { panel, office, row } = await notYet();
    const page = await panel.result('registrar', panel.slotId, 'page');
    const asked = await pressOnPage(office, page.text, 'Correct the result', {
      ...{ levels: `${row}:meeting`, reason },
    });
    expect([asked.status, asked.text.includes(reason)]).toEqual([409, true]);
    expect(asked.text).toContain('The scores suggest: met.');
    expect((await saidOf(panel, panel.slotId)).correction).toBeUndefined();
    const unsaid = await pressOnPage(office, asked.text, 'Correct the result');
    expect([unsaid.status, unsaid.text.includes('Say whether it is met or not yet.')]).toEqual([422, true]);
    const made = await pressOnPage(office, unsaid.text, 'Correct the result', {
      answers: `${panel.slotId}:met`,
    });
    expect(made.status).toBe(303);
    expect((await saidOf(panel, panel.slotId)).attainment).toMatchObject({ outcome: 'met', missed: [] });
  });

  it('that leaves fewer voices than are asked for asks first; one that leaves none is not made', async () => {
    const panel = await aTalkingPanel(app, [['meeting'], ['meeting'], ['meeting']]);
    const office = await panel.as('registrar');
    await app.context.db.connection
      .collection<{ _id: string }>('schools')
      .updateOne({ _id: panel.home.school.id }, { $set: { 'policies.minVoices': 3 } });
    await publishSlot(office, panel.slotId);
    const [one, two, three] = panel.seats.map(({ id }) => id);
    const all = await correct(office, panel.slotId, { setAside: [one, two, three] });
    expect([all.status, problemIn(all).code]).toEqual([409, 'no-sheets']);
    const asked = await correct(office, panel.slotId, { setAside: [one] });
    expect([asked.status, told(asked)]).toMatchObject([
      409,
      [{ asks: false, warnings: ['Only 2 sheets count; 3 are needed.'] }],
    ]);
    const consequences = told(asked).map(({ seen }) => seen);
    expect((await correct(office, panel.slotId, { setAside: [one], consequences })).status).toBe(201);
  });
});

describe('a correction in a group', () => {
  /** Published with a bar that everybody reached. */
  async function published(): Promise<TestGroup> {
    const group = await aGroup(app);
    const bar = { levelId: 'developing', criterionIds: null };
    await saveExhibitionChange(group.home.scope, group.exhibitionId, 'scoring', { bar });
    for (const at of [0, 1, 2])
      await group.fill(`panelist-${at}`, {
        group: 'proficient',
        each: ['proficient', 'proficient', 'proficient'],
      });
    for (const member of [0, 1]) expect((await group.publish(member)).status).toBe(200);
    return group;
  }

  it('names the others whose results it changes, and asks for the outcome of each', async () => {
    const group = await published();
    const [own, other] = group.members.map(({ slotId }) => slotId);
    const levels = ['clarity:emerging'];
    const first = await correct(group.registrar, own!, { levels });
    expect(first.status).toBe(409);
    expect(told(first).map(({ slotId, asks, proposal }) => [slotId, asks, proposal?.outcome])).toEqual([
      [own, true, 'not-yet'],
      [other, true, 'not-yet'],
    ]);
    const consequences = told(first).map(({ seen }) => seen);
    const missed = (slotId?: string) => `${slotId}:clarity`;
    const half = { levels, consequences, answers: [`${own}:not-yet`], answersMissed: [missed(own)] };
    const unanswered = await correct(group.registrar, own!, half);
    expect([unanswered.status, problemIn(unanswered).fields?.[0]?.field]).toEqual([422, 'answers']);
    const made = await correct(group.registrar, own!, {
      ...{ ...half, answers: [`${own}:not-yet`, `${other}:not-yet`] },
      answersMissed: [missed(own), missed(other)],
    });
    expect(made.status).toBe(201);
    for (const slotId of [own, other])
      expect(await saidOf(group, slotId!)).toMatchObject({
        ...{ correction: { version: 2, reason }, attainment: { outcome: 'not-yet', missed: ['clarity'] } },
      });
  });

  it('is asked again when another result has changed since', async () => {
    const group = await published();
    const [own, other] = group.members.map(({ slotId }) => slotId);
    const levels = ['clarity:advanced'];
    const consequences = told(await correct(group.registrar, own!, { levels })).map(({ seen }) => seen);
    expect(consequences).toHaveLength(1);
    expect((await correct(group.registrar, other!, { outcome: 'met', words: 'Well done' })).status).toBe(201);
    expect((await correct(group.registrar, own!, { levels, consequences })).status).toBe(409);
  });
});

describe('a guest whom nobody had admitted', () => {
  it('is named before publishing, and a correction admits them', async () => {
    const panel = await aTalkingPanel(app, [['meeting'], ['meeting'], ['extending']]);
    const office = await panel.as('registrar');
    const guest = panel.seats[2]!;
    const admission = { askedAt: app.context.clock.now(), admittedAt: null, by: null, byName: null };
    await seatsOf().updateOne({ _id: guest.id }, { $set: { admission } });
    const asked = await publishSlot(office, panel.slotId, { confirmed: false });
    expect([asked.status, asked.json()]).toMatchObject([
      409,
      {
        error: { warnings: [{ kind: 'not-admitted', names: ['Jun Sato'], href: `/slots/${panel.slotId}` }] },
      },
    ]);
    expect((await publishSlot(office, panel.slotId)).status).toBe(200);
    expect((await saidOf(panel, panel.slotId)).tally.sheets).toBe(2);
    expect((await office.post(`/seats/${guest.id}/admit`)).status).toBe(409);
    const page = await office.get(`/slots/${panel.slotId}/result`, { as: 'page' });
    expect(page.text).toContain('Guests to admit');
    expect((await correct(office, panel.slotId, { admit: ['nobody'] })).status).toBe(422);
    expect((await correct(office, panel.slotId, { admit: [guest.id] })).status).toBe(201);
    const after = await saidOf(panel, panel.slotId);
    expect([after.tally.sheets, after.sheets.some(({ notCounted }) => notCounted)]).toEqual([3, false]);
  });
});

describe('the chair, after publishing', () => {
  it('sets a sheet aside and lets it count again, and corrects nothing else', async () => {
    const panel = await aTalkingPanel(app, [['meeting'], ['meeting'], ['extending']]);
    await publishSlot(await panel.as('registrar'), panel.slotId);
    const chair = await panel.as('panelist-0');
    const setAside = [panel.seats[2]!.id];
    const page = (await chair.get(`/slots/${panel.slotId}/result`, { as: 'page' })).text;
    expect([page.includes('Sheets to set aside'), page.includes('correct-outcome')]).toEqual([true, false]);
    for (const [what, body] of [
      ['a level', { levels: [`${panel.rows[0]}:extending`] }],
      ['the outcome', { outcome: 'met' }],
      ['both', { setAside, outcome: 'met' }],
    ] as const)
      expect([what, (await correct(chair, panel.slotId, body)).status]).toEqual([what, 403]);
    expect((await correct(chair, panel.slotId, { setAside })).status).toBe(201);
    expect(await saidOf(panel, panel.slotId)).toMatchObject({
      ...{ tally: { sheets: 2 }, correction: { byName: 'Noor Haddad' } },
    });
    expect((await correct(chair, panel.slotId, { countAgain: setAside })).status).toBe(201);
    for (const who of ['panelist-2', 'advisor', 'student'])
      expect([who, (await correct(await panel.as(who), panel.slotId, { setAside })).status]).toEqual([
        who,
        403,
      ]);
  });
});

describe('what was tampered with', () => {
  it.each<[string, string, (panel: Talking) => [object, object]]>([
    [
      'a published result',
      'results',
      ({ slotId }) => [{ _id: slotId }, { $set: { 'slot.room': 'Another' } }],
    ],
    [
      'a sealed sheet',
      'scoresheets',
      ({ seats }) => [{ _id: seats[1]!.id }, { $set: { overallComment: 'Another' } }],
    ],
  ])('is sealed by no correction: %s', async (_what, collection, change) => {
    const panel = await aTalkingPanel(app, [['meeting'], ['meeting'], ['meeting']]);
    const office = await panel.as('registrar');
    await publishSlot(office, panel.slotId);
    const [where, what] = change(panel);
    const { matchedCount } = await app.context.db.connection.collection(collection).updateOne(where, what);
    expect(matchedCount).toBe(1);
    const reply = await correct(office, panel.slotId, { levels: [`${panel.rows[0]}:extending`] });
    expect([reply.status, problemIn(reply).code]).toEqual([500, 'seal-broken']);
    expect((await saidOf(panel, panel.slotId)).correction).toBeUndefined();
  });
});
