/**
 * Comments of people whom the school does not know: held until somebody has looked at them, approved as they
 * were read, set aside together.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { slowDown } from '../../server/access/limit-attempts.js';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import type { Clock } from '../../server/clock.js';
import { saveSchoolChange } from '../../server/school/school-records.js';
import { visitsPerDevice } from '../../server/visits/stand-pass.js';
import { getVisit, saveVisit } from '../../server/visits/visit-records.js';
import { MAX_HELD_AT_STAND } from '../../server/visits/visit.js';
import { exhibitionDay, on } from '../harness/builders/exhibition.js';
import { aGallery, doorOf, type TestGallery } from '../harness/builders/visits.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { publishSlot } from '../harness/builders/publishing.js';

let time = '09:20';
const clock: Clock = { now: () => new Date(on(time)) };
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock });
});
afterAll(() => app.close());

interface Review {
  total: number;
  waiting: number;
  items: {
    id: string;
    revision: number;
    state: string;
    name: string;
    comment: string;
    device: string | null;
  }[];
}
interface Stand {
  total: number;
  stopped: boolean;
  waiting: number;
  items: { held: boolean; feedback: { words: string }[] }[];
}
const without = <T extends object, K extends keyof T & string>(record: T, ...fields: K[]): Omit<T, K> =>
  Object.fromEntries(
    Object.entries(record).filter(([field]) => !(fields as string[]).includes(field)),
  ) as Omit<T, K>;
const idOf = (href: string) => href.split('/').at(-1)!;
const read = async (client: Client, gallery: TestGallery) =>
  (await client.get(`/slots/${gallery.slots[0]}/visits`)).json<Stand>();
const review = async ({ day }: TestGallery, query = '') =>
  (await day.planner.get(`${day.path}/comments${query}`)).json<Review>();
const refs = ({ items }: Review) => items.map(({ id, revision }) => `${id}:${revision}`);
const approve = (gallery: TestGallery, body: Record<string, unknown>) =>
  gallery.day.planner.post(`${gallery.day.path}/comments/approve`, body);
const hide = (gallery: TestGallery, body: Record<string, unknown>) =>
  gallery.day.planner.post(`${gallery.day.path}/comments/hide`, body);

/** A visitor by the sign, who has left these words. */
async function leave(
  gallery: TestGallery,
  text: string,
  { stand = 0, name = text, client = app.visitor() } = {},
) {
  const visit = await gallery.comeIn(client, stand, { name, another: 'yes' });
  const left = await client.post(visit, { once: `first-${visit.slice(-8)}`, 'feedback.0': text });
  return { client, visit, left };
}

