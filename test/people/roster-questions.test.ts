/**
 * What a roster does not say clearly is asked, and never guessed: words, shared addresses, administrators,
 * and people who are missing.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findAccountOfPerson } from '../../server/access/account-records.js';
import { listEnrollments } from '../../server/people/enrollment-records.js';
import { gradeOf } from '../../server/people/grade.js';
import { listAdvisories, listAllPeople, savePersonChange } from '../../server/people/people-records.js';
import { namesAgree } from '../../server/people/name-key.js';
import { readWholeName } from '../../server/people/read-names.js';
import { outcomeOf, rosterDesk, sendRoster, type Outcome, type RosterDesk } from '../harness/roster-desk.js';
import { startApp, type TestApp } from '../harness/start-app.js';

it.each([
  ['Ruiz, José', 'José', 'Ruiz'],
  ['van der Berg, Ana María', 'Ana María', 'van der Berg'],
  ['King, Martin, Jr.', 'Martin', 'King Jr.'],
  ['Ana Habte, PharmD', 'Ana', 'Habte, PharmD'],
  ['Suharto', 'Suharto', ''],
  ['Suharto,', 'Suharto', ''],
  ['Suharto, Jr.', 'Suharto', 'Jr.'],
  ['Khin, Ma', 'Ma', 'Khin'],
  ['Ana Habte, MA', 'Ana', 'Habte, MA'],
  ['王，小明', '小明', '王'],
  ['محمد، علي', 'علي', 'محمد'],
])('reads the name %s', (name, givenName, familyName) => {
  expect(readWholeName(name)).toEqual({ givenName, familyName });
});

it.each([
  ...[
    ...['9', '09', '9th', 'Grade 9', 'grade 09', 'Gr. 9', 'G9', '9th grade', '9.0', 'Yr 9', '9-th'],
    ...['Class 9', 'Year 09', '９', '٩', '९', 'Grade ９', 'Ninth', 'ninth grade', 'Grade Nine'],
    ...['9th Grade (Freshman)', '9 (Ninth)'],
  ].map((text) => [text, '9'] as const),
  ...['K', 'KG', 'Kindergarten'].map((text) => [text, 'K'] as const),
  ['12th Grade', '12'],
  ['١٢', '12'],
  ['Second Year Seniors', 'Second Year Seniors'],
  ['Freshman Year', 'Freshman Year'],
  ['PK', 'PK'],
  ['2027', '2027'],
  ['-1', '-1'],
  ['9.5', '9.5'],
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

  it('asks about a name that somebody who has left had, too, only where it can be theirs', async () => {
    const named = 'name,grade,status';
    await desk.bringIn(`id,${named}\nO1,Jo Kim,12,graduated\nO2,Lu Fay,8,left\nO3,Al Roy,6,left`);
    await desk.bringIn(`${named}\nJo Kim,9,active\nLu Fay,8,active\nAl Roy,9,active`, {
      answers: 'two:all name',
    });
    const ids = async () => {
      const here = (await listAllPeople(desk.school.scope)).filter(({ active }) => active);
      return new Map(here.map(({ displayName, id }) => [displayName, id]));
    };
    const before = await ids();
    // A year later; whoever left in the eighth grade may be back in the ninth.
    const file = 'name,grade\nJo Kim,10\nLu Fay,9\nAl Roy,10';
    const asked = await preview(file);
    expect(asked.questions.filter(({ kind }) => kind === 'name').map(({ text }) => text)).toEqual([
      expect.stringContaining('Lu Fay'),
    ]);
    expect((await desk.bringIn(file)).updated).toBe(2);
    expect(await ids()).toEqual(before);
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
    await desk.bringIn(
      'name,email\n\u00a0Ada Ray\u200b,\u2003\u200bada@imp.example\u00a0\u2060\nBo\u200bb\u00a0\u3000Li\u00adn,',
    );
    const people = await desk.everybody();
    expect(people.get('Ada Ray')?.email).toBe(desk.own('ada@imp.example'));
    expect(people.get('Bob Lin')).toMatchObject({ givenName: 'Bob', familyName: 'Lin' });
  });

  it('does not list somebody whose row cannot be used', async () => {
    await desk.bringIn('id,name\n1,Ida Kay\n2,Uma Kay');
    expect((await preview('id,name,email\n1,Ida Kay,\n2,Uma Kay,nothing')).questions).toEqual([]);
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', '非Admin', 'Ädmin', 'Janitor 2'])(
    'asks about the word %s for a role like about any other',
    async (word) => {
      const asked = await preview(`role,name\n${word},Ana One`);
      expect([asked.created, asked.questions.map(({ kind }) => kind)]).toEqual([0, ['role']]);
    },
  );

  it('knows a role that has a number', async () => {
    expect(
      await desk.bringIn('role,name\nParent 1,Ana One\nGuardian２,Bo Two\nTeacher 2,Cy Three'),
    ).toMatchObject({ created: 3, errors: [], questions: [] });
    const roles = [...(await desk.everybody()).values()].map((each) => each.roles.join());
    expect(roles.sort()).toEqual(['advisor', 'guardian', 'guardian', 'registrar']);
  });

  it('takes all lines for people where that is the answer', async () => {
    const file = 'name,grade\nAna One,9\nTotal 1,\nPage 1,';
    const waits = await desk.bringIn(file);
    expect([waits.created, waits.questions.map(({ kind }) => kind)]).toEqual([1, ['line', 'line']]);
    expect(await desk.bringIn(file, { answers: 'person:all line' })).toMatchObject({
      created: 2,
      errors: [],
    });
    expect(await namesOf()).toEqual(['Ana One', 'Page 1', 'Total 1']);
  });

  it('answers all that is left open of a kind at once, and counts what is not listed', async () => {
    const rows = Array.from({ length: 205 }, (_each, at) => `Sam S${at},s${at}@imp.example`);
    await desk.bringIn(`name,email\n${rows.join('\n')}`);
    const file = `name,email\n${rows.map((row) => row.replace('Sam', 'Kim')).join('\n')}`;
    const asked = await preview(file);
    expect(asked.questions.filter(({ kind }) => kind === 'address')).toHaveLength(200);
    const page = await desk.registrar.get(`/people/imports/${asked.id}`, { as: 'page' });
    expect(page.text).toContain('205 emails with two names each');
    expect(page.text).toContain('value="two:all address"');
    const [one] = asked.questions;
    // As the form sends it: one field for each question, most of them left open.
    const answers = ['two:all address', `same:${one!.key}`, ...Array.from({ length: 2500 }, () => '')];
    const reply = await desk.registrar.send(
      'POST',
      '/people/import',
      new URLSearchParams([
        ['kept', asked.kept] as [string, string],
        ...answers.map((each): [string, string] => ['answers', each]),
      ]),
    );
    const begun = reply.json<{ jobId?: string; id?: string }>();
    await outcomeOf(desk.registrar, begun.jobId ?? begun.id!);
    const names = await namesOf();
    expect(names.filter((name) => name.startsWith('Kim'))).toHaveLength(205);
    expect(names.filter((name) => name.startsWith('Sam'))).toHaveLength(204);
  });

  it('does not take the child for the parent of the same name, twice as well as once', async () => {
    const file =
      'name,email,guardian name,guardian email\nJuan Garcia,fam@home.example,Juan Garcia,fam@home.example';
    const people = async () =>
      [...(await listAllPeople(desk.school.scope))]
        .filter(({ displayName }) => displayName === 'Juan Garcia')
        .map(({ roles, email }) => [roles.join(), email])
        .sort();
    const both = [
      ['guardian', desk.own('fam@home.example')],
      ['student', null],
    ];
    await desk.bringIn(file);
    expect(await people()).toEqual(both);
    expect(await desk.bringIn(file)).toMatchObject({ created: 0, updated: 0 });
    expect(await people()).toEqual(both);
    const alone = await preview('name,email\nJuan Garcia,fam@home.example');
    expect(alone.questions).toMatchObject([{ kind: 'address' }]);
  });

  it('asks whether a name that is only partly the same with the same address is the same person', async () => {
    await desk.bringIn('role,name,email\nstudent,Maria Kay,fam@home.example');
    const file = 'role,name,email\nstudent,Maria José Kay,fam@home.example';
    expect((await preview(file)).questions).toMatchObject([{ kind: 'address' }]);
    expect((await preview(file.replace('Maria José', 'MARÍA'))).created).toBe(0);
  });

  it('says of the term in which somebody left that they have graduated, when that is known later', async () => {
    const status = async (word: string) => {
      await desk.bringIn(`id,name,status\n1,Ida Kay,${word}`);
      const { id } = (await desk.everybody()).get('Ida Kay')!;
      const [kept] = await listEnrollments(desk.school.scope, desk.school.termId, [id]);
      return kept?.status;
    };
    expect([await status('active'), await status('left'), await status('graduated')]).toEqual([
      'enrolled',
      'left',
      'graduated',
    ]);
  });

  it('finds students by their grade however it is typed', async () => {
    await desk.bringIn('id,name,grade\n1,Ida Kay,9th\n2,Uma Kay,10');
    const found = await desk.registrar.get('/students?grade=Grade%209');
    expect(found.json<{ items: { displayName: string }[] }>().items).toMatchObject([
      { displayName: 'Ida Kay' },
    ]);
  });

  it('lets people exchange addresses, and somebody take one that is given up', async () => {
    await desk.bringIn(
      'role,id,name,email\nstudent,1,Ida Kay,a@imp.example\nstudent,2,Uma Kay,b@imp.example',
    );
    const swapped = 'role,id,name,email\nstudent,1,Ida Kay,b@imp.example\nstudent,2,Uma Kay,a@imp.example';
    expect(await desk.bringIn(swapped)).toMatchObject({ updated: 2, errors: [] });
    expect(await desk.bringIn(swapped)).toMatchObject({ updated: 0, errors: [] });
    const given =
      'role,id,name,email,guardian name,guardian email\nstudent,1,Ida Kay,new@imp.example,Mo Kay,b@imp.example\nstudent,2,Uma Kay,a@imp.example,,';
    expect(await desk.bringIn(given)).toMatchObject({ created: 1, updated: 1, errors: [] });
    const people = await desk.everybody();
    expect(['Ida Kay', 'Uma Kay', 'Mo Kay'].map((name) => people.get(name)!.email)).toEqual(
      ['new@imp.example', 'a@imp.example', 'b@imp.example'].map(desk.own),
    );
    const accounts = await Promise.all(
      ['Ida Kay', 'Uma Kay', 'Mo Kay'].map((name) =>
        findAccountOfPerson(desk.school.scope, people.get(name)!.id),
      ),
    );
    expect(accounts.map((account) => account?.email)).toEqual(
      ['new@imp.example', 'a@imp.example', 'b@imp.example'].map(desk.own),
    );
  });

  it('does not hide somebody who is missing behind an address that others have', async () => {
    await desk.bringIn('id,name,email\n1,Ida Kay,\n2,Uma Kay,fam@home.example');
    const asked = await preview(
      'id,name,email,guardian name,guardian email\n1,Ida Kay,,Mo Kay,fam@home.example',
    );
    expect(asked.questions.map(({ kind, text }) => [kind, text])).toContainEqual(['absent', 'Uma Kay']);
  });

  it('does not list somebody whose row is left out or waits', async () => {
    await desk.bringIn('role,id,name\nstudent,1,Ida Kay\nstudent,2,Uma Kay');
    const file = 'role,id,name\nstudent,1,Ida Kay\nvisitor,2,Uma Kay';
    expect((await preview(file)).questions.map(({ kind }) => kind)).toEqual(['role']);
    expect((await preview(file, { answers: 'out:role visitor' })).questions.map(({ kind }) => kind)).toEqual([
      'role',
    ]);
  });

  it('gives a student number to one student, whoever has no id in the file', async () => {
    const { scope } = desk.school;
    const typed = await desk.school.person({ name: 'Ona Typed', roles: ['student'] });
    await savePersonChange(scope, typed.id, { studentNumber: 'N7' });
    const other = await desk.bringIn('id,student number,name\nX1,N7,Ona Typed\n,,Sam Nobody');
    expect(other).toMatchObject({ created: 1, updated: 1, errors: [] });
    expect((await desk.everybody()).get('Ona Typed')).toMatchObject({ id: typed.id, sourcedId: 'X1' });
    const taken = await desk.bringIn('id,student number,name\nX2,N7,Ann Other\n,,Sam Nobody');
    expect(taken.errors).toMatchObject([{ row: 2, field: 'student number' }]);
    const known = await desk.bringIn('Student ID,name,grade\nN7,Ona Typed,9');
    expect(known).toMatchObject({ created: 0, updated: 1, errors: [] });
    expect((await desk.everybody()).get('Ona Typed')).toMatchObject({ sourcedId: 'X1', grade: '9' });
  });

  it('brings in no family of a row that does not come in, and joins rows that are one for each contact', async () => {
    const file =
      'id,name,grade,guardian name,guardian email\n1,Ida Kay,9,Mo Kay,mo@home.example\n1,Ida Kay,9,Jo Kay,jo@home.example\n1,Uma Lee,9,Al Lee,al@home.example';
    expect((await desk.bringIn(file)).errors).toMatchObject([{ row: 4, field: 'id' }]);
    expect(await namesOf()).toEqual(['Ida Kay', 'Jo Kay', 'Mo Kay']);
    expect((await desk.everybody()).get('Ida Kay')!.guardianIds).toHaveLength(2);
    expect(await desk.bringIn(file)).toMatchObject({ created: 0, updated: 0 });
  });

  it('keeps advisories of other scripts apart, whose names have nothing in common but what is left in ASCII', async () => {
    const file = 'id,name,advisory\n1,Ida Kay,希望\n2,Uma Kay,光明\n3,Ora Kay,9А\n4,Ada Kay,9Б';
    expect((await desk.bringIn(file)).advisories.created).toBe(4);
    const found = await listAdvisories(desk.school.scope);
    expect(found.map(({ name }) => name).sort()).toEqual(['9А', '9Б', '光明', '希望']);
    expect(new Set(found.map(({ slug }) => slug)).size).toBe(4);
    expect(await desk.bringIn(file)).toMatchObject({ updated: 0, advisories: { created: 0 } });
    const add = async (name: string) => (await desk.registrar.post('/advisories', { name })).status;
    expect([await add('9В'), await add('９А'), await add('9 а'), await add(' 9а ')]).toEqual([
      201, 201, 201, 422,
    ]);
    const heron = { name: 'Heron', advisorIds: [] };
    const { id } = (await desk.registrar.post('/advisories', heron)).json<{ id: string }>();
    await desk.registrar.put(`/advisories/${id}`, { name: 'Blue Heron (Room 4)' });
    // A file that still has the name with which it was made means it.
    expect((await desk.bringIn('id,name,advisory\n1,Ida Kay,heron')).advisories.created).toBe(0);
    expect((await desk.everybody()).get('Ida Kay')!.advisoryId).toBe(id);
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
