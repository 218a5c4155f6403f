/** All results of a day on one page: what needs attention first, and many published at once, each as it was seen. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  getExhibition,
  saveExhibition,
  saveExhibitionChange,
} from '../../server/exhibitions/exhibition-records.js';
import { getSlot, saveSlotAbsent, saveSlots } from '../../server/exhibitions/slots/slot-records.js';
import { saveSeat } from '../../server/exhibitions/seats/seat-records.js';
import { findResult } from '../../server/results/result-records.js';
import { aTalkingPanel, type Talking } from '../harness/builders/reveal.js';
import { decideOn, publishSlot } from '../harness/builders/publishing.js';
import { fillSheet } from '../harness/builders/scores.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Item {
  slotId: string;
  student: { name: string };
  state: string;
  open: number;
  awaited: number;
  seen: string | null;
}
interface Day {
  items: Item[];
  total: number;
  pages: number;
  counts: Record<string, number>;
}

/** Another presentation on the same day before the same panel. */
async function another(panel: Talking, studentName: string, levels: string[]): Promise<string> {
  const { home, people } = panel;
  const { advisoryId } = people.student;
  const student = await home.person({ name: studentName, roles: ['student'], advisoryId });
  const first = await getSlot(home.scope, panel.slotId);
  const slotId = randomUUID();
  await saveSlots(home.scope, [{ ...first, id: slotId, studentId: student.id, room: studentName }]);
  for (const [at, seat] of panel.seats.entries()) {
    const id = randomUUID();
    await saveSeat(home.scope, { ...seat, id, slotId, studentId: student.id });
    const level = levels[at];
    if (level) await fillSheet(await panel.as(`panelist-${at}`), id, [level]);
  }
  return slotId;
}

/** The results' path of a second day of the school. */
async function saveExhibitionOf({ home, exhibitionId }: Talking): Promise<string> {
  const id = randomUUID();
  await saveExhibition(home.scope, { ...(await getExhibition(home.scope, exhibitionId)), id, slug: id });
  return `/exhibitions/${id}/results`;
}

async function aDay() {
  const panel = await aTalkingPanel(app, [['meeting'], ['meeting'], ['meeting']]);
  const disputed = await another(panel, 'Dora', ['extending', 'beginning', 'building']);
  const waiting = await another(panel, 'Wim', ['meeting']);
  const ready = await another(panel, 'Rune', ['meeting', 'meeting', 'building']);
  const office = await panel.as('registrar');
  const path = `/exhibitions/${panel.exhibitionId}/results`;
  const read = async (client: Client, query = '') => (await client.get(path + query)).json<Day>();
  const publish = (client: Client, items: (Item | undefined)[], more: object = {}) =>
    client.post(`${path}/publish`, { items: items.map((one) => `${one!.slotId} ${one!.seen}`), ...more });
  return { panel, office, path, read, publish, slots: { disputed, waiting, ready } };
}
const named = ({ items }: Day) => items.map(({ student, state }) => [student.name, state]);

