/**
 * Goes over many documents in portions: a migration of a big school is killed and begun again anywhere, and
 * holds few in memory.
 */
import type { Db, MigrationContext } from '../migration.js';

const PORTION = 200;

type Filter = Parameters<ReturnType<Db['collection']>['find']>[0];

/**
 * In the order of their ids, each once, whatever `change` makes of them.
 * @param which collection, and which of its documents
 * @param change of one portion; must be safe to repeat
 */
export async function inPortions<T extends { _id: string }>(
  { db, stillOurs }: Pick<MigrationContext, 'db' | 'stillOurs'>,
  { collection, wanted }: { collection: string; wanted: object },
  change: (found: T[]) => Promise<void>,
): Promise<void> {
  for (let after = ''; ;) {
    await stillOurs();
    const found = (await db
      .collection(collection)
      .find({ ...wanted, _id: { $gt: after } } as unknown as Filter)
      .sort({ _id: 1 })
      .limit(PORTION)
      .toArray()) as unknown as T[];
    if (found.length > 0) await change(found);
    if (found.length < PORTION) return;
    after = found.at(-1)!._id;
  }
}
