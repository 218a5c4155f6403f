/** How long a sign-in lasts, what ends it, and what its cookie is behind a proxy that ends TLS. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { saveAccountChange, findAccountByEmail } from '../../server/access/account-records.js';
import { saveSchoolChange } from '../../server/school/school-records.js';
import { testClock } from '../harness/test-clock.js';
import { startApp, testPassword, type TestApp, type TestSchool } from '../harness/start-app.js';
import { tlsProxy } from '../harness/tls-proxy.js';

const hour = 3_600_000;
type Problem = { error: { fields: { field: string; message: string }[] } };

describe('a sign-in', () => {
  let now = testClock.now();
  let app: TestApp;
  let school: TestSchool;
  const email = 'ida@sessions.example';
  beforeAll(async () => {
    app = await startApp({ clock: { now: () => now }, environment: { SESSION_DAYS: '2' } });
    school = await app.aSchool();
    await school.person({ name: 'Ida Often', roles: ['advisor'], email });
  });
  afterAll(() => app.close());

  it('ends after some days, however often it is used', async () => {
    const ida = await app.as(email);
    for (let hours = 0; hours < 47; hours += 6) {
      expect((await ida.get('/account')).status).toBe(200);
      now = new Date(now.getTime() + 6 * hour);
    }
    expect((await ida.get('/account')).status).toBe(401);
    expect((await (await app.as(email)).get('/account')).status).toBe(200);
  });

  it('ends everywhere at once, and a new one at the same moment does not', async () => {
    const here = await app.as(email);
    const there = await app.as(email);
    expect((await here.post('/account/sign-out-everywhere')).status).toBe(200);
    expect([(await here.get('/account')).status, (await there.get('/account')).status]).toEqual([401, 401]);
    expect((await (await app.as(email)).get('/account')).status).toBe(200);
  });

  it('the browser is told that no page uses camera, microphone or place', async () => {
    const { headers } = await app.visitor().get('/sign-in');
    for (const feature of ['camera', 'microphone', 'geolocation', 'payment', 'usb'])
      expect(headers.get('permissions-policy')).toContain(`${feature}=()`);
  });

  describe('is refused, and says why to nobody but the owner,', () => {
    const messageFor = async (password: string) => {
      const reply = await app.visitor().post('/sign-in', { email, password });
      return [reply.status, reply.json<Problem>().error.fields[0]!.message];
    };
    const closed = [
      ['of a deactivated person', /deactivated/],
      ['of a disabled account', /deactivated/],
      ['of a closed school', /school has been closed/],
    ] as const;
    it.each(closed)('%s', async (what, message) => {
      const change = async (isClosed: boolean) => {
        const account = (await findAccountByEmail(app.context.db, email))!;
        const at = isClosed ? now : null;
        if (what.includes('account')) await saveAccountChange(app.context.db, account.id, { disabledAt: at });
        else if (what.includes('school')) await saveSchoolChange(school.scope, { closedAt: at });
        else
          await app.context.db.connection
            .collection<{ _id: string }>('people')
            .updateOne({ _id: account.personId }, { $set: { active: !isClosed } });
      };
      const before = await app.as(email);
      await change(true);
      expect(await messageFor(testPassword)).toEqual([422, expect.stringMatching(message)]);
      expect(await messageFor('a wrong password')).toEqual([
        422,
        expect.stringMatching(/^The email or username and the password don’t match/),
      ]);
      expect((await before.get('/account')).status).toBe(401);
      await change(false);
      expect((await before.get('/account')).status).toBe(200);
    });
  });
});

describe('behind a proxy that ends TLS', () => {
  let app: TestApp;
  const email = 'ida@tls.example';
  beforeAll(async () => {
    const environment = { PUBLIC_URL: 'https://school.example', TRUST_PROXY: '1' };
    app = await startApp({ purpose: 'tls', environment });
    const school = await app.aSchool();
    await school.person({ name: 'Ida Often', roles: ['advisor'], email });
  });
  afterAll(() => app.close());
  const body = { email, password: testPassword };

  it('that says so, the cookie is of this host alone and signs in', async () => {
    const proxy = await tlsProxy(app.url, true);
    try {
      const signedIn = await proxy.send('POST', '/sign-in', { body });
      expect([signedIn.status, signedIn.cookies]).toEqual([
        200,
        [
          expect.stringMatching(
            /^__Host-vitrine=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
          ),
        ],
      ]);
      const cookie = signedIn.cookies[0]!.split(';')[0]!;
      expect((await proxy.send('GET', '/account', { cookie })).status).toBe(200);
      expect((await proxy.send('GET', '/account', { cookie: cookie.replace('__Host-', '') })).status).toBe(
        401,
      );
      const page = await proxy.send('GET', '/sign-in', { accept: 'text/html' });
      expect(page.text).not.toContain('use https');
    } finally {
      await proxy.close();
    }
  });

  it('that does not say so, the sign-in page and the answer say why and where to go', async () => {
    const proxy = await tlsProxy(app.url, false);
    try {
      const page = await proxy.send('GET', '/sign-in', { accept: 'text/html' });
      expect(page.text).toContain('it doesn’t use https');
      expect(page.text).toContain('href="https://school.example/sign-in"');
      const refused = await proxy.send('POST', '/sign-in', { body });
      expect([refused.status, refused.cookies]).toEqual([422, []]);
      expect(refused.text).toContain('X-Forwarded-Proto');
    } finally {
      await proxy.close();
    }
  });
});
