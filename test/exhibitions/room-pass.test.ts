/** The sign at the door of a room: one scan, one name, and every guest is a person with seats of their own. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appendAttempt } from '../../server/access/attempts-records.js';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import type { Clock } from '../../server/clock.js';
import { nothingSaid } from '../../server/people/attendance.js';
import { listAllPeople, savePersonChange } from '../../server/people/people-records.js';
import { listRoomPasses } from '../../server/exhibitions/passes/room-pass-records.js';
import { claimsPerHour } from '../../server/exhibitions/passes/pass-routes.js';
import { guestsPerHour } from '../../server/exhibitions/passes/room-pass.js';
import { seeing } from '../harness/builders/seeing.js';
import { anExhibition, exhibitionDay, on, type TestExhibition } from '../harness/builders/exhibition.js';
import { pressOnPage } from '../harness/browser-form.js';
import type { Client } from '../harness/client.js';
import { publishSlot } from '../harness/builders/publishing.js';
import { fillSheet } from '../harness/builders/scores.js';
import { saveSchoolChange } from '../../server/school/school-records.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { endOfDay } from '../harness/test-clock.js';

let time = '09:20';
const clock: Clock = { now: () => new Date(on(time)) };
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock });
});
afterAll(() => app.close());

interface Sign {
  passUrl: string;
  code: string;
  expiresAt: string;
}
interface Slot {
  seats: {
    id: string;
    name: string;
    bySign: boolean;
    sharesName: boolean;
    uncounted: string | null;
    mayAdmit: boolean;
    askedAt: string | null;
    admission: { by: string | null } | null;
  }[];
}
interface Mine {
  items: { id: string; slotId: string; studentName: string }[];
  left: number;
  onward: { seatId: string; studentName: string } | null;
}

const door = (day: TestExhibition, room = 'Room 12') => `${day.path}/rooms/${encodeURIComponent(room)}/pass`;
const guestsOf = async (day: TestExhibition) =>
  (await listAllPeople(day.home.scope)).filter((person) => person.roles.includes('guest'));

async function aSign() {
  time = '09:20';
  const day = await anExhibition(app);
  const first = await day.slotId();
  const second = await day.slotId({ student: 1, at: '10:00' });
  const elsewhere = await day.slotId({ student: 2, at: '10:00', room: 'Library' });
  await day.move('open');
  const made = await day.planner.post(door(day));
  if (made.status !== 201) throw new Error(`no sign was made: ${made.status} ${made.text}`);
  const sign = made.json<Sign>();
  return { day, first, second, elsewhere, sign, path: new URL(sign.passUrl).pathname };
}

const mine = async (client: { get(path: string): Promise<{ json<T>(): T }> }) =>
  (await client.get('/seats')).json<Mine>();

describe('the sign of a room', () => {
  it('is a printed page with a QR code of at least 35 mm, stored as hashes only, and works for this day', async () => {
    const { day, sign } = await aSign();
    expect(sign.expiresAt).toBe(endOfDay(exhibitionDay).toISOString());
    const page = await day.planner.post(door(day), {}, { as: 'page' });
    expect(page.status).toBe(201);
    expect(page.text).toContain('Room 12');
    expect(page.text).toContain('<svg');
    const stored = JSON.stringify(await listRoomPasses(day.home.scope, day.exhibitionId));
    expect(stored).not.toContain(new URL(sign.passUrl).pathname.split('/').at(-1));
    expect(stored).not.toContain(sign.code.replace(' ', ''));
    const css = await app.visitor().get('/assets/styles/exhibition-door.print.css');
    expect(Number(/\.qr\s*\{\s*inline-size:\s*(\d+)mm/.exec(css.text)?.[1])).toBeGreaterThanOrEqual(35 + 8);
  });

  it('a guest scans, says a name, and has a seat on the presentation under way with its sheet open', async () => {
    const { day, first, path } = await aSign();
    await day.seat(first, { personId: day.advisor.id });
    await day.move('score');
    const guest = app.visitor();
    const landing = await guest.get(path, { as: 'page' });
    expect([landing.status, landing.headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
    for (const shown of ['Room 12', 'Itzel Núñez', 'Your name']) expect(landing.text).toContain(shown);
    expect(await guestsOf(day)).toEqual([]);
    const reply = await guest.post(path, { name: 'Jun Sato', role: 'mentor', once: 'a' }, { as: 'page' });
    expect(reply.status).toBe(303);
    expect((await guest.get(reply.headers.get('location')!, { as: 'page' })).status).toBe(200);
    expect((await guestsOf(day)).map((person) => person.displayName)).toEqual(['Jun Sato']);
    expect((await mine(guest)).items.map((seat) => seat.slotId)).toEqual([first]);
    const acts = (await listEntriesFrom(day.home.scope, 1, 100)).map((entry) => [entry.act, entry.via]);
    expect(acts).toContainEqual(['seat.set', 'pass']);
    expect(acts).toContainEqual(['room-pass.issue', 'session']);
  });

  it('by the six characters: the code first, the name next', async () => {
    const { first, sign } = await aSign();
    const guest = app.visitor();
    const asked = await guest.post('/pass', { code: sign.code.toLowerCase() }, { as: 'page' });
    expect(asked.status).toBe(200);
    expect(asked.text).toContain('Your name');
    const unnamed = await guest.post('/pass', { code: sign.code, name: '' }, { as: 'page' });
    expect(unnamed.status).toBe(422);
    expect(unnamed.text).toContain('id="f-name-problem"');
    const reply = await guest.post('/pass', { code: sign.code, name: 'Jun Sato' });
    expect(reply.status).toBe(200);
    expect((await mine(guest)).items.map((seat) => seat.slotId)).toEqual([first]);
  });

  it('sent twice at once, it is one guest with one seat', async () => {
    const { day, path } = await aSign();
    const guest = app.visitor();
    const body = { name: 'Jun Sato', once: 'the same form' };
    const replies = await Promise.all([1, 2, 3].map(() => guest.post(path, body)));
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200]);
    expect(new Set(replies.map((reply) => reply.text)).size).toBe(1);
    expect(await guestsOf(day)).toHaveLength(1);
  });

  it('nobody takes the name of somebody who is there unasked: they are that person, or another one', async () => {
    const { day, first, path } = await aSign();
    const { seatId } = (await app.visitor().post(path, { name: 'Jun Sato' })).json<{ seatId: string }>();
    const other = app.visitor();
    const asked = await other.post(path, { name: 'jun sato' }, { as: 'page' });
    expect([asked.status, asked.text]).toEqual([422, expect.stringContaining('name="sameName"')]);
    expect(await guestsOf(day)).toHaveLength(1);
    const same = await other.post(path, { name: 'jun sato', sameName: 'same-person' });
    expect(same.json()).toMatchObject({ seatId });
    expect(await guestsOf(day)).toHaveLength(1);
    const namesake = await app.visitor().post(path, { name: 'Jun Sato', sameName: 'namesake' });
    expect(namesake.status).toBe(200);
    expect(await guestsOf(day)).toHaveLength(2);
    const { seats } = (await day.planner.get(`/slots/${first}`)).json<Slot>();
    expect(seats.map(({ sharesName }) => sharesName)).toEqual([true, true]);
  });
});

describe('a guest whom nobody has admitted', () => {
  async function aWalkIn() {
    const made = await aSign();
    const { day, first, path } = made;
    const chair = { personId: day.advisor.id, role: 'advisor', chair: true };
    expect((await day.seat(first, chair)).status).toBe(201);
    await day.move('score');
    const office = await day.join('Mei Lin', ['registrar']);
    const guest = app.visitor();
    const { seatId } = (await guest.post(path, { name: 'Jun Sato' })).json<{ seatId: string }>();
    const seatOf = async (slotId = first) =>
      (await day.planner.get(`/slots/${slotId}`)).json<Slot>().seats.find(({ name }) => name === 'Jun Sato')!;
    const resultOf = async () =>
      (await office.client.get(`/slots/${first}/result`)).json<{
        panel: object;
        voices: { notCounted: { why: string } | null }[];
        criteria: { scored: number }[];
      }>();
    return { ...made, guest, seatId, seatOf, resultOf, office: office.client };
  }

  it('is marked, scores, and counts from the one tap on that admits them, in this room and the next', async () => {
    const { day, first, second, guest, seatId, seatOf, resultOf } = await aWalkIn();
    expect(await seatOf()).toMatchObject({ bySign: true, uncounted: 'not-admitted', mayAdmit: true });
    await fillSheet(guest, seatId, ['meeting']);
    const before = await resultOf();
    expect(before.panel).toEqual({ seats: 1, submitted: 0, awaited: 1, late: 0 });
    expect([before.voices[0]!.notCounted?.why, before.criteria[0]!.scored]).toEqual(['not-admitted', 0]);
    const waiting = await guest.get(`/slots/${first}/result`);
    expect(waiting.json()).toMatchObject({ sight: 'not-admitted', voices: [] });
    const page = await day.planner.get(`/slots/${first}`, { as: 'page' });
    const reply = await pressOnPage(day.planner, page.text, 'Admit Jun Sato');
    expect(reply.status).toBe(303);
    expect(await seatOf()).toMatchObject({ uncounted: null, admission: { by: expect.any(String) } });
    expect((await resultOf()).criteria[0]!.scored).toBe(1);
    time = '09:52';
    expect((await guest.post(`/seats/${seatId}/next`)).status).toBe(200);
    expect(await seatOf(second)).toMatchObject({ uncounted: null });
    expect((await day.planner.post(`/seats/${seatId}/admit`)).status).toBe(200);
  });

  it('is still on the first page of chair and office after closing, until the result is published', async () => {
    const { day, first, guest, seatId, office } = await aWalkIn();
    await fillSheet(guest, seatId, ['meeting']);
    const { seats } = (await day.planner.get(`/slots/${first}`)).json<Slot>();
    const chair = seats.find(({ name }) => name !== 'Jun Sato')!;
    await fillSheet(day.planner, chair.id, ['meeting']);
    expect((await day.move('close', 'The day is over')).status).toBe(200);
    const admits = async (client: Client) => {
      type Tasks = { kind: string; href: string }[];
      const { next, tasks, later } = (await client.get('/')).json<{
        next: Tasks[0] | null;
        tasks: Tasks;
        later: Tasks;
      }>();
      const all = [...(next ? [next] : []), ...tasks, ...later];
      return all.filter(({ kind }) => kind === 'admit').map(({ href }) => href);
    };
    for (const client of [day.planner, office]) expect(await admits(client)).toEqual([`/slots/${first}`]);
    expect((await publishSlot(office, first)).status).toBe(200);
    for (const client of [day.planner, office]) expect(await admits(client)).toEqual([]);
  });

  it('is admitted by whoever chairs the panel, and by no other panelist', async () => {
    const { day, first, seatId } = await aWalkIn();
    const [other, chair] = [
      await day.join('Noor Haddad', ['panelist']),
      await day.join('Femi Bello', ['panelist']),
    ];
    await day.seat(first, { personId: other.person.id, role: 'teacher' });
    await day.seat(first, { personId: chair.person.id, role: 'teacher', chair: true });
    expect((await other.client.post(`/seats/${seatId}/admit`)).status).toBe(403);
    expect((await seeing(chair.client, day.path).post(`/seats/${seatId}/admit`)).status).toBe(200);
  });

  it('is admitted as the phone that was seen: another one that came in since under the name is not', async () => {
    const { day, path, seatId, seatOf } = await aWalkIn();
    const admit = (body: object) => day.planner.post(`/seats/${seatId}/admit`, body);
    const { askedAt } = await seatOf();
    expect((await admit({ askedAt: undefined })).status).toBe(428);
    time = '09:05';
    const claim = { name: 'Jun Sato', sameName: 'same-person' };
    expect((await app.visitor().post(path, claim)).status).toBe(200);
    const stale = await admit({ askedAt });
    expect([stale.status, stale.json()]).toMatchObject([
      ...[409, { error: { code: 'stale', changes: [{ who: 'Jun Sato' }] } }],
    ]);
    expect(await seatOf()).toMatchObject({ uncounted: 'not-admitted' });
    expect((await admit({ askedAt: (await seatOf()).askedAt })).status).toBe(200);
  });

  it('who says to be somebody admitted is asked about once more, until that sheet is begun', async () => {
    const { day, path, seatId, seatOf, guest } = await aWalkIn();
    await day.planner.post(`/seats/${seatId}/admit`);
    const claim = { name: 'Jun Sato', sameName: 'same-person' };
    expect((await app.visitor().post(path, claim)).status).toBe(200);
    expect(await seatOf()).toMatchObject({ uncounted: 'not-admitted' });
    await day.planner.post(`/seats/${seatId}/admit`);
    await fillSheet(guest, seatId, ['meeting'], { submit: false });
    expect((await app.visitor().post(path, claim)).status).toBe(409);
    expect(await seatOf()).toMatchObject({ uncounted: null });
  });

  it('is asked who they are by every spelling of a name that is here, also of a panelist in the next room', async () => {
    const { day, path, elsewhere } = await aSign();
    for (const name of ['Nora O’Brien', 'Mary-Jane Weiß', 'Łukasz Nowak'])
      expect([name, (await day.seat(elsewhere, { name, role: 'guest' })).status]).toEqual([name, 201]);
    for (const name of ["Nora O'Brien", 'Mary Jane Weiss', 'Lukasz Nowak']) {
      const reply = await app.visitor().post(path, { name });
      expect([name, reply.status, reply.text.includes('sameName')]).toEqual([name, 422, true]);
      const other = await app.visitor().post(path, { name, sameName: 'namesake' });
      expect([name, other.status]).toEqual([name, 200]);
    }
  });

  it('whose sheet is begun is nobody else by the sign: with the return code, or a pass of their own and admitted again', async () => {
    const { day, path, seatId, seatOf, guest } = await aWalkIn();
    await day.planner.post(`/seats/${seatId}/admit`);
    await fillSheet(guest, seatId, ['meeting'], { submit: false });
    const { returnCode } = (await guest.get(`/seats/${seatId}/sheet`)).json<{ returnCode: string }>();
    const claim = { name: 'Jun Sato', sameName: 'same-person' };
    const thief = app.visitor();
    expect((await thief.post(path, { ...claim, anew: 'on' })).json()).toMatchObject({
      error: { code: 'begun-elsewhere' },
    });
    const page = await thief.post(path, claim, { as: 'page' });
    expect(page.text).toContain('Ask the panel’s chair or the office for a pass of your own.');
    expect((await guest.get(`/seats/${seatId}/sheet`)).json()).toMatchObject({ progress: { done: 3 } });
    expect(page.text).toContain('<input type="hidden" name="name" value="Jun Sato">');
    const wrong = await thief.post(path, { ...claim, returning: 'ZZZ ZZZ' }, { as: 'page' });
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('not the return code')]);
    const back = await thief.post(path, { ...claim, returning: returnCode }, { as: 'page' });
    expect([back.status, await seatOf()]).toMatchObject([303, { uncounted: null }]);
    const renewed = await day.planner.post(`/seats/${seatId}/pass`);
    const own = new URL(renewed.json<{ passUrl: string }>().passUrl).pathname;
    const other = app.visitor();
    expect((await other.post(own, { anew: 'on' })).status).toBe(200);
    expect(await seatOf()).toMatchObject({ uncounted: 'not-admitted' });
  });

  it('and who says to be them goes on as nobody admitted; a phone that says so often has to wait', async () => {
    const { day, path, seatId, second, seatOf } = await aWalkIn();
    await day.planner.post(`/seats/${seatId}/admit`);
    const other = app.visitor();
    await other.get(path, { as: 'page' });
    const claim = { name: 'Jun Sato', sameName: 'same-person', another: 'yes' };
    expect((await other.post(path, claim)).status).toBe(200);
    time = '09:52';
    expect((await other.post(`/seats/${seatId}/next`)).status).toBe(200);
    expect(await seatOf(second)).toMatchObject({ uncounted: 'not-admitted' });
    const replies: number[] = [];
    for (let at = 0; at < claimsPerHour; at += 1) replies.push((await other.post(path, claim)).status);
    expect(replies.filter((status) => status === 429)).toHaveLength(1);
  });

  it('counts at once where the school wants it so', async () => {
    const { day, path, first } = await aSign();
    const policies = { ...day.home.school.policies, signGuests: 'at-once' as const };
    await saveSchoolChange(day.home.scope, { policies });
    await app.visitor().post(path, { name: 'Jun Sato' });
    const { seats } = (await day.planner.get(`/slots/${first}`)).json<Slot>();
    expect(seats[0]).toMatchObject({ bySign: true, admission: null, uncounted: null });
  });
});

describe('a guest who comes late', () => {
  it('is let in while sheets are taken, to the last presentation; a published one is passed over', async () => {
    const { day, first, second, path } = await aSign();
    await day.seat(second, { name: 'João Sato', role: 'guest' });
    await day.move('score');
    time = '11:30';
    const late = app.visitor();
    expect((await late.post(path, { name: 'Ada Kowalski' })).status).toBe(200);
    expect((await mine(late)).items.map((seat) => seat.slotId)).toEqual([second]);
    const results = app.context.db.connection.collection<{ _id: string; schoolId: string }>('results');
    await results.insertOne({
      _id: second,
      schoolId: day.home.school.id,
    });
    const later = app.visitor();
    expect((await later.post(path, { name: 'Noor Haddad' })).status).toBe(200);
    expect((await mine(later)).items.map((seat) => seat.slotId)).toEqual([first]);
    await day.move('close');
    expect((await app.visitor().post(path, { name: 'Femi Bello' })).status).toBe(409);
  });

  it('whom the plan expected takes their seat all the same', async () => {
    const { day, second, path } = await aSign();
    const seated = await day.seat(second, { name: 'João Sato', role: 'guest' });
    const { seatId } = seated.json<{ seatId: string }>();
    await app.context.db.connection
      .collection<{ _id: string }>('seats')
      .updateOne({ _id: seatId }, { $set: { pass: null } });
    await day.move('score');
    time = '11:30';
    expect((await app.visitor().post(path, { name: 'joao sato' })).json()).toMatchObject({ seatId });
  });

  it('and who never begins is waited for until the presentation is over', async () => {
    const { day, first, path } = await aSign();
    const [chair, office] = [
      await day.join('Femi Bello', ['panelist']),
      await day.join('Mei Lin', ['registrar']),
    ];
    const seated = await day.seat(first, { personId: chair.person.id, role: 'teacher', chair: true });
    await day.move('score');
    const { seatId } = (await app.visitor().post(path, { name: 'Jun Sato' })).json<{ seatId: string }>();
    await day.planner.post(`/seats/${seatId}/admit`);
    await fillSheet(chair.client, seated.json<{ seatId: string }>().seatId, ['meeting']);
    const warnings = async () =>
      (await office.client.get(`/slots/${first}/result`)).json<{ warnings: object[] }>().warnings;
    expect(await warnings()).toMatchObject([{ kind: 'missing-sheets', names: ['Jun Sato'] }]);
    time = '09:51';
    expect(await warnings()).toEqual([]);
    expect((await publishSlot(office.client, first)).status).toBe(200);
  });
});

describe('the next presentation in the room', () => {
  it('is one tap away, as the same person', async () => {
    const { day, first, second, path } = await aSign();
    const guest = app.visitor();
    await guest.post(path, { name: 'Jun Sato' });
    time = '09:52';
    const { onward } = await mine(guest);
    expect(onward?.studentName).toBe('Yonas Tesfaye');
    const reply = await guest.post(`/seats/${onward!.seatId}/next`, {}, { as: 'page' });
    expect(reply.status).toBe(303);
    const after = await mine(guest);
    expect(after.items.map((seat) => seat.slotId).sort()).toEqual([first, second].sort());
    expect([after.onward, after.left]).toEqual([null, 1]);
    expect(await guestsOf(day)).toHaveLength(1);
  });

  it('also by scanning once more, without being asked anything', async () => {
    const { day, second, path } = await aSign();
    const guest = app.visitor();
    await guest.post(path, { name: 'Jun Sato' });
    time = '10:05';
    expect((await guest.get(path, { as: 'page' })).text).toContain('Continue as Jun Sato');
    expect((await guest.post(path)).status).toBe(200);
    expect((await mine(guest)).items.map((seat) => seat.slotId)).toContain(second);
    expect(await guestsOf(day)).toHaveLength(1);
  });

  it('is not another’s to take', async () => {
    const { path } = await aSign();
    const [guest, other] = [app.visitor(), app.visitor()];
    await guest.post(path, { name: 'Jun Sato' });
    await other.post(path, { name: 'Ana Lima' });
    const seat = (await mine(guest)).items[0]!;
    time = '09:52';
    expect((await other.post(`/seats/${seat.id}/next`)).status).toBe(403);
  });
});

describe('a sign that does not open', () => {
  it('was revoked or made anew: nobody new comes in, whoever sits stays', async () => {
    const { day, path } = await aSign();
    const guest = app.visitor();
    await guest.post(path, { name: 'Jun Sato' });
    expect((await day.planner.post(`${door(day)}/revoke`)).status).toBe(200);
    expect((await app.visitor().post(path, { name: 'Ana Lima' })).status).toBe(410);
    expect((await mine(guest)).items).toHaveLength(1);
    const renewed = (await day.planner.post(door(day))).json<Sign>();
    expect((await app.visitor().get(path)).status).toBe(404);
    expect((await app.visitor().get(new URL(renewed.passUrl).pathname)).status).toBe(200);
  });

  it('is of a day that is over; a seat that was revoked does not come back by it', async () => {
    const { day, path } = await aSign();
    const guest = app.visitor();
    await guest.post(path, { name: 'Jun Sato' });
    const seat = (await mine(guest)).items[0]!;
    await day.planner.post(`/seats/${seat.id}/pass/revoke`);
    expect((await guest.get('/seats')).status).toBe(401);
    expect((await guest.post(path, { name: 'Jun Sato' })).status).toBe(422);
    time = '13:00';
    expect((await app.visitor().get(path)).json<{ error: { code: string } }>().error.code).toBe('room-over');
  });

  it('lets in a whole building: many new guests in an hour come in more slowly, and nobody is refused', async () => {
    const { day, path } = await aSign();
    const [sign] = await listRoomPasses(day.home.scope, day.exhibitionId);
    for (let at = 0; at <= guestsPerHour; at += 1)
      await appendAttempt(app.context.db, 'room-guest', sign!.id, 3600, clock.now());
    expect((await app.visitor().post(path, { name: 'Jun Sato' })).status).toBe(200);
    expect((await app.visitor().post(path, { name: 'Ana Lima' })).status).toBe(200);
  });
});

describe('a guest whom the plan expects', () => {
  /** Planned on two presentations of the room, by a timetable: no pass was handed out. */
  async function expected(names: string[] = ['João Sato']) {
    const stage = await aSign();
    const { day, first, second } = stage;
    for (const name of names) {
      const person = await day.home.person({ name, roles: ['guest'] });
      for (const slotId of [first, second]) {
        const seated = await day.seat(slotId, { personId: person.id, role: 'guest' });
        if (seated.status !== 201) throw new Error(`no seat: ${seated.text}`);
      }
    }
    return stage;
  }

  it('says the name at the sign, and has the seats that wait; nobody is written down twice', async () => {
    const { day, second, path } = await expected();
    await day.move('score');
    const guest = app.visitor();
    const came = await guest.post(path, { name: 'joao  SATO', role: 'mentor', once: 'form-1' });
    expect(came.status).toBe(200);
    const { seatId } = came.json<{ seatId: string }>();
    expect((await guest.get(`/seats/${seatId}/sheet`)).status).toBe(200);
    expect(await guestsOf(day)).toHaveLength(1);
    expect(
      (await guest.post(path, { name: 'João Sato', once: 'form-1' })).json<{ seatId: string }>().seatId,
    ).toBe(seatId);
    const again = await guest.post(`/seats/${seatId}/next`);
    const next = again.json<{ seatId: string }>().seatId;
    expect((await mine(guest)).items.find(({ id }) => id === next)?.slotId).toBe(second);
    expect(await guestsOf(day)).toHaveLength(1);
  });

  it('scores by the sign no student whom they must not score, neither seated before that was known nor moving on', async () => {
    const { day, second, path } = await expected();
    const [guest] = await guestsOf(day);
    const [one, other] = day.students.map(({ id }) => id);
    const name = (conflictIds: string[]) =>
      savePersonChange(day.home.scope, guest!.id, { attendance: { ...nothingSaid, conflictIds } });
    await day.move('score');
    await name([one!, other!]);
    const refused = await app.visitor().post(path, { name: 'João Sato' });
    expect([refused.status, refused.json()]).toMatchObject([
      409,
      { error: { code: 'conflict-of-interest' } },
    ]);
    await name([one!]);
    const client = app.visitor();
    const came = await client.post(path, { name: 'João Sato' });
    const { seatId } = came.json<{ seatId: string }>();
    expect((await mine(client)).items).toEqual([expect.objectContaining({ id: seatId, slotId: second })]);
    const sitting = await aSign();
    const walker = app.visitor();
    const first = await walker.post(sitting.path, { name: 'Lea Roth' });
    const [lea] = await guestsOf(sitting.day);
    await savePersonChange(sitting.day.home.scope, lea!.id, {
      attendance: { ...nothingSaid, conflictIds: [sitting.day.students[1]!.id] },
    });
    await sitting.day.move('score');
    const next = await walker.post(`/seats/${first.json<{ seatId: string }>().seatId}/next`);
    expect([next.status, next.json()]).toMatchObject([409, { error: { code: 'conflict-of-interest' } }]);
  });

  it('is not taken for somebody who comes after them with the same name', async () => {
    const { path } = await expected();
    expect((await app.visitor().post(path, { name: 'João Sato' })).status).toBe(200);
    const second = await app.visitor().post(path, { name: 'João Sato' });
    expect(second.status).toBe(422);
    expect(second.text).toContain('is here already');
  });

  it('is asked about before anybody takes a seat that was planned for them since, also where guests count at once', async () => {
    const { day, first, second, path } = await aSign();
    const policies = { ...day.home.school.policies, signGuests: 'at-once' as const };
    await saveSchoolChange(day.home.scope, { policies });
    const person = await day.home.person({ name: 'João Sato', roles: ['guest'] });
    const seat = (slotId: string) => day.seat(slotId, { personId: person.id, role: 'guest' });
    await seat(first);
    expect((await app.visitor().post(path, { name: 'João Sato' })).status).toBe(200);
    await seat(second);
    const asked = await app.visitor().post(path, { name: 'joao sato' });
    expect([asked.status, asked.text]).toEqual([422, expect.stringContaining('sameName')]);
    const other = app.visitor();
    expect((await other.post(path, { name: 'João Sato', sameName: 'namesake' })).status).toBe(200);
    expect(await guestsOf(day)).toHaveLength(2);
    const same = app.visitor();
    expect((await same.post(path, { name: 'João Sato', sameName: 'same-person' })).status).toBe(200);
    expect(await guestsOf(day)).toHaveLength(2);
  });

  it('with a pass of their own needs that pass, and of two namesakes a person says who is who', async () => {
    const { day, first, path } = await expected(['João Sato', 'Joao Sato']);
    expect((await app.visitor().post(path, { name: 'João Sato' })).status).toBe(422);
    await day.seat(first, { name: 'Ada Kowalski', role: 'guest' });
    expect((await app.visitor().post(path, { name: 'Ada Kowalski' })).status).toBe(422);
  });

  it('can be put out again like any guest', async () => {
    const { day, path } = await expected();
    const guest = app.visitor();
    const { seatId } = (await guest.post(path, { name: 'João Sato' })).json<{ seatId: string }>();
    expect((await day.planner.post(`/seats/${seatId}/pass/revoke`)).status).toBe(200);
    expect((await guest.get(`/seats/${seatId}/sheet`)).status).toBe(401);
    expect((await app.visitor().post(path, { name: 'João Sato' })).status).toBe(422);
  });
});
