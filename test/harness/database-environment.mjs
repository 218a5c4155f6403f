/**
 * Where a test file runs. When it is over its databases go: each has hundreds of collections and indexes, mongod keeps a file open
 * for every one of them, and a run of everything would come to more than a system allows.
 */
import { TestEnvironment } from 'jest-environment-node';
import mongoose from 'mongoose';
import { databasePrefix } from './database-names.mjs';

const patience = 10_000;

export default class DatabaseEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.prefix = databasePrefix(context.testPath);
  }

  async teardown() {
    await super.teardown();
    const uri = process.env.VITRINE_TEST_MONGODB;
    if (uri) await dropDatabases(uri, this.prefix);
  }
}

async function dropDatabases(uri, prefix) {
  const client = new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS: patience });
  try {
    await client.connect();
    const filter = { name: { $regex: `^${prefix}` } };
    const { databases } = await client.db('admin').command({ listDatabases: 1, nameOnly: true, filter });
    for (const { name } of databases) await dropDatabase(client.db(name));
  } finally {
    await client.close();
  }
}

/** A server that was killed leaves transactions open, which hold the database for a minute or more: it may stay. */
async function dropDatabase(db) {
  try {
    await db.command({ dropDatabase: 1, maxTimeMS: 2000 });
  } catch (error) {
    if (error.codeName !== 'MaxTimeMSExpired' && error.codeName !== 'LockTimeout') throw error;
  }
}
