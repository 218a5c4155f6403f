/** What tokens may do: nothing that was not ticked, and never what would let them outlive their limits. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { features } from '../../server/app.js';
import { findAccountOfPerson, saveAccountChange } from '../../server/access/account-records.js';
import { newJob } from '../../server/jobs/job.js';
import { saveJob } from '../../server/jobs/job-records.js';
import { savePersonChange } from '../../server/people/people-records.js';
import type { Person } from '../../server/people/person.js';
import { scopeNeeded, tokenScopes, type TokenScope } from '../../server/access/token-scopes.js';
import type { Client, Reply } from '../harness/client.js';
import { testClock } from '../harness/test-clock.js';
import { startApp, testPassword, type TestApp } from '../harness/start-app.js';

const entries = features.flatMap((router) => router.entries);
const needed = entries.map((entry) => ({
  route: `${entry.method.toUpperCase()} ${entry.path}`,
  scope: scopeNeeded(entry.feature, entry.method, entry.options.token),
}));

const everyRole = ['admin', 'registrar', 'advisor', 'panelist', 'student', 'guardian', 'network'] as const;
let ended = 0;
let now = testClock.now();
let app: TestApp;
let admin: Client;
beforeAll(async () => {
  app = await startApp({ clock: { now: () => now }, jobs: false });
  const school = await app.aSchool();
  const email = 'ada@tokens.example';
  await school.person({ name: 'Ada All', roles: [...everyRole], email });
  admin = await app.as(email);
});
afterAll(() => app.close());

async function tokenWith(body: Record<string, unknown>): Promise<string> {
  const made = await admin.post('/account/tokens', { name: 'a script', ...body });
  expect(made.status).toBe(201);
  return made.json<{ token: string }>().token;
}
const send = (token: string, route: string, body: unknown = {}): Promise<Reply> => {
  const [method, path] = route.split(' ') as [string, string];
  const headers = { Authorization: `Bearer ${token}` };
  const address = path.replace(/[:*](\w+)/g, 'none');
  return app.visitor().send(method, address, method === 'GET' ? undefined : body, { headers });
};
const codeOf = ({ status, text }: Reply) => (status === 403 ? text : status);

describe('scopes', () => {
  it('every route that changes something asks for one, or is closed to tokens', () => {
    const open = needed.filter(
      ({ route, scope }) => scope === 'none' && !/^GET \/(healthz|readyz|openapi)/.test(route),
    );
    expect(open.map(({ route }) => route)).toEqual(['POST /verify', 'POST /verify/:code']);
    const byReading = needed.filter(({ route, scope }) => scope === 'read' && !route.startsWith('GET '));
    expect(byReading).toEqual([]);
  });

  it('a token with everything else but the scope of a route is refused there', async () => {
    const without = new Map<string, string>();
    for (const scope of tokenScopes)
      without.set(scope, await tokenWith({ scopes: tokenScopes.filter((each) => each !== scope) }));
    const all = await tokenWith({ scopes: [...tokenScopes] });
    const letThrough: string[] = [];
    for (const { route, scope } of needed) {
      if (scope === 'none') continue;
      const reply = await send(scope === 'never' ? all : without.get(scope)!, route);
      if (reply.status !== 403) letThrough.push(`${route}: ${reply.status}`);
    }
    expect(letThrough).toEqual([]);
  }, 120_000);

  it('a token with one scope alone is let in at every route of it, by the token', async () => {
    // Of a school of its own: what is let through is done.
    const school = await app.aSchool();
    const email = 'ada@exactly.example';
    await school.person({ name: 'Ada All', roles: [...everyRole], email });
    const owner = await app.as(email);
    const wrong: string[] = [];
    for (const scope of tokenScopes) {
      const made = await owner.post('/account/tokens', { name: scope, scopes: [scope] });
      const { token } = made.json<{ token: string }>();
      for (const { route } of needed.filter((each) => each.scope === scope)) {
        const { status, text } = await send(token, route);
        // Whether the person may do it is another question.
        if (text.includes('API token')) wrong.push(`${route}: ${status} ${text.slice(0, 80)}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  it.each<[string, (id: string, owner: Client, person: Person) => Promise<unknown>]>([
    ['was revoked', (id, owner) => owner.post(`/account/tokens/${id}/revoke`)],
    [
      'has expired',
      (id) =>
        app.context.db.connection
          .collection<{ _id: string }>('apitokens')
          .updateOne({ _id: id }, { $set: { expiresAt: now } }),
    ],
    [
      'is of an account that is closed',
      async (_id, _owner, person) => {
        const account = (await findAccountOfPerson(app.context.db, person.id))!;
        await saveAccountChange(app.context.db, account.id, { disabledAt: now });
      },
    ],
    [
      'is of somebody who has left',
      (_id, _owner, { id, schoolId }) =>
        savePersonChange({ db: app.context.db, schoolId }, id, { active: false }),
    ],
  ])('a token that %s opens nothing, whatever its scopes', async (_case, end) => {
    const school = await app.aSchool();
    const email = `ended${(ended += 1)}@tokens.example`;
    const person = await school.person({ name: 'Eda', roles: ['admin'], email });
    const owner = await app.as(email);
    const order = { name: 'all', scopes: [...tokenScopes] };
    const made = (await owner.post('/account/tokens', order)).json<{ id: string; token: string }>();
    expect((await send(made.token, 'GET /students')).status).toBe(200);
    await end(made.id, owner, person);
    const routes = [
      'GET /students',
      'POST /people',
      'POST /terms',
      'POST /account/tokens',
      'GET /openapi.json',
    ];
    const statuses = await Promise.all(routes.map(async (route) => (await send(made.token, route)).status));
    expect(statuses).toEqual([401, 401, 401, 401, 200]);
  });

  it.each<[TokenScope, string]>([
    ['read', 'GET /students'],
    ['people:write', 'POST /people'],
    ['school:write', 'POST /terms'],
    ['exhibitions:write', 'POST /exhibitions'],
  ])('%s opens %s', async (scope, route) => {
    const token = await tokenWith({ scopes: [scope] });
    expect(codeOf(await send(token, route))).toBe(route.startsWith('GET') ? 200 : 422);
  });

  it.each([
    ['transcripts', 200],
    ['roster', 403],
    ['handover', 403],
    ['erasure', 403],
  ])('with the scope of transcripts stops no job but of transcripts: %s', async (kind, status) => {
    const school = await app.aSchool();
    const [head, office] = ['head', 'desk'].map((who) => `${who}-${kind}@jobs.example`) as [string, string];
    const { id: personId } = await school.person({ name: 'Ada', roles: ['admin'], email: head });
    await school.person({ name: 'Rita', roles: ['registrar'], email: office });
    const owner = await app.as(head);
    const made = await owner.post('/account/tokens', { name: 'jobs', scopes: ['transcripts:issue'] });
    const order = { kind, key: kind, payload: {}, total: 1 };
    const job = await saveJob(
      school.scope,
      newJob(school.scope, { now: () => now }, { personId } as never, order),
    );
    const path = `/jobs/${job.id}/cancel`;
    expect((await send(made.json<{ token: string }>().token, `POST ${path}`)).status).toBe(status);
    const desk = await app.as(office);
    if (kind === 'erasure') {
      expect((await desk.get(`/jobs/${job.id}`)).status).toBe(403);
      expect((await desk.post(path)).status).toBe(403);
      expect((await owner.post(path)).status).toBe(409);
    }
  });

  it.each([
    ['no scope that exists', { scopes: ['everything'] }],
    ['no days', { days: 0 }],
    ['more than a year', { days: 366 }],
  ])('a token with %s is not made', async (_case, body) => {
    expect((await admin.post('/account/tokens', { name: 'x', ...body })).status).toBe(422);
  });

  it.each([
    'POST /account/tokens',
    'POST /account/password',
    'POST /account/sign-out-everywhere',
    'POST /sign-in',
  ])('no token may %s', async (route) => {
    const token = await tokenWith({ scopes: [...tokenScopes] });
    const body = {
      name: 'more',
      current: testPassword,
      password: 'seven quiet otters',
      email: 'a@b.example',
    };
    expect((await send(token, route, body)).status).toBe(403);
  });

  it('a token makes no administrator, and gets no link for a password', async () => {
    const token = await tokenWith({ scopes: ['people:write'] });
    const person = { givenName: 'Neo', familyName: 'New', email: 'neo@tokens.example' };
    expect((await send(token, 'POST /people', { ...person, roles: ['admin'] })).status).toBe(403);
    const added = await send(token, 'POST /people', { ...person, roles: ['advisor'] });
    expect([added.status, added.json<{ setPasswordPath: string | null }>().setPasswordPath]).toEqual([
      201,
      null,
    ]);
  });

  it('one from before there were scopes does what its owner may, until it expires, and never what none may', async () => {
    const token = await tokenWith({ days: 365 });
    await app.context.db.connection.collection('apitokens').updateMany({}, { $unset: { scopes: '' } });
    expect((await send(token, 'POST /terms')).status).toBe(422);
    expect((await send(token, 'POST /account/tokens', { name: 'more' })).status).toBe(403);
    expect((await admin.get('/account/tokens', { as: 'page' })).text).toContain('everything you may do');
    now = new Date(now.getTime() + 366 * 86_400_000);
    expect((await send(token, 'GET /students')).status).toBe(401);
  });
});
