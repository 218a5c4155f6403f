import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import type { Clock } from '../../server/clock.js';
import { getSeat } from '../../server/exhibitions/seats/seat-records.js';
import { wrongCodesPerDevice } from '../../server/exhibitions/passes/use-pass.js';
import { aGuestPass, passPath, type MadePass } from '../harness/builders/panel.js';
import { exhibitionDay, on } from '../harness/builders/exhibition.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { dayAfter, testClock } from '../harness/test-clock.js';

interface Problem {
  error: { code: string; message: string };
}

const hour = 3_600_000;
let ahead = 0;
/** The tests' clock, moved on by `ahead`. */
const clock: Clock = { now: () => new Date(testClock.now().getTime() + ahead) };
let app: TestApp;
let caller = 0;
/** Somebody at another address of the network, so that one test's wrong codes do not count for the next. */
const somebody = (): { client: Client; from: { headers: Record<string, string> } } => {
  caller += 1;
  return { client: app.visitor(), from: { headers: { 'X-Forwarded-For': `10.0.0.${caller}` } } };
};

beforeAll(async () => {
  app = await startApp({ clock, environment: { TRUST_PROXY: '1' } });
});
afterAll(() => app.close());

/** Moves the clock to some hours after the presentation's end. */
const hoursAfterSlot = (hours: number) => {
  ahead = new Date(on('09:50')).getTime() + hours * hour - testClock.now().getTime();
};
const now = () => {
  ahead = 0;
};

describe('the way in', () => {
  it('looking at the address shows where it leads and changes nothing', async () => {
    const { pass, day } = await aGuestPass(app);
    const { client } = somebody();
    for (let scan = 0; scan < 3; scan += 1) {
      const reply = await client.get(passPath(pass), { as: 'page' });
      expect(reply.status).toBe(200);
      for (const shown of ['Fall exhibitions', 'Itzel Núñez', 'Room 12', 'Welcome, Jun Sato'])
        expect(reply.text).toContain(shown);
    }
    expect((await getSeat(day.home.scope, pass.seatId)).pass?.usedAt).toBeNull();
    expect((await client.get('/seats')).status).toBe(401);
  });

  it('is never cached nor handed on as a referrer, and says no secret', async () => {
    const { pass } = await aGuestPass(app);
    const { client } = somebody();
    const reply = await client.get(passPath(pass));
    expect(reply.headers.get('referrer-policy')).toBe('no-referrer');
    expect(reply.headers.get('cache-control')).toContain('no-store');
    expect(reply.text).not.toContain(pass.code.replace(' ', ''));
    expect(reply.text).not.toContain(passPath(pass).split('/').at(-1));
  });

  it('the exchange opens this one seat and is written into the audit record once', async () => {
    const { pass, day } = await aGuestPass(app);
    const { client } = somebody();
    const reply = await client.post(passPath(pass), {}, { as: 'page' });
    expect([reply.status, reply.headers.get('location')]).toEqual([303, `/seats/${pass.seatId}/sheet`]);
    await client.post(passPath(pass));
    expect((await getSeat(day.home.scope, pass.seatId)).pass?.usedAt).not.toBeNull();
    const used = (await listEntriesFrom(day.home.scope, 1, 100)).filter((entry) => entry.act === 'pass.use');
    expect(used.map((entry) => [entry.subject.id, entry.via])).toEqual([[pass.seatId, 'pass']]);
    // A guest has long texts to write, too: the script that keeps them is on their pages, and the server
    // takes their drafts.
    const page = (await client.get('/seats', { as: 'page' })).text;
    expect(page).toMatch(/src="[^"]*forms[^"]*\.js"/);
    const writer = /data-writer="([^"]+)"/.exec(page)?.[1];
    const draft = { action: `/seats/${pass.seatId}/note`, page: '/seats', fields: { note: 'Kept' }, writer };
    expect([(await client.put('/drafts', draft)).status, page.includes('data-sign-in-at="/pass"')]).toEqual([
      ...[200, true],
    ]);
    const mine = (await client.get('/seats')).json<{ items: { id: string; studentName: string }[] }>();
    expect(mine.items.map((seat) => [seat.id, seat.studentName])).toEqual([[pass.seatId, 'Itzel Núñez']]);
  });

  it.each([
    ['as printed', (code: string) => code],
    ['small letters without the gap', (code: string) => code.toLowerCase().replace(' ', '')],
    ['with O and l for 0 and 1', (code: string) => code.replaceAll('0', 'O').replaceAll('1', 'l')],
  ])('the six characters open it, too: %s', async (_name, typed) => {
    const { pass } = await aGuestPass(app);
    const { client, from } = somebody();
    const reply = await client.post('/pass', { code: typed(pass.code) }, from);
    expect(reply.json<{ seatId: string }>().seatId).toBe(pass.seatId);
    expect((await client.get('/seats')).status).toBe(200);
  });

  it('a guest reaches nothing but their own seat', async () => {
    const { pass, day, slotId } = await aGuestPass(app);
    const other = (await day.seat(slotId, { name: 'Ada Kowalski', role: 'mentor' })).json<MadePass>();
    const { client } = somebody();
    await client.post(passPath(pass));
    for (const path of [
      '/exhibitions',
      day.path,
      `/slots/${slotId}`,
      '/students',
      `/seats/${other.seatId}/sheet`,
    ]) {
      expect([path, (await client.get(path)).status]).toEqual([path, 403]);
    }
    for (const path of [
      `/slots/${slotId}/seats`,
      `/seats/${pass.seatId}/pass`,
      `/seats/${other.seatId}/remove`,
    ]) {
      expect([path, (await client.post(path)).status]).toEqual([path, 403]);
    }
  });

  it('a guest reaches nothing of another exhibition or another school, and gets nothing that outlives the pass', async () => {
    const { pass } = await aGuestPass(app);
    const elsewhere = await aGuestPass(app);
    const { client } = somebody();
    await client.post(passPath(pass));
    const { day, slotId, pass: other } = elsewhere;
    const asked: [string, string][] = [
      ...[day.path, `${day.path}/events`, `${day.path}/calendar.ics`, `/slots/${slotId}`].map(
        (path): [string, string] => ['GET', path],
      ),
      ['GET', `/seats/${other.seatId}/sheet`],
      ['GET', `/students/${day.students[0]!.id}`],
      ['POST', `/seats/${other.seatId}/sheet/submit`],
      ['POST', '/calendar/feed'],
      ['POST', '/account/tokens'],
      ['POST', '/account/password'],
    ];
    for (const [method, path] of asked) {
      const { status } = await client.send(method, path, method === 'GET' ? undefined : {});
      expect([path, [403, 404].includes(status) || status]).toEqual([path, true]);
    }
  });

  it('a second pass of the same guest adds its seat to the session', async () => {
    const { pass, day } = await aGuestPass(app);
    const later = await day.slotId({ student: 1, at: '11:00' });
    const guest = await getSeat(day.home.scope, pass.seatId);
    const second = (
      await day.seat(later, { personId: guest.personId, role: 'guest', pass: true })
    ).json<MadePass>();
    const { client } = somebody();
    await client.post(passPath(pass));
    await client.post(passPath(second));
    const mine = (await client.get('/seats')).json<{ items: { id: string }[] }>();
    expect(mine.items.map((seat) => seat.id).sort()).toEqual([pass.seatId, second.seatId].sort());
  });
});

