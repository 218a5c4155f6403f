/**
 * What has an entry besides the records themselves: sign-ins, passwords, tokens, roles, settings, downloads.
 * Entries name fields, never content.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findAccountByEmail } from '../../server/access/account-records.js';
import { createAccount } from '../../server/access/sign-in.js';
import { installationChain } from '../../server/access/account-audit.js';
import { appendDownload } from '../../server/audit/append-counted.js';
import { appendAudit, findBrokenEntry } from '../../server/audit/append-audit.js';
import { listEntriesFrom, type AuditEntry } from '../../server/audit/audit-records.js';
import { checkSchool } from '../../server/cli/check-school.js';
import { testDatabaseUri } from '../harness/services.js';
import { startApp, testPassword, type TestApp, type TestSchool } from '../harness/start-app.js';
import { testClock } from '../harness/test-clock.js';
import type { Client } from '../harness/client.js';

let now = testClock.now();
let app: TestApp;
let home: TestSchool;
let ada: Client;
const oldSecret = 'the-first-secret-of-this-test-0123456789abcdef';
const mail = 'ada@audited.example';
beforeAll(async () => {
  app = await startApp({ clock: { now: () => now }, environment: { SECRET_KEY: oldSecret } });
  home = await app.aSchool();
  await home.person({ name: 'Ada Lind', roles: ['admin'], email: mail });
  ada = await app.as(mail);
});
afterAll(() => app.close());

const entriesOf = async (act: string, schoolId = home.school.id): Promise<AuditEntry[]> =>
  (await listEntriesFrom({ db: app.context.db, schoolId }, 1, 1000)).filter((entry) => entry.act === act);
const last = async (act: string) => (await entriesOf(act)).at(-1);

/** Failed sign-ins are recorded beside the answer. */
async function soon(act: string, schoolId: string, count: number): Promise<AuditEntry[]> {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = await entriesOf(act, schoolId);
    if (found.length >= count) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${act} was not recorded ${count} times`);
}
const tryToSignIn = (email: string, password: string) => app.visitor().post('/sign-in', { email, password });

describe('the audit chain names', () => {
  it('a sign-in, by account', async () => {
    const account = (await findAccountByEmail(app.context.db, mail))!;
    expect(await last('access.sign-in')).toMatchObject({
      ...{ actorId: account.personId, via: 'session', subject: { kind: 'account', id: account.id } },
      detail: {},
    });
  });

  it('failed sign-ins: the first of a quarter hour and the tenth, never each', async () => {
    const email = 'often-wrong@audited.example';
    const person = await home.person({ name: 'Olga Often', roles: ['advisor'], email });
    const account = (await findAccountByEmail(app.context.db, email))!;
    expect(account.personId).toBe(person.id);
    for (let tries = 0; tries < 10; tries += 1) await tryToSignIn(email, 'not the password');
    const found = await soon('access.sign-in-failed', home.school.id, 2);
    expect(found.map(({ subject, detail }) => [subject.id, detail])).toEqual([
      [account.id, { why: 'password', times: 1 }],
      [account.id, { why: 'password', times: 10 }],
    ]);
    now = new Date(now.getTime() + 16 * 60_000);
    await tryToSignIn(email, 'not the password');
    expect((await soon('access.sign-in-failed', home.school.id, 3)).at(-1)!.detail).toEqual({
      ...{ why: 'password', times: 1 },
    });
  }, 60_000);

  it('unknown addresses together as one, in the chain of the installation', async () => {
    for (const who of ['nobody', 'noone', 'none'])
      await tryToSignIn(`${who}@audited.example`, 'not the password');
    const found = await soon('access.sign-in-failed', installationChain, 1);
    expect(found.map(({ subject, detail }) => [subject.id, detail])).toEqual([
      ['unknown', { why: 'password', times: 1 }],
    ]);
    expect(JSON.stringify(found)).not.toContain('audited.example');
  });

  it('sign-ins of network staff, in the chain of the network', async () => {
    const email = 'nell@audited.example';
    const networkId = 'network-of-audited';
    await createAccount(app.context, app.context.clock, {
      ...{ email, personId: 'nell', schoolId: null, networkId, name: 'Nell', password: testPassword },
    });
    await app.as(email);
    expect((await entriesOf('access.sign-in', networkId)).map(({ actorId }) => actorId)).toEqual(['nell']);
    const scope = { db: app.context.db, schoolId: networkId };
    const needs = { storage: app.context.storage, files: false, mayBeEmpty: true };
    expect((await checkSchool(needs, scope)).problems).toEqual([]);
    const empty = { db: app.context.db, schoolId: 'network-without-entries' };
    expect((await checkSchool(needs, empty)).problems).toEqual([]);
  });

  it('going on in another school of the account, in the chain of that school', async () => {
    const email = 'tess@audited.example';
    const other = await app.aSchool();
    const here = await home.person({ name: 'Tess Two', roles: ['advisor'], email });
    const there = await other.person({ name: 'Tess Two', roles: ['advisor'] });
    const membership = { personId: there.id, schoolId: other.school.id, networkId: null, lastUsedAt: null };
    await app.context.db.connection
      .collection('accounts')
      .updateOne({ email }, { $push: { memberships: membership } } as never);
    const tess = await app.as(email);
    expect((await last('access.sign-in'))!.actorId).toBe(here.id);
    expect(await entriesOf('access.sign-in', other.school.id)).toEqual([]);
    expect((await tess.post(`/memberships/${there.id}/use`, { next: '/' })).status).toBe(200);
    expect(await entriesOf('access.sign-in', other.school.id)).toMatchObject([
      { actorId: there.id, detail: { switched: true } },
    ]);
  });

  it('tokens that are made and revoked, without their secrets', async () => {
    const { id, token } = (await ada.post('/account/tokens', { name: 'Grades script' })).json<{
      id: string;
      token: string;
    }>();
    const made = (await last('access.token-create'))!;
    expect(made.detail).toMatchObject({ token: id, scopes: ['read'] });
    expect(JSON.stringify(made)).not.toContain(token);
    expect(JSON.stringify(made)).not.toContain('Grades script');
    await ada.post(`/account/tokens/${id}/revoke`);
    expect((await last('access.token-revoke'))!.detail).toEqual({ token: id });
  });

  it('a role that was changed, and by name alone what else was', async () => {
    const person = await home.person({ name: 'Rolf Role', roles: ['panelist'] });
    const change = { givenName: 'Rolf', familyName: 'Role', roles: ['panelist', 'registrar'], grade: '' };
    expect((await ada.put(`/people/${person.id}`, change)).status).toBe(200);
    const entry = (await last('people.change'))!;
    expect(entry.detail).toMatchObject({ roles: ['panelist', 'registrar'] });
    expect(entry.detail['fields']).toContain('roles');
    expect((await ada.put(`/people/${person.id}`, { ...change, familyName: 'Newname' })).status).toBe(200);
    const renamed = (await last('people.change'))!;
    expect(renamed.detail['fields']).toContain('familyName');
    expect(renamed.detail).not.toHaveProperty('roles');
    expect(JSON.stringify(renamed)).not.toContain('Newname');
  });

  it('settings by their fields', async () => {
    expect((await ada.put('/school', { motto: 'Slowly and well', numberPrefix: 'ZZ' })).status).toBe(200);
    const entry = (await last('school.change'))!;
    expect(entry.detail['fields']).toEqual(expect.arrayContaining(['motto', 'policies.numberPrefix']));
    expect(entry.detail['fields']).not.toContain('name');
    expect(JSON.stringify(entry)).not.toContain('Slowly');
  });

  it('who leads an advisory', async () => {
    const advisor = await home.person({ name: 'Avi Advisor', roles: ['advisor'] });
    const body = { name: 'Cedar', advisorIds: [advisor.id] };
    const { id } = (await ada.post('/advisories', body)).json<{ id: string }>();
    expect((await last('people.advisory-add'))!.detail).toEqual({ advisorIds: [advisor.id] });
    await ada.put(`/advisories/${id}`, { name: 'Oak', advisorIds: [advisor.id] });
    expect((await last('people.advisory-change'))!.detail).toEqual({ fields: ['name'] });
  });

  it('a changed password, and nothing of it', async () => {
    const email = 'pia@audited.example';
    await home.person({ name: 'Pia Pass', roles: ['advisor'], email });
    const pia = await app.as(email);
    const password = 'eleven green bottles on a wall';
    expect((await pia.post('/account/password', { current: testPassword, password })).status).toBe(200);
    expect((await last('access.password-change'))!.detail).toEqual({ field: 'password' });
  });

  it('a download once in a quarter hour, whoever repeats it at once', async () => {
    const actor = { personId: 'reader', via: 'session' as const };
    const subject = { kind: 'transcript', id: 'tr-1' };
    await Promise.all(
      Array.from({ length: 9 }, () =>
        appendDownload(home.scope, app.context.clock, actor, 'transcript.download', subject, {
          format: 'pdf',
        }),
      ),
    );
    expect((await entriesOf('transcript.download')).map(({ detail }) => detail)).toEqual([
      { format: 'pdf', times: 1 },
    ]);
  });
});

describe('after SECRET_KEY was changed', () => {
  it('older entries hold while the key before is named, and new ones go on behind them', async () => {
    const actor = { personId: 'somebody', via: 'script' as const };
    const renewed = { SECRET_KEY: 'the-second-secret-of-this-test-0123456789abcde' };
    const next = await startApp({
      databaseUri: testDatabaseUri(),
      environment: { ...renewed, SECRET_KEY_PREVIOUS: oldSecret },
    });
    const scope = { db: next.context.db, schoolId: home.school.id };
    await appendAudit(scope, testClock, actor, 'test.rotated', { kind: 'test', id: 'x' });
    expect(await findBrokenEntry(scope)).toBeNull();
    const entries = await listEntriesFrom(scope, 1, 1000);
    expect(new Set(entries.map(({ keyId }) => keyId)).size).toBe(2);
    await next.close();
    const without = await startApp({ databaseUri: testDatabaseUri(), environment: renewed });
    const lost = { db: without.context.db, schoolId: home.school.id };
    const { problems } = await checkSchool({ storage: without.context.storage, files: false }, lost);
    expect(problems[0]).toMatchObject({ id: '1', problem: expect.stringContaining('SECRET_KEY_PREVIOUS') });
    await without.close();
  }, 60_000);
});
