/**
 * Many documents at once, past Mongoose, which would take most of the time: the first of each kind are held
 * against its shape.
 */
import { collections } from '../../../server/collections.js';
import type { Database } from '../../../server/db/database.js';

/** Documents of one command. */
const PORTION = 2000;
const CHECKED = 5;

export interface BulkInsert {
  add<T extends { id: string }>(collection: string, documents: readonly T[]): Promise<void>;
  /** Writes what is still held back. */
  flush(): Promise<void>;
  /** How many of each collection were written. */
  counts(): Map<string, number>;
}

/** @throws Error naming the field when a document does not have its collection's shape */
export function bulkInsert({ connection }: Database): BulkInsert {
  const held = new Map<string, Record<string, unknown>[]>();
  const written = new Map<string, number>();

  async function check(collection: string, document: Record<string, unknown>): Promise<void> {
    const { schema } = collections.find(({ name }) => name === collection)!;
    const Shape = connection.models[collection] ?? connection.model(collection, schema);
    await new Shape(document).validate();
  }

  async function write(collection: string): Promise<void> {
    const documents = held.get(collection) ?? [];
    held.set(collection, []);
    if (documents.length === 0) return;
    const before = written.get(collection) ?? 0;
    if (before === 0) for (const document of documents.slice(0, CHECKED)) await check(collection, document);
    await connection
      .collection(collection)
      .insertMany(documents, { ordered: false, writeConcern: { w: 1, journal: false } });
    written.set(collection, before + documents.length);
  }

  return {
    async add(collection, documents) {
      const list = held.get(collection) ?? [];
      held.set(collection, list);
      for (const { id, ...rest } of documents) list.push({ _id: id, ...rest });
      if (list.length >= PORTION) await write(collection);
    },
    async flush() {
      for (const collection of held.keys()) await write(collection);
    },
    counts: () => written,
  };
}