describe('a pass that does not open', () => {
  const answers = async (pass: MadePass) => {
    const { client, from } = somebody();
    const replies = [
      await client.get(passPath(pass), from),
      await client.post(passPath(pass), {}, from),
      await client.post('/pass', { code: pass.code }, from),
    ];
    const page = await client.post(passPath(pass), {}, { ...from, as: 'page' });
    return { codes: replies.map((reply) => [reply.status, reply.json<Problem>().error.code]), page };
  };

  it('has expired: two days after the presentation, not an hour before', async () => {
    const { pass } = await aGuestPass(app);
    const early = somebody();
    hoursAfterSlot(47);
    expect((await early.client.post(passPath(pass))).status).toBe(200);
    hoursAfterSlot(48);
    const { codes, page } = await answers(pass);
    expect((await early.client.get('/seats')).status).toBe(401);
    now();
    expect(codes).toEqual([1, 2, 3].map(() => [410, 'pass-expired']));
    expect(page.text).toContain('This pass has expired');
    expect(page.status).toBe(410);
  });

  it('was revoked: also for a guest who is in already', async () => {
    const { pass, day } = await aGuestPass(app);
    const { client } = somebody();
    await client.post(passPath(pass));
    expect((await day.planner.post(`/seats/${pass.seatId}/pass/revoke`)).status).toBe(200);
    expect((await client.get('/seats')).status).toBe(401);
    expect((await answers(pass)).codes).toEqual([1, 2, 3].map(() => [410, 'pass-revoked']));
    expect((await day.planner.post(`/seats/${pass.seatId}/pass/revoke`)).status).toBe(409);
  });

  it('is of a seat that was taken away: also for a guest who is in already', async () => {
    const { pass, day } = await aGuestPass(app);
    const { client } = somebody();
    await client.post(passPath(pass));
    expect((await day.planner.post(`/seats/${pass.seatId}/remove`)).status).toBe(200);
    for (const path of ['/seats', `/seats/${pass.seatId}/sheet`, `${day.path}/events`])
      expect([path, (await client.get(path)).status]).toEqual([path, 401]);
    expect((await answers(pass)).codes).toEqual([
      [404, 'not-found'],
      [404, 'not-found'],
      [422, 'invalid-input'],
    ]);
  });

  it('was renewed: the new one opens, the old one is unknown', async () => {
    const { pass, day } = await aGuestPass(app);
    const renewed = (await day.planner.post(`/seats/${pass.seatId}/pass`)).json<MadePass>();
    expect((await answers(pass)).codes).toEqual([
      [404, 'not-found'],
      [404, 'not-found'],
      [422, 'invalid-input'],
    ]);
    expect((await somebody().client.post(passPath(renewed))).status).toBe(200);
  });

  it('was renewed, or revoked and renewed: whoever came in by the old one is out', async () => {
    const { pass, day } = await aGuestPass(app);
    const { client } = somebody();
    await client.post(passPath(pass));
    const renewed = (await day.planner.post(`/seats/${pass.seatId}/pass`)).json<MadePass>();
    expect((await client.get(`/seats/${pass.seatId}/sheet`)).status).toBe(401);
    await client.post(passPath(renewed));
    expect((await client.get('/seats')).status).toBe(200);
    await day.planner.post(`/seats/${pass.seatId}/pass/revoke`);
    await day.planner.post(`/seats/${pass.seatId}/pass`);
    expect((await client.get('/seats')).status).toBe(401);
  });

  it('moves with the presentation', async () => {
    const { pass, day, slotId } = await aGuestPass(app);
    const moved = await day.planner.put(`/slots/${slotId}`, {
      startsAt: on('09:00', dayAfter(exhibitionDay, 2)),
      minutes: 50,
      room: 'Room 12',
    });
    expect(moved.status).toBe(200);
    hoursAfterSlot(60);
    const reply = await somebody().client.post(passPath(pass));
    now();
    expect(reply.status).toBe(200);
  });
});

