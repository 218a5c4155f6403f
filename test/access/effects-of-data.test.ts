/**
 * What somebody may send is not enough to know: every persona tries to gain a role or a relation by the data
 * of a request they may make, and afterwards the records are compared. Routes are the permission matrix's;
 * this is about what a body or a file says.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findAccountOfPerson } from '../../server/access/account-records.js';
import { listAdvisories, listAllPeople, savePersonChange } from '../../server/people/people-records.js';
import type { Person } from '../../server/people/person.js';
import { csv, oneRoster } from '../harness/builders/roster.js';
import { buildWorld, type World } from '../harness/builders/world.js';
import { mailOf } from '../harness/builders/world-people.js';
import type { Client } from '../harness/client.js';
import { sendRoster } from '../harness/roster-desk.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import type { Persona } from './permission-rows/row.js';

let app: TestApp;
let world: World;
let people: World['people'];
beforeAll(async () => {
  app = await startApp();
  world = await buildWorld(app);
  people = world.people;
  // An administrator whom the school's roster knows.
  await savePersonChange(world.home.scope, people.admin.id, { sourcedId: 'ADM-1' });
  await savePersonChange(world.home.scope, people.registrar.id, { sourcedId: 'REG-1' });
}, 120_000);
afterAll(() => app.close());

type Payload = (client: Client, self: Person) => Promise<unknown>;

const heading = ['id', 'given name', 'family name', 'email', 'role', 'status', 'guardian email'];
const csvRow = (cells: Partial<Record<string, string>>): Payload => {
  const content = csv([heading, heading.map((column) => cells[column] ?? '')]);
  return (client) => sendRoster(client, content);
};
const agent = (role: string, more: object = {}) => ({
  ...{ id: 'NEW-1', given: 'New', family: 'Person', email: 'new.person@home.example', role },
  ...more,
});
const zip =
  (role: string, more: object = {}): Payload =>
  async (client) =>
    sendRoster(client, await oneRoster({ users: [agent(role, more)] }), {}, { name: 'roster.zip' });
const named = (person: Person, roles: string[], more: object = {}) => ({
  givenName: person.givenName || person.displayName,
  familyName: person.familyName,
  roles,
  ...more,
});

/** With every choice in their own favor. */
const merging = (into: Person, from: Person): [path: string, body: object] => [
  `/people/${into.id}/merge/${from.id}`,
  { name: 'into', email: 'into', sourcedId: 'into', account: 'into', confirmNumbers: true, reason: 'Mine' },
];

