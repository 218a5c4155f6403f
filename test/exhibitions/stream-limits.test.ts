/**
 * Event streams end when their listener may listen no longer, on every instance, and one session cannot open
 * them without end.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAX_STREAMS_PER_SESSION } from '../../server/access/open-streams.js';
import { saveAccountChange, findAccountOfPerson } from '../../server/access/account-records.js';
import { savePersonChange } from '../../server/people/people-records.js';
import type { Person } from '../../server/people/person.js';
import { seeing } from '../harness/builders/seeing.js';
import { passPath, type MadePass } from '../harness/builders/panel.js';
import { aPresentation } from '../harness/builders/presentation.js';
import { visitorOf, type Client } from '../harness/client.js';
import { startApp, testPassword, type TestApp, type TestSchool } from '../harness/start-app.js';

let app: TestApp;
let other: TestApp;
let school: TestSchool;
let address: string;
let student: Person;
let slotId: string;
beforeAll(async () => {
  app = await startApp({ jobs: false });
  other = await startApp({ jobs: false });
  school = await app.aSchool();
  await school.person({ name: 'Ada', roles: ['admin'], email: 'admin@streams.example' });
  student = await school.person({ name: 'Amina', roles: ['student'] });
  const panelist = await school.person({ name: 'Pat', roles: ['panelist'] });
  const { ids } = await aPresentation(app, school, student, panelist, 'scoring');
  slotId = ids.slot;
  address = `/exhibitions/${ids.exhibition}/events`;
});
afterAll(async () => {
  await other?.close();
  await app?.close();
});

let count = 0;
async function aPlanner() {
  const email = `planner${(count += 1)}@streams.example`;
  const person = await school.person({ name: `Planner ${count}`, roles: ['registrar'], email });
  return { person, email, client: await app.as(email) };
}

/** Opens the stream with this client's cookies at one of the instances. */
const listen = (client: Client, instance: TestApp) =>
  listenAs({ Cookie: [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }, instance);

async function listenAs(who: Record<string, string>, { url }: TestApp) {
  const reply = await fetch(url + address, { headers: { Accept: 'text/event-stream', ...who } });
  const ended = (async () => {
    if (!reply.body) return 'nothing';
    for await (const _piece of reply.body as unknown as AsyncIterable<Uint8Array>) void _piece;
    return 'ended';
  })().catch(() => 'broken');
  return { status: reply.status, ended };
}

describe('a stream ends', () => {
  it.each([
    ['at sign-out', async ({ client }) => void (await client.post('/sign-out'))],
    [
      'after a change of password elsewhere',
      async ({ email }) => {
        const second = await app.as(email);
        const change = { current: testPassword, password: 'quite another long word' };
        expect((await second.post('/account/password', change)).status).toBe(200);
      },
    ],
    [
      'after signing out everywhere from elsewhere',
      async ({ email }) => {
        const second = await app.as(email);
        expect((await second.post('/account/sign-out-everywhere')).status).toBe(200);
      },
    ],
    [
      'when the person has left the school',
      async ({ person }) => {
        const admin = await app.as('admin@streams.example');
        expect((await admin.post(`/people/${person.id}/deactivate`)).status).toBe(200);
      },
    ],
    [
      'when the account is closed',
      async ({ person }) => {
        const account = await findAccountOfPerson(app.context.db, person.id);
        await saveAccountChange(app.context.db, account!.id, { disabledAt: app.context.clock.now() });
      },
    ],
    [
      'when the role is another',
      async ({ person }) => void (await savePersonChange(school.scope, person.id, { roles: ['advisor'] })),
    ],
  ] satisfies [string, (planner: Awaited<ReturnType<typeof aPlanner>>) => Promise<void>][])(
    '%s, on every instance',
    async (_name, act) => {
      const planner = await aPlanner();
      const streams = [await listen(planner.client, app), await listen(planner.client, other)];
      expect(streams.map(({ status }) => status)).toEqual([200, 200]);
      await act(planner);
      expect(await Promise.all(streams.map(({ ended }) => ended))).toEqual(['ended', 'ended']);
    },
  );
});

it('one session opens a few, and another its own', async () => {
  const [one, two] = [await aPlanner(), await aPlanner()];
  for (let at = 0; at < MAX_STREAMS_PER_SESSION; at += 1)
    expect((await listen(one.client, app)).status).toBe(200);
  expect((await listen(one.client, app)).status).toBe(429);
  expect((await listen(two.client, app)).status).toBe(200);
  await one.client.post('/sign-out');
  const again = visitorOf(app.url);
  await again.post('/sign-in', { email: `planner${count - 1}@streams.example`, password: testPassword });
  expect((await listen(again, app)).status).toBe(200);
});

describe('a stream of', () => {
  it('a program ends when its token is revoked and when it expires, and one token opens a few', async () => {
    const { client } = await aPlanner();
    const tokens: { id: string; who: Record<string, string> }[] = [];
    for (const name of ['revoked', 'expired']) {
      const made = await client.post('/account/tokens', { name, scopes: ['read'] });
      const { id, token } = made.json<{ id: string; token: string }>();
      tokens.push({ id, who: { Authorization: `Bearer ${token}` } });
    }
    const [revoked, expired] = tokens;
    const streams = [await listenAs(revoked!.who, app), await listenAs(expired!.who, other)];
    for (let at = 1; at < MAX_STREAMS_PER_SESSION; at += 1)
      expect((await listenAs(revoked!.who, app)).status).toBe(200);
    expect((await listenAs(revoked!.who, app)).status).toBe(429);
    expect((await client.post(`/account/tokens/${revoked!.id}/revoke`)).status).toBe(200);
    await app.context.db.connection
      .collection<{ _id: string }>('apitokens')
      .updateOne({ _id: expired!.id }, { $set: { expiresAt: app.context.clock.now() } });
    expect(await Promise.all(streams.map(({ ended }) => ended))).toEqual(['ended', 'ended']);
  });

  it('a guest ends when the pass is revoked, and when the seat is taken away', async () => {
    const { client } = await aPlanner();
    for (const end of ['pass/revoke', 'remove']) {
      const made = await client.post(`/slots/${slotId}/seats`, { name: `Jun ${end}`, role: 'guest' });
      const pass = made.json<MadePass>();
      const guest = visitorOf(app.url);
      expect((await guest.post(passPath(pass))).status).toBe(200);
      const stream = await listen(guest, other);
      expect([end, stream.status]).toEqual([end, 200]);
      expect(
        (await seeing(client, address.replace(/\/events$/, '')).post(`/seats/${pass.seatId}/${end}`)).status,
      ).toBe(200);
      expect([end, await stream.ended]).toEqual([end, 'ended']);
    }
  });

  it('a guardian ends with the tie to the student', async () => {
    const { client } = await aPlanner();
    const email = 'mona@streams.example';
    const mother = await school.person({ name: 'Mona', roles: ['guardian'], email });
    await client.post(`/people/${student.id}/guardians`, { personId: mother.id });
    const stream = await listen(await app.as(email), other);
    expect(stream.status).toBe(200);
    expect((await client.post(`/people/${student.id}/guardians/${mother.id}/end`)).status).toBe(200);
    expect(await stream.ended).toBe('ended');
  });
});