describe('guessing codes', () => {
  it('is refused after a dozen wrong ones of one device; right ones and QR codes still open', async () => {
    const { pass } = await aGuestPass(app);
    const { client, from } = somebody();
    const statuses: number[] = [];
    for (let guess = 0; guess < wrongCodesPerDevice + 3; guess += 1) {
      statuses.push((await client.post('/pass', { code: `ZZZZZ${guess % 10}` }, from)).status);
    }
    expect(statuses).toEqual([...Array<number>(wrongCodesPerDevice).fill(422), 429, 429, 429]);
    const refused = await client.post('/pass', { code: 'ZZZ ZZZ' }, { ...from, as: 'page' });
    expect([refused.status, refused.text]).toEqual([
      429,
      expect.stringContaining('QR code on your pass still works'),
    ]);
    expect(refused.text).toMatch(/<input[^>]*id="f-code"[^>]*value="ZZZ ZZZ"/);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await client.get(`/pass/${pass.code.replace(' ', '')}`, from)).status).toBe(200);
    expect((await client.post('/pass', { code: pass.code }, from)).status).toBe(200);
    expect((await client.post(passPath(pass), {}, from)).status).toBe(200);
    expect((await somebody().client.post('/pass', { code: pass.code })).status).toBe(200);
  });

  it('a wrong code shows the form again with the code in it, and counts once', async () => {
    const { client, from } = somebody();
    const page = await client.post('/pass', { code: 'ZZZ ZZ9' }, { ...from, as: 'page' });
    expect(page.status).toBe(422);
    expect(page.text).toMatch(/<input[^>]*id="f-code"[^>]*value="ZZZ ZZ9"/);
    expect(page.text).toContain('id="f-code-problem"');
    expect(page.text).toContain('We don’t know this pass');
    const json = (await client.post('/pass', { code: 'ZZZ ZZ9' }, from)).json<{
      error: { fields: { field: string; message: string }[] };
    }>();
    expect(json.error.fields).toEqual([
      { field: 'code', message: expect.stringContaining('We don’t know this pass') },
    ]);
    for (let guess = 2; guess < wrongCodesPerDevice; guess += 1)
      expect((await client.post('/pass', { code: 'ZZZ ZZ9' }, { ...from, as: 'page' })).status).toBe(422);
    expect((await client.post('/pass', { code: 'ZZZ ZZ9' }, from)).status).toBe(429);
  });

  it('all at once gains nothing', async () => {
    const { client, from } = somebody();
    await client.get('/pass', from);
    const guesses = Array.from({ length: 40 }, (_each, at) =>
      client.post('/pass', { code: `YYYY${10 + at}` }, from),
    );
    const statuses = (await Promise.all(guesses)).map((reply) => reply.status);
    expect(statuses.filter((status) => status === 422).length).toBeLessThanOrEqual(wrongCodesPerDevice);
  });

  it('right codes are never counted: a queue of guests behind one address comes in', async () => {
    const { day, slotId } = await aGuestPass(app);
    const { from } = somebody();
    for (let guest = 0; guest < wrongCodesPerDevice + 4; guest += 1) {
      const made = (await day.seat(slotId, { name: `Guest ${guest}`, role: 'guest' })).json<MadePass>();
      expect((await app.visitor().post('/pass', { code: made.code }, from)).status).toBe(200);
    }
  });
});