/** Ways to make, to take over or to turn out an administrator. */
const towardsAdministrator: Record<string, Payload> = {
  'adds an administrator': (client) =>
    client.post('/people', {
      givenName: 'New',
      familyName: 'Chief',
      email: 'n@home.example',
      roles: ['admin'],
    }),
  'gives themselves the role': (client, self) =>
    client.put(`/people/${self.id}`, named(self, [...self.roles, 'admin'])),
  'gives themselves the role by the form': (client, self) =>
    client.post(`/people/${self.id}`, named(self, [...self.roles, 'admin'])),
  'gives somebody else the role': (client) =>
    client.put(`/people/${people.spare.id}`, named(people.spare, ['admin'])),
  'takes the role from the administrator': (client) =>
    client.put(`/people/${people.admin.id}`, named(people.admin, ['panelist'])),
  'makes a link for the administrator': (client) => client.post(`/people/${people.admin.id}/invite`),
  'merges the administrator into themselves': (client, self) => client.post(...merging(self, people.admin)),
  'merges themselves into the administrator': (client, self) => client.post(...merging(people.admin, self)),
  'merges the administrator into somebody': (client) => client.post(...merging(people.spare, people.admin)),
  'ties a child to the administrator': (client) =>
    client.post(`/people/${people.otherStudent.id}/guardians`, { personId: people.admin.id }),
  'adds a child of the administrator': (client) =>
    client.post('/people', {
      ...{ givenName: 'New', familyName: 'Child', roles: ['student'], guardianIds: [people.admin.id] },
    }),
  'makes themselves network staff': (client, self) =>
    client.put(`/people/${self.id}`, named(self, [...self.roles, 'network'])),
  'CSV: a new administrator': csvRow({ 'given name': 'New', 'family name': 'Chief', role: 'admin' }),
  'CSV: a principal': csvRow({ 'given name': 'New', 'family name': 'Chief', role: 'student; Principal' }),
  'CSV: themselves by address': (client, self) =>
    csvRow({ 'given name': self.givenName, email: self.email!, role: 'administrator' })(client, self),
  'CSV: somebody by identifier': csvRow({ id: 'REG-1', 'given name': 'registrar', role: 'registrar/admin' }),
  'CSV: themselves by name': (client, self) =>
    csvRow({ 'given name': self.givenName, role: `${self.roles[0]}; admin` })(client, self),
  'CSV: the administrator leaves': csvRow({
    ...{ id: 'ADM-1', 'given name': 'admin', role: 'admin', status: 'inactive' },
  }),
  "CSV: the administrator's address": csvRow({
    ...{ id: 'ADM-1', 'given name': 'admin', role: 'admin', email: 'mine@home.example' },
  }),
  "CSV: the administrator's identifier": csvRow({
    ...{ id: 'ADM-2', 'given name': 'admin', role: 'student', email: mailOf('admin') },
  }),
  "CSV: the administrator's name": csvRow({ id: 'ADM-1', 'given name': 'Nobody', role: 'admin' }),
  "CSV: the administrator's child": (client) =>
    csvRow({ id: 'S-79', 'given name': 'Chief', role: 'student', 'guardian email': mailOf('admin') })(
      client,
      people.admin,
    ),
  'CSV: the administrator is family': (client) =>
    csvRow({ id: 'ADM-1', 'given name': 'admin', role: 'guardian', email: mailOf('admin') })(
      client,
      people.admin,
    ),
  'CSV: the administrator sits on panels': csvRow({ id: 'ADM-1', 'given name': 'admin', role: 'panelist' }),
  'OneRoster: the administrator is family': zip('guardian', {
    ...{ id: 'ADM-1', given: 'admin', family: '', email: mailOf('admin') },
  }),
  'OneRoster: administrator': zip('administrator'),
  'OneRoster: principal': zip('principal'),
  'OneRoster: siteAdministrator': zip('siteAdministrator'),
  'OneRoster: systemAdministrator': zip('systemAdministrator'),
  'OneRoster: districtAdministrator': zip('districtAdministrator'),
  'OneRoster: themselves': (client, self) => zip('siteAdministrator', { email: self.email })(client, self),
  'OneRoster: the administrator leaves': zip('student', {
    id: 'ADM-1',
    given: 'admin',
    status: 'tobedeleted',
  }),
};

/** Ways to become somebody's family, advisor or a member of the office without being asked. */
const towardsStudents: Record<string, Payload> = {
  'becomes the guardian of a stranger': (client, self) =>
    client.put(
      `/people/${people.otherStudent.id}`,
      named(people.otherStudent, ['student'], { guardianIds: [self.id] }),
    ),
  'adds a student with themselves as guardian': (client, self) =>
    client.post('/people', {
      givenName: 'New',
      familyName: 'Child',
      roles: ['student'],
      guardianIds: [self.id],
    }),
  'merges a stranger’s family into themselves': (client, self) =>
    client.post(...merging(self, people.otherGuardian)),
  'becomes a registrar': (client, self) =>
    client.put(`/people/${self.id}`, named(self, [...self.roles, 'registrar'])),
  'leads an advisory': (client, self) =>
    client.put(`/advisories/${world.advisories.otherAdvisor}`, { name: 'mine', advisorIds: [self.id] }),
  'makes an advisory of their own': (client, self) =>
    client.post('/advisories', { name: 'of my own', advisorIds: [self.id] }),
  'CSV: a stranger is their child': (client, self) =>
    csvRow({
      ...{ 'given name': 'otherStudent', role: 'student', email: mailOf('otherStudent') },
      'guardian email': self.email!,
    })(client, self),
  'OneRoster: becomes a teacher': (client, self) => zip('teacher', { email: self.email })(client, self),
};

