import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  inTransaction,
  openDatabase,
  schoolCollection,
  type Database,
  type SchoolScope,
} from '../server/database.js';
import { testDatabaseUri } from './harness/services.js';

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

describe('the door of the database', () => {
  let db: Database;
  let one: SchoolScope;
  let two: SchoolScope;
  beforeAll(async () => {
    db = await openDatabase(testDatabaseUri());
    one = { db, schoolId: 'one' };
    two = { db, schoolId: 'two' };
    await labels.in(one).insert({ id: 'a', schoolId: 'one', title: 'A', hangs: 1 });
    await labels.in(two).insert({ id: 'b', schoolId: 'two', title: 'B', hangs: 2 });
  });
  afterAll(() => db.close());

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
    await expect(labels.in(one).updateOne({ id: 'a' }, { $set: { extra: 1 } })).rejects.toThrow(/extra/);
    await expect(labels.in(one).find({ extra: 1 })).rejects.toThrow(/extra/);
    await expect(labels.in(one).findOneAndUpdate({ id: 'a' }, { $set: { title: null } })).rejects.toThrow(
      /title/,
    );
  });

  it('undoes everything when a transaction fails half way', async () => {
    const work = inTransaction(one, async (inside) => {
      await labels.in(inside).insert({ id: 'e', schoolId: 'one', title: 'E', hangs: 0 });
      throw new Error('half way');
    });
    await expect(work).rejects.toThrow('half way');
    expect(await labels.in(one).findOne({ id: 'e' })).toBeNull();
  });
});