describe('a comment of a visitor without an account', () => {
  it('is held where the school has said nothing: the student learns how many wait, and no word or name of them', async () => {
    const gallery = await aGallery(app);
    const { home } = gallery.day;
    const undecided = without(home.school.policies, 'holdComments');
    await saveSchoolChange(home.scope, { policies: { ...undecided, voices: 'named' } });
    for (let at = 0; at < 3; at += 1)
      await leave(gallery, `canary words ${at}`, { name: `canary name ${at}` });
    for (const reader of [gallery.student, gallery.guardian]) {
      expect(await read(reader, gallery)).toMatchObject({ total: 0, waiting: 3, items: [] });
      for (const path of [`/slots/${gallery.slots[0]}/visits`, `/slots/${gallery.slots[0]}`, '/']) {
        const page = await reader.get(path, { as: 'page' });
        expect([path, page.status, page.text.includes('canary')]).toEqual([path, 200, false]);
      }
    }
    const page = await gallery.student.get(`/slots/${gallery.slots[0]}/visits`, { as: 'page' });
    expect(page.text).toContain('3 comments are waiting for review.');
    const found = await review(gallery);
    expect([found.total, found.waiting]).toEqual([3, 3]);
    const listed = await gallery.day.planner.get(`${gallery.day.path}/comments`, { as: 'page' });
    expect(listed.text).toContain('canary words 1');
    expect((await approve(gallery, { only: refs(found)[1], all: 'yes', shown: refs(found) })).json()).toEqual(
      {
        approved: 1,
      },
    );
    expect((await read(gallery.student, gallery)).items[0]!.feedback[0]!.words).toBe(
      `canary words ${found.items[1]!.name.at(-1)}`,
    );
    expect((await approve(gallery, { all: 'yes', shown: refs(found) })).json()).toEqual({ approved: 2 });
    expect(await read(gallery.student, gallery)).toMatchObject({ total: 3, waiting: 0 });
    const acts = await listEntriesFrom(home.scope, 1, 200);
    const approvals = acts.filter((entry) => entry.act === 'comments.approve');
    expect(approvals.map((entry) => (entry.detail as { visitIds: string[] }).visitIds.length)).toEqual([
      1, 2,
    ]);
    expect(JSON.stringify(approvals)).not.toContain('canary');
  });

  it('waits again once its words change; what was approved is what was read', async () => {
    time = '09:20';
    const gallery = await aGallery(app, {}, 'visitors');
    const { client, visit } = await leave(gallery, 'Kind words');
    const before = refs(await review(gallery));
    await client.post(visit, { once: 'sending-2', 'feedback.0': 'Rude words' });
    expect((await approve(gallery, { ids: before })).json()).toEqual({ approved: 0 });
    await approve(gallery, { ids: refs(await review(gallery)) });
    expect((await read(gallery.student, gallery)).total).toBe(1);
    await client.post(visit, { once: 'sending-3', 'feedback.0': 'Worse words' });
    expect(await read(gallery.student, gallery)).toMatchObject({ total: 0, waiting: 1 });
    // A row of the score is no word.
    await approve(gallery, { ids: refs(await review(gallery)) });
    const { criteria } = (await client.get(visit)).json<{ criteria: { id: string }[] }>();
    await client.post(visit, { once: 'sending-4', [`level.${criteria[0]!.id}`]: ':not-observed' });
    expect(await read(gallery.student, gallery)).toMatchObject({ total: 1, waiting: 0 });
    await client.post(visit, {
      ...{ once: 'sending-5', [`level.${criteria[0]!.id}`]: ':not-observed', comment: 'Rude why' },
    });
    expect((await review(gallery)).items[0]!.comment).toBe('Rude why');
    expect((await read(gallery.student, gallery)).total).toBe(0);
  });

  it.each([
    ['visitors', [true, false]],
    ['all', [true, true]],
    ['off', [false, false]],
  ] as const)('is held as the school chooses: %s', async (rule, expected) => {
    const gallery = await aGallery(app, {}, rule);
    const { visit } = await leave(gallery, 'By the sign');
    const peer = await gallery.day.join('Mei Park', ['student']);
    const known = await gallery.comeIn(peer.client, 0);
    await peer.client.post(known, { once: 'sending-1', 'feedback.0': 'By account' });
    const states = await Promise.all(
      [visit, known].map(
        async (href) => (await getVisit(gallery.day.home.scope, idOf(href))).review === 'held',
      ),
    );
    expect(states).toEqual(expected);
  });

  it('that was there before there was a review stays visible', async () => {
    const gallery = await aGallery(app, {}, 'visitors');
    const { visit } = await leave(gallery, 'From last year');
    const record = await getVisit(gallery.day.home.scope, idOf(visit));
    const old = without(record, 'review', 'bySign', 'device');
    await saveVisit(gallery.day.home.scope, { ...old, id: 'visit-of-last-year', personId: 'somebody' });
    expect((await read(gallery.student, gallery)).total).toBe(1);
  });

  it('stays out of the published result until it is approved, with its name; its score counts', async () => {
    const gallery = await aGallery(app, {}, 'visitors');
    const { home } = gallery.day;
    await saveSchoolChange(home.scope, { policies: { ...home.school.policies, voices: 'named' } });
    const client = app.visitor();
    const visit = await gallery.comeIn(client, 0, { name: 'canary name' });
    const { criteria } = (await client.get(visit)).json<{
      criteria: { id: string; levels: { id: string }[] }[];
    }>();
    await client.post(visit, {
      ...{ once: 'sending-1', 'feedback.0': 'canary words', comment: 'canary why' },
      [`level.${criteria[0]!.id}`]: criteria[0]!.levels[0]!.id,
    });
    await gallery.day.move('close');
    const registrar = (await gallery.day.join('Ivo Pál', ['registrar'])).client;
    const published = await publishSlot(registrar, gallery.slots[0]!);
    expect(published.status).toBe(200);
    const result = () => gallery.student.get(`/slots/${gallery.slots[0]}/result`);
    expect((await result()).json<{ criteria: { scored: number }[] }>().criteria[0]!.scored).toBe(1);
    expect((await result()).text).not.toContain('canary');
    await approve(gallery, { ids: refs(await review(gallery)) });
    for (const shown of ['canary words', 'canary why', 'canary name'])
      expect((await result()).text).toContain(shown);
  });
});

