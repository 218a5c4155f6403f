/**
 * The one place where a MongoDB connection is opened, and the door through which every record passes.
 * A school's data can only be asked for through `collection.in(scope)`, which narrows every filter, update and
 * pipeline to `scope.schoolId`; a question that has no school yet must say `acrossSchools` in so many words.
 */
import mongoose, {
  type ClientSession,
  type Connection,
  type PipelineStage,
  type SchemaDefinition,
} from 'mongoose';
import { AppError, NotFound } from './errors.js';

export interface Database {
  readonly connection: Connection;
  /** Name of the database, e.g. `vitrine`. */
  readonly name: string;
  close(): Promise<void>;
}

/** A database narrowed to one school, inside a transaction when `session` is set. */
export interface SchoolScope {
  readonly db: Database;
  readonly schoolId: string;
  readonly session?: ClientSession;
}

/** A database without a school, inside a transaction when `session` is set. */
export interface SharedScope {
  readonly db: Database;
  readonly session?: ClientSession;
}

export type Filter = Record<string, unknown>;
export type Update = Record<string, unknown>;
export type Sort = Record<string, 1 | -1>;

export interface FindOptions {
  sort?: Sort;
  skip?: number;
  limit?: number;
  /** Only these fields are read (id is always there). */
  fields?: readonly string[];
}

