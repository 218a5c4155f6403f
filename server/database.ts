/**
 * The one place where a MongoDB connection is opened, and the door through which every record passes.
 * A school's data can only be asked for through `collection.in(scope)`, which narrows every filter, update and
 * pipeline to `scope.schoolId`; a question that has no school yet must say `acrossSchools` in so many words.
 */
import mongoose, { type ClientSession, type Connection, type SchemaDefinition } from 'mongoose';
export type { ClientSession, Model, PipelineStage } from 'mongoose';
import { AppError } from './errors.js';
import { questions, type Questions, type StoredModel } from './questions.js';

export type { Filter, FindOptions, Page, PageOptions, Questions, Sort, Update } from './questions.js';

/** A connection to one server below any replica set, for whoever starts and stops it. */
export type ServerConnection = InstanceType<typeof mongoose.mongo.MongoClient>;

/** @param milliseconds how long to look for the server */
export const serverConnection = (port: number, milliseconds: number): ServerConnection =>
  new mongoose.mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: milliseconds,
    maxPoolSize: 2,
  });

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

const definitions = new Map<string, { schema: mongoose.Schema; options: CollectionOptions }>();

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

/** True when `error` says that a document would grow beyond what MongoDB holds, which is 16 MB. */
export function isTooLarge(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && (error as { code?: unknown }).code;
  return code === 17419 || code === 10334;
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
