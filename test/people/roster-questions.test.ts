/** What a roster does not say clearly is asked, and never guessed: words, shared addresses, administrators, and people who are missing. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { gradeOf } from '../../server/people/grade.js';
import { namesAgree } from '../../server/people/name-key.js';
import { readWholeName } from '../../server/people/read-names.js';
import { rosterDesk, sendRoster, type Outcome, type RosterDesk } from '../harness/roster-desk.js';
import { startApp, type TestApp } from '../harness/start-app.js';

it.each([
  ['Ruiz, José', 'José', 'Ruiz'],
  ['van der Berg, Ana María', 'Ana María', 'van der Berg'],
  ['King, Martin, Jr.', 'Martin', 'King Jr.'],
  ['Ana Habte, PharmD', 'Ana', 'Habte, PharmD'],
  ['Suharto', 'Suharto', ''],
  ['Suharto,', 'Suharto', ''],
])('reads the name %s', (name, givenName, familyName) => {
  expect(readWholeName(name)).toEqual({ givenName, familyName });
});

it.each([
  ...['9', '09', '9th', 'Grade 9', 'grade 09', 'Gr. 9', 'G9', '9th grade'].map(
    (text) => [text, '9'] as const,
  ),
  ...['K', 'KG', 'Kindergarten'].map((text) => [text, 'K'] as const),
  ['12th Grade', '12'],
  ['Freshman Year', 'Freshman Year'],
  ['PK', 'PK'],
  ['2027', '2027'],
  ['', null],
])('reads the grade %p as %p', (text, grade) => {
  expect(gradeOf(text)).toBe(grade);
});

it.each([
  ['Ana Ruiz', 'RUIZ, ANA', true],
  ['José Núñez', 'Jose Nunez Ibáñez', true],
  ['Sam A', 'Sam B', false],
  ['Dana Roe', 'Ben Roe', false],
  ["Ann O'Brien", 'Ann O’Brien', true],
  ['Mary-Jane Kay', 'Kay, Mary Jane', true],
  ['Łukasz Groß', 'Lukasz Gross', true],
  ['Æsa Þór', 'Aesa Thor', true],
  ['İpek Işık', 'Ipek Isik', true],
  ['Ελένη Νάκης', 'Ελενη Νακης', true],
  ['Артём Йовов', 'Артем Иовов', true],
  ['דָּוִד כהן', 'דוד כהן', true],
  ['أحمد', 'احمد', true],
  ['रवि कुमार', 'रेवा कुमार', false],
  ['অনি সেন', 'আনু সেন', false],
  ['กานดา', 'กินดู', false],
  ['かな', 'がな', false],
])('%s and %s may be one person: %p', (one, other, agree) => {
  expect(namesAgree(one, other)).toBe(agree);
});

describe('a roster', () => {
  let app: TestApp;
  let desk: RosterDesk;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    desk = await rosterDesk(app);
  });
  const preview = (file: string, fields: Record<string, string> = {}) =>
    desk.bringIn(file, { ...fields, dryRun: 'true' }) as Promise<Outcome & { id: string; kept: string }>;
  const namesOf = async () =>
    [...(await desk.everybody()).keys()].filter((name) => name !== 'Rita Registrar').sort();

  it('asks about words for the status, and never takes somebody for active', async () => {
    const file =
      'id,name,status\n1,Ana One,Active\n2,Bo Two,Sabbatical\n3,Cy Three,Graduated\n4,Di Four,Transferred';
    const asked = await preview(file);
    expect(asked.questions).toMatchObject([{ kind: 'status', key: 'status sabbatical' }]);
    const page = await desk.registrar.get(`/people/imports/${asked.id}`, { as: 'page' });
    expect(page.text).toContain('“Sabbatical” in 1 row');
    expect(page.text).toContain('value="left:status sabbatical"');
    expect((await desk.bringIn(file)).errors).toMatchObject([{ row: 3, field: 'status' }]);
    expect(await namesOf()).toEqual(['Ana One', 'Cy Three', 'Di Four']);
    await desk.bringIn(file, { answers: 'left:status sabbatical' });
    const people = await desk.everybody();
    expect(['Ana One', 'Bo Two', 'Cy Three', 'Di Four'].map((name) => people.get(name))).toMatchObject([
      { active: true },
      { active: false, leftAs: 'left' },
      { active: false, leftAs: 'graduated' },
      { active: false, leftAs: 'left' },
    ]);
    const lists = await Promise.all(
      ['here', 'left', 'graduated', 'all'].map((presence) =>
        desk.registrar.get(`/people?role=student&presence=${presence}`),
      ),
    );
    const shown = lists.map((reply) => reply.json<{ items: { displayName: string }[] }>().items.length);
    expect(shown).toEqual([1, 2, 1, 4]);
    await desk.bringIn('id,name\n3,Cy Three\n4,Di Four\n2,Bo Two');
    expect((await desk.everybody()).get('Cy Three')).toMatchObject({ active: false, leftAs: 'graduated' });
    await desk.bringIn('id,name,status\n3,Cy Three,active');
    expect((await desk.everybody()).get('Cy Three')).toMatchObject({ active: true, leftAs: null });
  });

  it('asks about words for a role, and a file without roles gives none to somebody known', async () => {
    const file =
      'role,name,email\nstudent,Ana One,\njanitor,Jan Itor,jan@imp.example\ndean,De An,dean@imp.example';
    expect((await preview(file)).questions.map(({ key }) => key)).toEqual(['role janitor', 'role dean']);
    expect(await desk.bringIn(file, { answers: 'out:role janitor' })).toMatchObject({
      created: 1,
      errors: [{ row: 4, field: 'role' }],
    });
    await desk.bringIn(file, { answers: 'panelist:role dean' });
    expect(await namesOf()).toEqual(['Ana One', 'De An']);
    await desk.bringIn('name,email,language\nDe An,dean@imp.example,fr');
    expect((await desk.everybody()).get('De An')).toMatchObject({ roles: ['panelist'], locale: 'fr' });
  });

  it.each([
    [
      'a child and a guardian',
      'Ben Roe,one@home.example,Dana Roe,one@home.example',
      ['Ben Roe', 'Dana Roe'],
      'Dana Roe',
    ],
    [
      'two guardians',
      'Ben Roe,,Dana Roe,one@home.example,Dan Roe,one@home.example',
      ['Ben Roe', 'Dan Roe', 'Dana Roe'],
      'Dana Roe',
    ],
    ['a child and a guardian without a name', 'Ben Roe,one@home.example,,one@home.example', null, null],
  ])(
    '%s with one address are two people, twice as well as once, and the row is named',
    async (_name, row, names, owner) => {
      const file = `name,email,guardian name,guardian email,guardian 2 name,guardian 2 email\n${row}`;
      const first = await desk.bringIn(file);
      expect(first.errors).toMatchObject([{ row: 2 }]);
      const people = await desk.everybody();
      const ben = people.get('Ben Roe')!;
      expect(ben.guardianIds).not.toContain(ben.id);
      if (names) {
        expect(await namesOf()).toEqual(names);
        const held = [...people.values()].filter(({ email }) => email === desk.own('one@home.example'));
        expect(held.map(({ displayName }) => displayName)).toEqual([owner]);
        expect(ben.guardianIds).toHaveLength(names.length - 1);
      }
      expect(await desk.bringIn(file)).toMatchObject({ created: 0, updated: 0 });
    },
  );

  it('leaves the address with a student who signs in with it, and their guardian is known without it from then on', async () => {
    await desk.bringIn('role,name,email\nstudent,Ben Roe,one@home.example');
    const file =
      'role,name,email,guardian name,guardian email\nstudent,Ben Roe,one@home.example,Dana Roe,one@home.example';
    expect((await desk.bringIn(file)).created).toBe(1);
    const people = await desk.everybody();
    expect([people.get('Ben Roe')!.email, people.get('Dana Roe')!.email]).toEqual([
      desk.own('one@home.example'),
      null,
    ]);
    expect(await desk.bringIn(file)).toMatchObject({ created: 0, updated: 0 });
  });

  it('brings in guardians who have no address, and does not lose those of brothers and sisters', async () => {
    const file =
      'id,name,guardian name,guardian email\n1,Ida Kay,Mo Kay,\n2,Uma Kay,Jo Lee,jo@home.example\n3,Ora Kay,Jo Lee,jo@home.example';
    await desk.bringIn(file);
    expect(await namesOf()).toEqual(['Ida Kay', 'Jo Lee', 'Mo Kay', 'Ora Kay', 'Uma Kay']);
    expect(await desk.bringIn(file)).toMatchObject({ created: 0, updated: 0 });
  });

  it('asks whether another name with the same address is the same person', async () => {
    await desk.bringIn('name,email\nMia Holm,mia@imp.example');
    const file = 'name,email\nMia Berg,mia@imp.example';
    const asked = await preview(file);
    expect([asked.questions, asked.errors]).toMatchObject([
      [{ kind: 'address' }],
      [{ row: 2, field: 'email' }],
    ]);
    await desk.bringIn(file);
    expect(await namesOf()).toEqual(['Mia Holm']);
    const { key } = asked.questions[0]!;
    await desk.bringIn(file, { answers: `two:${key}` });
    expect(await namesOf()).toEqual(['Mia Berg', 'Mia Holm']);
  });

  it('gives the person a new name where that is the answer', async () => {
    await desk.bringIn('name,email\nMia Holm,mia@imp.example');
    const file = 'name,email\nMia Berg,mia@imp.example';
    const { key } = (await preview(file)).questions[0]!;
    expect(await desk.bringIn(file, { answers: `same:${key}` })).toMatchObject({
      created: 0,
      updated: 1,
      errors: [],
    });
    expect(await namesOf()).toEqual(['Mia Berg']);
  });

  it('lists who is not in the file, and lets them leave only when somebody says so', async () => {
    await desk.bringIn('role,id,name\nstudent,1,Ida Kay\nstudent,2,Uma Kay\nadvisor,3,Tea Cher');
    const file = 'role,id,name\nstudent,1,Ida Kay';
    const asked = await preview(file);
    expect(asked.questions.map(({ kind, text }) => [kind, text])).toEqual([['absent', 'Uma Kay']]);
    const page = await desk.registrar.get(`/people/imports/${asked.id}`, { as: 'page' });
    expect(page.text).toContain('1 person is no longer in the file');
    expect((await desk.registrar.post('/people/import', { kept: asked.kept })).status).toBe(200);
    expect((await desk.everybody()).get('Uma Kay')!.active).toBe(true);
    const done = await desk.bringIn(file, { answers: `graduated:${asked.questions[0]!.key}` });
    expect(done).toMatchObject({ updated: 1, differences: [{ name: 'Uma Kay' }] });
    expect((await desk.everybody()).get('Uma Kay')).toMatchObject({ active: false, leftAs: 'graduated' });
    expect((await preview(file)).questions).toEqual([]);
  });

  it('trims blanks of every kind, also those without width', async () => {
    await desk.bringIn('name,email\n\u00a0Ada Ray\u200b,\u2003\u200bada@imp.example\u00a0\u2060');
    expect((await desk.everybody()).get('Ada Ray')?.email).toBe(desk.own('ada@imp.example'));
  });

  it('does not list somebody whose row cannot be used', async () => {
    await desk.bringIn('id,name\n1,Ida Kay\n2,Uma Kay');
    expect((await preview('id,name,email\n1,Ida Kay,\n2,Uma Kay,nothing')).questions).toEqual([]);
  });

  it('makes an administrator only when an administrator has confirmed it by name', async () => {
    await desk.school.person({ name: 'Ada Min', roles: ['admin'], email: desk.own('ada@imp.example') });
    const admin = await app.as(desk.own('ada@imp.example'));
    const file = `role,name,email\nprincipal,Pri Ncipal,${desk.own('pri@imp.example')}`;
    const silent = (await sendRoster(admin, file)).json<Outcome>();
    expect(silent).toMatchObject({
      created: 0,
      errors: [{ row: 2, field: 'role' }],
      questions: [{ kind: 'administrator', text: 'Pri Ncipal' }],
    });
    const { key } = silent.questions[0]!;
    expect((await desk.bringIn(file, { answers: `yes:${key}` })).created).toBe(0);
    expect((await sendRoster(admin, file, { answers: `yes:${key}` })).json<Outcome>().created).toBe(1);
  });
});
