/** A school keeps an administrator who can sign in, whichever way one is taken away. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findAccountByEmail, saveAccountChange } from '../../server/access/account-records.js';
import { keepAdministrator, leaveAdministrators } from '../../server/people/administrators.js';
import { findPerson, listAdministrators, savePersonChange } from '../../server/people/people-records.js';
import type { Person } from '../../server/people/person.js';
import type { SchoolScope } from '../../server/db/database.js';
import type { Client } from '../harness/client.js';
import { sendRoster } from '../harness/roster-desk.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

let schools = 0;
async function aSchoolWith(count: number) {
  schools += 1;
  const mark = schools;
  const school: TestSchool = await app.aSchool();
  const admins: Person[] = [];
  for (let at = 0; at < count; at += 1)
    admins.push(
      await school.person({ name: `Ada ${at}`, roles: ['admin'], email: `ada${at}@keep${mark}.example` }),
    );
  return { school, admins, clients: await Promise.all(admins.map(({ email }) => app.as(email!))) };
}
const left = async ({ scope }: TestSchool) => (await listAdministrators(scope)).length;
const withoutRole = { givenName: 'Ada', familyName: 'One', roles: ['registrar'] };

describe('the last administrator', () => {
  it.each<[string, (client: Client, id: string) => Promise<{ status: number; text: string }>]>([
    ['keeps the role against PUT', (client, id) => client.put(`/people/${id}`, withoutRole)],
    [
      'keeps the role against the form',
      (client, id) => client.post(`/people/${id}`, withoutRole, { as: 'page' }),
    ],
    ['is not deactivated', (client, id) => client.post(`/people/${id}/deactivate`)],
    [
      'is not deactivated by the form',
      (client, id) => client.post(`/people/${id}/deactivate`, {}, { as: 'page' }),
    ],
  ])('%s', async (_case, act) => {
    const { school, admins, clients } = await aSchoolWith(1);
    const reply = await act(clients[0]!, admins[0]!.id);
    expect([reply.status, reply.text]).toEqual([422, expect.stringContaining('without an administrator')]);
    expect(await left(school)).toBe(1);
  });

  it('is not deactivated by a roster: the row is refused', async () => {
    const { school, admins, clients } = await aSchoolWith(1);
    const row = `role,name,email,status\nadmin,${admins[0]!.displayName},${admins[0]!.email!},inactive\n`;
    const outcome = await sendRoster(clients[0]!, row);
    expect([outcome.status, outcome.text]).toEqual([
      200,
      expect.stringContaining('without an administrator'),
    ]);
    expect(await left(school)).toBe(1);
  });

  it('is the last one who can sign in, too', async () => {
    const { school, admins, clients } = await aSchoolWith(2);
    const other = (await findAccountByEmail(app.context.db, admins[1]!.email!))!;
    await saveAccountChange(app.context.db, other.id, { passwordHash: null });
    expect((await clients[0]!.post(`/people/${admins[0]!.id}/deactivate`)).status).toBe(422);
    await saveAccountChange(app.context.db, other.id, { passwordHash: other.passwordHash });
    expect((await clients[0]!.post(`/people/${admins[0]!.id}/deactivate`)).status).toBe(200);
    expect(await left(school)).toBe(1);
  });

  it('is left when two remove each other at the same moment', async () => {
    const { school, admins, clients } = await aSchoolWith(2);
    const replies = await Promise.all([
      clients[0]!.put(`/people/${admins[1]!.id}`, withoutRole),
      clients[1]!.put(`/people/${admins[0]!.id}`, withoutRole),
    ]);
    const statuses = replies.map(({ status }) => status).sort();
    expect(statuses[0]).toBe(200);
    expect([403, 422]).toContain(statuses[1]);
    expect(await left(school)).toBe(1);
  });

  it('is left when two acts have both seen the other one', async () => {
    const { school, admins } = await aSchoolWith(2);
    let both = 0;
    let go: () => void = () => undefined;
    const seen = new Promise<void>((resolve) => (go = resolve));
    const remove = (id: string) =>
      keepAdministrator(school.scope, async (inside) => {
        both += 1;
        if (both === 2) go();
        if (both <= 2) await seen;
        await savePersonChange(inside, id, { active: false });
      });
    const done = await Promise.allSettled(admins.map(({ id }) => remove(id)));
    expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await left(school)).toBe(1);
  });
});

it('who was deactivated signs in again after being reactivated, and only administrators do that to administrators', async () => {
  const { school, admins, clients } = await aSchoolWith(2);
  await school.person({ name: 'Rita', roles: ['registrar'], email: `rita@keep${schools}.example` });
  const registrar = await app.as(`rita@keep${schools}.example`);
  const [id, email] = [admins[1]!.id, admins[1]!.email!];
  expect((await registrar.post(`/people/${id}/deactivate`)).status).toBe(403);
  expect((await clients[0]!.post(`/people/${id}/deactivate`)).status).toBe(200);
  await expect(app.as(email)).rejects.toThrow(/deactivated/);
  expect((await registrar.post(`/people/${id}/reactivate`)).status).toBe(403);
  expect((await clients[0]!.post(`/people/${id}/reactivate`)).status).toBe(200);
  await app.as(email);
});

describe('whoever is no administrator leaves administrators as they are, whatever an act leads to', () => {
  type Effect = (inside: SchoolScope, admin: string, other: string) => Promise<unknown>;
  const effects: [string, Effect][] = [
    ['a role is added', (inside, id) => savePersonChange(inside, id, { roles: ['admin', 'guardian'] })],
    ['the role is taken', (inside, id) => savePersonChange(inside, id, { roles: ['registrar'] })],
    [
      'one is made',
      (inside, _id, other) => savePersonChange(inside, other, { roles: ['panelist', 'admin'] }),
    ],
    ['the address is another', (inside, id) => savePersonChange(inside, id, { email: 'mine@keep.example' })],
    ['one has left', (inside, id) => savePersonChange(inside, id, { active: false })],
  ];
  it.each(effects)('%s', async (_name, effect) => {
    const { school, admins } = await aSchoolWith(1);
    const other = await school.person({ name: 'Pat', roles: ['panelist'] });
    const [admin] = admins;
    const act = (actor: Parameters<typeof leaveAdministrators>[1]) =>
      leaveAdministrators(school.scope, actor, (inside) => effect(inside, admin!.id, other.id));
    const now = async () => [
      await findPerson(school.scope, admin!.id),
      await findPerson(school.scope, other.id),
    ];
    const before = await now();
    await expect(act({ roles: ['registrar'], via: 'session' })).rejects.toThrow('admins-only');
    await expect(act({ roles: ['admin'], via: 'token' })).rejects.toThrow('admins-only');
    expect(await now()).toEqual(before);
    await act({ roles: ['admin'], via: 'session' });
    expect(await now()).not.toEqual(before);
  });
});
