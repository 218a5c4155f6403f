import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';
import type { Client } from '../harness/client.js';

interface List {
  items: { id: string; displayName: string }[];
  total: number;
  pages: number;
}

describe('people', () => {
  let app: TestApp;
  let one: TestSchool;
  let two: TestSchool;
  let registrar: Client;

  beforeAll(async () => {
    app = await startApp();
    one = await app.aSchool();
    two = await app.aSchool();
    await one.person({ name: 'Rita Registrar', roles: ['registrar'], email: 'rita@one.example' });
    await two.person({ name: 'Otto Registrar', roles: ['registrar'], email: 'otto@two.example' });
    registrar = await app.as('rita@one.example');
  });
  afterAll(() => app.close());

  it('half a character is taken as the replacement character, a broken form as a bad request', async () => {
    const added = await registrar.post('/people', { givenName: 'Half\ud800', roles: ['student'] });
    expect(added.json<{ person: { givenName: string } }>().person.givenName).toBe('Half\ufffd');
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=X']) {
      const reply = await registrar.send('POST', '/people/import', new Blob(['--X\r\nbroken']), {
        headers: { 'Content-Type': type },
      });
      expect([type, reply.status]).toEqual([type, 400]);
    }
  });

  it('leads to whoever was added, and says how somebody without an email can sign in', async () => {
    const named = { givenName: 'Nina', familyName: 'Noemail', roles: ['student'] };
    const added = await registrar.post('/people', named, { as: 'page' });
    const address = added.headers.get('location')!;
    expect([added.status, address]).toEqual([303, expect.stringMatching(/^\/people\/[\w-]{36}$/)]);
    const shown = async () => (await registrar.get(address, { as: 'page' })).text;
    const first = await shown();
    expect(first).toContain('Nina Noemail was added. Without an email they can’t sign in yet');
    expect(first).toContain('They can’t sign in yet. Give them a username here');
    const username = await registrar.post(`${address}/username`, { username: 'nina.noemail' });
    expect(username.status).toBe(200);
    expect(await shown()).not.toContain('can’t sign in yet');
    const saved = await registrar.post(address, { ...named, grade: '9' }, { as: 'page' });
    expect([saved.status, saved.headers.get('location')]).toEqual([303, address]);

    const invited = await registrar.post(
      '/people',
      { ...named, givenName: 'Ida', email: 'ida.noemail@one.example' },
      { as: 'page' },
    );
    expect(invited.text).toMatch(/href="\/people\/[\w-]{36}">Open Ida Noemail’s page</);
  });

  it('adds a person with an account whose link lets them in', async () => {
    const added = await registrar.post('/people', {
      givenName: 'Zoë',
      familyName: 'Ñandú',
      email: 'Zoe@One.example',
      roles: ['student'],
      grade: '10',
    });
    expect(added.status).toBe(201);
    const { person, setPasswordPath } = added.json<{
      person: { id: string; displayName: string; email: string };
      setPasswordPath: string;
    }>();
    expect(person).toMatchObject({ displayName: 'Zoë Ñandú', email: 'zoe@one.example' });
    expect((await app.visitor().post(setPasswordPath, { password: 'a long enough one' })).status).toBe(200);
    expect(
      (await app.visitor().post('/sign-in', { email: 'zoe@one.example', password: 'a long enough one' }))
        .status,
    ).toBe(200);
    const shown = await registrar.post(`/people/${person.id}/invite`, {}, { as: 'page' });
    expect(shown.text).toMatch(/<code class="secret">http:\/\/[^<]+\/set-password\/[\w-]+<\/code>/);
  });

  it('a registrar neither makes nor unmakes administrators, nor lets one in again', async () => {
    const admin = await one.person({ name: 'Ada Admin', roles: ['admin'], email: 'ada@one.example' });
    const rita = (await registrar.get('/people?search=Rita')).json<List>().items[0]!;
    const words = { givenName: 'Rita', familyName: 'Registrar' };
    const tries = [
      await registrar.post('/people', { givenName: 'New', roles: ['admin'] }),
      await registrar.put(`/people/${rita.id}`, { ...words, roles: ['registrar', 'admin'] }),
      await registrar.put(`/people/${admin.id}`, { givenName: 'Ada', roles: ['advisor'] }),
      await registrar.post(`/people/${admin.id}/invite`),
    ];
    expect(tries.map((reply) => reply.status)).toEqual([403, 403, 403, 403]);
    const ada = await app.as('ada@one.example');
    expect((await ada.put(`/people/${rita.id}`, { ...words, roles: ['registrar'] })).status).toBe(200);
    expect((await ada.post(`/people/${admin.id}/invite`)).status).toBe(201);
    const offered = async (who: Client) =>
      (await who.get('/people/new', { as: 'page' })).text.includes('name="roles" value="admin"');
    expect([await offered(registrar), await offered(ada)]).toEqual([false, true]);
  });

  it.each([
    ['no name', { roles: ['student'] }, 'givenName', 'Please fill this in.'],
    ['no role', { givenName: 'A', roles: [] }, 'roles', 'Please choose at least one role.'],
    [
      'a role that does not exist',
      { givenName: 'A', roles: ['king'] },
      'roles.0',
      expect.stringContaining('Please choose one of'),
    ],
    [
      'network staff made by a school',
      { givenName: 'A', roles: ['network'] },
      'roles.0',
      expect.stringContaining('Please choose one of'),
    ],
    [
      'a broken e-mail',
      { givenName: 'A', roles: ['student'], email: 'not-an-email' },
      'email',
      'This does not look like an email address.',
    ],
    [
      'an unknown advisory',
      { givenName: 'A', roles: ['student'], advisoryId: 'nothing' },
      'advisoryId',
      'This advisory does not exist here.',
    ],
    [
      'an unknown guardian',
      { givenName: 'A', roles: ['student'], guardianIds: ['nobody'] },
      'guardianIds',
      'One of the guardians is not known here.',
    ],
    [
      'an e-mail that is taken',
      { givenName: 'A', roles: ['student'], email: 'rita@one.example' },
      'email',
      'There is an account with this email already.',
    ],
  ])('refuses %s beside the field and keeps what was typed', async (_case, body, field, message) => {
    const answer = await registrar.post('/people', body);
    expect(answer.status).toBe(422);
    expect(answer.json<{ error: { fields: unknown[] } }>().error.fields).toContainEqual({ field, message });
    const typed = { ...body, chosenName: 'Typed-Before' };
    const page = await registrar.post('/people', typed, { as: 'page' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('value="Typed-Before"');
    expect(page.text).toContain('class="error-summary"');
  });

  it('leaves no person behind when the account cannot be made', async () => {
    const before = (await registrar.get('/people')).json<List>().total;
    await registrar.post('/people', {
      givenName: 'Half',
      familyName: 'Made',
      roles: ['student'],
      email: 'rita@one.example',
    });
    expect((await registrar.get('/people')).json<List>().total).toBe(before);
  });

  it('shows an advisor the students of their advisories alone', async () => {
    const mine = (await registrar.post('/advisories', { name: 'Heron' })).json<{ id: string }>().id;
    const other = (await registrar.post('/advisories', { name: 'Alder' })).json<{ id: string }>().id;
    const advisor = await one.person({ name: 'Abe Advisor', roles: ['advisor'], email: 'abe@one.example' });
    expect(
      (await registrar.put(`/advisories/${mine}`, { name: 'Heron', advisorIds: [advisor.id] })).status,
    ).toBe(200);
    await one.person({ name: 'In Mine', roles: ['student'], advisoryId: mine });
    await one.person({ name: 'In Other', roles: ['student'], advisoryId: other });
    const abe = await app.as('abe@one.example');
    expect((await abe.get('/students')).json<List>().items.map((each) => each.displayName)).toEqual([
      'In Mine',
    ]);
    expect((await abe.get(`/students?advisory=${other}`)).json<List>().items).toEqual([]);
    expect((await abe.get('/people')).status).toBe(403);
  });

  it('pages long lists in the order of names and finds part of a name', async () => {
    const third = await app.aSchool();
    await third.person({ name: 'Lia Registrar', roles: ['registrar'], email: 'lia@three.example' });
    for (let number = 0; number < 7; number += 1)
      await third.person({ name: `Student ${String.fromCharCode(71 - number)}`, roles: ['student'] });
    const lia = await app.as('lia@three.example');
    const second = (await lia.get('/students?page=2&perPage=3')).json<List>();
    expect(second).toMatchObject({ total: 7, pages: 3 });
    expect(second.items.map((each) => each.displayName)).toEqual(['Student D', 'Student E', 'Student F']);
    expect(
      (await lia.get('/students?search=dent%20c')).json<List>().items.map((each) => each.displayName),
    ).toEqual(['Student C']);
    expect((await lia.get('/students?search=.*')).json<List>().total).toBe(0);
  });

  it('seals the schools from each other', async () => {
    const stranger = await two.person({ name: 'Sealed Off', roles: ['student'] });
    expect((await registrar.get(`/people/${stranger.id}`)).status).toBe(404);
    expect(
      (await registrar.put(`/people/${stranger.id}`, { givenName: 'Taken', roles: ['student'] })).status,
    ).toBe(404);
    expect((await registrar.get('/people?search=Sealed')).json<List>().total).toBe(0);
    const foreignGuardian = await two.person({ name: 'Foreign Guardian', roles: ['guardian'] });
    const answer = await registrar.post('/people', {
      givenName: 'A',
      roles: ['student'],
      guardianIds: [foreignGuardian.id],
    });
    expect(answer.status).toBe(422);
  });
});