/** A program with a token of the administrator's. */
async function programWith(scopes: string[]): Promise<Client> {
  const made = await (await world.client('admin')).post('/account/tokens', { name: 'nightly', scopes });
  const headers = { Authorization: `Bearer ${made.json<{ token: string }>().token}` };
  const visitor = app.visitor();
  return {
    ...visitor,
    get: (path) => visitor.get(path, { headers }),
    send: (method, path, body) => visitor.send(method, path, body, { headers }),
  };
}

async function governors() {
  const all = await listAllPeople(world.home.scope);
  const admins = all.filter((person) => person.roles.includes('admin') || person.id === people.admin.id);
  const accounts = await Promise.all(admins.map(({ id }) => findAccountOfPerson(app.context.db, id)));
  return admins.map((person, at) => ({
    ...person,
    account: accounts[at] && { email: accounts[at].email, invitation: accounts[at].invitation },
  }));
}

async function relations() {
  const all = await listAllPeople(world.home.scope);
  const advisories = await listAdvisories(world.home.scope);
  return {
    people: all.map(({ id, roles, guardianIds, advisoryId, active, email }) => ({
      ...{ id, roles, guardianIds, advisoryId, active, email },
    })),
    led: advisories.map(({ id, advisorIds }) => ({ id, advisorIds })),
  };
}

const attempts = (payloads: Record<string, Payload>, personas: Persona[]) =>
  Object.entries(payloads).flatMap(([name, payload]) =>
    personas.map((persona) => [persona, name, payload] as const),
  );
const selfOf = (persona: Persona): Person => people[persona as keyof typeof people] ?? people.spare;

const withoutOffice: Persona[] = [
  'visitor',
  'student',
  'guardian',
  'advisor',
  'panelist',
  'network',
  'strangeRegistrar',
  'strangeAdmin',
];

