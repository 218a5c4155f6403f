/**
 * The questions that can be asked of a collection, each narrowed to what `always` says (the school). Hides
 * Mongoose: answers are plain objects with `id`. Refuses a document of another school and pipelines that
 * could read beyond the collection.
 */
import type { ClientSession, Model, PipelineStage } from './database.js';
import type { Filter, PathOf, Sort, Update } from './filter.js';
import { NotFound } from '../errors.js';
import { readBatched, writeBatched } from './batch/batched-queries.js';
import { BATCH_SIZE, type ReadBatch } from './batch/read-batch.js';

/** A filter or a document as MongoDB takes it. */
export type StoredFilter = Record<string, unknown>;

interface FindOptions<T> {
  sort?: Sort<T>;
  skip?: number;
  limit?: number;
  /** Only these fields are read (id is always there). */
  fields?: readonly PathOf<T>[];
}

interface PageOptions<T> extends Pick<FindOptions<T>, 'fields'> {
  sort: Sort<T>;
  /** 1 is the first page. */
  page: number;
  perPage: number;
}

export interface Page<T> {
  items: T[];
  page: number;
  pages: number;
  perPage: number;
  total: number;
}

interface ChangeOptions {
  upsert?: boolean;
  /** Lists of which only the last entry is answered, because the rest is long and known. */
  lastOf?: readonly string[];
}

/** A change of one document that goes out with the others of its moment. */
export interface BatchedUpdate<T> {
  id: string;
  /** What must hold beside the id; sent again, it must refuse what was written before. */
  filter: Filter<T>;
  update: Update<T>;
  /** Lists of which only the last entry is answered. */
  lastOf: readonly string[];
  /** Whether a document shows this update as the last one that was made to it. */
  isLast: (document: T) => boolean;
}

export type Stored = Record<string, unknown> & { _id: string };
export type StoredModel = Model<Stored>;

/** Stages that read or write other collections, and so other schools. */
const outsideStages = ['$lookup', '$graphLookup', '$unionWith', '$out', '$merge'];

/** Every question that can be asked of a collection. Answers are plain objects with `id`, never documents. */
export interface CollectionQueries<T extends { id: string }> {
  find(filter: Filter<T>, options?: FindOptions<T>): Promise<T[]>;
  findOne(filter: Filter<T>, options?: Pick<FindOptions<T>, 'sort' | 'fields'>): Promise<T | null>;
  /** By id; throws NotFound when it does not exist here. */
  get(id: string): Promise<T>;
  /**
   * Those of these ids that exist, in the order of the ids; asked together with whoever else asks by id at this moment.
   */
  findEach(ids: readonly string[]): Promise<T[]>;
  count(filter: Filter<T>): Promise<number>;
  /** The values of a text field, each once, read from an index that holds the filter's fields and this one. */
  distinct(field: PathOf<T>, filter: Filter<T>): Promise<Set<string>>;
  page(filter: Filter<T>, options: PageOptions<T>): Promise<Page<T>>;
  insert(document: T): Promise<T>;
  insertMany(documents: T[]): Promise<void>;
  /** Number of documents that matched (0 or 1). */
  updateOne(filter: Filter<T>, update: Update<T>, options?: { upsert?: boolean }): Promise<number>;
  updateMany(filter: Filter<T>, update: Update<T>): Promise<number>;
  /** Several `updateOne` in one go, in their order. Number of documents that matched. */
  updateEach(changes: readonly { filter: Filter<T>; update: Update<T>; upsert?: boolean }[]): Promise<number>;
  /** The document after the update, or null when nothing matched. */
  findOneAndUpdate(filter: Filter<T>, update: Update<T>, options?: ChangeOptions): Promise<T | null>;
  /**
   * Like `findOneAndUpdate` of one document, sent in one command with whoever else writes here at this
   * moment. The document after it; null when nothing matched, or when others have written to it since, so
   * that only a look can tell. Sent again and still the last, it may be answered with the document as it
   * stands.
   */
  updateBatched(wanted: BatchedUpdate<T>): Promise<T | null>;
  /** Number of documents removed. */
  remove(filter: Filter<T>): Promise<number>;
  /**
   * Writes each document over the one with its id, fields that never change included: only for erasing what
   * the law wants gone.
   */
  overwrite(documents: readonly T[]): Promise<void>;
  aggregate<R>(pipeline: PipelineStage[]): Promise<R[]>;
}

