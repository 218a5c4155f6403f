/** The door of a stand: one scan, one name, and a visitor who goes from stand to stand without being asked again. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appendAttempt } from '../../server/access/attempts-records.js';
import type { Clock } from '../../server/clock.js';
import { listAllPeople } from '../../server/people/people-records.js';
import { listStandPasses } from '../../server/visits/stand-pass-records.js';
import { visitorsPerHour } from '../../server/visits/stand-pass.js';
import { exhibitionDay, on } from '../harness/builders/exhibition.js';
import { aGallery, doorOf, type Sign, type TestGallery } from '../harness/builders/visits.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { dayAfter, endOfDay } from '../harness/test-clock.js';

let time = '09:20';
let date = exhibitionDay;
const clock: Clock = { now: () => new Date(on(time, date)) };
const dayEnds = endOfDay(exhibitionDay).toISOString();
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock });
});
afterAll(() => app.close());

const jun = { name: 'Jun Sato', role: 'mentor', once: 'form-of-jun' };
const guestsOf = async ({ day }: TestGallery) =>
  (await listAllPeople(day.home.scope)).filter((person) => person.roles.includes('guest'));

describe('the signs of the stands', () => {
  it('are made in one go, one page each, stored as hashes only, and work for this day', async () => {
    time = '09:20';
    const { day, signs } = await aGallery(app);
    expect(signs.map((sign) => sign.expiresAt)).toEqual(Array(2).fill(dayEnds));
    const stored = JSON.stringify(await listStandPasses(day.home.scope, day.exhibitionId));
    for (const sign of signs) {
      expect(stored).not.toContain(doorOf(sign).split('/').at(-1));
      expect(stored).not.toContain(sign.code.replace(' ', ''));
    }
    const again = await day.planner.post(`${day.path}/stands/signs`);
    expect([again.status, again.text]).toEqual([409, expect.stringContaining('has a sign that works')]);
    const page = await day.planner.post(`${day.path}/stands/signs`, { all: 'yes' }, { as: 'page' });
    // Nothing is set here: the code would lead to this machine, and the page says so before it is printed.
    expect(page.text).toContain('set PUBLIC_URL to the address that people use');
    expect(page.status).toBe(201);
    expect(page.text.match(/<svg[^>]*shape-rendering/g)).toHaveLength(2);
    for (const shown of ['Ana Prado', 'Yonas Tesfaye']) expect(page.text).toContain(shown);
    expect((await app.visitor().get(doorOf(signs[0]!))).status).toBe(404);
  });

  it('are of galleries alone, and of galleries that have opened', async () => {
    const { day, signs } = await aGallery(app);
    await day.move('close');
    expect((await day.planner.post(`/slots/${signs[0]!.slotId}/stand-pass`)).status).toBe(409);
    expect((await app.visitor().get(doorOf(signs[0]!))).json<{ error: { code: string } }>().error.code).toBe(
      'stand-over',
    );
  });

  it('let nobody new in once they are revoked or the day is over; whoever is there may finish', async () => {
    time = '09:20';
    const gallery = await aGallery(app);
    const { day, signs } = gallery;
    const guest = app.visitor();
    const visit = await gallery.comeIn(guest, 0, jun);
    expect((await day.planner.post(`/slots/${signs[0]!.slotId}/stand-pass/revoke`)).status).toBe(200);
    expect((await app.visitor().post(doorOf(signs[0]!), { name: 'Ana Lima' })).status).toBe(410);
    expect((await guest.post(visit, { once: 'sending-1', 'feedback.0': 'Still here.' })).status).toBe(200);
    const [renewed] = (await day.planner.post(`/slots/${signs[0]!.slotId}/stand-pass`)).json<{
      signs: Sign[];
    }>().signs;
    expect((await app.visitor().get(doorOf(renewed!))).status).toBe(200);
    time = '23:59';
    expect((await guest.get(visit)).status).toBe(200);
    [time, date] = ['00:00', dayAfter(exhibitionDay)];
    expect((await app.visitor().get(doorOf(signs[1]!))).status).toBe(410);
    expect((await guest.get(visit)).status).toBe(401);
    [time, date] = ['09:20', exhibitionDay];
  });

  it('let in a whole building, more slowly after many visitors in an hour', async () => {
    const gallery = await aGallery(app);
    const passes = await listStandPasses(gallery.day.home.scope, gallery.day.exhibitionId);
    const pass = passes.find((each) => each.slotId === gallery.slots[0])!;
    for (let at = 0; at <= visitorsPerHour; at += 1)
      await appendAttempt(app.context.db, 'stand-visitor', pass.id, 3600, clock.now());
    await gallery.comeIn(app.visitor(), 0, jun);
    expect((await app.visitor().post(doorOf(gallery.signs[0]!), { name: 'Ana Lima' })).status).toBe(200);
  });
});

describe('a visitor', () => {
  it('looks without changing anything, and is a guest of the school once their name is said', async () => {
    const gallery = await aGallery(app);
    const guest = app.visitor();
    const landing = await guest.get(doorOf(gallery.signs[0]!), { as: 'page' });
    expect([landing.status, landing.headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
    for (const shown of ['Ana Prado', 'Your name']) expect(landing.text).toContain(shown);
    expect(await guestsOf(gallery)).toEqual([]);
    const unnamed = await guest.post(doorOf(gallery.signs[0]!), { name: '' }, { as: 'page' });
    expect([unnamed.status, unnamed.text]).toEqual([422, expect.stringContaining('id="f-name-problem"')]);
    const replies = await Promise.all([1, 2, 3].map(() => guest.post(doorOf(gallery.signs[0]!), jun)));
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200]);
    expect(new Set(replies.map((reply) => reply.text)).size).toBe(1);
    expect((await guestsOf(gallery)).map((person) => person.displayName)).toEqual(['Jun Sato']);
  });

  it('sits down at the sign of a panel’s room as the person they are, and is asked where somebody has their name', async () => {
    const gallery = await aGallery(app);
    const { day } = gallery;
    const { termId } = day.home;
    const planned = await day.planner.post('/exhibitions', {
      ...{ termId, title: 'Panels', format: 'panel', rubric: 'exhibition' },
      ...{ startsAt: on('09:00'), place: 'Hall', slotMinutes: 50 },
    });
    const panels = `/exhibitions/${planned.json<{ id: string }>().id}`;
    const slot = { studentId: day.students[2]!.id, startsAt: on('09:00'), room: 'Room 12' };
    expect((await day.planner.post(`${panels}/slots`, slot)).status).toBe(201);
    expect((await day.planner.post(`${panels}/open`, {})).status).toBe(200);
    const sign = await day.planner.post(`${panels}/rooms/${encodeURIComponent('Room 12')}/pass`);
    const room = doorOf(sign.json<Sign>());
    const guest = app.visitor();
    const visit = await gallery.comeIn(guest, 0, jun);
    expect((await guest.get(room, { as: 'page' })).text).toContain('Continue as Jun Sato');
    expect((await guest.post(room, {})).status).toBe(200);
    const { items } = (await guest.get('/seats')).json<{ items: { role: string }[] }>();
    expect(items.map(({ role }) => role)).toEqual(['mentor']);
    expect((await guest.get(visit)).status).toBe(200);
    expect((await guest.post(room, {})).status).toBe(200);
    expect(await guestsOf(gallery)).toHaveLength(1);
    const namesake = app.visitor();
    await gallery.comeIn(namesake, 1, { ...jun, once: 'form-of-another-jun' });
    const asked = await namesake.post(room, { name: '' }, { as: 'page' });
    expect([asked.status, asked.text]).toEqual([422, expect.stringMatching(/<details open>/)]);
    const said = { name: 'Jun Sato', another: 'yes', sameName: 'namesake' };
    expect((await namesake.post(room, said)).status).toBe(200);
  });

  it('goes on to the next stand without being asked, by scanning or by typing', async () => {
    const gallery = await aGallery(app);
    const guest = app.visitor();
    const first = await gallery.comeIn(guest, 0, jun);
    expect((await guest.get(doorOf(gallery.signs[1]!), { as: 'page' })).text).toContain(
      'Continue as Jun Sato',
    );
    const typed = await guest.post('/pass', { code: gallery.signs[1]!.code }, { as: 'page' });
    expect(typed.status).toBe(303);
    const second = typed.headers.get('location')!;
    expect(second).not.toBe(first);
    const mine = (await guest.get('/visits')).json<{ items: { href: string }[] }>();
    expect(mine.items.map((item) => item.href).sort()).toEqual([first, second].sort());
    expect((await guest.get(second)).json()).toMatchObject({ name: 'Jun Sato', role: 'mentor' });
    expect(await guestsOf(gallery)).toHaveLength(1);
  });

  it('has one visit at a stand: coming back finds it', async () => {
    const gallery = await aGallery(app);
    const guest = app.visitor();
    const visit = await gallery.comeIn(guest, 0, jun);
    expect(await gallery.comeIn(guest, 0)).toBe(visit);
    const other = await gallery.comeIn(guest, 0, { name: 'Ana Lima', another: 'yes' });
    expect(other).not.toBe(visit);
    expect((await guest.get(visit)).status).toBe(403);
  });

  it('with an account comes in as themselves; the student not at their own stand, the panel to its sheet', async () => {
    const gallery = await aGallery(app);
    const peer = await gallery.day.join('Mei Park', ['student']);
    const visit = await gallery.comeIn(peer.client, 0);
    expect((await peer.client.get(visit)).json()).toMatchObject({ name: 'Mei Park', role: 'peer' });
    expect((await peer.client.get('/account')).status).toBe(200);
    const relative = await gallery.comeIn(gallery.guardian, 0);
    expect((await gallery.guardian.get(relative)).json()).toMatchObject({ role: 'family' });
    const own = await gallery.student.post(doorOf(gallery.signs[0]!));
    expect([own.status, own.text]).toEqual([409, expect.stringContaining('your own stand')]);
    const seat = await gallery.day.seat(gallery.slots[0]!, { personId: gallery.day.advisor.id });
    expect(seat.status).toBe(201);
    const panelist = await gallery.day.planner.post(doorOf(gallery.signs[0]!));
    expect(panelist.json<{ sheetHref: string }>().sheetHref).toMatch(/^\/seats\/.+\/sheet$/);
    expect(await guestsOf(gallery)).toEqual([]);
  });
});
