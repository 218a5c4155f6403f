/** What one request asks for at the same moment is one command, answered as if each question had been asked alone. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listExhibitions } from '../../server/exhibitions/exhibition-records.js';
import { askingTogether, inTransaction, type SchoolScope } from '../../server/db/database.js';
import { newId } from '../../server/ids.js';
import {
  countPeople,
  findPerson,
  listAdvisories,
  listPeople,
  listPeopleByIds,
  saveAdvisory,
} from '../../server/people/people-records.js';
import { openReadBatch } from '../../server/db/batch/read-batch.js';
import { findSchool, listTerms } from '../../server/school/school-records.js';
import { watchCommands } from '../harness/watch-commands.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';

let app: TestApp;
let home: TestSchool;
let other: TestSchool;
const names = ['Abeba', 'Bilal', 'Chidi', 'Dalia', 'Emeka'];

beforeAll(async () => {
  app = await startApp({ jobs: false });
  home = await app.aSchool();
  other = await app.aSchool();
  for (const name of names) {
    await home.person({ name: `${name} Home`, roles: ['student'] });
    await other.person({ name: `${name} Other`, roles: ['student'] });
  }
});
afterAll(() => app.close());

const batched = (scope: SchoolScope): SchoolScope => ({
  ...scope,
  reads: openReadBatch(scope.db.connection),
});
/** What a page may ask, of several collections. */
async function questions(scope: SchoolScope) {
  const first = (await listPeople(home.scope, {}, 1, 1)).items[0]!;
  return () =>
    Promise.all([
      listPeople(scope, { role: 'student' }, 2, 2),
      listPeople(scope, { role: 'student' }, 1, 2),
      countPeople(scope, 'student'),
      countPeople(scope, 'advisor'),
      listTerms(scope),
      listTerms(scope),
      findSchool(scope, scope.schoolId),
      findPerson(scope, first.id),
      findPerson(scope, 'nobody'),
      listPeopleByIds(scope, [first.id, 'nobody']),
      listExhibitions(scope, {}, 1, 10),
    ]);
}

describe('a batch of reads', () => {
  it('answers what each question is answered alone, in its order, in one command', async () => {
    const alone = await (await questions(home.scope))();
    const together = await questions(batched(home.scope));
    const commands = await watchCommands(app.context.db);
    const answers = await together();
    expect((await commands()).map(({ name }) => name)).toEqual(['aggregate']);
    expect(answers).toEqual(alone);
    expect(answers[0].items.map((each) => each.displayName)).toEqual(['Chidi Home', 'Dalia Home']);
    expect(answers[4]).not.toBe(answers[5]);
  });

  it("never answers with another school's, whatever is asked", async () => {
    const [here, there] = await Promise.all([
      listPeople(batched(home.scope), { role: 'student' }, 1, 50),
      listPeople(batched(other.scope), { role: 'student' }, 1, 50),
    ]);
    expect(here.items.map((each) => each.schoolId)).toEqual(names.map(() => home.school.id));
    expect(there.items.map((each) => each.schoolId)).toEqual(names.map(() => other.school.id));
    const scope = batched(home.scope);
    const theirs = there.items[0]!.id;
    const [byId, count] = await Promise.all([findPerson(scope, theirs), countPeople(scope, 'student')]);
    expect([byId, count]).toEqual([null, names.length]);
  });

  it('asks inside a transaction in one command too, and sees what the transaction wrote and nothing newer', async () => {
    const school = await app.aSchool();
    await school.person({ name: 'Early Student', roles: ['student'] });
    const commands = await watchCommands(app.context.db);
    const found = await inTransaction(school.scope, async (inside) => {
      const before = await countPeople(inside, 'student');
      await saveAdvisory(inside, {
        ...{ id: newId(), schoolId: school.school.id, slug: 'crew', name: 'Crew', advisorIds: [] },
      });
      await school.person({ name: 'Late Student', roles: ['student'] });
      const together = askingTogether(inside);
      return [
        before,
        ...(await Promise.all([
          countPeople(together, 'student'),
          listPeople(together, {}, 1, 10).then(({ items }) => items.map((each) => each.displayName)),
          listAdvisories(together).then((list) => list.map(({ name }) => name)),
        ])),
      ];
    });
    expect(found).toEqual([1, 1, ['Early Student'], ['Crew']]);
    const names = (await commands()).map(({ name }) => name);
    expect(names.filter((name) => name === 'aggregate')).toHaveLength(2);
  });

  it('reads again what is asked for again: nothing is remembered', async () => {
    const scope = batched(other.scope);
    const before = await Promise.all([countPeople(scope, 'advisor'), countPeople(scope, 'student')]);
    await other.person({ name: 'Late Advisor', roles: ['advisor'] });
    const after = await Promise.all([countPeople(scope, 'advisor'), countPeople(scope, 'student')]);
    expect([before, after]).toEqual([
      [0, names.length],
      [1, names.length],
    ]);
  });

  it('answers more than fits in one piece', async () => {
    const { db } = home.scope;
    const scope = batched({ db, schoolId: 'crowd' });
    await db.connection.collection<{ _id: string }>('people').insertMany(
      Array.from({ length: 4500 }, (_, at) => ({
        ...{ _id: `crowd-${at}`, schoolId: 'crowd', displayName: `N ${at}`, sortName: `N ${at}` },
        ...{ roles: ['student'], guardianIds: [], active: true, createdAt: app.context.clock.now() },
      })),
    );
    const ids = Array.from({ length: 4500 }, (_, at) => `crowd-${at}`);
    const [people, count] = await Promise.all([listPeopleByIds(scope, ids), countPeople(scope, 'student')]);
    expect([people.length, count]).toEqual([4500, 4500]);
    const sorted = people.map((each) => each.sortName);
    expect(sorted).toEqual([...sorted].sort());
  });

  it('fails those who asked together when the database refuses one of them, and nobody later', async () => {
    const scope = batched(home.scope);
    const refused = listPeople(scope, { role: { $nonsense: 1 } as never }, 1, 2);
    const outcomes = await Promise.allSettled([refused, countPeople(scope, 'student')]);
    expect(outcomes[0].status).toBe('rejected');
    expect(await countPeople(scope, 'student')).toBe(names.length);
  });

  it('stays out of a transaction, which sees its own writes', async () => {
    await inTransaction(batched(home.scope), async (inside) => {
      expect((await listPeople(inside, { role: 'student' }, 1, 2)).total).toBe(names.length);
      expect(await findSchool(inside, home.school.id)).toMatchObject({ id: home.school.id });
    });
  });
});