async function inOrderOf<T extends { id: string }>(ids: readonly string[], found: Promise<T[]>) {
  const known = new Map((await found).map((each) => [each.id, each]));
  return ids.map((id) => known.get(id) ?? null);
}

export function collectionQueries<T extends { id: string }>(
  model: StoredModel,
  always: StoredFilter,
  { session, reads }: { session?: ClientSession; reads?: ReadBatch } = {},
): CollectionQueries<T> {
  const narrowed = (filter: Filter<T>): StoredFilter => ({ ...toStored(filter), ...always });
  const inSession = session ? { session } : {};
  // Mongoose limits what reads and changes one document by itself; the other writes are limited here. Bulk
  // writes may take their time.
  const maxTimeMS = model.db.get('maxTimeMS') as number | undefined;
  const limited = maxTimeMS ? { ...inSession, maxTimeMS } : inSession;
  const checkOwner = (document: T): Stored => {
    const stored = toStored(document) as Stored;
    for (const [field, value] of Object.entries(always)) {
      if (stored[field] !== value) throw new Error(`${model.modelName}: document of another ${field}`);
    }
    return stored;
  };
  const collection = model.collection.name;
  /** With what else the request, or the transaction that asks for several things together, asks at this moment. */
  const batch = session ? (reads?.session === session ? reads : undefined) : reads;
  const ask = (alone: () => Promise<Stored[]>, stages: () => Record<string, unknown>[]): Promise<Stored[]> =>
    batch ? batch.read({ collection, alone, stages }) : alone();
  /** As Mongoose would send it: values in the types of the schema. */
  const cast = (filter: Filter<T>): StoredFilter =>
    model.find(narrowed(filter) as never).cast(model as never) as never;
  const find = async (filter: Filter<T>, options: FindOptions<T> = {}): Promise<T[]> => {
    const sort = options.sort && toStored(options.sort);
    const fields = projection(options.fields);
    const alone = () => {
      const query = model
        .find(narrowed(filter) as never, fields, inSession)
        .batchSize(BATCH_SIZE)
        .lean();
      if (sort) query.sort(sort as Record<string, 1 | -1>);
      if (options.skip) query.skip(options.skip);
      if (options.limit) query.limit(options.limit);
      return query.exec() as unknown as Promise<Stored[]>;
    };
    const stages = () => [
      { $match: cast(filter) },
      ...(sort ? [{ $sort: sort }] : []),
      ...(options.skip ? [{ $skip: options.skip }] : []),
      ...(options.limit ? [{ $limit: options.limit }] : []),
      ...(fields ? [{ $project: fields }] : []),
    ];
    return (await ask(alone, stages)).map((stored) => fromStored<T>(stored));
  };
  const count = async (filter: Filter<T>): Promise<number> => {
    const alone = async () => [
      { _id: '', count: await model.countDocuments(narrowed(filter) as never, inSession).exec() },
    ];
    const found = await ask(alone, () => [{ $match: cast(filter) }, { $count: 'count' }]);
    return (found[0]?.['count'] ?? 0) as number;
  };
  /** By id alone, outside of a transaction: asked together with whoever else asks at this moment. */
  const byId = async (id: string): Promise<T | null> => {
    const stored = await (reads?.readById(collection, always, id) ??
      readBatched(model.db, collection, always, id));
    return stored ? fromStored<T>(stored) : null;
  };
  const isPlainId = (filter: Filter<T>): filter is Filter<T> & { id: string } =>
    !session && typeof (filter as StoredFilter)['id'] === 'string' && Object.keys(filter).length === 1;
  return {
    find,
    async findOne(filter, options = {}) {
      if (isPlainId(filter) && !options.fields) return byId(filter.id);
      return (await find(filter, { ...options, limit: 1 }))[0] ?? null;
    },
    async get(id) {
      const found = session ? (await find({ id } as unknown as Filter<T>, { limit: 1 }))[0] : await byId(id);
      if (!found) throw new NotFound();
      return found;
    },
    async findEach(ids) {
      const found = session
        ? await inOrderOf(ids, find({ id: { $in: ids } } as Filter<T>))
        : await Promise.all(ids.map(byId));
      return found.filter((each) => each !== null);
    },
    count,
    async distinct(field, filter) {
      const stages = () => [
        { $match: cast(filter) },
        { $group: { _id: `$${field}` } },
        { $group: { _id: null, values: { $push: '$_id' } } },
      ];
      const alone = async () => (await model.aggregate(stages()).option(inSession)) as Stored[];
      const found = await ask(alone, stages);
      return new Set((found[0]?.['values'] ?? []) as string[]);
    },
    async page(filter, { sort, page, perPage, ...options }) {
      const skip = (page - 1) * perPage;
      const readItems = () => find(filter, { ...options, sort: { ...sort, id: 1 }, skip, limit: perPage });
      const [total, items] = session
        ? [await count(filter), await readItems()]
        : await Promise.all([count(filter), readItems()]);
      return { items, page, pages: Math.max(1, Math.ceil(total / perPage)), perPage, total };
    },
    async insert(document) {
      const [created] = await model.create([checkOwner(document)] as never, inSession);
      return fromStored<T>((created as unknown as { toObject(): Stored }).toObject());
    },
    async insertMany(documents) {
      // In portions, between which other requests have their turn: each document is checked on the way.
      for (let at = 0; at < documents.length; at += 500) {
        const portion = documents.slice(at, at + 500).map(checkOwner);
        await model.insertMany(portion as never, { ...limited, lean: false });
      }
    },
    async updateOne(filter, update, options = {}) {
      const done = await model
        .updateOne(narrowed(filter) as never, update, {
          ...limited,
          ...options,
          runValidators: true,
        })
        .exec();
      return done.matchedCount;
    },
    async updateMany(filter, update) {
      const done = await model
        .updateMany(narrowed(filter) as never, update, { ...limited, runValidators: true })
        .exec();
      return done.matchedCount;
    },
    async updateEach(changes) {
      if (changes.length === 0) return 0;
      const each = changes.map(({ filter, update, upsert = false }) => ({
        updateOne: { filter: narrowed(filter), update, upsert, runValidators: true },
      }));
      return (await model.bulkWrite(each as never, { ...inSession, ordered: true })).matchedCount;
    },
    async findOneAndUpdate(filter, update, { upsert = false, lastOf } = {}) {
      const short = lastOf && Object.fromEntries(lastOf.map((field) => [field, { $slice: -1 }]));
      const after = (await model
        .findOneAndUpdate(narrowed(filter) as never, update as never, {
          ...inSession,
          upsert,
          ...(short ? { projection: short } : {}),
          runValidators: true,
          returnDocument: 'after',
        })
        .lean()) as unknown as Stored | null;
      return after ? fromStored<T>(after) : null;
    },
    async updateBatched({ id, filter, update, lastOf, isLast }) {
      if (session) throw new Error(`${model.modelName}: a transaction sends its writes by itself`);
      const stored = await writeBatched(model, always, {
        ...{ id, filter: toStored(filter), update, lastOf },
        isLast: (found) => isLast(fromStored<T>(found)),
      });
      return stored ? fromStored<T>(stored) : null;
    },
    async remove(filter) {
      return (await model.deleteMany(narrowed(filter) as never, limited).exec()).deletedCount;
    },
    async overwrite(documents) {
      if (documents.length === 0) return;
      const each = documents.map(checkOwner).map((stored) => ({
        replaceOne: { filter: { _id: stored._id, ...always }, replacement: stored },
      }));
      await model.collection.bulkWrite(each as never, inSession);
    },
    async aggregate<R>(pipeline: PipelineStage[]) {
      const outside = outsideStages.find((stage) => pipeline.some((each) => stage in each));
      if (outside) throw new Error(`${model.modelName}: ${outside} would leave the collection`);
      const stages: PipelineStage[] =
        Object.keys(always).length > 0 ? [{ $match: always }, ...pipeline] : pipeline;
      return ask(
        async () => (await model.aggregate(stages).option(inSession)) as Stored[],
        () => stages as never,
      ) as Promise<R[]>;
    },
  };
}

/** `id` is stored as `_id`, also inside `$or`/`$and`. */
function toStored(value: StoredFilter): StoredFilter {
  const stored: StoredFilter = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'id') stored['_id'] = inner;
    else if ((key === '$or' || key === '$and' || key === '$nor') && Array.isArray(inner)) {
      stored[key] = inner.map((each) => toStored(each as StoredFilter));
    } else stored[key] = inner;
  }
  return stored;
}

function fromStored<T>({ _id, ...rest }: Stored): T {
  return { id: _id, ...rest } as T;
}

function projection(fields: readonly string[] | undefined): Record<string, 1> | null {
  return fields
    ? Object.fromEntries(fields.map((field) => [field === 'id' ? '_id' : field, 1 as const]))
    : null;
}