describe('only administrators can make somebody an administrator', () => {
  it.each(attempts(towardsAdministrator, ['registrar']))('%s: %s', async (persona, _name, payload) => {
    const before = await governors();
    await payload(await world.client(persona), selfOf(persona));
    expect(await governors()).toEqual(before);
  });

  it('a registrar is told so at the row, and the other rows come in', async () => {
    const content = csv([
      heading,
      ['', 'registrar', '', mailOf('registrar'), 'admin', '', ''],
      ['S-77', 'Fine', 'Fellow', '', 'student', '', ''],
    ]);
    const reply = await sendRoster(await world.client('registrar'), content);
    const outcome = reply.json<{
      created: number;
      errors: { row: number; field: string; message: string }[];
    }>();
    expect(outcome.created).toBe(1);
    expect(outcome.errors).toEqual([
      expect.objectContaining({ row: 2, field: 'role', message: expect.stringContaining('administrator') }),
    ]);
  });

  it('a registrar is told that an administrator must name one as family, and the student comes in', async () => {
    const content = csv([heading, ['S-78', 'Chief', 'Child', '', 'student', '', mailOf('admin')]]);
    const outcome = (await sendRoster(await world.client('registrar'), content)).json<{
      errors: { row: number; field: string; message: string }[];
    }>();
    expect(outcome.errors).toEqual([
      expect.objectContaining({
        row: 2,
        field: 'guardian email',
        message: expect.stringContaining('admin is an'),
      }),
    ]);
    const child = (await listAllPeople(world.home.scope)).find(({ sourcedId }) => sourcedId === 'S-78')!;
    expect(child.guardianIds).toEqual([]);
    const path = `/people/${child.id}/guardians`;
    const refused = await (await world.client('registrar')).post(path, { personId: people.admin.id });
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('is an administrator')]);
  });

  it('an administrator with a child at the school is made family by an administrator, and tied by anybody then', async () => {
    const [before] = await governors();
    const client = await world.client('admin');
    const content = csv([heading, ['S-78', 'Chief', 'Child', '', 'student', '', mailOf('admin')]]);
    expect((await sendRoster(client, content)).json<{ errors: unknown[] }>().errors).toEqual([]);
    const all = await listAllPeople(world.home.scope);
    const child = all.find(({ sourcedId }) => sourcedId === 'S-78')!;
    expect(child.guardianIds).toEqual([people.admin.id]);
    expect(all.find(({ id }) => id === people.admin.id)!.roles).toEqual([...before!.roles, 'guardian']);
    const registrar = await world.client('registrar');
    const sister = await world.home.person({ name: 'Chief Sister', roles: ['student'] });
    const tied = await registrar.post(`/people/${sister.id}/guardians`, { personId: people.admin.id });
    expect([tied.status, tied.text]).toEqual([201, expect.any(String)]);
  });

  it('a token of an administrator makes none by a file', async () => {
    const before = await governors();
    const program = await programWith(['people:import', 'read']);
    const reply = await sendRoster(program, csv([heading, ['', 'New', 'Chief', '', 'admin', '', '']]));
    expect(reply.json<{ errors: unknown[] }>().errors).toHaveLength(1);
    expect(await governors()).toEqual(before);
  });

  it('a token moves no address with which somebody signs in, and the rest of the row comes in', async () => {
    const program = await programWith(['people:import', 'people:write', 'read']);
    const put = await program.send(
      'PUT',
      `/people/${people.registrar.id}`,
      named(people.registrar, ['registrar'], { email: 'mine@home.example' }),
    );
    expect([put.status, put.text]).toEqual([422, expect.stringContaining('token')]);
    const rows = [heading, ['REG-1', 'registrar', '', 'mine@home.example', 'registrar;panelist', '', '']];
    const outcome = (await sendRoster(program, csv(rows))).json<{ errors: { field: string }[] }>();
    expect(outcome.errors).toEqual([expect.objectContaining({ field: 'email' })]);
    const after = (await listAllPeople(world.home.scope)).find(({ id }) => id === people.registrar.id)!;
    expect([after.email, after.roles]).toEqual([people.registrar.email, ['registrar', 'panelist']]);
    const account = await findAccountOfPerson(world.home.scope, people.registrar.id);
    expect(account?.email).toBe(people.registrar.email);
  });

  it('an administrator does it by form and by file', async () => {
    const client = await world.client('admin');
    const admins = async () =>
      (await listAllPeople(world.home.scope))
        .filter(({ roles }) => roles.includes('admin'))
        .map(({ displayName }) => displayName)
        .sort();
    const table = csv([heading, ['', 'New', 'Chief', '', 'admin', '', '']]);
    const archive = await oneRoster({ users: [agent('principal')] });
    for (const [content, name] of [
      [table, 'roster.csv'],
      [archive, 'roster.zip'],
    ] as const) {
      const before = await admins();
      const asked = (await sendRoster(client, content, {}, { name })).json<{
        questions: { key: string }[];
      }>();
      expect(await admins()).toEqual(before);
      await sendRoster(client, content, { answers: `yes:${asked.questions[0]!.key}` }, { name });
    }
    expect(await admins()).toEqual(['New Chief', 'New Person', 'admin']);
  });
});

describe('nobody outside the office gains a role or a relation', () => {
  it.each(withoutOffice)('%s', async (persona) => {
    const before = await relations();
    const changed: string[] = [];
    for (const [name, payload] of Object.entries({ ...towardsAdministrator, ...towardsStudents })) {
      await payload(await world.client(persona), selfOf(persona));
      if (JSON.stringify(await relations()) !== JSON.stringify(before)) changed.push(name);
    }
    expect(changed).toEqual([]);
  });
});
