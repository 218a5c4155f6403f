import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { listAdvisories, listAllPeople } from '../../server/people/people-records.js';
import type { Person } from '../../server/people/person.js';
import { listTerms } from '../../server/school/school-records.js';
import { findBrokenEntry } from '../../server/audit/append-audit.js';
import type { Client, Reply } from '../harness/client.js';
import { startApp, testPassword, type TestApp, type TestSchool } from '../harness/start-app.js';
import { oneRoster, zipOf, type Agent } from '../harness/builders/roster.js';

interface Outcome {
  created: number;
  updated: number;
  unchanged: number;
  advisories: { created: number; updated: number };
  terms: { created: number; updated: number };
  errors: { file: string; row: number; field: string; message: string }[];
  differences: { kind: string; name: string; changes: { field: string; from: string; to: string }[] }[];
}

const heading =
  'role,id,given name,family name,email,grade,advisory,advisor email,guardian name,guardian email';
const sheet = [
  heading,
  'advisor,T1,Dana,Okafor,dana@imp.example,,Heron,,,',
  'student,S1,Zoë,Ñandú-Müller,zoe@imp.example,10,Heron,,Paula Ñandú,paula@home.example',
  'student,S2,Amanuel,Tesfaye,,11,Heron,,,',
  'student,S3,Mia,Ñandú-Müller,,9,Heron,,Paula Ñandú,paula@home.example',
].join('\n');

