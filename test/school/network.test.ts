/**
 * A network: opened at the first run, closes and opens schools, invites administrators, keeps one of its own;
 * it sees no child.
 */
import { findAccountByEmail, saveOffer } from '../../server/access/account-records.js';
import { offerOf } from '../../server/access/membership.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAccount } from '../../server/access/sign-in.js';
import { newId } from '../../server/ids.js';
import { saveNetwork } from '../../server/school/school-records.js';
import { findPersonByEmail } from '../../server/people/people-records.js';
import type { Client } from '../harness/client.js';
import { startApp, testPassword, type TestApp, type TestSchool } from '../harness/start-app.js';
import { dayFromNow } from '../harness/test-clock.js';

const setupCode = 'opened-by-a-script-1';
const term = { termName: 'Fall', termStartsOn: dayFromNow(-77), termEndsOn: dayFromNow(33) };

describe('an empty installation', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ purpose: 'first', environment: { SETUP_CODE: setupCode } });
  });
  afterAll(() => app.close());
  const first = {
    ...{ setupCode, networkName: 'Rivers Network', staffName: 'Nia Ode' },
    ...{ email: 'nia@rivers.example', password: 'a long enough one' },
  };

  it('asks whether it is for one school or a network', async () => {
    const page = await app.visitor().get('/first-run', { as: 'page' });
    expect(page.text).toContain('href="/first-run?kind=school"');
    expect(page.text).toContain('href="/first-run?kind=network"');
    expect((await app.visitor().get('/first-run?kind=network', { as: 'page' })).text).toContain(
      'name="networkName"',
    );
    expect((await app.visitor().get('/first-run?kind=school', { as: 'page' })).text).toContain(
      'name="termName"',
    );
  });

  it.each([
    ['without the code', { setupCode: '' }, 'setupCode'],
    ['with a wrong code', { setupCode: 'AAAA-AAAA-AAAA' }, 'setupCode'],
    ['without a name', { networkName: '' }, 'networkName'],
    ['with a short password', { password: 'short' }, 'password'],
  ])('does not open %s', async (_case, change, field) => {
    const refused = await app.visitor().post('/first-run/network', { ...first, ...change });
    expect(refused.status).toBe(422);
    expect(refused.json<{ error: { fields: { field: string }[] } }>().error.fields[0]!.field).toBe(field);
  });

  it('opens as a network once, whose first of staff then adds a school', async () => {
    const opened = await Promise.all([
      app.visitor().post('/first-run/network', first),
      app
        .visitor()
        .post('/first-run/network', { ...first, networkName: 'Other', email: 'other@rivers.example' }),
    ]);
    expect(opened.map(({ status }) => status).sort()).toEqual([201, 404]);
    expect((await app.visitor().get('/first-run')).status).toBe(404);
    const nia = app.visitor();
    const email = opened[0].status === 201 ? first.email : 'other@rivers.example';
    expect((await nia.post('/sign-in', { email, password: first.password })).status).toBe(200);
    const school = {
      name: 'First School',
      ...term,
      administratorName: 'Ada Lund',
      email: 'ada@first.example',
    };
    expect((await nia.post('/network/schools', school)).status).toBe(201);
  });
});

