/** The collections and indexes that record files declare, made in the database. */
import type mongoose from 'mongoose';
import type { CollectionDeclaration } from './declaration.js';

type Db = mongoose.mongo.Db;

/** Makes what is missing; what is there stays as it is. */
export async function makeIndexes(db: Db, collections: readonly CollectionDeclaration[]): Promise<void> {
  const existing = new Set(
    (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
  );
  await Promise.all(
    collections.map(async ({ name, indexes }) => {
      if (!existing.has(name)) await db.createCollection(name).catch(ignoreExisting);
      if (indexes.length === 0) return;
      await db.collection(name).createIndexes(indexes.map(({ keys, ...rest }) => ({ key: keys, ...rest })));
    }),
  );
}

function ignoreExisting(error: unknown): void {
  if ((error as { codeName?: string }).codeName !== 'NamespaceExists') throw error;
}
