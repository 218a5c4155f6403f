/**
 * One account in several schools: offered, accepted with proof, switched between, and never a way from one
 * school into another.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findAccountByEmail } from '../../server/access/account-records.js';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { findOffer, openAccounts, proveOffer } from '../../server/access/join-school.js';
import type { Client } from '../harness/client.js';
import { startApp, testPassword, type TestApp, type TestSchool } from '../harness/start-app.js';

let app: TestApp;
let north: TestSchool;
let south: TestSchool;
let registrar: Client;
beforeAll(async () => {
  app = await startApp({ purpose: 'memberships' });
  north = await app.aSchool({ name: 'North School' });
  south = await app.aSchool({ name: 'South School' });
  await north.person({ name: 'Nora Office', roles: ['registrar'], email: 'office@north.example' });
  await south.person({ name: 'Sam Office', roles: ['admin', 'registrar'], email: 'office@south.example' });
  registrar = await app.as('office@south.example');
});
afterAll(() => app.close());

type Added = { person: { id: string }; setPasswordPath: string };
const addToSouth = async (email: string, roles: string[] = ['advisor']): Promise<Added> => {
  const added = await registrar.post('/people', { givenName: 'Ada', familyName: 'Lund', email, roles });
  expect(added.status).toBe(201);
  return added.json<Added>();
};
type Listed = { items: { personId: string; name: string; state: string }[] };
const listed = async (client: Client) => (await client.get('/memberships')).json<Listed>().items;

describe('an address that has an account at another school', () => {
  it('gets an offer that opens nothing until its owner accepts it with the link of the office', async () => {
    await north.person({ name: 'Ada Lund', roles: ['guardian'], email: 'ada@north.example' });
    const ada = await app.as('ada@north.example');
    const { person, setPasswordPath } = await addToSouth('Ada@north.example');
    expect(setPasswordPath).toMatch(/^\/join\//);
    expect((await listed(ada)).map(({ name, state }) => [name, state])).toEqual([
      ['North School', 'current'],
      ['South School', 'offered'],
    ]);
    expect((await ada.post(`/memberships/${person.id}/use`, {})).status).toBe(404);
    expect((await ada.get('/', { as: 'page' })).text).toContain('A school has added you.');
    const again = await app.as('ada@north.example');
    expect((await again.get('/students')).status).toBe(403);

    const shown = await app.visitor().get(setPasswordPath, { as: 'page' });
    expect(shown.text).toContain('South School');
    expect(shown.text).toContain(`/sign-in?next=${setPasswordPath}`);
    const joined = await ada.post(setPasswordPath);
    expect([joined.status, joined.json<unknown>()]).toEqual([
      200,
      { personId: person.id, schoolId: south.school.id },
    ]);
    expect((await ada.get('/students')).status).toBe(200);
    expect((await ada.post(setPasswordPath)).status).toBe(404);
  });

  it('switches without a script, and arrives where it was last', async () => {
    const ada = await app.as('ada@north.example');
    expect((await ada.get('/students')).status).toBe(200);
    const page = (await ada.get('/', { as: 'page' })).text;
    const action = /action="(\/memberships\/[^/]+\/use)"/.exec(page)![1]!;
    expect(page).toContain('Switch to North School');
    const moved = await ada.post(action, {}, { as: 'page' });
    expect([moved.status, moved.headers.get('location')]).toEqual([303, '/']);
    expect((await ada.get('/', { as: 'page' })).text).toContain('Switch to South School');
    expect((await ada.get('/students')).status).toBe(403);
    const again = await app.as('ada@north.example');
    expect((await again.get('/', { as: 'page' })).text).toContain('Switch to South School');
    expect((await ada.post(action, { next: '//evil.example' }, { as: 'page' })).headers.get('location')).toBe(
      '/',
    );
  });

  it('tells schools of one name apart, in the switch and in the list', async () => {
    const east = await app.aSchool({ name: 'Lincoln High', slug: 'lincoln-east' });
    const west = await app.aSchool({ name: 'Lincoln High', slug: 'lincoln-west' });
    await east.person({ name: 'Lea Moss', roles: ['guardian'], email: 'lea@lincoln.example' });
    await west.person({ name: 'Wes Office', roles: ['registrar'], email: 'office@lincoln.example' });
    const office = await app.as('office@lincoln.example');
    const person = {
      givenName: 'Lea',
      familyName: 'Moss',
      email: 'lea@lincoln.example',
      roles: ['guardian'],
    };
    const { setPasswordPath } = (await office.post('/people', person)).json<Added>();
    const lea = await app.as('lea@lincoln.example');
    expect((await lea.post(setPasswordPath)).status).toBe(200);
    expect((await lea.get('/', { as: 'page' })).text).toContain('Switch to Lincoln High (lincoln-east)');
    const list = (await lea.get('/memberships', { as: 'page' })).text;
    expect(list).toContain('lincoln-west');
  });

  it('binds a token to the school in which it was made', async () => {
    const ada = await app.as('ada@north.example');
    const southId = (await listed(ada)).find(({ name }) => name === 'South School')!.personId;
    await ada.post(`/memberships/${southId}/use`, {});
    const made = await ada.post('/account/tokens', { name: 'script', scopes: ['read'] });
    const { token } = made.json<{ token: string }>();
    const northId = (await listed(ada)).find(({ name }) => name === 'North School')!.personId;
    await ada.post(`/memberships/${northId}/use`, {});
    const script = { headers: { Authorization: `Bearer ${token}` } };
    expect((await fetch(`${app.url}/students`, script)).status).toBe(200);
    const tokens = (await ada.get('/account/tokens')).json<{ items: unknown[] }>();
    expect(tokens.items).toEqual([]);
    const use = await fetch(`${app.url}/memberships/${northId}/use`, { method: 'POST', ...script });
    expect(use.status).toBe(403);
  });

  it('leaves one school without leaving the other, and is told so only where that is the last', async () => {
    const before = await app.as('ada@north.example');
    const southId = (await listed(before)).find(({ name }) => name === 'South School')!.personId;
    await before.post(`/memberships/${southId}/use`, {});
    const { savePersonChange } = await import('../../server/people/people-records.js');
    await savePersonChange(south.scope, southId, { active: false });
    expect((await before.get('/students')).status).toBe(401);
    const after = await app.as('ada@north.example');
    expect((await listed(after)).map(({ name, state }) => [name, state])).toEqual([
      ['North School', 'current'],
      ['South School', 'closed'],
    ]);
    expect((await after.post(`/memberships/${southId}/use`, {})).status).toBe(422);
    await savePersonChange(south.scope, southId, { active: true });
  });

  it('is not taken away by whoever came in by the link of another school', async () => {
    const mia = await north.person({ name: 'Mia Boss', roles: ['admin'], email: 'mia@north.example' });
    const { person, setPasswordPath } = await addToSouth('mia@north.example');
    expect((await (await app.as('mia@north.example')).post(setPasswordPath)).status).toBe(200);
    const link = await registrar.post(`/people/${person.id}/invite`);
    const intruder = app.visitor();
    const { setPasswordPath: path } = link.json<{ setPasswordPath: string }>();
    expect((await intruder.post(path, { password: 'quite another long word' })).status).toBe(200);
    const reply = await intruder.post(`/memberships/${mia.id}/decline`);
    expect([reply.status, reply.text]).toEqual([409, expect.stringContaining('only it can end it')]);
    const parts = (await intruder.get('/memberships')).json<{ items: object[] }>().items;
    expect(parts).toContainEqual(
      expect.objectContaining({ personId: mia.id, state: 'offered', mayDecline: false }),
    );
    const page = (await intruder.get('/memberships', { as: 'page' })).text;
    expect(page).not.toContain(`/memberships/${mia.id}/decline`);
  });

  it('can be declined', async () => {
    await north.person({ name: 'Ben Vale', roles: ['guardian'], email: 'ben@north.example' });
    const ben = await app.as('ben@north.example');
    const { person, setPasswordPath } = await addToSouth('ben@north.example');
    expect((await ben.post(`/memberships/${person.id}/decline`)).status).toBe(200);
    expect((await ben.post(setPasswordPath)).status).toBe(404);
    expect(await listed(ben)).toHaveLength(1);
  });
});

describe('an address is no identity', () => {
  it('whoever holds the link but not the account gets nothing', async () => {
    await north.person({ name: 'Cy Own', roles: ['guardian'], email: 'cy@north.example' });
    await north.person({ name: 'Thief', roles: ['guardian'], email: 'thief@north.example' });
    const thief = await app.as('thief@north.example');
    const { setPasswordPath } = await addToSouth('cy@north.example', ['registrar']);
    expect((await thief.post(setPasswordPath)).status).toBe(404);
    expect((await app.visitor().post(setPasswordPath)).status).toBe(401);
    const secret = setPasswordPath.split('/').at(-1)!;
    expect((await app.visitor().post(`/set-password/${secret}`, { password: testPassword })).status).toBe(
      404,
    );
    expect(await findOffer(app.context, secret)).not.toBeNull();
  });

  it('a school that made an account first gets into no school that adds its address later', async () => {
    // The office of North made the account and its password, and waits for South to add the address.
    await north.person({ name: 'Not Dee', roles: ['guardian'], email: 'dee@south.example' });
    const impostor = await app.as('dee@south.example');
    const { person } = await addToSouth('dee@south.example', ['registrar']);
    expect((await impostor.post(`/memberships/${person.id}/use`, {})).status).toBe(404);
    expect((await impostor.get('/people')).status).toBe(403);
    const again = await app.as('dee@south.example');
    expect((await again.get('/people')).status).toBe(403);
  });

  it("a password link of one school's office opens that school alone", async () => {
    await north.person({ name: 'Eve Both', roles: ['advisor'], email: 'eve@north.example' });
    const eve = await app.as('eve@north.example');
    const { person, setPasswordPath } = await addToSouth('eve@north.example');
    expect((await eve.post(setPasswordPath)).status).toBe(200);
    const reset = (await registrar.post(`/people/${person.id}/invite`)).json<Added>().setPasswordPath;
    expect(reset).toMatch(/^\/set-password\//);
    const holder = app.visitor();
    expect((await holder.post(reset, { password: 'quite another long word' })).status).toBe(200);
    expect((await listed(holder)).map(({ name, state }) => [name, state])).toEqual([
      ['South School', 'current'],
      ['North School', 'offered'],
    ]);
    const northId = (await listed(holder)).find(({ state }) => state === 'offered')!.personId;
    expect((await holder.post(`/memberships/${northId}/use`, {})).status).toBe(404);
    expect((await eve.get('/memberships')).status).toBe(401);
    // North's own office proves again who she is there.
    const office = await app.as('office@north.example');
    const proof = (await office.post(`/people/${northId}/invite`)).json<Added>().setPasswordPath;
    expect(proof).toMatch(/^\/join\//);
    expect((await holder.post(proof)).status).toBe(200);
    expect((await findAccountByEmail(app.context.db, 'eve@north.example'))!.memberships).toHaveLength(2);
  });

  it('of a network is in the record of the network', async () => {
    const { db, clock } = app.context;
    await north.person({ name: 'Gil Both', roles: ['advisor'], email: 'gil@north.example' });
    const offered = { email: 'gil@north.example', personId: 'staff-gil', schoolId: null, networkId: 'net-1' };
    await openAccounts({ db }, clock, [offered]);
    const secret = await proveOffer({ db }, clock, 'staff-gil');
    const gil = await app.as('gil@north.example');
    expect((await gil.post(`/join/${secret}`)).status).toBe(200);
    const entries = await listEntriesFrom({ db, schoolId: 'net-1' }, 1, 50);
    const joined = entries.filter(({ act }) => act === 'access.join');
    expect(joined.map(({ actorId, subject }) => [actorId, subject])).toEqual([
      ['staff-gil', { kind: 'person', id: 'staff-gil' }],
    ]);
  });

  it('is one person within a school', async () => {
    await addToSouth('fay@south.example');
    const again = { givenName: 'Fay', familyName: 'Two', email: 'fay@south.example', roles: ['advisor'] };
    expect((await registrar.post('/people', again)).status).toBe(422);
  });
});

it.each([
  ['a person', { 'memberships.personId': 'someone' }],
  ['several people', { 'memberships.personId': { $in: ['someone', 'another'] } }],
  ['the staff of a network', { 'memberships.networkId': 'net' }],
  ['an offer', { 'offers.personId': 'someone' }],
  ['the proof of an offer', { 'offers.hash': 'h' }],
])('the account of %s is found by an index', async (_case, filter) => {
  const accounts = app.context.db.connection.collection('accounts');
  const plan = JSON.stringify(await accounts.find(filter as never).explain('queryPlanner'));
  expect([plan.includes('IXSCAN'), plan.includes('COLLSCAN')]).toEqual([true, false]);
});