describe('all results of a day', () => {
  it('come with their states, disputes first, by page and by state', async () => {
    const { panel, office, path, read } = await aDay();
    const day = await read(office);
    expect(named(day)).toEqual([
      ['Dora', 'disputed'],
      ['Itzel Núñez', 'ready'],
      ['Rune', 'ready'],
      ['Wim', 'waiting'],
    ]);
    expect(day.items[0]).toMatchObject({ open: 3, awaited: 0, seen: expect.any(String) });
    expect(day.items[3]).toMatchObject({ awaited: 2, seen: null });
    expect(day.counts).toMatchObject({ disputed: 1, ready: 2, waiting: 1, published: 0 });
    const second = await read(office, '?perPage=3&page=2');
    expect([second.total, second.pages, named(second)]).toEqual([4, 2, [['Wim', 'waiting']]]);
    expect(named(await read(office, '?state=ready'))).toHaveLength(2);
    const page = (await office.get(path, { as: 'page' })).text;
    // What waits for others is folded, also without a script.
    const html = (await office.get(path, { as: 'page' })).text;
    expect(html).toMatch(/<details class="day-group" id="day-waiting">/);
    expect(html).not.toContain('id="day-disputed"');
    expect((await office.get(`${path}?state=waiting`, { as: 'page' })).text).not.toContain('day-group');
    for (const words of ['Scores differ', 'Publish the chosen results', 'Dora'])
      expect(page).toContain(words);
    // An advisor reads those of their own students; this one owes no sheet but on Wim's panel.
    expect(named(await read(await panel.as('advisor')))).toContainEqual(['Wim', 'own-sheet']);
    expect((await read(await panel.as('otherAdvisor'))).total).toBe(0);
  });

  it('are published together; those that have changed, or are asked about first, are left out and named', async () => {
    const { panel, office, read, publish, slots } = await aDay();
    const { items } = await read(office);
    const [dora, itzel, rune] = items;
    await decideOn(await panel.as('panelist-0'), slots.ready, {
      ...{ criterionId: panel.rows[0], kind: 'consensus', levelId: 'extending' },
    });
    const reply = await publish(office, [dora, itzel, rune]);
    expect([reply.status, reply.json()]).toMatchObject([
      200,
      {
        published: [panel.slotId],
        leftOut: [
          { slotId: slots.disputed, name: 'Dora', code: 'unconfirmed' },
          { slotId: slots.ready, name: 'Rune', code: 'stale', words: expect.stringContaining('consensus') },
        ],
      },
    ]);
    expect(await findResult(panel.home.scope, slots.ready)).toBeNull();
    const again = await read(office);
    const left = again.items.filter(({ seen }) => seen !== null);
    const chosen = left.map((one) => `${one.slotId} ${one.seen}`);
    const form = { items: chosen, confirmed: chosen };
    const sent = await office.post(`/exhibitions/${panel.exhibitionId}/results/publish`, form, {
      as: 'page',
    });
    expect(sent.status).toBe(303);
    expect((await read(office)).counts).toMatchObject({ published: 3, waiting: 1 });
    const board = (await office.get(`/exhibitions/${panel.exhibitionId}`)).json<{
      slots: { id: string; state: string }[];
    }>();
    expect(board.slots.find(({ id }) => id === panel.slotId)?.state).toBe('published');
    for (const as of ['page', 'json'] as const) {
      const nothing = await office.post(`/exhibitions/${panel.exhibitionId}/results/publish`, {}, { as });
      expect([nothing.status, nothing.text]).toEqual([422, expect.stringContaining('Choose at least one')]);
    }
    // The same list sent again, with one of them twice: nothing is published that was published already.
    const sentAgain = await office.post(`/exhibitions/${panel.exhibitionId}/results/publish`, {
      ...{ ...form, items: [...chosen, chosen[0]] },
    });
    expect(sentAgain.json()).toMatchObject({
      ...{ published: [], leftOut: [] },
      publishedBefore: left.map(({ slotId }) => slotId),
    });
  });

  it('are published by those who may publish them; a slot of another day is none of this', async () => {
    const [one, other] = [await aDay(), await aDay()];
    const { items } = await one.read(one.office);
    const stranger = await one.publish(await one.panel.as('otherAdvisor'), [items[1]]);
    expect(stranger.json()).toMatchObject({ published: [], leftOut: [{ code: 'forbidden' }] });
    expect((await one.publish(other.office, [items[1]])).status).toBe(404);
    const page = await one.office.post(
      `/exhibitions/${one.panel.exhibitionId}/results/publish`,
      { items: `${items[0]!.slotId} ${items[0]!.seen}` },
      { as: 'page' },
    );
    expect([page.status, page.text.includes('One result was left out')]).toEqual([200, true]);
  });
});

describe('somebody of the office who owes a sheet on the panel', () => {
  it('is told nothing of it by an action that is refused, nor by the list once it is published', async () => {
    const panel = await aTalkingPanel(app);
    const [seat] = panel.seats;
    const personId = panel.people.registrar.id;
    await saveSeat(panel.home.scope, { ...seat!, id: randomUUID(), personId, name: 'Mei Lin', chair: false });
    const [office, slot] = [await panel.as('registrar'), `/slots/${panel.slotId}`];
    const acts = [
      [`${slot}/result/publish`, { state: 'x', confirmed: true }],
      [
        `${slot}/decisions`,
        {
          state: 'x',
          criterionId: panel.rows[0],
          kind: 'moderation',
          levelId: 'meeting',
          reason: 'A reason',
        },
      ],
      [`/seats/${seat!.id}/set-aside`, { reason: 'A reason' }],
    ] as const;
    for (const [path, more] of acts) {
      const reply = await office.post(path, more);
      expect([path, reply.status, reply.text]).toEqual([
        path,
        403,
        expect.not.stringMatching(/changes|Noor/),
      ]);
    }
    expect((await publishSlot(await panel.as('admin'), panel.slotId)).status).toBe(200);
    const correction = { state: 'x', reason: 'A reason', setAside: [seat!.id] };
    const corrected = await office.post(`${slot}/result/corrections`, correction);
    expect([corrected.status, corrected.text]).toEqual([403, expect.not.stringMatching(/changes|Noor/)]);
    const list = `/exhibitions/${panel.exhibitionId}/results`;
    const hidden = { state: 'own-sheet', outcome: null, version: null, publishedAt: null };
    expect((await office.get(list)).json()).toMatchObject({ items: [hidden] });
    await panel.moveTo('closed', 'scoring');
    expect((await office.get(list)).json()).toMatchObject({ items: [{ state: 'published' }] });
  });
});