export interface PageOptions {
  sort: Sort;
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

interface IndexDefinition {
  keys: Record<string, 1 | -1 | 'text'>;
  unique?: boolean;
  sparse?: boolean;
  /** Seconds after the indexed date at which MongoDB removes the document. */
  expireAfterSeconds?: number;
  partialFilterExpression?: Record<string, unknown>;
}

interface CollectionOptions {
  indexes: IndexDefinition[];
}

type Stored = Record<string, unknown> & { _id: string };
type StoredModel = mongoose.Model<Stored>;

const definitions = new Map<string, { schema: mongoose.Schema; options: CollectionOptions }>();

/** Every question that can be asked of a collection. Answers are plain objects with `id`, never documents. */
export interface Questions<T extends { id: string }> {
  find(filter: Filter, options?: FindOptions): Promise<T[]>;
  findOne(filter: Filter, options?: Pick<FindOptions, 'sort' | 'fields'>): Promise<T | null>;
  /** By id; throws NotFound when it does not exist here. */
  get(id: string): Promise<T>;
  count(filter: Filter): Promise<number>;
  page(filter: Filter, options: PageOptions): Promise<Page<T>>;
  insert(document: T): Promise<T>;
  insertMany(documents: T[]): Promise<void>;
  /** Number of documents that matched (0 or 1). */
  updateOne(filter: Filter, update: Update, options?: { upsert?: boolean }): Promise<number>;
  updateMany(filter: Filter, update: Update): Promise<number>;
  /** The document after the update, or null when nothing matched. */
  findOneAndUpdate(filter: Filter, update: Update, options?: { upsert?: boolean }): Promise<T | null>;
  /** Number of documents removed. */
  remove(filter: Filter): Promise<number>;
  aggregate<R>(pipeline: PipelineStage[]): Promise<R[]>;
}

export interface SchoolCollection<T extends { id: string; schoolId: string }> {
  in(scope: SchoolScope): Questions<T>;
  /** Only where there is no school yet: by code, by token, over a whole network. */
  acrossSchools(scope: Database | SharedScope): Questions<T>;
}

export interface SharedCollection<T extends { id: string }> {
  in(scope: Database | SharedScope): Questions<T>;
}

/**
 * Declares a collection whose every document belongs to a school.
 * @param fields a Mongoose schema definition without `_id` and `schoolId`; `Object` means free shape
 */
export function schoolCollection<T extends { id: string; schoolId: string }>(
  name: string,
  fields: SchemaDefinition,
  options: CollectionOptions,
): SchoolCollection<T> {
  define(name, { schoolId: { type: String, required: true, immutable: true }, ...fields }, options);
  return {
    in(scope) {
      if (!scope.schoolId) throw new Error(`${name}: a question without a school`);
      return questions<T>(modelOf(scope.db, name), { schoolId: scope.schoolId }, scope.session);
    },
    acrossSchools(scope) {
      const shared = asShared(scope);
      return questions<T>(modelOf(shared.db, name), {}, shared.session);
    },
  };
}

/** Declares a collection that belongs to no school (schools themselves, accounts, jobs, rubric versions). */
export function sharedCollection<T extends { id: string }>(
  name: string,
  fields: SchemaDefinition,
  options: CollectionOptions,
): SharedCollection<T> {
  define(name, fields, options);
  return {
    in(scope) {
      const shared = asShared(scope);
      return questions<T>(modelOf(shared.db, name), {}, shared.session);
    },
  };
}

/** Runs `work` in one transaction (majority, retried on transient conflicts); a scope that is in one already is used as it is. */
export async function inTransaction<S extends SharedScope, R>(
  scope: S,
  work: (scope: S) => Promise<R>,
): Promise<R> {
  if (scope.session) return work(scope);
  const session = await scope.db.connection.startSession();
  try {
    return await session.withTransaction(() => work({ ...scope, session }), {
      readConcern: { level: 'snapshot' },
      writeConcern: { w: 'majority', j: true },
    });
  } finally {
    await session.endSession();
  }
}

/** True when `error` says that a unique index refused a second document. */
export function isDuplicate(error: unknown): boolean {
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === 11000;
}

/**
 * Connects, checks that the server is a replica set member (transactions and change streams need one) and makes the indexes.
 * @throws AppError `database-not-a-replica-set`, or the driver's error when nobody answers within 10 s
 */
export async function openDatabase(uri: string, options: { poolSize?: number } = {}): Promise<Database> {
  const connection = mongoose.createConnection(uri, {
    autoIndex: false,
    autoCreate: false,
    serverSelectionTimeoutMS: 10_000,
    maxPoolSize: options.poolSize ?? 50,
    minPoolSize: 2,
    writeConcern: { w: 'majority', journal: true },
    retryWrites: true,
  });
  await connection.asPromise();
  const hello = await connection.db!.admin().command({ hello: 1 });
  if (typeof hello.setName !== 'string' && hello.msg !== 'isdbgrid') {
    await connection.close();
    throw new AppError(500, 'database-not-a-replica-set', 'common.problem.not-a-replica-set');
  }
  const database: Database = { connection, name: connection.name, close: () => connection.close() };
  await makeIndexes(database);
  return database;
}

async function makeIndexes(db: Database): Promise<void> {
  const existing = new Set(
    (await db.connection.db!.listCollections({}, { nameOnly: true }).toArray()).map((found) => found.name),
  );
  await Promise.all(
    [...definitions].map(async ([name, { options }]) => {
      if (!existing.has(name)) await db.connection.db!.createCollection(name).catch(ignoreExisting);
      if (options.indexes.length === 0) return;
      await db.connection
        .collection(name)
        .createIndexes(options.indexes.map(({ keys, ...rest }) => ({ key: keys, ...rest })));
    }),
  );
}

function ignoreExisting(error: unknown): void {
  if ((error as { codeName?: string }).codeName !== 'NamespaceExists') throw error;
}

function define(name: string, fields: SchemaDefinition, options: CollectionOptions): void {
  const schema = new mongoose.Schema(
    { _id: { type: String, required: true }, ...fields },
    {
      strict: 'throw',
      strictQuery: 'throw',
      minimize: false,
      versionKey: false,
      collection: name,
      id: false,
    },
  );
  definitions.set(name, { schema, options });
}

function modelOf(db: Database, name: string): StoredModel {
  const known = db.connection.models[name];
  if (known) return known as unknown as StoredModel;
  return db.connection.model(name, definitions.get(name)!.schema) as unknown as StoredModel;
}

function asShared(scope: Database | SharedScope): SharedScope {
  return 'db' in scope ? scope : { db: scope };
}

function questions<T extends { id: string }>(
  model: StoredModel,
  always: Filter,
  session?: ClientSession,
): Questions<T> {
  const narrowed = (filter: Filter): Filter => ({ ...toStored(filter), ...always });
  const inSession = session ? { session } : {};
  const checkOwner = (document: T): Stored => {
    const stored = toStored(document as unknown as Filter) as Stored;
    for (const [field, value] of Object.entries(always)) {
      if (stored[field] !== value) throw new Error(`${model.modelName}: document of another ${field}`);
    }
    return stored;
  };
  const find = async (filter: Filter, options: FindOptions = {}): Promise<T[]> => {
    const query = model.find(narrowed(filter) as never, projection(options.fields), inSession).lean();
    if (options.sort) query.sort(toStored(options.sort) as Sort);
    if (options.skip) query.skip(options.skip);
    if (options.limit) query.limit(options.limit);
    return ((await query) as unknown as Stored[]).map((stored) => fromStored<T>(stored));
  };
  return {
    find,
    async findOne(filter, options = {}) {
      return (await find(filter, { ...options, limit: 1 }))[0] ?? null;
    },
    async get(id) {
      const found = (await find({ id }, { limit: 1 }))[0];
      if (!found) throw new NotFound();
      return found;
    },
    count: (filter) => model.countDocuments(narrowed(filter) as never, inSession).exec(),
    async page(filter, { sort, page, perPage }) {
      const total = await model.countDocuments(narrowed(filter) as never, inSession).exec();
      const pages = Math.max(1, Math.ceil(total / perPage));
      const items = await find(filter, {
        sort: { ...sort, id: 1 },
        skip: (page - 1) * perPage,
        limit: perPage,
      });
      return { items, page, pages, perPage, total };
    },
    async insert(document) {
      const [created] = await model.create([checkOwner(document)] as never, inSession);
      return fromStored<T>((created as unknown as { toObject(): Stored }).toObject());
    },
    async insertMany(documents) {
      if (documents.length > 0)
        await model.insertMany(documents.map(checkOwner) as never, { ...inSession, lean: false });
    },
    async updateOne(filter, update, options = {}) {
      const done = await model
        .updateOne(narrowed(filter) as never, update as never, {
          ...inSession,
          ...options,
          runValidators: true,
        })
        .exec();
      return done.matchedCount;
    },
    async updateMany(filter, update) {
      const done = await model
        .updateMany(narrowed(filter) as never, update as never, { ...inSession, runValidators: true })
        .exec();
      return done.matchedCount;
    },
    async findOneAndUpdate(filter, update, options = {}) {
      const after = (await model
        .findOneAndUpdate(narrowed(filter) as never, update as never, {
          ...inSession,
          ...options,
          returnDocument: 'after',
        })
        .lean()) as unknown as Stored | null;
      return after ? fromStored<T>(after) : null;
    },
    async remove(filter) {
      return (await model.deleteMany(narrowed(filter) as never, inSession).exec()).deletedCount;
    },
    async aggregate<R>(pipeline: PipelineStage[]) {
      const stages: PipelineStage[] =
        Object.keys(always).length > 0 ? [{ $match: always }, ...pipeline] : pipeline;
      return (await model.aggregate(stages).option(inSession)) as R[];
    },
  };
}

/** `id` is stored as `_id`, also inside `$or`/`$and`. */
function toStored(value: Filter): Filter {
  const stored: Filter = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'id') stored['_id'] = inner;
    else if ((key === '$or' || key === '$and' || key === '$nor') && Array.isArray(inner)) {
      stored[key] = inner.map((each) => toStored(each as Filter));
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