describe('the staff of a network', () => {
  let app: TestApp;
  let nia: Client;
  let school: TestSchool;
  const networkId = newId();
  beforeAll(async () => {
    app = await startApp({ purpose: 'staff' });
    await saveNetwork(app.context.db, { id: networkId, slug: 'rivers', name: 'Rivers' });
    await createAccount({ db: app.context.db }, app.context.clock, {
      ...{ email: 'nia@rivers.example', personId: newId(), schoolId: null, networkId, name: 'Nia Network' },
      password: testPassword,
    });
    nia = await app.as('nia@rivers.example');
    school = await app.aSchool({ name: 'Riverbend', networkId });
    await school.person({ name: 'Ada Admin', roles: ['admin'], email: 'ada@riverbend.example' });
    await school.person({ name: 'Rita Registrar', roles: ['registrar'], email: 'rita@riverbend.example' });
    await school.person({ name: 'Kim Child', roles: ['student'] });
  });
  afterAll(() => app.close());

  it('closes a school: its people are told, its administrators read, and it opens again as it was', async () => {
    const [rita, ada] = [await app.as('rita@riverbend.example'), await app.as('ada@riverbend.example')];
    const { token } = (await ada.post('/account/tokens', { name: 'x', scopes: ['read', 'people'] })).json<{
      token?: string;
    }>();
    const path = `/network/schools/${school.school.id}`;
    expect((await nia.post(`${path}/close`, {})).status).toBe(422);
    expect((await nia.post(`${path}/close`, { reason: 'It moves.' })).status).toBe(200);
    expect((await nia.post(`${path}/close`, { reason: 'It moves.' })).status).toBe(409);
    expect((await rita.get('/people')).status).toBe(401);
    const refused = await app
      .visitor()
      .post('/sign-in', { email: 'rita@riverbend.example', password: testPassword }, { as: 'page' });
    expect([refused.status, refused.text]).toEqual([422, expect.stringMatching(/closed/i)]);
    const page = await ada.get('/people', { as: 'page' });
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('This school is closed.')]);
    const added = await ada.post('/people', { givenName: 'A', roles: ['student'] });
    expect(added.status).toBe(403);
    if (token) {
      const byToken = await fetch(`${app.url}/people`, { headers: { Authorization: `Bearer ${token}` } });
      expect(byToken.status).toBe(200);
    }
    expect((await nia.get(path, { as: 'page' })).text).toContain('It moves.');
    expect((await nia.post(`${path}/open`)).status).toBe(200);
    expect((await rita.get('/people')).status).toBe(200);
    expect((await ada.post('/people', { givenName: 'A', roles: ['student'] })).status).toBe(201);
  });

  it('says whose a link is and what to do with it; errors of a new school stand at their fields', async () => {
    const path = `/network/schools/${school.school.id}/administrators`;
    const made = await nia.post(path, { name: 'Cy Lane', email: 'cy@riverbend.example' }, { as: 'page' });
    expect(made.text).toContain('<h1>Link for Cy Lane</h1>');
    expect(made.text).toContain('Send this link to Cy Lane.');
    expect(made.text).toMatch(/data-copy [^>]* hidden>/);
    const { id } = (await findPersonByEmail(school.scope, 'cy@riverbend.example'))!;
    const again = await nia.post(`${path}/${id}/invite`, {}, { as: 'page' });
    expect(again.text).toContain('<h1>Link for Cy Lane</h1>');
    // Rita signs in at Riverbend: she joins the network with the account she has.
    const staff = { name: 'Rita Registrar', email: 'rita@riverbend.example' };
    expect((await nia.post('/network/staff', staff, { as: 'page' })).text).toContain(
      'Rita Registrar already has an account. Send them this link: they sign in with that account and join Rivers.',
    );
    const backwards = { ...term, termEndsOn: dayFromNow(-90), name: '', administratorName: 'A', email: 'a' };
    const refused = await nia.post('/network/schools', backwards, { as: 'page' });
    for (const field of ['name', 'email', 'termEndsOn'])
      expect(refused.text).toContain(`id="f-${field}-problem"`);
  });

  it('names the network, and tells schools of one name apart', async () => {
    await app.aSchool({ name: 'Riverbend', slug: 'riverbend-east', networkId });
    const list = (await nia.get('/network/schools', { as: 'page' })).text;
    for (const words of ['<title>Schools of the network · Rivers</title>', 'riverbend-east'])
      expect(list).toContain(words);
    for (const path of [`/network/schools/${school.school.id}`, '/network/staff', '/network/policies'])
      expect((await nia.get(path, { as: 'page' })).text).toContain('<p class="eyebrow">Rivers</p>');
  });

  it('invites administrators, and gives them new links, of which they are told', async () => {
    const path = `/network/schools/${school.school.id}/administrators`;
    const invited = await nia.post(path, { name: 'Bo Lund', email: 'bo@riverbend.example' });
    const { setPasswordPath } = invited.json<{ setPasswordPath: string }>();
    const bo = app.visitor();
    expect((await bo.post(setPasswordPath, { password: 'quite a long word' })).status).toBe(200);
    expect((await bo.get('/people')).status).toBe(200);
    const id = (await findPersonByEmail(school.scope, 'bo@riverbend.example'))!.id;
    expect((await nia.post(`${path}/${id}/invite`)).status).toBe(201);
    expect(
      (await bo.get('/password-links')).json<{ items: { createdBy: string }[] }>().items[0]!.createdBy,
    ).toBe('Nia Network');
    const rita = (await findPersonByEmail(school.scope, 'rita@riverbend.example'))!.id;
    expect((await nia.post(`${path}/${rita}/invite`)).status).toBe(404);
  });

  it('keeps to its own schools', async () => {
    const elsewhere = await app.aSchool({ name: 'Elsewhere' });
    const path = `/network/schools/${elsewhere.school.id}`;
    for (const [method, to, body] of [
      ['GET', path, undefined],
      ['POST', `${path}/close`, { reason: 'Mine' }],
      ['POST', `${path}/open`, undefined],
      ['POST', `${path}/administrators`, { name: 'A', email: 'a@elsewhere.example' }],
    ] as const)
      expect([to, (await nia.send(method, to, body)).status]).toEqual([to, 404]);
  });

  it('sees the adults whom it invites and no child', async () => {
    const shown = await Promise.all(
      ['/', '/network/schools', `/network/schools/${school.school.id}`, '/network/staff'].map((path) =>
        nia.get(path, { as: 'page' }),
      ),
    );
    for (const { status, text } of shown) expect([status, text.includes('Kim Child')]).toEqual([200, false]);
    expect(shown[2]!.text).toContain('Ada Admin');
  });

  it('leave their account to a school that has invited its owner; whoever was invited and has an account is listed', async () => {
    const where = { db: app.context.db };
    type Line = { personId: string; email: string; state: string };
    const list = async () => (await nia.get('/network/staff')).json<{ items: Line[] }>().items;
    const added = await nia.post('/network/staff', { name: 'Pia', email: 'pia@rivers.example' });
    const pia = app.visitor();
    const { setPasswordPath } = added.json<{ setPasswordPath: string }>();
    await pia.post(setPasswordPath, { password: 'quite a long word' });
    const piaId = (await list()).find(({ email }) => email === 'pia@rivers.example')!.personId;
    const home = await app.aSchool();
    const guardian = await home.person({ name: 'Pia', roles: ['guardian'] });
    const account = (await findAccountByEmail(where, 'pia@rivers.example'))!;
    const part = { personId: guardian.id, schoolId: home.school.id, networkId: null };
    await saveOffer(where, account.id, offerOf(part, app.context.clock.now()));

    expect((await nia.post(`/network/staff/${piaId}/remove`)).status).toBe(200);
    expect((await pia.get('/')).status).toBe(401);
    const after = (await findAccountByEmail(where, 'pia@rivers.example'))!;
    expect(after).toMatchObject({ disabledAt: null, passwordHash: null, offers: [] });
    expect(after.memberships).toEqual([expect.objectContaining(part)]);

    // Invited back: the account is the school's now, so it is an offer, and a new link can be given for it.
    expect((await nia.post('/network/staff', { name: 'Pia', email: 'pia@rivers.example' })).status).toBe(201);
    const line = (await list()).find(({ email }) => email === 'pia@rivers.example')!;
    expect(line.state).toBe('invited');
    expect((await nia.post(`/network/staff/${line.personId}/invite`)).status).toBeLessThan(300);
    expect((await nia.post(`/network/staff/${line.personId}/remove`)).status).toBe(200);
  });

  it('invites and removes one another; the last who can sign in stays', async () => {
    type Line = { personId: string; email: string; state: string };
    const list = async () => (await nia.get('/network/staff')).json<{ items: Line[] }>().items;
    const own = (await list())[0]!.personId;
    expect((await nia.post(`/network/staff/${own}/remove`)).status).toBe(422);
    const added = await nia.post('/network/staff', { name: 'Omar', email: 'omar@rivers.example' });
    expect((await nia.post('/network/staff', { name: 'Omar', email: 'omar@rivers.example' })).status).toBe(
      422,
    );
    // Somebody who has not signed in yet does not count.
    expect((await nia.post(`/network/staff/${own}/remove`)).status).toBe(422);
    const omar = app.visitor();
    const { setPasswordPath } = added.json<{ setPasswordPath: string }>();
    expect((await omar.post(setPasswordPath, { password: 'quite a long word' })).status).toBe(200);
    const omarId = (await list()).find(({ email }) => email === 'omar@rivers.example')!.personId;
    const both = await Promise.all([
      nia.post(`/network/staff/${omarId}/remove`),
      omar.post(`/network/staff/${own}/remove`),
    ]);
    const statuses = both.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    const left = statuses[0] === 200 ? nia : omar;
    expect((await left.get('/network/staff')).status).toBe(200);
    expect((await (left === nia ? omar : nia).get('/network/staff')).status).toBe(401);
  });
});
