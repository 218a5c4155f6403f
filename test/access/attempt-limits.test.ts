/**
 * Limits fit a school behind one address: failures count, right secrets get in, and whoever guesses is slowed
 * down where they are.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '../../server/access/device.js';
import { openGate } from '../../server/access/gate.js';
import { guardAttempts, sourcesOf } from '../../server/access/limit-attempts.js';
import { failuresPerSource, guardSignIn } from '../../server/access/sign-in-limits.js';
import { subnetOf } from '../../server/access/subnet.js';
import { InvalidInput, TooMany } from '../../server/errors.js';
import { startApp, testPassword, type TestApp } from '../harness/start-app.js';
import { fromNow, testClock } from '../harness/test-clock.js';

let app: TestApp;
let other: TestApp;
beforeAll(async () => {
  app = await startApp({ environment: { TRUST_PROXY: '1' } });
  other = await startApp({ environment: { TRUST_PROXY: '1' }, jobs: false });
});
afterAll(async () => {
  await other?.close();
  await app?.close();
});

it.each([
  ['203.0.113.7', '203.0.113'],
  ['::ffff:203.0.113.7', '203.0.113'],
  ['2001:db8:1:2::7', '2001:db8:1'],
  ['2001:0db8:0001::', '2001:db8:1'],
  ['2001:db8:1:2:aaaa:bbbb:cccc:dddd', '2001:db8:1'],
  ['fe80::1%eth0', 'fe80:0:0'],
  ['::1', '0:0:0'],
  ['', ''],
])('%s belongs to the subnet %s', (address, subnet) => {
  expect(subnetOf(address)).toBe(subnet);
});

/** One attempt at a secret that is right or wrong; pauses are only written down. */
function anAttempt(at = testClock.now(), { db } = app.context) {
  const pauses: number[] = [];
  const needs = { db, now: at, pause: async (milliseconds: number) => pauses.push(milliseconds) };
  const secret = (right: boolean) => async () => {
    if (right) return 'in';
    throw new InvalidInput([]);
  };
  const result = async (work: Promise<unknown>): Promise<string> => {
    try {
      return String(await work);
    } catch (error) {
      return error instanceof TooMany ? 'too many' : error instanceof InvalidInput ? 'wrong' : String(error);
    }
  };
  return {
    pauses,
    signIn: (email: string, caller: Caller, right: boolean) =>
      result(guardSignIn({ ...needs, caller }, email, secret(right))),
    code: (what: string, caller: Caller, right: boolean) => {
      const sources = sourcesOf(caller, '', 12);
      const guard = { what, seconds: 900, sources, lane: caller.subnet, caller: caller.nextDevice };
      return result(guardAttempts(needs, guard, secret(right)));
    },
  };
}

const from = (subnet: string, device: string | null = null): Caller => ({
  subnet,
  device,
  nextDevice: device ?? randomUUID(),
});
const anEmail = () => `${randomUUID()}@one.example`;
const times = <T>(count: number, each: (at: number) => T): T[] =>
  Array.from({ length: count }, (_none, at) => each(at));

async function oneByOne(count: number, each: (at: number) => Promise<string>): Promise<string[]> {
  const all: string[] = [];
  for (let at = 0; at < count; at += 1) all.push(await each(at));
  return all;
}

