/**
 * What a visitor's phone sends after the stand is over: it goes to the office, and changes nothing until it
 * is admitted.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../server/clock.js';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { findPerson } from '../../server/people/people-records.js';
import { lateWith } from '../../server/visits/late-visit.js';
import type { HoldRule } from '../../server/school/school.js';
import { saveSchoolChange } from '../../server/school/school-records.js';
import { saveLateVisit } from '../../server/visits/late-visit-records.js';
import { takesLateVisits } from '../../server/visits/visit.js';
import { getVisit } from '../../server/visits/visit-records.js';
import { erase, letPass, textsLeft } from '../harness/builders/erasure.js';
import { on } from '../harness/builders/exhibition.js';
import { publishSlot, seenState } from '../harness/builders/publishing.js';
import { aGallery, type TestGallery } from '../harness/builders/visits.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';

/** A second later at every look, so that what comes later is later. */
let seconds = 0;
const clock: Clock = { now: () => new Date(Date.parse(on('09:20')) + (seconds += 1) * 1000) };
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock });
});
afterAll(() => app.close());

interface LateItem {
  visitId: string;
  name: string;
  arrivedAt: string;
  words: number;
  scored: boolean;
  mayDecide: boolean;
  device: string | null;
  sameDevice: number;
}
const waitingIn = async (office: Client) =>
  (await office.get('/late-visits')).json<{ total: number; items: LateItem[] }>();
const standOf = async (client: Client, gallery: TestGallery) =>
  (await client.get(`/slots/${gallery.slots[0]}/visits`)).json<{
    total: number;
    items: { name: string }[];
  }>();
const voicesOf = async (client: Client, gallery: TestGallery) =>
  (await client.get(`/slots/${gallery.slots[0]}/result`)).json<{ voices: { name: string }[] }>().voices;
const decide = (office: Client, { visitId, arrivedAt }: LateItem, decision: 'admit' | 'decline') =>
  office.post(`/visits/${visitId}/late/decide`, { decision, arrivedAt });

/** A gallery that was closed while the phone of somebody who had come in had no network. */
async function aClosedStand(before?: (gallery: TestGallery) => Promise<unknown>, holds?: HoldRule) {
  const gallery = await aGallery(app, {}, holds);
  const guest = app.visitor();
  const visit = await gallery.comeIn(guest, 0, { name: 'Jun Sato', once: 'form-of-jun' });
  const { criteria } = (await guest.get(visit)).json<{ criteria: { id: string }[] }>();
  await before?.(gallery);
  expect((await gallery.day.move('close', 'The day is over')).status).toBe(200);
  const office = (await gallery.day.join('Ivo Pál', ['registrar'])).client;
  const send = (once: string, words: string, level = 'extending') =>
    guest.post(visit, {
      ...{ once, 'feedback.0': words, 'feedback.1': '', 'feedback.2': '' },
      ...{ [`level.${criteria[0]!.id}`]: level, comment: '' },
    });
  return { gallery, guest, visit, office, send };
}