describe('the roster import', () => {
  let app: TestApp;
  let school: TestSchool;
  let registrar: Client;
  let number = 0;

  beforeAll(async () => {
    app = await startApp({ jobs: false });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    number += 1;
    school = await app.aSchool();
    const email = `registrar${number}@imp.example`;
    await school.person({ name: 'Rita Registrar', roles: ['registrar'], email });
    registrar = await app.as(email);
    // Addresses are unique over the whole installation: every test has its own.
    own = (text) => text.replaceAll('@imp.', `@imp${number}.`).replaceAll('@home.', `@home${number}.`);
  });
  let own: (text: string) => string;

  const send = (
    content: string | Buffer,
    fields: Record<string, string> = {},
    name = 'roster.csv',
  ): Promise<Reply> => {
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.append(field, value);
    form.append(
      'roster',
      new Blob([typeof content === 'string' ? own(content) : new Uint8Array(content)]),
      name,
    );
    return registrar.send('POST', '/people/import', form);
  };
  const bringIn = async (content: string | Buffer, fields: Record<string, string> = {}): Promise<Outcome> => {
    const reply = await send(content, fields);
    expect(reply.status).toBe(200);
    return reply.json<Outcome>();
  };
  const everybody = async (): Promise<Map<string, Person>> =>
    new Map((await listAllPeople(school.scope)).map((person) => [person.displayName, person]));

  it('brings people, advisories and families in, and changes nothing the second time', async () => {
    const first = await bringIn(sheet);
    expect(first).toMatchObject({
      created: 5,
      updated: 0,
      unchanged: 0,
      errors: [],
      advisories: { created: 1, updated: 0 },
    });
    const people = await everybody();
    const [heron] = await listAdvisories(school.scope);
    const paula = people.get('Paula Ñandú')!;
    expect(heron).toMatchObject({ name: 'Heron', advisorIds: [people.get('Dana Okafor')!.id] });
    expect(people.get('Zoë Ñandú-Müller')).toMatchObject({
      sourcedId: 'S1',
      grade: '10',
      advisoryId: heron!.id,
      guardianIds: [paula.id],
      roles: ['student'],
    });
    expect(people.get('Mia Ñandú-Müller')).toMatchObject({ guardianIds: [paula.id], email: null });
    expect(paula.roles).toEqual(['guardian']);

    const before = await listAllPeople(school.scope);
    const again = await bringIn(sheet);
    expect(again).toMatchObject({
      created: 0,
      updated: 0,
      unchanged: 5,
      errors: [],
      advisories: { created: 0, updated: 0 },
      differences: [],
    });
    expect(await listAllPeople(school.scope)).toEqual(before);
    expect(await findBrokenEntry(school.scope)).toBeNull();
  });

  it('shows in a dry run exactly what the import then does, and writes nothing', async () => {
    await bringIn(sheet);
    const changed = sheet.replace(',10,Heron', ',11,Osprey').concat('\nstudent,S4,New,Comer,,9,Osprey,,,');
    const before = await listAllPeople(school.scope);
    const dry = await bringIn(changed, { dryRun: 'true' });
    expect(dry).toMatchObject({ created: 1, updated: 1, unchanged: 4, advisories: { created: 1 } });
    expect(dry.differences.find((each) => each.kind === 'updated')).toEqual({
      kind: 'updated',
      name: 'Zoë Ñandú-Müller',
      roles: ['student'],
      changes: [
        { field: 'grade', from: '10', to: '11' },
        { field: 'advisoryId', from: 'Heron', to: 'Osprey' },
      ],
    });
    expect(await listAllPeople(school.scope)).toEqual(before);
    expect(await listAdvisories(school.scope)).toHaveLength(1);
    const real = await bringIn(changed);
    expect(real.differences).toEqual(dry.differences);
    expect((await everybody()).get('Zoë Ñandú-Müller')!.grade).toBe('11');
  });

  it('names every bad row by file, row and column, and keeps the good ones', async () => {
    const outcome = await bringIn(
      [
        heading,
        'student,A1,Good,One,,10,,,,',
        'student,A2,,Nameless,,10,,,,',
        '',
        'wizard,A3,Wanda,Wise,,,,,,',
        'student,A4,Eve,Mail,not-an-address,10,,,,',
        'student,A1,Twice,Same,,10,,,,',
        'student,A5,Good,Two,,10,,,,',
      ].join('\n'),
    );
    expect(outcome.created).toBe(2);
    expect(outcome.errors.map(({ file, row, field }) => [file, row, field])).toEqual([
      ['roster.csv', 3, 'given name'],
      ['roster.csv', 5, 'role'],
      ['roster.csv', 6, 'email'],
      ['roster.csv', 7, 'id'],
    ]);
    expect(outcome.errors[1]!.message).toContain('wizard');
    expect([...(await everybody()).keys()].sort()).toEqual(['Good One', 'Good Two', 'Rita Registrar']);
  });

  it('gives people with an e-mail an account that a one-time link opens, and nobody a password', async () => {
    await bringIn(sheet);
    const zoe = (await everybody()).get('Zoë Ñandú-Müller')!;
    const visitor = app.visitor();
    expect((await visitor.post('/sign-in', { email: zoe.email, password: '' })).status).toBe(422);
    const { setPasswordPath } = (await registrar.post(`/people/${zoe.id}/invite`)).json<{
      setPasswordPath: string;
    }>();
    expect((await visitor.post(setPasswordPath, { password: testPassword })).status).toBe(200);
    await app.as(zoe.email!);
    await bringIn(sheet.replace('zoe@imp.', 'zoe.new@imp.'));
    await app.as(own('zoe.new@imp.example'));
  });

  it('does not take over an account of another school', async () => {
    const other = await app.aSchool();
    await other.person({ name: 'Else Where', roles: ['advisor'], email: own('else@imp.example') });
    const outcome = await bringIn(
      `${heading}\nadvisor,X1,Else,Where,else@imp.example,,,,,\nstudent,X2,Fine,Fellow,,9,,,,`,
    );
    expect(outcome.created).toBe(1);
    expect(outcome.errors).toEqual([expect.objectContaining({ row: 2, field: 'email' })]);
  });

  it('keeps what the school added by hand: roles, guardians, the name as it is written', async () => {
    await bringIn(sheet);
    const people = await everybody();
    const dana = people.get('Dana Okafor')!;
    await registrar.put(`/people/${dana.id}`, {
      givenName: 'Dana',
      familyName: 'Okafor',
      displayName: 'Dana “Dee” Okafor',
      roles: ['advisor', 'registrar'],
    });
    const again = await bringIn(sheet);
    expect(again).toMatchObject({ updated: 0, unchanged: 5 });
    expect((await everybody()).get('Dana “Dee” Okafor')!.roles).toEqual(['advisor', 'registrar']);
  });

  it.each([
    [
      'a byte order mark and semicolons',
      Buffer.from('\ufeffRolle;id;First Name;Last Name\r\n;1;Jürgen;Groß\r\n'),
      'Jürgen Groß',
    ],
    ['tabs in UTF-16', Buffer.from('\ufeffid\tname\n1\tÅsa Öberg\n', 'utf16le'), 'Åsa Öberg'],
    ['Windows-1252', Buffer.from('id,name\n1,José Núñez\n', 'latin1'), 'José Núñez'],
    [
      'quotes and line breaks inside a cell',
      Buffer.from('id,name,organisation\n1,"O""Neil, Sam","Line one\nline two"\n'),
      'O"Neil, Sam',
    ],
    [
      'Arabic, Chinese and Amharic',
      Buffer.from('id,given name,family name\n1,ليلى,حسن\n2,雨桐,陈\n3,መቅደስ,ታደሰ\n'),
      'መቅደስ ታደሰ',
    ],
  ])('reads %s', async (_name, bytes, person) => {
    const outcome = await bringIn(bytes);
    expect(outcome.errors).toEqual([]);
    expect([...(await everybody()).keys()]).toContain(person);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0, 10, 0, 0])],
    ['a table without names', Buffer.from('id,grade\n1,10\n')],
    ['an open quotation mark', Buffer.from('id,name\n1,"Anna\n')],
    ['a damaged zip', Buffer.from('PK\x03\x04 this is no zip')],
  ])('refuses %s at the field, and changes nothing', async (_name, bytes) => {
    const reply = await send(bytes);
    expect(reply.status).toBe(422);
    expect(reply.json<{ error: { fields: { field: string }[] } }>().error.fields).toEqual([
      expect.objectContaining({ field: 'roster' }),
    ]);
    expect((await everybody()).size).toBe(1);
  });

  it('refuses a zip bomb before it fills the memory, and a file over the limit', async () => {
    const bomb = await zipOf({
      'manifest.csv': 'propertyName,value\n',
      'users.csv': Buffer.alloc(200 * 1024 * 1024, 'a'),
    });
    expect(bomb.length).toBeLessThan(1024 * 1024);
    expect((await send(bomb, {}, 'bomb.zip')).status).toBe(422);
    expect((await send(Buffer.alloc(16 * 1024 * 1024, 'a'))).status).toBe(413);
  });

  describe('from OneRoster', () => {
    const users: Agent[] = [
      { id: 't1', given: 'Dana', family: 'Okafor', email: 'dana.t1@one.example', role: 'teacher' },
      { id: 't2', given: 'Lee', family: 'Park', role: 'teacher' },
      { id: 's1', given: 'Zoë', family: 'Ñandú', role: 'student', grades: '09', agents: ['g1'] },
      { id: 's2', given: 'Amanuel', family: 'Tesfaye', role: 'student', grades: '10' },
      { id: 'g1', given: 'Paula', family: 'Ñandú', role: 'parent' },
      { id: 'g2', given: 'Tirunesh', family: 'Tesfaye', role: 'guardian', agents: ['s2'] },
    ];
    const homerooms = [{ id: 'c1', title: 'Heron', teacher: 't1', students: ['s1', 's2'] }];
    const own1 = (list: Agent[]): Agent[] =>
      list.map((user) => (user.email ? { ...user, email: `${number}.${user.email}` } : user));

    it('makes advisories of homerooms, guardians of agents, terms of sessions; twice is the same', async () => {
      const zip = await oneRoster({ users: own1(users), homerooms });
      const first = await bringIn(zip);
      expect(first).toMatchObject({
        created: 6,
        errors: [],
        terms: { created: 2, updated: 0 },
        advisories: { created: 1 },
      });
      const people = await everybody();
      const [heron] = await listAdvisories(school.scope);
      expect(heron!.advisorIds).toEqual([people.get('Dana Okafor')!.id]);
      expect(people.get('Dana Okafor')!.roles).toEqual(['advisor']);
      expect(people.get('Lee Park')!.roles).toEqual(['panelist']);
      expect(people.get('Zoë Ñandú')).toMatchObject({
        grade: '9',
        advisoryId: heron!.id,
        guardianIds: [people.get('Paula Ñandú')!.id],
      });
      expect(people.get('Amanuel Tesfaye')!.guardianIds).toEqual([people.get('Tirunesh Tesfaye')!.id]);
      expect((await listTerms(school.scope)).map((term) => term.name)).toEqual([
        'Year',
        'Fall 2026',
        'Spring 2027',
      ]);
      expect(await bringIn(zip)).toMatchObject({
        created: 0,
        updated: 0,
        unchanged: 6,
        terms: { created: 0, updated: 0 },
      });
    });

    it('takes a guardian away whom the archive no longer names, and makes inactive who has left', async () => {
      await bringIn(await oneRoster({ users: own1(users), homerooms }));
      const later = users.map((user) =>
        user.id === 's1'
          ? { ...user, agents: [] }
          : user.id === 't2'
            ? { ...user, status: 'tobedeleted' }
            : user,
      );
      expect(await bringIn(await oneRoster({ users: own1(later), homerooms }))).toMatchObject({
        updated: 2,
        unchanged: 4,
      });
      const people = await everybody();
      expect(people.get('Zoë Ñandú')!.guardianIds).toEqual([]);
      expect(people.get('Lee Park')!.active).toBe(false);
    });

    it('takes only its own school out of an archive of several, and says so when none fits', async () => {
      const orgs = `sourcedId,status,dateLastModified,name,type\nschool-1,active,,${school.school.name},school\nschool-2,active,,Another,school`;
      const roles =
        'sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId\n1,active,,s1,primary,student,,,school-1\n2,active,,s2,primary,student,,,school-2';
      expect(
        await bringIn(await oneRoster({ users: own1(users) }, { 'orgs.csv': orgs, 'roles.csv': roles })),
      ).toMatchObject({ created: 1 });
      const strange = orgs.replace(school.school.name, 'Third');
      expect(
        (await send(await oneRoster({ users: own1(users) }, { 'orgs.csv': strange, 'roles.csv': roles })))
          .status,
      ).toBe(422);
    });

    it.each([
      ['without a manifest', { 'manifest.csv': null }],
      ['without users', { 'users.csv': null }],
      ['with changes only', { 'manifest.csv': 'propertyName,value\nfile.users,delta' }],
    ])('refuses an archive %s', async (_name, change) => {
      expect((await send(await oneRoster({ users }, change))).status).toBe(422);
    });
  });

  it('leads a person from the file over the differences to the import without sending the file twice', async () => {
    const form = new FormData();
    form.append('dryRun', 'true');
    form.append('roster', new Blob([own(sheet)]), 'herbst.csv');
    const preview = await registrar.send('POST', '/people/import', form, { as: 'page' });
    expect(preview.status).toBe(200);
    expect(preview.text).toContain('Import 5 people');
    expect(preview.text).toContain('Zoë Ñandú-Müller');
    expect((await everybody()).size).toBe(1);
    const kept = /name="kept" value="([^"]+)"/.exec(preview.text)![1]!;
    const imported = await registrar.post('/people/import', { kept }, { as: 'page' });
    expect([imported.status, imported.headers.get('location')]).toEqual([303, '/people']);
    expect((await everybody()).size).toBe(6);
    const gone = await registrar.post('/people/import', { kept }, { as: 'page' });
    expect(gone.status).toBe(422);
    expect(gone.text).toContain('choose the file again');
  });
});
