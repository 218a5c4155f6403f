/**
 * Makes the database what this program expects, at every start: migrations that were not made here yet, then
 * indexes. One instance does it, the others wait. Refuses a database that a newer program has changed, and
 * data that a unique index does not allow.
 */
import type { Connection } from 'mongoose';
import type { Clock } from '../clock.js';
import { AppError } from '../errors.js';
import type { CollectionDeclaration } from './declaration.js';
import { buildIndexes, dropIndexes, fingerprintOf, planIndexes, verifyIndexes } from './indexes.js';
import type { Db, Migration, MigrationContext, Say } from './migration.js';
import { withPreparationLock, type HeldLock } from './preparation-lock.js';

export interface Preparation {
  collections: readonly CollectionDeclaration[];
  migrations: readonly Migration[];
  clock: Clock;
  keyFor: (purpose: string) => Buffer;
  say: Say;
  /** After this silence an instance that prepares counts as dead. Default: 15 s. */
  leaseMilliseconds?: number;
}

interface Applied {
  _id: string;
  appliedAt: Date;
}

interface State {
  _id: string;
  fingerprints: string[];
}

/**
 * @throws AppError `database-newer`, or what the index functions say
 * @throws what a migration throws; it is run again at the next start
 */
export async function prepareDatabase(connection: Connection, preparation: Preparation): Promise<void> {
  const { collections, leaseMilliseconds = 15_000, say } = preparation;
  const db = connection.db!;
  if (await isPrepared(db, preparation)) return;
  await withPreparationLock(
    db,
    leaseMilliseconds,
    () => say('database.waiting'),
    async (lock) => {
      if (await isEmpty(db)) await noteAsCurrent(db, preparation);
      await migrate(connection, preparation, lock);
      await makeIndexesCurrent(db, preparation);
    },
  );
  await verifyIndexes(db, collections);
}

/** Says what `prepareDatabase` would do, and writes nothing. */
export async function previewPreparation(connection: Connection, preparation: Preparation): Promise<void> {
  const { collections, say } = preparation;
  const db = connection.db!;
  const pending = (await isEmpty(db)) ? [] : await pendingMigrations(db, preparation);
  for (const migration of pending) {
    say('database.migration.pending', { name: migration.name });
    await migration.run(contextFor(connection, preparation, { stillOurs: () => Promise.resolve() }, true));
  }
  const { missing, superfluous } = await planIndexes(db, collections);
  const dropped = (await mayDrop(db, collections)) ? superfluous : [];
  for (const { collection, name } of dropped) say('database.index.would-drop', { collection, name });
  for (const { collection, name } of missing) say('database.index.would-build', { collection, name });
  if (pending.length + dropped.length + missing.length === 0) say('database.nothing-to-do');
}

/** The usual start: two questions, and nobody has to wait for anybody. */
async function isPrepared(db: Db, preparation: Preparation): Promise<boolean> {
  const { collections } = preparation;
  if (await isEmpty(db)) return false;
  if ((await pendingMigrations(db, preparation)).length > 0) return false;
  const plan = await planIndexes(db, collections);
  const { missing, superfluous } = plan;
  if (missing.length > 0 || (superfluous.length > 0 && (await mayDrop(db, collections)))) return false;
  // One that another instance is building is listed, too: only asking for it again waits for it.
  await buildIndexes(db, collections, plan, preparation.say);
  return true;
}

async function migrate(connection: Connection, preparation: Preparation, lock: HeldLock): Promise<void> {
  const db = connection.db!;
  const { migrations, clock, say } = preparation;
  if ((await pendingMigrations(db, preparation)).length === 0) return;
  const { Umzug } = await import('umzug');
  const applied = db.collection<Applied>('migrations');
  const umzug = new Umzug({
    migrations: migrations.map(({ name, run }) => ({
      name,
      up: async ({ context }: { context: MigrationContext }) => {
        say('database.migration.running', { name });
        await run(context);
        await lock.stillOurs();
      },
    })),
    context: contextFor(connection, preparation, lock, false),
    storage: {
      executed: async () => (await applied.find({}).sort({ _id: 1 }).toArray()).map(({ _id }) => _id),
      logMigration: async ({ name }) => {
        await applied.updateOne({ _id: name }, { $set: { appliedAt: clock.now() } }, { upsert: true });
        say('database.migration.done', { name });
      },
      unlogMigration: () => Promise.reject(new Error('A migration cannot be taken back: restore a backup')),
    },
    logger: undefined,
  });
  try {
    await umzug.up();
  } catch (error) {
    throw error instanceof Error && error.name === 'MigrationError' ? (error.cause ?? error) : error;
  }
}

/** @throws AppError `database-newer` when the database knows a migration that this program does not */
async function pendingMigrations(db: Db, { migrations }: Preparation): Promise<Migration[]> {
  const applied = (await db.collection<Applied>('migrations').find({}).toArray()).map(({ _id }) => _id);
  const newer = applied.filter((name) => !migrations.some((known) => known.name === name)).sort();
  if (newer.length > 0)
    throw new AppError(500, 'database-newer', 'database.problem.newer', { list: newer.join(', ') });
  return migrations.filter(({ name }) => !applied.includes(name));
}

/** An empty database has no old data: everything in it will be written by this program. */
async function noteAsCurrent(db: Db, { migrations, clock }: Preparation): Promise<void> {
  if (migrations.length === 0) return;
  await db
    .collection<Applied>('migrations')
    .insertMany(migrations.map(({ name }) => ({ _id: name, appliedAt: clock.now() })));
}

/** Whether nothing was ever stored here; the lock of the preparation itself does not count. */
async function isEmpty(db: Db): Promise<boolean> {
  const found = await db.listCollections({}, { nameOnly: true }).toArray();
  return found.every(({ name }) => name === 'databasestate' || name.startsWith('system.'));
}

async function makeIndexesCurrent(db: Db, { collections, say }: Preparation): Promise<void> {
  let plan = await planIndexes(db, collections);
  if (plan.superfluous.length > 0 && (await mayDrop(db, collections))) {
    await dropIndexes(db, plan.superfluous, say);
    plan = await planIndexes(db, collections);
  }
  await buildIndexes(db, collections, plan, say);
  const fingerprint = fingerprintOf(collections);
  const { fingerprints } = await readState(db);
  if (fingerprints.includes(fingerprint)) return;
  await db
    .collection<State>('databasestate')
    .updateOne(
      { _id: 'indexes' },
      { $set: { fingerprints: [...fingerprints, fingerprint] } },
      { upsert: true },
    );
}

/**
 * A program that was here before the present one must not drop what the present one has built: while versions
 * are changed over, instances of both start.
 */
async function mayDrop(db: Db, collections: readonly CollectionDeclaration[]): Promise<boolean> {
  const { fingerprints } = await readState(db);
  const mine = fingerprintOf(collections);
  return !fingerprints.includes(mine) || fingerprints.at(-1) === mine;
}

const readState = async (db: Db): Promise<State> =>
  (await db.collection<State>('databasestate').findOne({ _id: 'indexes' })) ?? {
    _id: 'indexes',
    fingerprints: [],
  };

function contextFor(
  connection: Connection,
  { clock, keyFor, say }: Preparation,
  { stillOurs }: HeldLock,
  dryRun: boolean,
): MigrationContext {
  return {
    db: connection.db!,
    clock,
    keyFor,
    dryRun,
    say,
    stillOurs,
    async transaction(work) {
      const session = await connection.startSession();
      try {
        return await session.withTransaction(() => work(session), {
          writeConcern: { w: 'majority', journal: true },
        });
      } finally {
        await session.endSession();
      }
    },
  };
}