describe('wrong passwords', () => {
  it('of one account from one part of the network are refused after ten, slower each time; the right one never is', async () => {
    const [{ signIn, pauses }, email] = [anAttempt(), anEmail()];
    const statuses = await oneByOne(13, () => signIn(email, from('203.0.113'), false));
    expect(statuses).toEqual([...times(failuresPerSource, () => 'wrong'), ...times(3, () => 'too many')]);
    expect(pauses).toEqual(times(8, (at) => 100 * (at + 1)));
    expect(await signIn(email, from('203.0.113'), true)).toBe('in');
  });

  it('count for nobody else: another account there, and the account elsewhere', async () => {
    const [{ signIn, pauses }, email] = [anAttempt(), anEmail()];
    await oneByOne(15, () => signIn(email, from('203.0.113'), false));
    const slowed = pauses.length;
    expect(await signIn(anEmail(), from('203.0.113'), false)).toBe('wrong');
    expect(await signIn(email, from('198.51.100'), false)).toBe('wrong');
    expect(pauses).toHaveLength(slowed);
  });

  it('of a stranger do not count on a device where the account has signed in', async () => {
    const [{ signIn, pauses }, email, own] = [anAttempt(), anEmail(), from('203.0.113', 'own-device')];
    expect(await signIn(email, own, true)).toBe('in');
    await oneByOne(15, () => signIn(email, from('203.0.113', 'strange-device'), false));
    const slowed = pauses.length;
    expect(await signIn(email, own, false)).toBe('wrong');
    expect(await signIn(email, own, true)).toBe('in');
    expect(pauses).toHaveLength(slowed);
  });

  it('from everywhere make wrong answers slower everywhere, and refuse nobody who knows the password', async () => {
    const [{ signIn, pauses }, email] = [anAttempt(), anEmail()];
    await oneByOne(130, (at) => signIn(email, from(`10.${at}.0`), false));
    expect(Math.max(...pauses)).toBe(10_000);
    expect([...pauses].sort((a, b) => a - b)).toEqual(pauses);
    const slowed = pauses.length;
    expect(await signIn(email, from('192.0.2'), true)).toBe('in');
    expect(pauses).toHaveLength(slowed);
  });

  it('of two instances are counted together', async () => {
    const email = anEmail();
    const [here, there] = [anAttempt(), anAttempt(testClock.now(), other.context)];
    const statuses = await oneByOne(12, (at) =>
      (at % 2 ? here : there).signIn(email, from('203.0.113'), false),
    );
    expect(statuses.slice(failuresPerSource)).toEqual(['too many', 'too many']);
  });

  it.each([
    ['a quarter of an hour later they are forgotten', fromNow({ minutes: 16 }), 'wrong'],
    ['a clock that goes back does not lock anybody out', fromNow({ days: -1 }), 'wrong'],
  ])('%s', async (_name, at, expected) => {
    const email = anEmail();
    await oneByOne(12, () => anAttempt().signIn(email, from('203.0.113'), false));
    expect(await anAttempt(at).signIn(email, from('203.0.113'), false)).toBe(expected);
  });

  it('at the same moment gain nothing', async () => {
    const [{ signIn }, email] = [anAttempt(), anEmail()];
    const all = await Promise.all(times(40, () => signIn(email, from('203.0.113'), false)));
    expect(all.filter((each) => each === 'wrong')).toHaveLength(failuresPerSource);
  });
});

describe('wrong codes', () => {
  it.each([
    ['fifty devices of one building', 50, (at: number) => from('203.0.113', `device-${at}`)],
    ['six hundred from everywhere', 600, (at: number) => from(`10.${at % 250}.${Math.floor(at / 250)}`)],
  ])('%s: a right code still opens, without waiting', async (_name, count, caller) => {
    const [{ code, pauses }, what] = [anAttempt(), randomUUID()];
    expect(new Set(await oneByOne(count, (at) => code(what, caller(at), false)))).toEqual(new Set(['wrong']));
    expect(await code(what, from('203.0.113'), true)).toBe('in');
    expect(pauses).toEqual([]);
  });

  it('of callers without any cookie are refused together, and a right one still opens', async () => {
    const [{ code }, what] = [anAttempt(), randomUUID()];
    const all = await oneByOne(50, () => code(what, from('203.0.113'), false));
    expect(all).toEqual([...times(12, () => 'wrong'), ...times(38, () => 'too many')]);
    expect(await code(what, from('203.0.113'), true)).toBe('in');
  });

  it('of one device are refused after a dozen, and its neighbors are not slowed down', async () => {
    const [{ code, pauses }, what] = [anAttempt(), randomUUID()];
    const guesser = from('203.0.113', 'guesser');
    const all = await oneByOne(20, () => code(what, guesser, false));
    expect(all).toEqual([...times(12, () => 'wrong'), ...times(8, () => 'too many')]);
    const slowed = pauses.length;
    expect(await code(what, from('203.0.113', 'neighbor'), false)).toBe('wrong');
    expect(pauses).toHaveLength(slowed);
    expect(await code(what, guesser, true)).toBe('in');
  });

  it('of one network that changes its addresses are slowed down together', async () => {
    const [{ code, pauses }, what] = [anAttempt(), randomUUID()];
    await oneByOne(70, (at) =>
      code(what, from(subnetOf(`2001:db8:1:2::${(at + 1).toString(16)}`), `device-${at}`), false),
    );
    expect(pauses).toHaveLength(10);
  });
});

