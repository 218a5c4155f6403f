/** Where the installation sends e-mail, people reset a forgotten password and change their address without the office. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findAccountByEmail, saveMembershipAdded } from '../../server/access/account-records.js';
import { findPerson } from '../../server/people/people-records.js';
import { startMailSink } from '../harness/mail-sink.js';
import { startApp, testPassword, type TestApp, type TestSchool } from '../harness/start-app.js';

const password = 'nine Gray herons wait';
let sink: Awaited<ReturnType<typeof startMailSink>>;
let app: TestApp;
let school: TestSchool;
beforeAll(async () => {
  sink = await startMailSink();
  app = await startApp({ environment: { SMTP_URL: sink.url, MAIL_FROM: 'Vitrine <vitrine@mail.example>' } });
  school = await app.aSchool();
  await school.person({ name: 'Ana Lee', roles: ['advisor'], email: 'ana@mail.example' });
});
afterAll(async () => {
  await app?.close();
  await sink?.close();
});
const linkIn = (text: string): string => /https?:\/\/[^/\s]+(\/\S+)/.exec(text)![1]!;
const enters = async (email: string, secret: string) =>
  (await app.visitor().post('/sign-in', { email, password: secret })).status;

describe('a forgotten password', () => {
  it('is chosen anew by a link that goes to the address, works once, and whose use is told', async () => {
    const asked = await app.visitor().post('/forgot-password', { email: 'ANA@mail.example' });
    expect([asked.status, asked.json()]).toEqual([202, { asked: true }]);
    const mail = await sink.next();
    expect(mail.to).toBe('ana@mail.example');
    const link = linkIn(mail.text);
    expect(await enters('ana@mail.example', testPassword)).toBe(200);
    expect((await app.visitor().post(link, { password })).status).toBe(200);
    expect((await sink.next()).text).toContain('was just changed');
    expect((await app.visitor().post(link, { password: `${password} two` })).status).toBe(404);
    expect([
      await enters('ana@mail.example', testPassword),
      await enters('ana@mail.example', password),
    ]).toEqual([422, 200]);
  });

  it('gets the same answer for whom there is no account, nobody has a password, or there is a username', async () => {
    await school.person({ name: 'New Here', roles: ['guardian'] });
    const told = await Promise.all(
      ['nobody@mail.example', 'some.name', 'not an address'].map((email) =>
        app.visitor().post('/forgot-password', { email }, { as: 'page' }),
      ),
    );
    const known = await app.visitor().post('/forgot-password', { email: 'ana@mail.example' }, { as: 'page' });
    await sink.next();
    const seen = [...told, known].map(({ status, headers, text }) => [status, headers.get('location'), text]);
    expect(new Set(seen.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(sink.left()).toBe(0);
  });

  it('keeps every school of an account, and sends a few messages in an hour at most', async () => {
    const other = await app.aSchool();
    const { id } = (await findAccountByEmail(app.context.db, 'ana@mail.example'))!;
    const there = await other.person({ name: 'Ana Lee', roles: ['guardian'] });
    await saveMembershipAdded(app.context.db, id, {
      ...{ personId: there.id, schoolId: other.school.id, networkId: null, lastUsedAt: null },
    });
    await app.visitor().post('/forgot-password', { email: 'ana@mail.example' });
    const link = linkIn((await sink.next()).text);
    expect((await app.visitor().post(link, { password: `${password} three` })).status).toBe(200);
    await sink.next();
    const after = await findAccountByEmail(app.context.db, 'ana@mail.example');
    expect(after?.memberships.map(({ schoolId }) => schoolId).sort()).toEqual(
      [school.school.id, other.school.id].sort(),
    );
    await app.visitor().post('/forgot-password', { email: 'ana@mail.example' });
    await school.person({ name: 'Cy Fox', roles: ['advisor'], email: 'cy@mail.example' });
    await app.visitor().post('/forgot-password', { email: 'cy@mail.example' });
    expect((await sink.next()).to).toBe('cy@mail.example');
  });
});

describe('an address', () => {
  it('is changed by its owner with the password and a link, in the school as well', async () => {
    const bo = await school.person({ name: 'Bo Ray', roles: ['advisor'], email: 'bo@mail.example' });
    const client = await app.as('bo@mail.example');
    const wanted = { email: 'Bo.Ray@mail.example', current: testPassword };
    expect((await client.post('/account/email', { ...wanted, current: 'wrong' })).status).toBe(422);
    expect((await client.post('/account/email', wanted)).status).toBe(202);
    const mail = await sink.next();
    expect(mail.to).toBe('bo.ray@mail.example');
    const link = linkIn(mail.text);
    expect((await client.get(link, { as: 'page' })).text).toContain('bo.ray@mail.example');
    expect((await (await app.as('cy@mail.example')).post(link)).status).toBe(404);
    expect(await enters('bo@mail.example', testPassword)).toBe(200);
    expect((await client.post(link)).json()).toEqual({ email: 'bo.ray@mail.example' });
    expect((await sink.next()).to).toBe('bo@mail.example');
    expect((await findPerson(school.scope, bo.id))?.email).toBe('bo.ray@mail.example');
    expect([
      await enters('bo@mail.example', testPassword),
      await enters('bo.ray@mail.example', testPassword),
    ]).toEqual([422, 200]);
  });

  it('that somebody else signs in with is refused only to whoever has proved that it is theirs', async () => {
    const client = await app.as('bo.ray@mail.example');
    expect(
      (await client.post('/account/email', { email: 'ana@mail.example', current: testPassword })).status,
    ).toBe(202);
    const link = linkIn((await sink.next()).text);
    expect((await client.post(link)).status).toBe(422);
  });
});