it('publishing many names nobody whom the sender does not read in this list', async () => {
  const [one, other] = [await aDay(), await aDay()];
  const elsewhere = await saveExhibitionOf(one.panel);
  const stranger = await one.panel.as('otherAdvisor');
  const send = (client: Client, path: string) =>
    client.post(`${path}/publish`, { items: [`${one.slots.ready} x`, `${other.slots.ready} x`] });
  for (const [client, path] of [
    [stranger, one.path],
    [one.office, elsewhere],
  ] as const)
    expect((await send(client, path)).json()).toMatchObject({ leftOut: [{ name: '' }, { name: '' }] });
});

describe('the line of a result that is to be published', () => {
  it('says what is proposed and what is asked; a bar with no proposal is a question that its own page answers', async () => {
    const panel = await aTalkingPanel(app, [
      ['extending', 'meeting'],
      ['beginning', 'meeting'],
      ['building', 'meeting'],
    ]);
    const nothing = await another(panel, 'Nina', ['meeting', 'meeting', 'meeting']);
    const seen = await another(panel, 'Sol', ['meeting', 'meeting', 'meeting']);
    const bar = { levelId: 'meeting', criterionIds: null };
    await saveExhibitionChange(panel.home.scope, panel.exhibitionId, 'scoring', { bar });
    // Nobody scored anything there.
    await app.context.db.connection
      .collection('scoresheets')
      .updateMany({ slotId: nothing }, { $set: { responses: {} } });
    const office = await panel.as('registrar');
    const path = `/exhibitions/${panel.exhibitionId}/results`;
    const { items } = (await office.get(path)).json<Day>();
    const lines = new Map(items.map((each) => [each.slotId, each]));
    expect(lines.get(panel.slotId)).toMatchObject({
      ...{ state: 'disputed', proposal: { outcome: 'not-yet', missed: [{}, {}] } },
      questions: [{ kind: 'apart', href: expect.stringContaining('/reveal?decide=') }, {}],
    });
    expect(lines.get(seen)).toMatchObject({ state: 'ready', proposal: { outcome: 'met' }, questions: [] });
    expect(lines.get(nothing)).toMatchObject({ state: 'questions', proposal: { outcome: null }, seen: null });
    const page = (await office.get(`${path}?choose=ready`, { as: 'page' })).text;
    for (const words of [
      'The scores suggest: met.',
      'The scores don’t settle whether it’s met.',
      'steps apart, and nobody has decided.',
      'Choose all that are ready',
    ])
      expect(page).toContain(words);
    const ticked = [...page.matchAll(/id="r-([^"]+)"[^>]* checked/g)].map(([, id]) => id);
    expect(ticked).toEqual([seen]);
  });

  it('is confirmed by itself, keeps its tick when it is left out, and one that is gone keeps nobody back', async () => {
    const { panel, office, path, read, publish, slots } = await aDay();
    const { items } = await read(office);
    const [dora, itzel, rune] = items;
    const item = (one?: Item) => `${one!.slotId} ${one!.seen}`;
    const form = { items: [item(dora), item(itzel)], confirmed: item(itzel) };
    const page = await office.post(`${path}/publish`, form, { as: 'page' });
    expect([page.status, page.text.includes('One result was left out')]).toEqual([200, true]);
    expect(page.text).toMatch(new RegExp(`id="r-${slots.disputed}"[^>]* checked`));
    expect(page.text).not.toMatch(new RegExp(`id="c-${slots.disputed}"[^>]* checked`));
    const gone = { slotId: randomUUID(), seen: 'x' } as Item;
    await app.context.db.connection
      .collection('scoresheets')
      .updateOne({ slotId: slots.disputed }, { $set: { overallComment: 'Another' } });
    const reply = await publish(office, [gone, dora, rune], { confirmed: [item(dora)] });
    expect([reply.status, reply.json()]).toMatchObject([
      200,
      {
        published: [slots.ready],
        leftOut: [
          { slotId: gone.slotId, name: '', code: 'invalid-input' },
          { slotId: slots.disputed, name: 'Dora', code: 'seal-broken' },
        ],
      },
    ]);
    expect((await read(office)).counts).toMatchObject({ published: 2 });
    expect(panel.slotId).toBe(itzel!.slotId);
  });

  it('says that somebody who presents alone did not come', async () => {
    const panel = await aTalkingPanel(app, [['meeting']]);
    await saveSlotAbsent(panel.home.scope, panel.slotId, true);
    const office = await panel.as('registrar');
    const { items } = (await office.get(`/exhibitions/${panel.exhibitionId}/results`)).json<Day>();
    expect(items).toMatchObject([{ state: 'absent', seen: null, awaited: 0, late: 0 }]);
    const day = (await office.get(`/exhibitions/${panel.exhibitionId}`)).json<{
      counts: { seats: number };
    }>();
    expect(day).toMatchObject({ counts: { seats: 0, sheetsSubmitted: 0, sheetsNotCounted: 1 } });
    expect(day).toMatchObject({ slots: [{ sheetsIn: 0, sheetsOf: 0 }] });
    const board = (await office.get(`/exhibitions/${panel.exhibitionId}`, { as: 'page' })).text;
    expect(board).toContain('<dt>sheet that doesn’t count</dt><dd>1</dd>');
    await panel.moveTo('closed', 'scoring');
    const closed = (await office.get(`/exhibitions/${panel.exhibitionId}`)).json();
    expect(closed).toMatchObject({ counts: { seats: 0, sheetsSubmitted: 0, sheetsNotCounted: 1 } });
    const page = (await office.get(`/slots/${panel.slotId}/result`, { as: 'page' })).text;
    expect(page).toContain('They did not come to this presentation');
    expect(page).not.toContain('sheets are in');
  });
});

