/**
 * The one place where a MongoDB connection is opened, and the door through which every record passes.
 * A school's data can only be asked for through `collection.in(scope)`, which narrows every filter, update and
 * pipeline to `scope.schoolId`; a question that has no school yet must say `acrossSchools` in so many words.
 */
import mongoose, { type ClientSession, type Connection } from 'mongoose';
export type { ClientSession, Model, PipelineStage } from 'mongoose';
import {
  declareCollection,
  type CollectionDeclaration,
  type CollectionOptions,
  type FieldDefinitions,
} from './declaration.js';
import { explainConnecting } from './explain-connecting.js';
import { prepareDatabase, previewPreparation, type Preparation } from './prepare-database.js';
import { watchIndexes } from './watch-indexes.js';
import { AppError } from '../errors.js';
import { collectionQueries, type CollectionQueries, type StoredModel } from './collection-queries.js';
import { openReadBatch, type ReadBatch } from './batch/read-batch.js';

export type { Page, CollectionQueries } from './collection-queries.js';
export type { AnyFilter, Filter, Sort } from './filter.js';

/** A connection to one server below any replica set, for whoever starts and stops it. */
export type ServerConnection = InstanceType<typeof mongoose.mongo.MongoClient>;

export interface Credentials {
  username: string;
  password: string;
  /** The database that knows this user. */
  source: 'admin' | 'local';
}

/** @param milliseconds how long to look for the server */
export const serverConnection = (
  port: number,
  milliseconds: number,
  { source, ...auth }: Credentials,
): ServerConnection =>
  new mongoose.mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    ...{ auth, authSource: source },
    serverSelectionTimeoutMS: milliseconds,
    maxPoolSize: 2,
  });

export interface Database {
  readonly connection: Connection;
  /** Name of the database, e.g. `vitrine`. */
  readonly name: string;
  /** The collections that it was opened with, by name. */
  readonly collections: ReadonlyMap<string, CollectionDeclaration>;
  /** Whether every declared index is there; looks at most every few seconds. */
  hasIndexes(): Promise<boolean>;
  close(): Promise<void>;
}

/** A database narrowed to one school, inside a transaction when `session` is set. */
export interface SchoolScope {
  readonly db: Database;
  readonly schoolId: string;
  readonly session?: ClientSession;
  /** The reads of one request: those of one moment go out as one command. */
  readonly reads?: ReadBatch;
}

/** A database without a school, inside a transaction when `session` is set. */
export interface SharedScope {
  readonly db: Database;
  readonly session?: ClientSession;
  readonly reads?: ReadBatch;
}

export interface SchoolCollection<T extends { id: string; schoolId: string }> {
  /** For the list in `collections.ts`, without which the collection cannot be used. */
  readonly declaration: CollectionDeclaration;
  in(scope: SchoolScope): CollectionQueries<T>;
  /** Only where there is no school yet: by code, by token, over a whole network. */
  acrossSchools(scope: Database | SharedScope): CollectionQueries<T>;
}

export interface SharedCollection<T extends { id: string }> {
  /** For the list in `collections.ts`, without which the collection cannot be used. */
  readonly declaration: CollectionDeclaration;
  in(scope: Database | SharedScope): CollectionQueries<T>;
}

/**
 * Declares a collection whose every document belongs to a school.
 * @param fields a Mongoose schema definition without `_id` and `schoolId`; `Object` means free shape
 */
export function schoolCollection<T extends { id: string; schoolId: string }>(
  name: string,
  fields: FieldDefinitions,
  options: CollectionOptions,
): SchoolCollection<T> {
  const owner = { schoolId: { type: String, required: true, immutable: true } };
  const declaration = declareCollection(name, { ...owner, ...fields }, options);
  return {
    declaration,
    in(scope) {
      if (!scope.schoolId) throw new Error(`${name}: a question without a school`);
      return collectionQueries<T>(modelOf(scope.db, declaration), { schoolId: scope.schoolId }, scope);
    },
    acrossSchools(scope) {
      const shared = asShared(scope);
      return collectionQueries<T>(modelOf(shared.db, declaration), {}, shared);
    },
  };
}

/** Declares a collection that belongs to no school (schools themselves, accounts, jobs, rubric versions). */
export function sharedCollection<T extends { id: string }>(
  name: string,
  fields: FieldDefinitions,
  options: CollectionOptions,
): SharedCollection<T> {
  const declaration = declareCollection(name, fields, options);
  return {
    declaration,
    in(scope) {
      const shared = asShared(scope);
      return collectionQueries<T>(modelOf(shared.db, declaration), {}, shared);
    },
  };
}

/**
 * Runs `work` in one transaction (majority, retried on transient conflicts); a scope that is in one already
 * is used as it is.
 */
