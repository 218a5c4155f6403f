/**
 * Where the installation sends e-mail, people reset a forgotten password and change their address without the office.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findAccountByEmail, saveMembershipAdded } from '../../server/access/account-records.js';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { appendAttempt, countAttempts } from '../../server/access/attempts-records.js';
import { requestReset, sendResets } from '../../server/access/reset-password.js';
import { findPerson, savePersonChange } from '../../server/people/people-records.js';
import { startMailSink } from '../harness/mail-sink.js';
import { sendRoster } from '../harness/roster-desk.js';
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
/** The next message; its sender has nothing more to do. */
async function sentTo(email: string) {
  const mail = await sink.next();
  await until(async () => !(await findAccountByEmail(app.context.db, email))?.resetWish);
  return mail;
}
async function until(isDone: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; !(await isDone()); tries += 1) {
    if (tries > 500) throw new Error('It never happened');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
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
    await sentTo('ana@mail.example');
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

describe('links and addresses', () => {
  const forgot = (email: string) => app.visitor().post('/forgot-password', { email });
  const accountOf = async (email: string) => (await findAccountByEmail(app.context.db, email))!;

  it('asking for a link leaves the one that the office has made, and using one ends the other', async () => {
    const dee = await school.person({ name: 'Dee Orr', roles: ['advisor'], email: 'dee@mail.example' });
    await school.person({ name: 'Otto Admin', roles: ['admin'], email: 'otto@mail.example' });
    const otto = await app.as('otto@mail.example');
    const made = await otto.post(`/people/${dee.id}/invite`);
    const { setPasswordPath } = made.json<{ setPasswordPath: string }>();
    await forgot('dee@mail.example');
    const mailed = linkIn((await sink.next()).text);
    expect((await app.visitor().post(setPasswordPath, { password })).status).toBe(200);
    await sink.next();
    expect((await app.visitor().post(mailed, { password })).status).toBe(404);
    const marked = await accountOf('dee@mail.example');
    expect(marked.lastLink?.createdByName).toBe('Otto Admin');
    // A link that the owner asks for takes the mark of the one before it not away.
    await forgot('dee@mail.example');
    const again = linkIn((await sink.next()).text);
    expect((await app.visitor().post(again, { password: `${password} two` })).status).toBe(200);
    await sink.next();
    expect((await accountOf('dee@mail.example')).lastLink?.createdByName).toBe('Otto Admin');
  });

  it.each(['the form', 'a file'])(
    'that somebody else writes by %s is told like a password link, and marks what is signed after its use',
    async (way) => {
      const [old, next] = way === 'the form' ? ['eve', 'ev2'] : ['fay', 'fa2'];
      const [from, to] = [`${old}@mail.example`, `${next}@mail.example`];
      const person = await school.person({ name: `${old} Ash`, roles: ['advisor'], email: from });
      await school.person({ name: `Rita ${old}`, roles: ['registrar'], email: `rita-${old}@mail.example` });
      const rita = await app.as(`rita-${old}@mail.example`);
      await forgot(from);
      const sentBefore = linkIn((await sink.next()).text);
      const { givenName, familyName, roles } = person;
      if (way === 'the form')
        await rita.put(`/people/${person.id}`, { givenName, familyName, roles, email: to });
      else {
        await savePersonChange(school.scope, person.id, { sourcedId: 'F-1' });
        await sendRoster(rita, `id,given name,family name,email,role\nF-1,${old},Ash,${to},advisor`);
      }
      const told = await sink.next();
      expect([told.to, told.text]).toEqual([from, expect.stringContaining(`Rita ${old} changed the email`)]);
      expect((await app.visitor().post(sentBefore, { password })).status).toBe(404);
      const otto = await app.as('otto@mail.example');
      expect((await otto.get('/', { as: 'page' })).text).toContain(
        `Rita ${old} changed the email with which ${person.displayName} signs in.`,
      );
      expect((await otto.get('/password-links')).text).toContain('"moved"');
      await forgot(to);
      const link = linkIn((await sink.next()).text);
      expect((await app.visitor().post(link, { password })).status).toBe(200);
      await sink.next();
      expect((await accountOf(to)).lastLink?.createdByName).toBe(`Rita ${old}`);
    },
  );

  it('refuses nobody whose address others ask for: the newest message has the link, and the page says so to everybody', async () => {
    await school.person({ name: 'Gil Ito', roles: ['advisor'], email: 'gil@mail.example' });
    for (const email of ['gil@mail.example', 'nobody-here@mail.example']) {
      for (let time = 0; time < 3; time += 1) {
        expect((await forgot(email)).status).toBe(202);
        // Whoever asks while a message waits has that one.
        if (email.startsWith('gil')) await sentTo(email);
      }
      const client = app.visitor();
      const fourth = await client.post('/forgot-password', { email }, { as: 'page' });
      const told = await client.get(fourth.headers.get('location')!, { as: 'page' });
      expect(told.text).toContain('use the link in the newest message');
    }
    expect(sink.left()).toBe(0);
  });

  it('strangers who ask too often lock nobody out on a device where they have signed in', async () => {
    await school.person({ name: 'Kim Ode', roles: ['advisor'], email: 'kim@mail.example' });
    const own = app.visitor();
    await own.get('/forgot-password', { as: 'page' });
    expect((await own.post('/sign-in', { email: 'kim@mail.example', password: testPassword })).status).toBe(
      200,
    );
    const asked = [];
    for (let time = 0; time < 4; time += 1) {
      asked.push((await forgot('kim@mail.example')).status);
      if (time < 3) expect((await sentTo('kim@mail.example')).to).toBe('kim@mail.example');
    }
    expect(asked).toEqual([202, 202, 202, 202]);
    expect((await own.post('/forgot-password', { email: 'Kim@mail.example' })).status).toBe(202);
    expect((await sink.next()).to).toBe('kim@mail.example');
  });

  it('sends a few messages to an address that somebody wants to use', async () => {
    await school.person({ name: 'Hal Ivo', roles: ['advisor'], email: 'hal@mail.example' });
    const client = await app.as('hal@mail.example');
    const asked = [];
    for (let time = 0; time < 4; time += 1)
      asked.push(
        (await client.post('/account/email', { email: 'x@mail.example', current: testPassword })).status,
      );
    expect(asked).toEqual([202, 202, 202, 429]);
    for (let time = 0; time < 3; time += 1) await sink.next();
    // Whose address it is can still ask for it.
    await school.person({ name: 'Ina Joy', roles: ['advisor'], email: 'ina@mail.example' });
    const owner = await app.as('ina@mail.example');
    const own = await owner.post('/account/email', { email: 'x@mail.example', current: testPassword });
    expect(own.status).toBe(202);
    expect((await sink.next()).to).toBe('x@mail.example');
  });

  it('holds messages back when too many go out in a minute, and requests for addresses that nobody has hold up nobody', async () => {
    await school.person({ name: 'Lea Moe', roles: ['advisor'], email: 'lea@mail.example' });
    const { db, log } = app.context;
    let now = app.context.clock.now();
    const pauses: number[] = [];
    const sent: string[] = [];
    const send = async ({ to }: { to: string }) => void sent.push(to);
    const needs = {
      ...{
        db,
        log,
        config: app.context.config,
        clock: { now: () => now },
        mailer: { send, close: () => undefined },
        texts: { t: (_locale: string, key: string) => key },
      },
      pause: async (milliseconds: number) => {
        pauses.push(milliseconds);
        now = new Date(now.getTime() + milliseconds);
      },
    };
    const from = (email: string) => ({ email, locale: 'en', origin: 'http://here' });
    const by = (device: string) => ({ subnet: 'script', device, nextDevice: device });
    for (let at = 0; at < 50; at += 1)
      expect(await requestReset(needs, from(`nobody-${at}@mail.example`), by(`fresh-${at}`))).toBe(true);
    expect(await countAttempts(db, 'reset-all', 'all', 60, now)).toBeLessThan(50);
    const toFill = Array.from({ length: 300 }, () => appendAttempt(db, 'reset-all', 'all', 60, now));
    await Promise.all(toFill);
    expect(await requestReset(needs, from('lea@mail.example'), by('owner'))).toBe(true);
    for (let tries = 0; sent.length === 0 && tries < 200; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sent).toEqual(['lea@mail.example']);
    expect(pauses).toHaveLength(1);
    // It was not tried before it went out, and is recorded all the same.
    expect(await asksRecorded('lea@mail.example')).toBe(1);
  });

  const asksRecorded = async (email: string) => {
    const { id } = await accountOf(email);
    return (await listEntriesFrom(school.scope, 1, 1000)).filter(
      ({ act, subject }) => act === 'access.password-reset-mail' && subject.id === id,
    ).length;
  };
  /** A sender whose clock and mail server are the test's. */
  function aSender(email: string, send: (text: string) => Promise<void>) {
    const { db, log, texts, config } = app.context;
    const caller = { subnet: 'here', device: `of ${email}`, nextDevice: `of ${email}` };
    // In another minute than the one that is full.
    let now = new Date(app.context.clock.now().getTime() + 300_000);
    const sent: string[] = [];
    const needs = {
      ...{ db, texts, config, clock: { now: () => now }, log: { ...log, warn: () => undefined } },
      mailer: {
        async send({ text }: { text: string }) {
          sent.push(text);
          await send(text);
        },
        close: () => undefined,
      },
    };
    return {
      sent,
      wish: async () => (await accountOf(email)).resetWish,
      later: (seconds: number) => void (now = new Date(now.getTime() + seconds * 1000)),
      ask: () => requestReset(needs, { email, locale: 'en', origin: app.url }, caller),
      sendWaiting: () => sendResets(needs),
      /** Asks once more a second later, and waits until it is known that this message waits still. */
      async askAgain() {
        this.later(1);
        const before = (await this.wish())!.expiresAt.getTime();
        await this.ask();
        await until(async () => (await this.wish())!.expiresAt.getTime() > before);
      },
    };
  }

  it('a message that is being sent is not sent twice by whoever asks meanwhile', async () => {
    await school.person({ name: 'Pam Quo', roles: ['advisor'], email: 'pam@mail.example' });
    let goOn = (): void => undefined;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    const sender = aSender('pam@mail.example', () => gate);
    await sender.ask();
    await until(() => sender.sent.length === 1);
    await sender.askAgain();
    await sender.sendWaiting();
    goOn();
    await until(async () => !(await sender.wish()));
    await sender.sendWaiting();
    expect(sender.sent).toHaveLength(1);
    expect(await asksRecorded('pam@mail.example')).toBe(1);
  });

  it('a message that is tried again has the link that it had, and is tried no sooner because somebody asks', async () => {
    await school.person({ name: 'Quin Roe', roles: ['advisor'], email: 'quin@mail.example' });
    // As a mail server that took it and did not say so in time.
    const sender = aSender('quin@mail.example', () => Promise.reject(new Error('timeout')));
    await sender.ask();
    await until(async () => sender.sent.length === 1 && (await sender.wish())!.tries === 1);
    await sender.askAgain();
    await sender.sendWaiting();
    expect(sender.sent).toHaveLength(1);
    sender.later(60);
    await sender.sendWaiting();
    const links = sender.sent.map(linkIn);
    expect([links.length, links[1]]).toEqual([2, links[0]]);
    expect((await app.visitor().post(links[0]!, { password })).status).toBe(200);
    await sink.next();
    // The password is chosen: nothing more is sent, and no other link works.
    sender.later(600);
    await sender.sendWaiting();
    expect(sender.sent).toHaveLength(2);
  });

  it('no link goes out or works once the password was changed in another way', async () => {
    await school.person({ name: 'Rex Sol', roles: ['advisor'], email: 'rex@mail.example' });
    const client = await app.as('rex@mail.example');
    const sender = aSender('rex@mail.example', () => Promise.reject(new Error('timeout')));
    await sender.ask();
    await until(() => sender.sent.length === 1);
    const changed = await client.post('/account/password', { current: testPassword, password });
    expect([changed.status, changed.text]).toEqual([200, expect.any(String)]);
    sender.later(600);
    await sender.sendWaiting();
    expect(sender.sent).toHaveLength(1);
    expect((await app.visitor().post(linkIn(sender.sent[0]!), { password: `${password} 2` })).status).toBe(
      404,
    );
  });

  it('a message that could not be sent counts for nothing and goes out later, also from a server that was started again', async () => {
    await school.person({ name: 'Ned Oak', roles: ['advisor'], email: 'ned@mail.example' });
    const { db, log, texts, config } = app.context;
    // In another minute than the one that is full.
    let now = new Date(app.context.clock.now().getTime() + 180_000);
    const failures: string[] = [];
    const warn = (...given: unknown[]) => void failures.push(String(given.at(-1)));
    const send = () => Promise.reject(new Error('451 later'));
    const broken = {
      ...{ db, texts, config, log: { ...log, warn }, clock: { now: () => now } },
      mailer: { send, close: () => undefined },
    };
    const email = 'ned@mail.example';
    const caller = { subnet: 'here', device: 'owner', nextDevice: 'owner' };
    const ask = () => requestReset(broken, { email, locale: 'en', origin: app.url }, caller);
    // The fourth hears what everybody hears, and the message is on its way all the same.
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([true, true, true, false]);
    await until(() => failures.length === 1);
    expect(sink.left()).toBe(0);
    now = new Date(now.getTime() + 60_000);
    await sendResets({ ...broken, log, mailer: app.context.mailer! });
    const mail = await sink.next();
    expect(mail.to).toBe(email);
    expect((await app.visitor().post(linkIn(mail.text), { password })).status).toBe(200);
    await sink.next();
    await sendResets({ ...broken, log, mailer: app.context.mailer! });
    expect(sink.left()).toBe(0);
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
