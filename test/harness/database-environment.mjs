/**
 * Where a test file runs. It borrows an empty database with all collections and indexes, which is emptied
 * afterwards and lent to the next file: making hundreds of collections and indexes takes longer than many a
 * test. Databases that the file made besides are dropped, because mongod keeps a file open for every
 * collection and index, and a run of everything would come to more than a system allows.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import mongoose from 'mongoose';
import { databasePrefix } from './database-names.mjs';

const patience = 10_000;
/** With more documents than this, a database is dropped sooner than emptied. */
const manyDocuments = 20_000;
/** They say what was done to the database itself, and are true of the next file, too. */
const keptCollections = ['migrations', 'databasestate'];

const knownMigrations = readdirSync(new URL('../../server/db/migrations', import.meta.url)).map((file) =>
  path.basename(file, '.ts'),
);

/** Empty databases of this process, and how many it has made. */
const empty = [];
let made = 0;

/**
 * The realm of the worker itself (see jest/runtime.cjs): what a test file changes about the process is put
 * back after it.
 */
export default class DatabaseEnvironment {
  constructor(_config, context) {
    this.global = globalThis;
    this.prefix = databasePrefix(context.testPath);
    this.borrowed = null;
    this.before = { env: { ...process.env }, console: globalThis.console, exit: process.exit };
    globalThis.borrowDatabase = () =>
      (this.borrowed ??= empty.shift() ?? `lent_${process.pid}_${(made += 1)}`);
  }

  getVmContext() {
    return null;
  }

  async setup() {}

  async teardown() {
    const { env, console, exit } = this.before;
    globalThis.console = console;
    process.exit = exit;
    for (const name of Object.keys(process.env))
      if (!(name in env)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, env);
    const uri = process.env.VITRINE_TEST_MONGODB;
    if (uri) await clean(uri, this.borrowed, this.prefix);
  }
}

async function clean(uri, borrowed, prefix) {
  const client = new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS: patience });
  try {
    await client.connect();
    if (borrowed !== null && (await isEmptied(client.db(borrowed)))) empty.push(borrowed);
    const filter = { name: { $regex: `^${prefix}` } };
    const { databases } = await client.db('admin').command({ listDatabases: 1, nameOnly: true, filter });
    for (const { name } of databases) await dropDatabase(client.db(name));
  } finally {
    await client.close();
  }
}

/**
 * Whether it can be lent again. Indexes that a test dropped are built, and others removed, when it is opened
 * the next time.
 */
async function isEmptied(db) {
  const { objects } = await db.stats();
  if (objects > manyDocuments) return dropDatabase(db);
  const found = await db.listCollections({}, { nameOnly: true }).toArray();
  await db.command({ profile: 0 });
  if (found.some(({ name }) => name === 'system.profile')) await db.dropCollection('system.profile');
  const names = found.map(({ name }) => name).filter((name) => !name.startsWith('system.'));
  try {
    await Promise.all(
      names
        .filter((name) => !keptCollections.includes(name))
        .map((name) => db.collection(name).deleteMany({}, { maxTimeMS: 2000 })),
    );
    const strange = await db.collection('migrations').countDocuments({ _id: { $nin: knownMigrations } });
    return strange === 0;
  } catch (error) {
    if (!isHeld(error)) throw error;
    return false;
  }
}

/**
 * A server that was killed leaves transactions open, which hold the database for a minute or more: it may stay then.
 * @returns whether it is gone
 */
async function dropDatabase(db) {
  try {
    await db.command({ dropDatabase: 1, maxTimeMS: 2000 });
    return true;
  } catch (error) {
    if (!isHeld(error)) throw error;
    return false;
  }
}

const isHeld = ({ codeName }) =>
  codeName === 'MaxTimeMSExpired' || codeName === 'LockTimeout' || codeName === 'WriteConflict';
