/**
 * The collections and indexes that record files declare, compared with what the database has. Two indexes are
 * the same when their keys and everything that changes what they do are the same; their names do not matter.
 */
import { createHash } from 'node:crypto';
import { AppError } from '../errors.js';
import type { CollectionDeclaration, IndexDeclaration } from './declaration.js';
import { describeDuplicates } from './duplicates.js';
import type { Db, Say } from './migration.js';

interface FoundIndex extends Record<string, unknown> {
  name: string;
  key: Record<string, unknown>;
}

interface IndexPlace {
  collection: string;
  /** As MongoDB names it, e.g. `schoolId_1_number_-1`. */
  name: string;
}

export interface IndexPlan {
  missing: (IndexPlace & { declared: IndexDeclaration })[];
  /** Not declared, or declared with other options. */
  superfluous: IndexPlace[];
  /** What the database has, by collection. */
  found: Map<string, FoundIndex[]>;
}

/** What makes two indexes with the same keys differ. */
const telling = ['unique', 'sparse', 'expireAfterSeconds', 'partialFilterExpression', 'collation', 'hidden'];
const manyDocuments = 20_000;

/** Compares; reads only. An index that is still being built counts as there: `buildIndexes` waits for it. */
export async function planIndexes(db: Db, collections: readonly CollectionDeclaration[]): Promise<IndexPlan> {
  const plans = await Promise.all(
    collections.map(async ({ name: collection, indexes }) => {
      const found = await foundIndexes(db, collection);
      const isSame = (declared: IndexDeclaration, index: FoundIndex): boolean =>
        describe(declared.keys, { ...declared }) === describe(index.key, index);
      return {
        missing: indexes
          .filter((declared) => !found.some((index) => isSame(declared, index)))
          .map((declared) => ({ collection, name: nameOf(declared), declared })),
        found,
        superfluous: found
          .filter((index) => index.name !== '_id_' && !indexes.some((declared) => isSame(declared, index)))
          .map(({ name }) => ({ collection, name })),
      };
    }),
  );
  return {
    missing: plans.flatMap(({ missing }) => missing),
    superfluous: plans.flatMap(({ superfluous }) => superfluous),
    found: new Map(plans.map(({ found }, at) => [collections[at]!.name, found])),
  };
}

/**
 * Builds what is missing and waits for what another instance builds.
 * @param plan as the database is now
 * @throws AppError `database-duplicates` when the data does not allow a unique index,
 *   `database-index-conflict` when another index is in the way
 */
export async function buildIndexes(
  db: Db,
  collections: readonly CollectionDeclaration[],
  { missing, found }: IndexPlan,
  say: Say,
): Promise<void> {
  for (const { collection, name } of missing) {
    const documents = await db.collection(collection).estimatedDocumentCount();
    if (documents > manyDocuments) say('database.index.building', { collection, name, documents });
  }
  const existing = new Set(
    (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
  );
  const outcomes = await Promise.allSettled(
    collections.map(async ({ name, indexes }) => {
      if (!existing.has(name)) await db.createCollection(name).catch(ignoreExisting);
      // An index that has another name is asked for by that name, or MongoDB would see a conflict.
      const wanted = indexes.map(({ keys, ...options }) => {
        const there = found.get(name)?.find((index) => JSON.stringify(index.key) === JSON.stringify(keys));
        return { key: keys, ...options, ...(there ? { name: there.name } : {}) };
      });
      if (wanted.length > 0) await db.collection(name).createIndexes(wanted);
    }),
  );
  await explainFailures(db, collections, outcomes);
}

/** Drops an index that no declaration names, or names with other options; one that is gone already is none. */
export async function dropIndexes(db: Db, places: readonly IndexPlace[], say: Say): Promise<void> {
  for (const { collection, name } of places) {
    await db
      .collection(collection)
      .dropIndex(name)
      .catch((error: unknown) => {
        if ((error as { codeName?: string }).codeName !== 'IndexNotFound') throw error;
      });
    say('database.index.dropped', { collection, name });
  }
}

/** @throws AppError `database-indexes-missing` naming every declared index that is not there */
export async function verifyIndexes(db: Db, collections: readonly CollectionDeclaration[]): Promise<void> {
  const { missing } = await planIndexes(db, collections);
  if (missing.length > 0)
    throw new AppError(500, 'database-indexes-missing', 'database.problem.indexes-missing', {
      list: missing.map(({ collection, name }) => `${collection}.${name}`).join(', '),
    });
}

/** Changes whenever a declared index does. */
export function fingerprintOf(collections: readonly CollectionDeclaration[]): string {
  const lines = collections.flatMap(({ name, indexes }) =>
    indexes.map((declared) => `${name} ${describe(declared.keys, { ...declared })}`),
  );
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 16);
}

async function foundIndexes(db: Db, collection: string): Promise<FoundIndex[]> {
  try {
    return (await db.collection(collection).listIndexes().toArray()) as FoundIndex[];
  } catch (error) {
    if ((error as { codeName?: string }).codeName === 'NamespaceNotFound') return [];
    throw error;
  }
}

/** The order of the keys counts; an option that is off is one that is not there. */
function describe(keys: object, options: Record<string, unknown>): string {
  const on = telling
    .filter((option) => options[option] !== undefined && options[option] !== false)
    .map((option) => [option, options[option]]);
  return JSON.stringify([Object.entries(keys), on]);
}

const nameOf = ({ keys }: IndexDeclaration): string =>
  Object.entries(keys)
    .map(([field, direction]) => `${field}_${direction}`)
    .join('_');

async function explainFailures(
  db: Db,
  collections: readonly CollectionDeclaration[],
  outcomes: readonly PromiseSettledResult<void>[],
): Promise<void> {
  const failures = outcomes.flatMap((outcome, at) =>
    outcome.status === 'rejected'
      ? [{ declared: collections[at]!, reason: outcome.reason as { code?: unknown } }]
      : [],
  );
  if (failures.length === 0) return;
  const other = failures.find(({ reason }) => reason.code !== 11000 && !isConflict(reason.code));
  if (other) throw other.reason as Error;
  const duplicates: string[] = [];
  for (const { declared, reason } of failures) {
    if (reason.code !== 11000) continue;
    for (const index of declared.indexes.filter(({ unique }) => unique))
      duplicates.push(...(await describeDuplicates(db, declared.name, index)));
  }
  if (duplicates.length > 0) {
    const list = duplicates.map((line) => `\n  - ${line}`).join('');
    throw new AppError(500, 'database-duplicates', 'database.problem.duplicates', { list });
  }
  const list = failures.map(({ declared, reason }) => `\n  - ${declared.name}: ${String(reason)}`).join('');
  throw new AppError(500, 'database-index-conflict', 'database.problem.index-conflict', { list });
}

/** IndexOptionsConflict, IndexKeySpecsConflict */
const isConflict = (code: unknown): boolean => code === 85 || code === 86;

function ignoreExisting(error: unknown): void {
  if ((error as { codeName?: string }).codeName !== 'NamespaceExists') throw error;
}
