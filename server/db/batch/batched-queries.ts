/**
 * Reads by id and changes of single documents, each sent with the others of its moment: reads of all
 * collections in one command, changes in one for each collection and school. Every question is narrowed to
 * what `always` says (the school) by itself.
 */
import { batchReads } from './batch-reads.js';
import { batchWrites } from './batch-writes.js';
import type { Database } from '../database.js';
import type { StoredFilter, BatchedUpdate, Stored, StoredModel } from '../collection-queries.js';

type Connection = Database['connection'];

/** Outside of transactions only. */
export function readBatched(
  connection: Connection,
  collection: string,
  always: StoredFilter,
  id: string,
): Promise<Stored | null> {
  const read = readers.get(connection) ?? readerOf(connection);
  readers.set(connection, read);
  return read(JSON.stringify([collection, always, id]));
}

const readers = new WeakMap<Connection, (wanted: string) => Promise<Stored | null>>();

/** What is wanted of one collection, narrowed in one way. */
interface Shelf {
  collection: string;
  always: StoredFilter;
  ids: string[];
}

/** More make one command slow, and more than a thousand MongoDB refuses. */
const shelvesAtOnce = 100;

const readerOf = (connection: Connection) =>
  batchReads<Stored>(async (wanted) => {
    const shelves = new Map<string, Shelf>();
    for (const each of wanted) {
      const [collection, always, id] = JSON.parse(each) as [string, StoredFilter, string];
      const name = JSON.stringify([collection, always]);
      const shelf = shelves.get(name) ?? { collection, always, ids: [] };
      shelves.set(name, shelf);
      shelf.ids.push(id);
    }
    const all = [...shelves.values()];
    const portions = Array.from({ length: Math.ceil(all.length / shelvesAtOnce) }, (_, at) =>
      all.slice(at * shelvesAtOnce, (at + 1) * shelvesAtOnce),
    );
    return (await Promise.all(portions.map((portion) => readShelves(connection, portion)))).flat();
  });

/** Each part is marked with the place of its shelf, so that every document is known again. */
async function readShelves(
  connection: Connection,
  shelves: readonly Shelf[],
): Promise<{ id: string; found: Stored }[]> {
  const [first, ...others] = shelves;
  const partOf = ({ always, ids }: Shelf, place: number) => [
    { $match: { _id: { $in: ids }, ...always } },
    { $replaceWith: { place, document: '$$ROOT' } },
  ];
  const found = await connection
    .collection(first!.collection)
    .aggregate<{ place: number; document: Stored }>([
      ...partOf(first!, 0),
      ...others.map((shelf, at) => ({
        $unionWith: { coll: shelf.collection, pipeline: partOf(shelf, at + 1) },
      })),
    ])
    .toArray();
  return found.map(({ place, document }) => {
    const { collection, always } = shelves[place]!;
    return { id: JSON.stringify([collection, always, document._id]), found: document };
  });
}

type Update = Omit<BatchedUpdate<{ id: string }>, 'isLast'> & { isLast: (document: Stored) => boolean };

/** Outside of transactions only; filters and updates are as they are stored, `always` comes on top. */
export function writeBatched(
  model: StoredModel,
  always: StoredFilter,
  update: Update,
): Promise<Stored | null> {
  const ofModel = writers.get(model) ?? new Map<string, (update: Update) => Promise<Stored | null>>();
  writers.set(model, ofModel);
  const whose = JSON.stringify(always);
  const write = ofModel.get(whose) ?? writerOf(model, always, () => ofModel.delete(whose));
  ofModel.set(whose, write);
  return write(update);
}

const writers = new WeakMap<StoredModel, Map<string, (update: Update) => Promise<Stored | null>>>();

const writerOf = (model: StoredModel, always: StoredFilter, idle: () => void) =>
  batchWrites<Update, Stored | null>({
    alone: ({ id, filter, update, lastOf }) =>
      model
        .findOneAndUpdate({ ...filter, _id: id, ...always } as never, update as never, {
          projection: lastEntries(lastOf),
          runValidators: true,
          returnDocument: 'after',
        })
        .lean(),
    async together(updates) {
      const each = updates.map(({ id, filter, update }) => ({
        updateOne: { filter: { ...filter, _id: id, ...always }, update },
      }));
      await model.bulkWrite(each as never, { ordered: false, throwOnValidationError: true });
      // What can still be lost is not shown to anybody.
      const found = await model
        .find(
          { _id: { $in: updates.map(({ id }) => id) }, ...always } as never,
          lastEntries(updates.flatMap(({ lastOf }) => lastOf)),
        )
        .readConcern('majority')
        .lean();
      const after = new Map((found as unknown as Stored[]).map((stored) => [stored._id, stored]));
      return updates.map(({ id, isLast }) => {
        const stored = after.get(id);
        return stored && isLast(stored) ? stored : null;
      });
    },
    idle,
  });

const lastEntries = (lists: readonly string[]) =>
  Object.fromEntries(lists.map((field) => [field, { $slice: -1 }]));