describe('setting many aside', () => {
  it('takes everything from one device, of one stand, or of a time, with one reason; scores and other words stay', async () => {
    const gallery = await aGallery(app, {}, 'off');
    const phone = app.visitor();
    time = '09:20';
    await leave(gallery, 'Rude one', { client: phone });
    await leave(gallery, 'Rude two', { client: phone, stand: 1 });
    await leave(gallery, 'Kind one');
    time = '09:40';
    await leave(gallery, 'Late one');
    const all = await review(gallery, '?state=all');
    const device = all.items.find((item) => item.name === 'Rude one')!.device!;
    expect(
      all.items
        .filter((item) => item.device === device)
        .map((item) => item.name)
        .sort(),
    ).toEqual(['Rude one', 'Rude two']);
    const noReason = await hide(gallery, { matching: 'yes', state: 'all', device });
    expect([noReason.status, noReason.text]).toEqual([422, expect.stringContaining('say why')]);
    expect((await hide(gallery, { reason: 'Rude' })).status).toBe(422);
    expect((await hide(gallery, { matching: 'yes', state: 'all', device, reason: 'Rude' })).json()).toEqual({
      hidden: 2,
    });
    expect((await read(gallery.student, gallery)).total).toBe(2);
    const window = { from: `${exhibitionDay}T09:35`, to: `${exhibitionDay}T09:45` };
    expect((await review(gallery, `?state=all&${new URLSearchParams(window).toString()}`)).total).toBe(1);
    expect(
      (await hide(gallery, { matching: 'yes', state: 'shown', ...window, reason: 'Late' })).json(),
    ).toEqual({
      hidden: 1,
    });
    const hidden = { matching: 'yes', state: 'all', slotId: gallery.slots[0], reason: 'The rest' };
    expect((await hide(gallery, hidden)).json()).toEqual({ hidden: 1 });
    expect(await read(gallery.student, gallery)).toMatchObject({ total: 0, waiting: 0 });
    const entries = await listEntriesFrom(gallery.day.home.scope, 1, 200);
    expect(
      entries.filter((entry) => entry.act === 'comments.hide').map((entry) => entry.detail),
    ).toMatchObject([{ withReason: true }, { withReason: true }, { withReason: true }]);
    expect(JSON.stringify(entries)).not.toContain('Rude');
    time = '09:20';
  });

  it('shows the form again with the reason and the filter, and refuses a time that is none', async () => {
    const gallery = await aGallery(app, {}, 'off');
    await leave(gallery, 'Words');
    const sent = { reason: 'Kept words', state: 'shown', slotId: gallery.slots[0]! };
    const again = await gallery.day.planner.post(`${gallery.day.path}/comments/hide`, sent, { as: 'page' });
    expect([again.status, again.text]).toEqual([422, expect.stringContaining('value="Kept words"')]);
    expect(again.text).toContain('Select at least one comment.');
    expect((await gallery.day.planner.get(`${gallery.day.path}/comments?from=noon`)).status).toBe(422);
  });
});

