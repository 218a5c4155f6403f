import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAccount, inviteAccount } from '../../server/access/sign-in.js';
import { startApp, testPassword, type TestApp, type TestSchool } from '../harness/start-app.js';
import { testClock } from '../harness/test-clock.js';

describe('signing in', () => {
  let now = testClock.now();
  let app: TestApp;
  let school: TestSchool;

  beforeAll(async () => {
    app = await startApp({ clock: { now: () => now }, environment: { TRUST_PROXY: '1' } });
    school = await app.aSchool();
    await school.person({ name: 'Ada Registrar', roles: ['registrar'], email: 'ada@one.example' });
    await school.person({ name: 'Ben Student', roles: ['student'], email: 'ben@one.example' });
  });
  afterAll(() => app.close());

  it('keeps a session in a cookie that scripts cannot read', async () => {
    const answer = await app.visitor().post('/sign-in', { email: 'ADA@one.example', password: testPassword });
    expect(answer.status).toBe(200);
    const cookie = answer.headers.getSetCookie()[0];
    expect(cookie).toMatch(/^vitrine=/);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect((await (await app.as('ada@one.example')).get('/students')).status).toBe(200);
  });

  it('says the same for a wrong password and an unknown e-mail, and keeps the e-mail on the page', async () => {
    const wrong = await app.visitor().post('/sign-in', { email: 'ada@one.example', password: 'nope' });
    const unknown = await app.visitor().post('/sign-in', { email: 'who@one.example', password: 'nope' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toBe(unknown.text);
    const page = await app
      .visitor()
      .post('/sign-in', { email: 'who@one.example', password: 'secret-typed' }, { as: 'page' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('value="who@one.example"');
    expect(page.text).not.toContain('secret-typed');
  });

  it('signing in with the right password never counts as guessing', async () => {
    await school.person({ name: 'Lu Often', roles: ['advisor'], email: 'lu@one.example' });
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const body = { email: 'lu@one.example', password: testPassword, next: '/\t/elsewhere.example' };
      const reply = await app.visitor().post('/sign-in', body);
      expect([reply.status, reply.headers.get('location')]).toEqual([200, '/']);
    }
  });

  it('slows guessing one account down and refuses it after ten failures, never the right password', async () => {
    await school.person({ name: 'Cy Guessed', roles: ['advisor'], email: 'cy@one.example' });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt += 1) {
      statuses.push(
        (await app.visitor().post('/sign-in', { email: 'cy@one.example', password: `guess ${attempt}` }))
          .status,
      );
    }
    expect(statuses).toEqual([...Array<number>(10).fill(422), 429]);
    const refused = await app.visitor().post('/sign-in', { email: 'cy@one.example', password: 'guess' });
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(900);
    const right = await app.visitor().post('/sign-in', { email: 'cy@one.example', password: testPassword });
    expect(right.status).toBe(200);
    // Nobody else is locked out by that: their own place in the network counts by itself.
    const elsewhere = { headers: { 'X-Forwarded-For': '198.51.100.7' } };
    const own = await app
      .visitor()
      .post('/sign-in', { email: 'cy@one.example', password: testPassword }, elsewhere);
    expect(own.status).toBe(200);
    now = new Date(now.getTime() + 16 * 60_000);
    expect(
      (await app.visitor().post('/sign-in', { email: 'cy@one.example', password: testPassword })).status,
    ).toBe(200);
  });

  it('ends the session for good', async () => {
    const ada = await app.as('ada@one.example');
    const before = new Map(ada.cookies);
    await ada.post('/sign-out');
    const thief = app.visitor();
    for (const [name, value] of before) thief.cookies.set(name, value);
    expect((await thief.get('/students')).status).toBe(401);
  });

  it('gives a new session id at sign-in', async () => {
    const ada = await app.as('ada@one.example');
    const first = ada.cookies.get('vitrine');
    await ada.post('/sign-in', { email: 'ben@one.example', password: testPassword });
    expect(ada.cookies.get('vitrine')).not.toBe(first);
  });

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'never leads to another site after signing in (%s)',
    async (next) => {
      const answer = await app
        .visitor()
        .post('/sign-in', { email: 'ada@one.example', password: testPassword, next }, { as: 'page' });
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toBe('/');
    },
  );

  it('refuses changes that another web site makes a browser send', async () => {
    const ada = await app.as('ada@one.example');
    const named = await ada.post(
      '/advisories',
      { name: 'Evil' },
      { headers: { Origin: 'https://evil.example' } },
    );
    const fetched = await ada.post(
      '/advisories',
      { name: 'Evil' },
      { headers: { 'Sec-Fetch-Site': 'cross-site' } },
    );
    expect([named.status, fetched.status]).toEqual([403, 403]);
    expect((await ada.post('/advisories', { name: 'Own' }, { headers: { Origin: app.url } })).status).toBe(
      201,
    );
  });

  it('lets a script act by token until it is revoked', async () => {
    const ada = await app.as('ada@one.example');
    const made = (await ada.post('/account/tokens', { name: 'nightly' })).json<{
      id: string;
      token: string;
    }>();
    const script = app.visitor();
    const headers = { Authorization: `Bearer ${made.token}` };
    expect((await script.get('/students', { headers })).status).toBe(200);
    expect((await ada.get('/account/tokens')).text).not.toContain(made.token);
    await ada.post(`/account/tokens/${made.id}/revoke`);
    expect((await script.get('/students', { headers })).status).toBe(401);
  });

  it("cannot revoke another person's token", async () => {
    const ada = await app.as('ada@one.example');
    const { id } = (await ada.post('/account/tokens', { name: 'mine' })).json<{ id: string }>();
    const ben = await app.as('ben@one.example');
    expect((await ben.post(`/account/tokens/${id}/revoke`)).status).toBe(404);
  });

  it('a one-time link chooses a password once, and not after 14 days', async () => {
    const person = await school.person({ name: 'Di New', roles: ['student'] });
    const account = await createAccount({ db: app.context.db }, app.context.clock, {
      email: 'di@one.example',
      personId: person.id,
      schoolId: school.school.id,
    });
    const secret = await inviteAccount({ db: app.context.db }, app.context.clock, account.id);
    const short = await app.visitor().post(`/set-password/${secret}`, { password: 'short' });
    expect(short.json<{ error: { fields: unknown[] } }>().error.fields).toEqual([
      { field: 'password', message: 'Please choose at least 10 characters.' },
    ]);
    expect((await app.visitor().post(`/set-password/${secret}`, { password: testPassword })).status).toBe(
      200,
    );
    expect(
      (await app.visitor().post(`/set-password/${secret}`, { password: 'another password' })).status,
    ).toBe(404);
    await app.as('di@one.example');

    const late = await inviteAccount({ db: app.context.db }, app.context.clock, account.id);
    now = new Date(now.getTime() + 15 * 24 * 60 * 60_000);
    expect((await app.visitor().get(`/set-password/${late}`)).status).toBe(404);
    expect((await app.visitor().post(`/set-password/${late}`, { password: testPassword })).status).toBe(404);
  });

  it('a changed password ends every other session and token, not the one it was changed in', async () => {
    await school.person({ name: 'Flo Thief', roles: ['advisor'], email: 'flo@one.example' });
    const own = await app.as('flo@one.example');
    const thief = await app.as('flo@one.example');
    const { token } = (await thief.post('/account/tokens', { name: 'kept' })).json<{ token: string }>();
    now = new Date(now.getTime() + 1000);
    const changed = await own.post('/account/password', {
      current: testPassword,
      password: 'a new long one',
    });
    expect(changed.status).toBe(200);
    expect((await own.get('/account')).status).toBe(200);
    expect((await thief.get('/account')).status).toBe(401);
    const script = await app.visitor().get('/account', { headers: { Authorization: `Bearer ${token}` } });
    expect(script.status).toBe(401);
  });

  it('shows the form again, whatever odd shape a field has', async () => {
    const odd = new URLSearchParams([
      ['email[toString]', 'x'],
      ['password', 'y'],
    ]);
    const answer = await app.visitor().send('POST', '/sign-in', odd, { as: 'page' });
    expect(answer.status).toBe(422);
  });

  it('changes the password only for somebody who knows the current one', async () => {
    await school.person({ name: 'Ed Change', roles: ['advisor'], email: 'ed@one.example' });
    const ed = await app.as('ed@one.example');
    expect(
      (await ed.post('/account/password', { current: 'wrong', password: 'a new long one' })).status,
    ).toBe(422);
    expect(
      (await ed.post('/account/password', { current: testPassword, password: 'a new long one' })).status,
    ).toBe(200);
    expect(
      (await app.visitor().post('/sign-in', { email: 'ed@one.example', password: testPassword })).status,
    ).toBe(422);
    expect(
      (await app.visitor().post('/sign-in', { email: 'ed@one.example', password: 'a new long one' })).status,
    ).toBe(200);
  });
});
