/** The indexes that the program declares and those that a database has, in words that can be compared. */
import mongoose from 'mongoose';
import { collections } from '../../server/collections.js';

/** Every declared index as `collection {"keys"} {"options"}`, sorted. */
export const declaredIndexes = (): string[] =>
  collections
    .flatMap(({ name, indexes }) => indexes.map(({ keys, ...options }) => told(name, keys, options)))
    .sort();

/** Every index of every collection but `_id`, sorted. */
export async function indexesOf(uri: string): Promise<string[]> {
  const connection = await mongoose.createConnection(uri).asPromise();
  try {
    const names = (await connection.db!.listCollections({}, { nameOnly: true }).toArray())
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('system.'));
    const lists = await Promise.all(
      names.map(async (name) =>
        (await connection.collection(name).indexes()).map((index) => ({ name, index })),
      ),
    );
    return lists
      .flat()
      .filter(({ index }) => index.name !== '_id_')
      .map(({ name, index }) =>
        told(name, index.key, { ...index, key: undefined, v: undefined, name: undefined }),
      )
      .sort();
  } finally {
    await connection.close();
  }
}

const told = (collection: string, keys: object, options: object): string =>
  `${collection} ${JSON.stringify(keys)} ${JSON.stringify(Object.fromEntries(Object.entries(options).sort()))}`;
