/** Event streams end when their listener may listen no longer, on every instance, and one session cannot open them without end. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAX_STREAMS_PER_SESSION } from '../../server/access/open-streams.js';
import { saveAccountChange, findAccountOfPerson } from '../../server/access/account-records.js';
import { aPresentation } from '../harness/builders/presentation.js';
import { visitorOf, type Client } from '../harness/client.js';
import { startApp, testPassword, type TestApp, type TestSchool } from '../harness/start-app.js';

let app: TestApp;
let other: TestApp;
let school: TestSchool;
let address: string;
beforeAll(async () => {
  app = await startApp({ jobs: false });
  other = await startApp({ jobs: false });
  school = await app.aSchool();
  await school.person({ name: 'Ada', roles: ['admin'], email: 'admin@streams.example' });
  const student = await school.person({ name: 'Amina', roles: ['student'] });
  const panelist = await school.person({ name: 'Pat', roles: ['panelist'] });
  address = `/exhibitions/${(await aPresentation(app, school, student, panelist, 'scoring')).ids.exhibition}/events`;
});
afterAll(async () => {
  await other?.close();
  await app?.close();
});

let count = 0;
async function aPlanner() {
  const email = `planner${(count += 1)}@streams.example`;
  const person = await school.person({ name: `Planner ${count}`, roles: ['registrar'], email });
  return { person, client: await app.as(email) };
}

/** Opens the stream with this client's cookies at one of the instances. */
async function listen(client: Client, { url }: TestApp) {
  const Cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const reply = await fetch(url + address, { headers: { Accept: 'text/event-stream', Cookie } });
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
      async ({ person }) => {
        const account = await findAccountOfPerson(app.context.db, person.id);
        const later = new Date(app.context.clock.now().getTime() + 1000);
        await saveAccountChange(app.context.db, account!.id, { sessionsFrom: later });
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
