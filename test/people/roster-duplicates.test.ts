/** A roster asks about people who look alike, within the file and against everybody at the school, and never decides by itself. */
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