describe('a gate', () => {
  it('gives everybody their turn: one who asks a hundred times holds up nobody else', async () => {
    const gate = openGate({ width: 1, waiting: 150, milliseconds: 5000 });
    const order: string[] = [];
    const ask = (caller: string) => gate.run('lane', caller, async () => void order.push(caller));
    await Promise.all([...times(100, () => ask('many')), ask('one'), ask('two')]);
    expect(Math.max(order.indexOf('one'), order.indexOf('two'))).toBeLessThan(5);
    expect(order).toHaveLength(102);
  });

  it('refuses the one who has most waiting, not the one who comes last', async () => {
    const gate = openGate({ width: 1, waiting: 3, milliseconds: 5000 });
    const ask = (caller: string) =>
      gate.run('lane', caller, async () => 'done').catch((error: unknown) => (error as Error).name);
    const answers = await Promise.all([...times(5, () => ask('many')), ask('late')]);
    expect(answers.filter((each) => each === 'TooMany')).toHaveLength(2);
    expect(answers.at(-1)).toBe('done');
  });

  it('lets nobody wait for ever, and goes on after work that failed', async () => {
    const gate = openGate({ width: 1, waiting: 3, milliseconds: 20 });
    let finish = (): void => undefined;
    const first = gate.run('lane', 'a', () => new Promise<void>((resolve) => (finish = resolve)));
    await expect(gate.run('lane', 'b', async () => 'done')).rejects.toThrow(TooMany);
    finish();
    await first;
    await expect(gate.run('lane', 'a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(gate.run('lane', 'a', async () => 'done')).resolves.toBe('done');
  });
});

describe('over HTTP', () => {
  it('a whole school signs in behind one address', async () => {
    const school = await app.aSchool();
    const emails = times(8, (at) => `student${at}@nat.example`);
    for (const email of emails) await school.person({ name: email, roles: ['student'], email });
    const behind = { headers: { 'X-Forwarded-For': '203.0.113.200' } };
    const statuses = new Set<number>();
    for (let batch = 0; batch < 8; batch += 1) {
      const replies = times(40, (at) =>
        app.visitor().post('/sign-in', { email: emails[at % emails.length], password: testPassword }, behind),
      );
      for (const { status } of await Promise.all(replies)) statuses.add(status);
    }
    expect(statuses).toEqual(new Set([200]));
  });

  it('a request that is never finished counts for nobody', async () => {
    const address = { 'X-Forwarded-For': '203.0.113.201' };
    for (let at = 0; at < 40; at += 1) {
      const stop = new AbortController();
      const never = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('{"')),
      });
      const sent = fetch(`${app.url}/verify`, {
        method: 'POST',
        headers: { ...address, 'Content-Type': 'application/json' },
        body: never,
        signal: stop.signal,
        duplex: 'half',
      }).catch(() => null);
      setTimeout(() => stop.abort(), 5);
      await sent;
    }
    const reply = await app.visitor().post('/verify', { code: '2222-3333-4444' }, { headers: address });
    expect(reply.status).toBe(422);
  });

  it('tells on the page what to do and when, and keeps what was typed', async () => {
    const email = anEmail();
    const client = app.visitor();
    for (let at = 0; at < failuresPerSource; at += 1)
      await client.post('/sign-in', { email, password: 'wrong' });
    const page = await client.post('/sign-in', { email, password: 'wrong' }, { as: 'page' });
    expect(page.status).toBe(429);
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(page.text).toContain(`value="${email}"`);
    expect(page.text).toContain('The right one still works');
  });

  it('knows a device by a signed cookie that scripts cannot read', async () => {
    const reply = await app.visitor().get('/sign-in', { as: 'page' });
    const cookie = reply.headers.getSetCookie().find((each) => each.startsWith('vitrine-device='));
    expect(cookie).toMatch(/^vitrine-device=[\w-]{22}\.[\w-]{43};.*HttpOnly/);
    const forged = { headers: { Cookie: cookie!.split(';')[0]!.replace(/=./, '=X') } };
    const again = await app.visitor().get('/sign-in', { as: 'page', ...forged });
    expect(again.headers.getSetCookie().join()).toContain('vitrine-device=');
  });
});