describe('a visit that arrives after closing', () => {
  it('waits for the office, which does not read it, and counts once it is admitted', async () => {
    const { gallery, guest, visit, office, send } = await aClosedStand();
    const sent = await send('sending-1', 'The late canary');
    expect([sent.status, sent.json<{ late: object }>().late]).toEqual([
      200,
      expect.objectContaining({ state: 'waiting' }),
    ]);
    expect((await send('sending-1', 'The late canary')).status).toBe(200);
    expect([(await standOf(gallery.student, gallery)).total, await voicesOf(office, gallery)]).toEqual([
      0,
      [],
    ]);
    expect((await office.get('/')).text).toContain('/late-visits');
    const { total, items } = await waitingIn(office);
    expect([total, items[0]]).toMatchObject([
      1,
      { name: 'Jun Sato', words: 1, scored: true, mayDecide: true },
    ]);
    const page = await office.get('/late-visits', { as: 'page' });
    expect(page.text).toContain('Jun Sato');
    expect(page.text).not.toContain('late canary');
    expect((await gallery.day.planner.get('/late-visits')).status).toBe(403);
    expect((await decide(gallery.day.planner, items[0]!, 'admit')).status).toBe(403);

    const admitted = await decide(office, items[0]!, 'admit');
    expect([admitted.status, admitted.json()]).toMatchObject([200, { state: 'admitted' }]);
    expect((await standOf(gallery.student, gallery)).items.map(({ name }) => name)).toEqual(['Jun Sato']);
    expect(await voicesOf(office, gallery)).toHaveLength(1);
    expect((await waitingIn(office)).total).toBe(0);
    expect((await office.get('/')).text).not.toContain('/late-visits');
    expect((await decide(office, items[0]!, 'decline')).status).toBe(409);
    // Sent again by a phone that has heard no answer: what was decided stays decided.
    expect((await send('sending-1', 'The late canary')).json()).toMatchObject({
      late: { state: 'admitted' },
    });
    const own = await guest.get(visit, { as: 'page' });
    expect(own.text).toContain('admitted it');
    const acts = (await listEntriesFrom(gallery.day.home.scope, 1, 500)).map(({ act }) => act);
    for (const act of ['visit.hand-in-late', 'visit.late-admitted', 'visit.leave'])
      expect(acts).toContain(act);
  });

  it('is decided on as it was read: what arrives later waits, too, and is told', async () => {
    const { office, send } = await aClosedStand();
    await send('sending-1', 'First');
    const [read] = (await waitingIn(office)).items;
    await send('sending-2', 'Second');
    const stale = await decide(office, read!, 'admit');
    expect([stale.status, stale.json()]).toMatchObject([409, { error: { code: 'stale' } }]);
    const unseen = await office.post(`/visits/${read!.visitId}/late/decide`, { decision: 'admit' });
    expect(unseen.status).toBe(428);
    const { total, items } = await waitingIn(office);
    expect(total).toBe(1);
    expect((await decide(office, items[0]!, 'decline')).json()).toMatchObject({ state: 'declined' });
    expect((await send('sending-2', 'Second')).json()).toMatchObject({ late: { state: 'declined' } });
    expect((await waitingIn(office)).total).toBe(0);
  });

  it('keeps the half that waits when the gallery is opened again and the visitor leaves the other one', async () => {
    const { gallery, guest, visit, office, send } = await aClosedStand();
    await send('sending-1', 'Late words');
    const reopened = await gallery.day.move('reopen', 'A stand is missing');
    expect([reopened.status, reopened.text]).toEqual([200, expect.any(String)]);
    const put = (once: string, fields: object) => guest.post(visit, { once, ...fields });
    const words = { 'feedback.0': 'Words in time', 'feedback.1': '', 'feedback.2': '' };
    expect((await put('sending-2', words)).json()).toMatchObject({
      ...{ feedback: [{ words: 'Words in time' }], late: { state: 'waiting' } },
    });
    // Sent again by a phone that has heard no answer: what was left since stays.
    expect((await send('sending-1', 'Late words')).json()).toMatchObject({
      feedback: [{ words: 'Words in time' }],
    });
    expect(await voicesOf(office, gallery)).toEqual([]);
    const [waiting] = (await waitingIn(office)).items;
    expect(waiting).toMatchObject({ words: 0, scored: true });
    expect((await decide(office, waiting!, 'admit')).status).toBe(200);
    const kept = await getVisit(gallery.day.home.scope, visit.split('/').at(-1)!);
    expect(kept.late?.journal?.map(({ feedback }) => feedback?.[0]?.words)).toEqual(['Late words']);
    expect(Object.keys(kept.score.marks)).toHaveLength(1);
    expect(kept.feedback.map(({ words: said }) => said)).toEqual(['Words in time']);
  });

  it('waits no longer once both halves were left in the usual way, and is kept', async () => {
    const { gallery, guest, visit, office, send } = await aClosedStand();
    await send('sending-1', 'Late words');
    await gallery.day.move('reopen', 'A stand is missing');
    const after = (await send('sending-2', 'Words in time')).json<{ late: unknown }>();
    expect(after.late).toBeNull();
    expect((await waitingIn(office)).total).toBe(0);
    expect((await guest.get(visit, { as: 'page' })).status).toBe(200);
    const kept = await getVisit(gallery.day.home.scope, visit.split('/').at(-1)!);
    expect([kept.late?.state, JSON.stringify(kept.late?.journal)]).toEqual([
      'replaced',
      expect.stringContaining('Late words'),
    ]);
  });

  it('keeps what was declined when something else arrives after it, and one from before it was kept in order', async () => {
    const { gallery, visit, office, send } = await aClosedStand();
    await send('sending-1', 'Declined words');
    await decide(office, (await waitingIn(office)).items[0]!, 'decline');
    const { scope } = gallery.day.home;
    const id = visit.split('/').at(-1)!;
    const declined = await getVisit(scope, id);
    const older = { ...declined.late! };
    delete older.journal;
    await saveLateVisit(scope, declined, older);
    await send('sending-2', 'Later words');
    expect((await waitingIn(office)).items).toMatchObject([{ words: 1 }]);
    const journal = (await getVisit(scope, id)).late?.journal ?? [];
    expect(journal.map(({ operationId, feedback }) => [operationId, feedback?.[0]?.words])).toEqual([
      ['sending-1', 'Declined words'],
      ['sending-2', 'Later words'],
    ]);
  });

  it('comes once from one device, whatever names it gives, until the office has declined it', async () => {
    const gallery = await aGallery(app);
    const guest = app.visitor();
    const names = ['Jun Sato', 'Kai Sato'];
    const visits: string[] = [];
    for (const name of names)
      visits.push(await gallery.comeIn(guest, 0, { name, another: '1', once: `form-of-${name[0]}` }));
    await gallery.day.move('close', 'The day is over');
    const office = (await gallery.day.join('Ivo Pál', ['registrar'])).client;
    const { scope } = gallery.day.home;
    const send = (once: string) => guest.post(visits[1]!, { once, 'feedback.0': 'Words' });
    // Sent by the same phone under the first name, before the second came in.
    const firstWaits = async () => {
      const first = await getVisit(scope, visits[0]!.split('/').at(-1)!);
      const words = { feedback: [{ prompt: 'What stayed?', words: 'First words' }] };
      await saveLateVisit(scope, first, lateWith(first.late, 'sending-1', words, clock.now()));
    };
    await firstWaits();
    const second = await send('sending-2');
    expect([second.status, second.json()]).toMatchObject([409, { error: { code: 'same-device' } }]);
    await decide(office, (await waitingIn(office)).items[0]!, 'decline');
    expect((await send('sending-3')).status).toBe(200);
    // Two that arrived at the same moment: the office can admit one of them.
    await firstWaits();
    const [one, other] = (await waitingIn(office)).items;
    expect([one!.device, one!.sameDevice, other!.sameDevice]).toEqual([other!.device, 1, 1]);
    const marked = await office.get('/late-visits', { as: 'page' });
    expect(marked.text).toContain(`From device ${one!.device!.slice(0, 4).toUpperCase()}.`);
    expect(marked.text).toContain('1 other visit at this stand is from the same device.');
    expect((await decide(office, one!, 'admit')).status).toBe(200);
    const refused = await decide(office, other!, 'admit');
    expect([refused.status, refused.json()]).toMatchObject([409, { error: { code: 'same-device' } }]);
    expect((await decide(office, other!, 'decline')).status).toBe(200);
  });

  it('is told to whoever sent it also where access to the work has ended, and is taken for some weeks', async () => {
    const { visit, guest, send } = await aClosedStand(async ({ day }) => {
      const { school, scope } = day.home;
      await saveSchoolChange(scope, { policies: { ...school.policies, panelAccessDays: 0 } });
    });
    const twoHours = 7200;
    seconds += twoHours;
    expect((await guest.get(visit, { as: 'page' })).status).toBe(403);
    expect((await send('sending-1', 'Late words')).status).toBe(200);
    const told = await guest.get(visit, { as: 'page' });
    seconds -= twoHours;
    expect([told.status, told.text]).toEqual([200, expect.stringContaining('office has it')]);
    const startsAt = new Date(on('09:00'));
    const takesAfter = (days: number) =>
      takesLateVisits(
        { format: 'gallery', phase: 'closed' },
        { startsAt, minutes: 50 },
        false,
        'UTC',
        new Date(startsAt.getTime() + days * 86_400_000),
      );
    expect([takesAfter(1), takesAfter(29), takesAfter(40)]).toEqual([true, true, false]);
  });

  it.each(['visitor', 'student'] as const)('is gone once the %s is erased', async (who) => {
    const { gallery, visit, office, send } = await aClosedStand();
    const { home, exhibitionId } = gallery.day;
    await send('sending-1', `qx-late-${who}`);
    const { personId, studentId } = await getVisit(home.scope, visit.split('/').at(-1)!);
    const person = await findPerson(home.scope, who === 'visitor' ? personId : studentId);
    await letPass(app, exhibitionId);
    const admin = (await gallery.day.join('Pat Doyle', ['admin'])).client;
    await erase(admin, person!);
    expect(await textsLeft(app, [`qx-late-${who}`])).toEqual([]);
    expect((await waitingIn(office)).total).toBe(0);
  });

  it.each([
    ['held where the school reviews what visitors say', 'visitors', 0],
    ['shown at once where it does not', 'off', 1],
  ] as const)('is %s once it is admitted, and erasing leaves no word of it', async (_name, rule, total) => {
    const { gallery, visit, office, send } = await aClosedStand(undefined, rule);
    const { home, exhibitionId, planner, path } = gallery.day;
    await send('sending-1', 'qx-late-admitted');
    expect((await decide(office, (await waitingIn(office)).items[0]!, 'admit')).status).toBe(200);
    expect((await standOf(gallery.student, gallery)).total).toBe(total);
    const review = (await planner.get(`${path}/comments`)).json<{ waiting: number }>();
    expect(review.waiting).toBe(1 - total);
    const { personId } = await getVisit(home.scope, visit.split('/').at(-1)!);
    await letPass(app, exhibitionId);
    const admin = (await gallery.day.join('Pat Doyle', ['admin'])).client;
    await erase(admin, (await findPerson(home.scope, personId))!);
    expect(await textsLeft(app, ['qx-late-admitted'])).toEqual([]);
  });

  it('counts in a result that is published already once the result is corrected', async () => {
    const { gallery, office, send } = await aClosedStand(async (before) => {
      const other = app.visitor();
      const visit = await before.comeIn(other, 0, { name: 'Ana Lima', once: 'form-of-ana' });
      const { criteria } = (await other.get(visit)).json<{ criteria: { id: string }[] }>();
      await other.post(visit, { once: 'sending-0', [`level.${criteria[0]!.id}`]: 'extending', comment: '' });
    });
    const result = `/slots/${gallery.slots[0]}/result`;
    const before = (await office.get(result)).json<{ state: string }>();
    await send('sending-1', 'Late');
    // Whoever publishes is asked first, and not with what they saw before it arrived.
    const stale = await office.post(`${result}/publish`, { state: before.state, confirmed: true });
    expect([stale.status, stale.json()]).toMatchObject([409, { error: { code: 'stale' } }]);
    expect((await office.get(result)).json()).toMatchObject({
      warnings: expect.arrayContaining([
        expect.objectContaining({ kind: 'late-visits', count: 1, href: '/late-visits' }),
      ]),
    });
    const day = (await office.get(`${gallery.day.path}/results`)).json<{
      items: { slotId: string; warnings: number }[];
    }>();
    expect(day.items.find(({ slotId }) => slotId === gallery.slots[0])!.warnings).toBeGreaterThan(0);
    const published = await publishSlot(office, gallery.slots[0]!);
    expect([published.status, published.text]).toEqual([200, expect.any(String)]);
    await decide(office, (await waitingIn(office)).items[0]!, 'admit');
    expect(await voicesOf(office, gallery)).toHaveLength(1);
    expect((await office.get(result, { as: 'page' })).text).toContain('Jun Sato');
    const corrected = await office.post(`${result}/corrections`, {
      ...(await seenState(office, gallery.slots[0]!)),
      reason: 'A visit arrived late',
    });
    expect([corrected.status, corrected.text]).toEqual([201, expect.any(String)]);
    expect((await voicesOf(office, gallery)).map(({ name }) => name)).toEqual(['Ana Lima', 'Jun Sato']);
  });
});
