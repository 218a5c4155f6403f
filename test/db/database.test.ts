import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  inTransaction,
  openDatabase,
  schoolCollection,
  type Database,
  type SchoolScope,
} from '../../server/db/database.js';
import { testDatabaseUri } from '../harness/services.js';
import { testClock } from '../harness/test-clock.js';

interface Label {
  id: string;
  schoolId: string;
  title: string;
  hangs: number;
}

const labels = schoolCollection<Label>(
  'testlabels',
  { title: { type: String, required: true }, hangs: { type: Number, default: 0 } },
  { indexes: [{ keys: { schoolId: 1, title: 1 }, unique: true }] },
);

const frames = schoolCollection<{ id: string; schoolId: string; wood: string }>(
  'testframes',
  { wood: { type: String, required: true } },
  { indexes: [] },
);

interface Log {
  id: string;
  schoolId: string;
  title: string;
  lines: string[];
}
const logs = schoolCollection<Log>(
  'testlogs',
  { title: { type: String, required: true }, lines: { type: [String], required: true } as never },
  { indexes: [] },
);

describe('the door of the database', () => {
  let db: Database;
  let one: SchoolScope;
  let two: SchoolScope;
  beforeAll(async () => {
    db = await openDatabase(testDatabaseUri('questions'), {
      collections: [labels, frames, logs].map(({ declaration }) => declaration),
      clock: testClock,
    });
    one = { db, schoolId: 'one' };
    two = { db, schoolId: 'two' };
    await labels.in(one).insert({ id: 'a', schoolId: 'one', title: 'A', hangs: 1 });
    await labels.in(two).insert({ id: 'b', schoolId: 'two', title: 'B', hangs: 2 });
  });
  afterAll(() => db.close());

  it('refuses a collection that it was not opened with', () => {
    const other = schoolCollection<Label>('testlabels', {}, { indexes: [] });
    expect(() => other.in(one)).toThrow('testlabels is not in the list of collections');
  });

  it('refuses a question without a school', () => {
    expect(() => labels.in({ db, schoolId: '' })).toThrow('a question without a school');
  });

  it('narrows every question to the school, whatever the filter says', async () => {
    const theirs = { schoolId: 'two' };
    expect((await labels.in(one).find({})).map((each) => each.id)).toEqual(['a']);
    expect((await labels.in(one).find(theirs)).map((each) => each.id)).toEqual(['a']);
    expect(await labels.in(one).findOne({ id: 'b' })).toBeNull();
    await expect(labels.in(one).get('b')).rejects.toMatchObject({ status: 404 });
    expect(await labels.in(one).count(theirs)).toBe(1);
    expect(await labels.in(one).updateOne({ id: 'b' }, { $set: { title: 'taken' } })).toBe(0);
    expect(await labels.in(one).updateMany(theirs, { $inc: { hangs: 10 } })).toBe(1);
    expect(await labels.in(one).findOneAndUpdate({ id: 'b' }, { $set: { title: 'taken' } })).toBeNull();
    expect(await labels.in(one).remove({ id: 'b' })).toBe(0);
    expect(await labels.in(two).get('b')).toMatchObject({ title: 'B', hangs: 2 });
    expect(await labels.in(one).aggregate([{ $group: { _id: null, count: { $sum: 1 } } }])).toEqual([
      { _id: null, count: 1 },
    ]);
  });

  it("refuses to write another school's document, one by one and many at once", async () => {
    const foreign = { id: 'c', schoolId: 'two', title: 'C', hangs: 0 };
    await expect(labels.in(one).insert(foreign)).rejects.toThrow('document of another schoolId');
    await expect(labels.in(one).insertMany([foreign])).rejects.toThrow('document of another schoolId');
  });

  it.each(['$lookup', '$unionWith', '$graphLookup', '$out', '$merge'])(
    'refuses a pipeline with %s',
    async (stage) => {
      await expect(labels.in(one).aggregate([{ [stage]: {} } as never])).rejects.toThrow(
        'would leave the collection',
      );
    },
  );

  it('refuses fields that the shape does not know', async () => {
    await expect(
      labels.in(one).insert({ id: 'd', schoolId: 'one', title: 'D', hangs: 0, extra: 1 } as Label),
    ).rejects.toThrow(/extra/);
    // @ts-expect-error a field that the type does not have does not compile
    await expect(labels.in(one).updateOne({ id: 'a' }, { $set: { extra: 1 } })).rejects.toThrow(/extra/);
    // @ts-expect-error the same in a filter
    await expect(labels.in(one).find({ extra: 1 })).rejects.toThrow(/extra/);
    // @ts-expect-error the same in a sort, which MongoDB takes for a field that nothing has
    expect(await labels.in(one).find({ id: 'a' }, { sort: { extra: 1 } })).toHaveLength(1);
    // @ts-expect-error nor does a value of another type
    const untitled = labels.in(one).findOneAndUpdate({ id: 'a' }, { $set: { title: null } });
    await expect(untitled).rejects.toThrow(/title/);
  });

  it('undoes everything when a transaction fails half way', async () => {
    const work = inTransaction(one, async (inside) => {
      await labels.in(inside).insert({ id: 'e', schoolId: 'one', title: 'E', hangs: 0 });
      throw new Error('half way');
    });
    await expect(work).rejects.toThrow('half way');
    expect(await labels.in(one).findOne({ id: 'e' })).toBeNull();
  });

  it('answers reads of one moment to each as if they had asked alone, over collections and schools', async () => {
    await frames.in(one).insert({ id: 'a', schoolId: 'one', wood: 'oak' });
    const [label, frame, again, foreign, none, each] = await Promise.all([
      labels.in(one).get('a'),
      frames.in(one).get('a'),
      frames.in(one).findOne({ id: 'a' }),
      frames.in(two).findOne({ id: 'a' }),
      labels.in(one).findOne({ id: 'nowhere' }),
      labels.in(two).findEach(['b', 'nowhere', 'a']),
    ]);
    expect(label).toMatchObject({ id: 'a', schoolId: 'one', title: 'A' });
    expect(frame).toEqual({ id: 'a', schoolId: 'one', wood: 'oak' });
    expect(again).toEqual(frame);
    expect(again).not.toBe(frame);
    expect([foreign, none]).toEqual([null, null]);
    expect(each.map(({ id, schoolId }) => [id, schoolId])).toEqual([['b', 'two']]);
  });

  it('answers ids in their order, also in a transaction', async () => {
    for (const id of ['z', 'm']) await labels.in(one).insert({ id, schoolId: 'one', title: id, hangs: 0 });
    const asked = ['z', 'a', 'nowhere', 'm'];
    const idsIn = async (scope: SchoolScope) => (await labels.in(scope).findEach(asked)).map(({ id }) => id);
    expect(await idsIn(one)).toEqual(['z', 'a', 'm']);
    expect(await inTransaction(one, idsIn)).toEqual(['z', 'a', 'm']);
    await labels.in(one).remove({ id: { $in: ['z', 'm'] } });
  });

  it('answers reads of one moment also when more schools ask than one command could ask for', async () => {
    const schools = Array.from({ length: 1100 }, (_, at) => ({ db, schoolId: `school-${at}` }));
    const found = await Promise.all([one, ...schools].map((scope) => labels.in(scope).findOne({ id: 'a' })));
    expect(found.filter((each) => each !== null).map(({ schoolId }) => schoolId)).toEqual(['one']);
  });

  describe('changes of one moment', () => {
    const ids = ['p', 'q', 'r', 's'];
    const add = (scope: SchoolScope, id: string, line: string, update: object = {}) =>
      logs.in(scope).updateBatched({
        ...{ id, lastOf: ['lines'], filter: { lines: { $ne: line } } },
        update: { $push: { lines: line }, ...update },
        isLast: ({ lines }) => lines.at(-1) === line,
      });
    const linesOf = async (id: string) => (await logs.in(one).get(id)).lines;
    beforeEach(async () => {
      for (const scope of [one, two]) await logs.in(scope).remove({});
      await logs
        .in(one)
        .insertMany(ids.map((id) => ({ id, schoolId: 'one', title: id, lines: ['before', 'then'] })));
    });

    it('each counts or not by itself', async () => {
      const answers = await Promise.all([
        add(one, 'p', 'new'),
        add(one, 'q', 'before'),
        add(two, 'r', 'foreign'),
        add(one, 'nowhere', 'new'),
        add(one, 's', 'new', { $set: { title: 'S' } }),
      ]);
      expect(answers.map((answer) => answer && [answer.id, answer.title, answer.lines])).toEqual([
        ['p', 'p', ['new']],
        null,
        null,
        null,
        ['s', 'S', ['new']],
      ]);
      expect(await Promise.all(ids.map(linesOf))).toEqual([
        ['before', 'then', 'new'],
        ['before', 'then'],
        ['before', 'then'],
        ['before', 'then', 'new'],
      ]);
    });

    it('one that was sent before is answered as it stands, and counts once', async () => {
      const sent = () => Promise.all(ids.map((id) => add(one, id, 'new')));
      await sent();
      expect((await sent()).map((answer) => answer?.lines)).toEqual(ids.map(() => ['new']));
      expect(await linesOf('p')).toEqual(['before', 'then', 'new']);
    });

    it.each([
      ['the shape refuses', { $set: { extra: 1 } }, /extra/],
      ['the database refuses', { $inc: { title: 1 } }, /inc|number/i],
    ])('one that %s fails alone', async (_name, wrong, words) => {
      const [before, bad, after] = await Promise.allSettled([
        add(one, 'p', 'new'),
        add(one, 'q', 'new', wrong),
        add(one, 'r', 'new'),
      ]);
      expect([before.status, bad.status]).toEqual(['fulfilled', 'rejected']);
      expect(String((bad as PromiseRejectedResult).reason)).toMatch(words);
      expect(after.status).toBe('fulfilled');
      expect(await Promise.all(ids.map(linesOf))).toEqual([
        ['before', 'then', 'new'],
        ['before', 'then'],
        ['before', 'then', 'new'],
        ['before', 'then'],
      ]);
    });

    it('many to one document all stand, in their order', async () => {
      await Promise.all(['1', '2', '3'].flatMap((line) => [add(one, 'p', line), add(one, 'q', line)]));
      expect(await linesOf('p')).toEqual(['before', 'then', '1', '2', '3']);
      expect(await linesOf('q')).toEqual(['before', 'then', '1', '2', '3']);
    });

    it('have no place in a transaction, which sends its writes by itself', async () => {
      await expect(inTransaction(one, (inside) => add(inside, 'p', 'new'))).rejects.toThrow('by itself');
    });
  });
});