describe('the stop button', () => {
  const stop = ({ day }: TestGallery, body: Record<string, unknown> = {}, verb = 'stop') =>
    day.planner.post(`${day.path}/stands/${verb}`, body);

  it.each([
    ['one stand', true],
    ['the whole gallery', false],
  ])('closes %s for visits and comments at once, calmly, and opens it again', async (_what, single) => {
    const gallery = await aGallery(app, {}, 'off');
    const what = single ? { slotId: gallery.slots[0] } : {};
    const { client, visit } = await leave(gallery, 'Words before');
    expect((await stop(gallery, what)).json()).toEqual({ stopped: true });
    expect((await stop(gallery, what)).status).toBe(200);
    const late = await client.post(visit, { once: 'sending-2', 'feedback.0': 'Words meanwhile' });
    expect([late.status, late.json<{ error: { code: string } }>().error.code]).toEqual([
      409,
      'stand-stopped',
    ]);
    const kept = await client.post(visit, { once: 'sending-3', 'feedback.0': 'Typed' }, { as: 'page' });
    expect([kept.status, kept.text]).toEqual([409, expect.stringContaining('Typed')]);
    const door = await app.visitor().get(doorOf(gallery.signs[0]!), { as: 'page' });
    expect([door.status, door.text]).toEqual([409, expect.stringContaining('come back in a little while')]);
    const other = await app.visitor().post(doorOf(gallery.signs[1]!), { name: 'Ana Lima' });
    expect(other.status).toBe(single ? 200 : 409);
    expect((await client.get(visit)).json()).toMatchObject({ stopped: true, open: true });
    expect(await read(gallery.student, gallery)).toMatchObject({ total: 1, stopped: true });
    const pages = [
      `${gallery.day.path}/stands`,
      `/slots/${gallery.slots[0]}/visits`,
      `${gallery.day.path}/comments`,
    ];
    for (const path of pages) {
      const page = await gallery.day.planner.get(path, { as: 'page' });
      expect([
        path,
        page.status,
        page.text.includes(single && path.endsWith('comments') ? 'Stop all' : 'opped'),
      ]).toEqual([path, 200, true]);
    }
    const board = await gallery.day.planner.get(gallery.day.path, { as: 'page' });
    expect(board.text).toContain(`action="${gallery.day.path}/stands/stop"`);
    expect((await stop(gallery, what, 'reopen')).json()).toEqual({ stopped: false });
    expect((await client.post(visit, { once: 'sending-2', 'feedback.0': 'Words after' })).status).toBe(200);
    const entries = await listEntriesFrom(gallery.day.home.scope, 1, 200);
    expect(entries.map((entry) => entry.act).filter((act) => act.startsWith('stand.'))).toEqual([
      'stand.stop',
      'stand.reopen',
    ]);
  });

  it('is of galleries, and of their own stands', async () => {
    const [gallery, other] = [await aGallery(app), await aGallery(app)];
    expect((await stop(gallery, { slotId: other.slots[0] })).status).toBe(404);
    const same = await aGallery(app);
    expect((await gallery.student.post(`${same.day.path}/stands/stop`)).status).toBe(403);
  });
});

describe('who floods', () => {
  it('leaves one set of words at a stand from one device', async () => {
    const gallery = await aGallery(app, {}, 'visitors');
    const { client } = await leave(gallery, 'First');
    const { left } = await leave(gallery, 'Second', { client });
    expect([left.status, left.text]).toEqual([409, expect.stringContaining('from this phone')]);
    expect((await review(gallery)).total).toBe(1);
  });

  it('opens so many visits from one device in ten minutes; others behind the same address go on', async () => {
    const gallery = await aGallery(app, {}, 'visitors');
    const phone = app.visitor();
    for (let at = 0; at < visitsPerDevice.most; at += 1)
      await gallery.comeIn(phone, at % 2, { name: `Somebody ${at}`, another: 'yes' });
    const over = await phone.post(doorOf(gallery.signs[0]!), { name: 'One more', another: 'yes' });
    expect([over.status, over.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^\d+$/)]);
    await gallery.comeIn(app.visitor(), 0, { name: 'Somebody else' });
  });

  it('waits longer and longer behind one address, and is refused nothing', async () => {
    const pauses: number[] = [];
    const needs = {
      db: app.context.db,
      now: clock.now(),
      pause: (ms: number) => Promise.resolve(pauses.push(ms)),
    };
    for (let at = 0; at < 130; at += 1)
      await slowDown(needs, { what: 'test', whom: 'a school', slowFrom: 10, seconds: 600 });
    expect([pauses.length, pauses[0], pauses[1], pauses.at(-1)]).toEqual([120, 20, 40, 2000]);
  });

  it('fills a stand with comments up to a number that somebody can still review', async () => {
    const gallery = await aGallery(app, {}, 'visitors');
    const { visit, client } = await leave(gallery, 'First');
    const record = await getVisit(gallery.day.home.scope, idOf(visit));
    for (let at = 1; at < MAX_HELD_AT_STAND; at += 1)
      await saveVisit(gallery.day.home.scope, {
        ...record,
        id: `held-${at}-${record.id}`,
        personId: `nobody-${at}`,
      });
    const { left } = await leave(gallery, 'One too many');
    expect([left.status, left.text]).toEqual([409, expect.stringContaining('many-waiting')]);
    // Whoever waits already may still change their words.
    expect((await client.post(visit, { once: 'sending-2', 'feedback.0': 'Better' })).status).toBe(200);
    const review60 = await review(gallery, '?perPage=200');
    await approve(gallery, { all: 'yes', shown: refs(review60) });
    expect((await leave(gallery, 'There is room again')).left.status).toBe(200);
  });
});
