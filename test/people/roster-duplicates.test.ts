/**
 * A roster asks about people who look alike, within the file and against everybody at the school, and never
 * decides by itself.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listAllPeople, savePersonChange } from '../../server/people/people-records.js';
import { csv } from '../harness/builders/roster.js';
import { rosterDesk, type RosterDesk } from '../harness/roster-desk.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Preview {
  created: number;
  updated: number;
  unchanged: number;
  kept: string;
  errors: { message: string }[];
  duplicates: {
    key: string;
    first: { row: number | null; left: boolean };
    second: object;
    reasons: string[];
  }[];
}
const twoMarias = 'role,given name,family name,grade\nstudent,Maria,Garcia,9\nstudent,Maria,Garcia,11\n';
const preview = async (desk: RosterDesk, content: string) =>
  (await desk.send(content, { dryRun: 'yes' })).json<Preview>();
const students = async (desk: RosterDesk) =>
  (await listAllPeople(desk.school.scope)).filter(({ roles }) => roles.includes('student'));
const pairsOf = async (desk: RosterDesk) =>
  (await desk.registrar.get('/duplicates')).json<{
    items: { first: { id: string }; second: { id: string } }[];
  }>().items;

describe('two rows of one name', () => {
  it('are two people, and somebody is asked', async () => {
    const desk = await rosterDesk(app);
    const shown = await preview(desk, twoMarias);
    expect(shown).toMatchObject({ created: 2, errors: [] });
    expect(shown.duplicates).toMatchObject([
      { first: { row: 2, grade: '9' }, second: { row: 3, grade: '11' }, reasons: ['name'] },
    ]);
    await desk.bringIn(twoMarias);
    expect((await students(desk)).map(({ grade }) => grade).sort()).toEqual(['11', '9']);
    expect(await pairsOf(desk)).toHaveLength(1);
    // The same file again means the same two.
    expect(await desk.bringIn(twoMarias)).toMatchObject({ created: 0, updated: 0, unchanged: 2, errors: [] });
  });

  it('of which everything is the same are one person twice', async () => {
    const desk = await rosterDesk(app);
    const shown = await preview(desk, twoMarias.replace(',11', ',9'));
    expect(shown).toMatchObject({ created: 1, duplicates: [] });
    expect(shown.errors).toHaveLength(1);
  });

  it('come in as one when somebody says so', async () => {
    const desk = await rosterDesk(app);
    const { duplicates } = await preview(desk, twoMarias);
    const done = await desk.bringIn(twoMarias, { duplicates: `same:${duplicates[0]!.key}` });
    expect(done).toMatchObject({ created: 1, errors: [] });
    expect((await students(desk)).map(({ grade }) => grade)).toEqual(['9']);
  });

  it('are asked about once, when somebody says that they are two', async () => {
    const desk = await rosterDesk(app);
    const { duplicates } = await preview(desk, twoMarias);
    await desk.bringIn(twoMarias, { duplicates: `two:${duplicates[0]!.key}` });
    expect(await students(desk)).toHaveLength(2);
    expect(await pairsOf(desk)).toEqual([]);
    expect((await preview(desk, twoMarias)).duplicates).toEqual([]);
  });
});

describe('a row that looks like somebody at the school', () => {
  const heading = ['id', 'given name', 'family name', 'grade', 'role'];
  const row = csv([heading, ['N-1', 'Jose', 'Ruiz', '9', 'student']]);

  it.each([
    ['here', true],
    ['gone', false],
  ])('is asked about: %s', async (_word, active) => {
    const desk = await rosterDesk(app);
    const known = await desk.school.person({ name: 'José Ruiz', roles: ['student'], grade: '9' });
    await savePersonChange(desk.school.scope, known.id, { active });
    const shown = await preview(desk, row);
    expect(shown.duplicates).toMatchObject([{ reasons: ['grade'] }]);
    expect(shown.duplicates.map((each) => [each.first, each.second])[0]).toContainEqual(
      expect.objectContaining({ row: null, left: !active }),
    );
    // Nobody decided: two people.
    await desk.bringIn(row);
    expect(await students(desk)).toHaveLength(2);
  });

  it('is that person when somebody says so, and keeps the number from then on', async () => {
    const desk = await rosterDesk(app);
    const known = await desk.school.person({ name: 'José Ruiz', roles: ['student'], grade: '9' });
    const { duplicates } = await preview(desk, row);
    await desk.bringIn(row, { duplicates: `same:${duplicates[0]!.key}` });
    expect(await students(desk)).toMatchObject([{ id: known.id, sourcedId: 'N-1' }]);
    expect(await desk.bringIn(row)).toMatchObject({ created: 0, updated: 0 });
  });

  it('is not asked about when both have numbers and nothing else in common', async () => {
    const desk = await rosterDesk(app);
    const known = await desk.school.person({ name: 'José Ruiz', roles: ['student'], grade: '12' });
    await savePersonChange(desk.school.scope, known.id, { sourcedId: 'OLD' });
    expect((await preview(desk, row)).duplicates).toEqual([]);
  });
});

describe('a roster that still has the number of a merged record', () => {
  it('means the person who stayed, and makes nobody anew', async () => {
    const desk = await rosterDesk(app);
    const heading = ['id', 'given name', 'family name', 'grade', 'role'];
    const one = ['A-1', 'Uma', 'Lee', '9', 'student'];
    const two = ['A-2', 'Uma', 'Lee', '9', 'student'];
    await desk.bringIn(csv([heading, one, two]));
    const [stays, goes] = await students(desk);
    const merged = await desk.registrar.post(`/people/${stays!.id}/merge/${goes!.id}`, {
      ...{ sourcedId: 'into', confirmNumbers: true, reason: 'Enrolled twice' },
    });
    expect(merged.status).toBe(200);
    const other = stays!.sourcedId === 'A-1' ? two : one;
    expect(await desk.bringIn(csv([heading, other]))).toMatchObject({ created: 0, updated: 0, unchanged: 1 });
    for (const rows of [
      [one, two],
      [two, one],
    ]) {
      const both = await desk.bringIn(csv([heading, ...rows]));
      expect(both).toMatchObject({ created: 0, updated: 0 });
      expect(both.errors.map(({ message }) => message)).toEqual([
        expect.stringContaining('merged into another person'),
      ]);
    }
    expect(await students(desk)).toMatchObject([{ id: stays!.id, sourcedId: stays!.sourcedId }]);
  });
});

describe('a row with nothing but a name', () => {
  const grades = async (desk: RosterDesk) =>
    (await students(desk)).map(({ grade, active }) => [grade, active]).sort();
  const asked = async (desk: RosterDesk, file: string) =>
    (await desk.bringIn(file, { dryRun: 'yes' })).questions.filter(({ kind }) => kind === 'name');
  const known = async (
    desk: RosterDesk,
    ...people: [grade: string | null, presence: string, role?: string][]
  ) => {
    for (const [grade, presence, role = 'student'] of people) {
      const person = await desk.school.person({ name: 'Ana Be', roles: [role as 'student'], grade });
      const leftAs = presence === 'graduated' ? 'graduated' : 'left';
      if (presence !== 'here')
        await savePersonChange(desk.school.scope, person.id, { active: false, leftAs });
    }
  };

  it.each<[string, Parameters<typeof known>[1][], string]>([
    ['has graduated', [['12', 'graduated']], 'name,grade\nAna Be,9'],
    ['has left', [['9', 'left']], 'name,grade\nAna Be,9'],
    ['has left, and the row says who is here', [['9', 'left']], 'name,grade,status\nAna Be,9,active'],
    ['is in quite another grade', [['11', 'here']], 'name,grade\nAna Be,9'],
    ['teaches, where the row has no role', [[null, 'here', 'advisor']], 'name\nAna Be'],
    ['was a teacher', [[null, 'left', 'advisor']], 'role,name\nadvisor,Ana Be'],
    [
      'is one of two, a year later',
      [
        ['9', 'here'],
        ['10', 'here'],
      ],
      'name,grade\nAna Be,10\nAna Be,11',
    ],
    [
      'is one of two, one of whom is missing',
      [
        ['9', 'here'],
        ['10', 'here'],
      ],
      'name,grade\nAna Be,10',
    ],
    ['is in a later year of a high school', [['Senior', 'here']], 'name,grade\nAna Be,Freshman'],
    ['is in quite another form', [['Form 3', 'here']], 'name,grade\nAna Be,Form 6A'],
    ['graduates in another year', [['Class of 2027', 'here']], 'name,grade\nAna Be,Class of 2028'],
    ['is one, and the file has two', [['9', 'here']], 'name,grade\nAna Be,9\nAna Be,10'],
  ])('waits for an answer where the only one called so %s', async (_case, people, file) => {
    const desk = await rosterDesk(app);
    await known(desk, ...people);
    const before = await listAllPeople(desk.school.scope);
    const questions = await asked(desk, file);
    expect(questions).toHaveLength(file.split('\n').length - 1);
    const done = await desk.bringIn(file);
    expect([done.created, done.updated, done.errors.map(({ field }) => field)]).toEqual([
      ...[0, 0],
      questions.map(() => 'name'),
    ]);
    expect(done.questions.filter(({ kind }) => kind === 'absent')).toEqual([]);
    expect(await listAllPeople(desk.school.scope)).toEqual(before);
    // Somebody new: nothing of the one who was known changes.
    const made = await desk.bringIn(file, { answers: 'two:all name' });
    expect(made).toMatchObject({ created: questions.length, updated: 0, errors: [] });
    const after = await listAllPeople(desk.school.scope);
    expect(after.filter(({ id }) => before.some((each) => each.id === id))).toEqual(before);
  });

  it('is the one who is chosen', async () => {
    const desk = await rosterDesk(app);
    await known(desk, ['9', 'here'], ['10', 'here']);
    const file = 'name,grade\nAna Be,10\nAna Be,11';
    const [first, second] = await asked(desk, file);
    expect(first!.options.map(({ label }) => label)).toEqual([
      'Ana Be (Grade 9, at the school)',
      'Ana Be (Grade 10, at the school)',
      'Somebody new',
    ]);
    const { kept } = await preview(desk, file);
    const answers = [
      `${first!.options[0]!.value}:${first!.key}`,
      `${second!.options[1]!.value}:${second!.key}`,
    ];
    const fields = new URLSearchParams({ kept });
    for (const each of answers) fields.append('answers', each);
    await desk.registrar.send('POST', '/people/import', fields);
    expect(await grades(desk)).toEqual([
      ['10', true],
      ['11', true],
    ]);
    const one = await rosterDesk(app);
    await known(one, ['11', 'here']);
    const [question] = await asked(one, 'name,grade\nAna Be,9');
    expect(question!.options[0]!.label).toBe('The same person: Ana Be (Grade 11, at the school)');
    await one.bringIn('name,grade\nAna Be,9', { answers: `same:${question!.key}` });
    expect(await grades(one)).toEqual([['9', true]]);
  });

  it.each<[string, Parameters<typeof known>[1][], string]>([
    ['of the same grade', [['9', 'here']], 'Ana Be,9'],
    ['a year later', [['9', 'here']], 'Ana Be,10'],
    ['a year later in a high school', [['Freshman', 'here']], 'Ana Be,Sophomore'],
    ['a year later in a class with a letter', [['9A', 'here']], 'Ana Be,10B'],
    ['a year later in a form', [['Form 3', 'here']], 'Ana Be,Form 4'],
    ['of another way to count', [['MYP 5', 'here']], 'Ana Be,DP 1'],
    ['of a grade that cannot be counted', [['Lower School', 'here']], 'Ana Be,Upper School'],
    [
      'beside somebody who has graduated',
      [
        ['9', 'here'],
        ['12', 'graduated'],
      ],
      'Ana Be,9',
    ],
    [
      'beside another one',
      [
        ['9', 'here'],
        ['11', 'here'],
      ],
      'Ana Be,9\nAna Be,11',
    ],
  ])('is somebody who is here without a question %s', async (_case, people, rows) => {
    const desk = await rosterDesk(app);
    await known(desk, ...people);
    expect(await desk.bringIn(`name,grade\n${rows}`)).toMatchObject({ created: 0, errors: [] });
  });

  it('of two of one grade goes by the advisory', async () => {
    const desk = await rosterDesk(app);
    const file = 'name,grade,advisory\nAna Be,9,Heron\nAna Be,9,Willow';
    expect(await desk.bringIn(file)).toMatchObject({ created: 2 });
    for (const each of [file, 'name,advisory\nAna Be,Heron\nAna Be,Willow'])
      expect(await desk.bringIn(each)).toMatchObject({ created: 0, updated: 0, unchanged: 2, errors: [] });
  });

  it.each([
    ['name', {}, 'name,grade\nAna Mary Be,9'],
    ['id', { sourcedId: 'S\u00a0 7' }, 'id,name,grade\nS 7,Ana Mary Be,9'],
  ])('is who came in earlier with blanks of other kinds in the %s', async (_field, change, file) => {
    const desk = await rosterDesk(app);
    const { id } = await desk.school.person({ name: 'Ana Be', roles: ['student'], grade: '9' });
    await savePersonChange(desk.school.scope, id, { givenName: 'Ana\u00a0 Ma\u00adry', ...change });
    const done = await desk.bringIn(file);
    expect(done).toMatchObject({ created: 0, updated: 1, errors: [], questions: [] });
    expect(await students(desk)).toMatchObject([{ id, givenName: 'Ana Mary', active: true }]);
  });
});

describe('an id that belongs to somebody of quite another name', () => {
  it('is asked about, and renames nobody by itself', async () => {
    const desk = await rosterDesk(app);
    await desk.bringIn('id,name,grade\n7,Ana Be,12');
    const file = 'id,name,grade\n7,Zed Young,9';
    const waits = await desk.bringIn(file);
    expect(waits).toMatchObject({ created: 0, updated: 0, errors: [{ row: 2, field: 'id' }] });
    expect(waits.questions).toMatchObject([{ kind: 'id' }]);
    const { key } = waits.questions[0]!;
    for (let time = 0; time < 2; time += 1) {
      await desk.bringIn(file, { answers: `two:${key}` });
      expect((await students(desk)).map((each) => [each.displayName, each.sourcedId]).sort()).toEqual([
        ['Ana Be', '7'],
        ['Zed Young', null],
      ]);
    }
    const both = await desk.bringIn('id,name,grade\n7,Zed Young,9\n7,Ana Be,12');
    expect(both).toMatchObject({ updated: 0, questions: [], errors: [{ row: 2, field: 'id' }] });
    const other = await rosterDesk(app);
    await other.bringIn('Student ID,name\n7,Ana Be');
    await other.bringIn('Student ID,name\n7,Zed Young', { answers: 'same:all id' });
    expect(await students(other)).toMatchObject([{ displayName: 'Zed Young', studentNumber: '7' }]);
    // A word in common is a name that has changed.
    expect(await other.bringIn('Student ID,name\n7,Zed Old')).toMatchObject({ updated: 1, errors: [] });
  });
});