describe('the tally of a panel that talks', () => {
  const withoutTally = /"tally":null/;
  it('is hidden from the panel until the chair shows it; the office and an advisor outside of it read it', async () => {
    const panel = await aTalkingPanel(app);
    const address = `/slots/${panel.slotId}`;
    const [chair, office] = [await panel.as('panelist-0'), await panel.as('registrar')];
    for (const path of ['result', 'reveal'])
      expect([path, (await chair.get(`${address}/${path}`)).text]).toEqual([
        path,
        expect.stringMatching(withoutTally),
      ]);
    expect((await office.get(`${address}/result`)).text).not.toMatch(withoutTally);
    expect((await office.get(`${address}/reveal`)).text).toMatch(withoutTally);
    const page = (await panel.reveal('panelist-0', 'page')).text;
    for (const words of ['The tally is shown after the panel has talked.', 'Show the tally to the panel'])
      expect(page).toContain(words);
    expect(page).toContain('The topic was picked because something had to be picked.');
    const early = await chair.post(`${address}/result/publish`, {
      ...{ state: (await chair.get(`${address}/result`)).json<{ state: string }>().state, confirmed: true },
    });
    expect([early.status, early.json()]).toMatchObject([409, { error: { code: 'tally-hidden' } }]);
    expect((await (await panel.as('panelist-1')).post(`${address}/reveal/tally`)).status).toBe(403);
    expect((await chair.post(`${address}/reveal/tally`)).status).toBe(200);
    for (const path of ['result', 'reveal'])
      expect((await chair.get(`${address}/${path}`)).text).not.toMatch(withoutTally);
    const shown = (await panel.reveal('panelist-1', 'page')).text;
    expect(shown).toContain('Panel result: Building');
    expect(shown).not.toContain('place-decision');
    await panel.decide('panelist-0', { criterionId: panel.rows[0], kind: 'consensus', levelId: 'meeting' });
    expect((await panel.reveal('panelist-1', 'page')).text).toContain('place-decision');
  });
});