export async function inTransaction<S extends SharedScope, R>(
  scope: S,
  work: (scope: S) => Promise<R>,
): Promise<R> {
  if (scope.session) return work(scope);
  const session = await scope.db.connection.startSession();
  try {
    const result = await session.withTransaction(
      () => {
        // A try that has to start again has done nothing.
        afterCommits.set(session, []);
        return work({ ...scope, session });
      },
      { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } },
    );
    for (const each of afterCommits.get(session) ?? []) each();
    return result;
  } finally {
    await session.endSession();
  }
}

/**
 * For queries that a transaction asks at the same moment (`Promise.all`): they go out as one command. Only
 * for records that are short together, far below 16 MB.
 */
export const askingTogether = (inside: SchoolScope): SchoolScope =>
  inside.session ? { ...inside, reads: openReadBatch(inside.db.connection, inside.session) } : inside;

const afterCommits = new WeakMap<ClientSession, (() => void)[]>();

/** Calls `work` once what was written in this scope is committed; at once outside of a transaction. */
export function afterCommit(scope: SharedScope, work: () => void): void {
  const waiting = scope.session && afterCommits.get(scope.session);
  if (waiting) waiting.push(work);
  else work();
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

type Needed = 'collections' | 'clock';
export interface OpenOptions extends Pick<Preparation, Needed>, Partial<Omit<Preparation, Needed>> {
  poolSize?: number;
  /** After so long the server gives up a single question. Default: never. */
  queryMilliseconds?: number;
}

/**
 * Connects, checks that the server is a replica set member (transactions and change streams need one), and
 * makes the database what this program expects: migrations, then indexes.
 * @throws AppError `database-unreachable`, `database-refused`, `database-not-a-replica-set`, or what
 *   `prepareDatabase` throws
 */
export async function openDatabase(uri: string, options: OpenOptions): Promise<Database> {
  const { collections } = options;
  const connection = await connect(uri, options);
  try {
    await prepareDatabase(connection, preparationOf(options));
  } catch (error) {
    await connection.close();
    throw error;
  }
  const indexes = watchIndexes(connection.db!, collections);
  return {
    connection,
    name: connection.name,
    collections: new Map(collections.map((declaration) => [declaration.name, declaration])),
    hasIndexes: indexes.areThere,
    close: () => connection.close(),
  };
}

/** Says what opening this database would change, and changes nothing. */
export async function previewDatabase(uri: string, options: OpenOptions): Promise<void> {
  const connection = await connect(uri);
  try {
    await previewPreparation(connection, preparationOf(options));
  } finally {
    await connection.close();
  }
}

const preparationOf = ({ collections, clock, ...given }: OpenOptions): Preparation => ({
  collections,
  clock,
  migrations: given.migrations ?? [],
  keyFor: given.keyFor ?? (() => Buffer.alloc(32)),
  say: given.say ?? (() => undefined),
  ...(given.leaseMilliseconds === undefined ? {} : { leaseMilliseconds: given.leaseMilliseconds }),
});

async function connect(
  uri: string,
  { poolSize = 50, queryMilliseconds }: Partial<OpenOptions> = {},
): Promise<Connection> {
  const connection = mongoose.createConnection(uri, {
    autoIndex: false,
    autoCreate: false,
    // A server that hangs is noticed within six seconds: what was sent to it fails then instead of waiting
    // for it. Whoever asks while there is no primary waits five seconds for one, which is longer than a
    // planned change takes.
    serverSelectionTimeoutMS: 5000,
    connectTimeoutMS: 4000,
    heartbeatFrequencyMS: 2000,
    waitQueueTimeoutMS: 8000,
    bufferCommands: false,
    maxPoolSize: poolSize,
    minPoolSize: 2,
    writeConcern: { w: 'majority', journal: true },
    retryWrites: true,
  });
  if (queryMilliseconds) connection.set('maxTimeMS', queryMilliseconds);
  try {
    await connection.asPromise();
    const hello = await connection.db!.admin().command({ hello: 1 });
    if (typeof hello.setName !== 'string' && hello.msg !== 'isdbgrid')
      throw new AppError(500, 'database-not-a-replica-set', 'common.problem.not-a-replica-set');
    return connection;
  } catch (error) {
    await connection.close();
    throw explainConnecting(error, uri);
  }
}

function modelOf(db: Database, declaration: CollectionDeclaration): StoredModel {
  const { name, schema } = declaration;
  if (db.collections.get(name) !== declaration)
    throw new Error(
      `${name} is not in the list of collections: add its declaration to server/collections.ts`,
    );
  return (db.connection.models[name] ?? db.connection.model(name, schema)) as unknown as StoredModel;
}

function asShared(scope: Database | SharedScope): SharedScope {
  return 'db' in scope ? scope : { db: scope };
}
