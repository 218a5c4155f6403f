/**
 * Documents that a unique index would refuse, told without anything personal: ids, and the values of fields
 * that hold none.
 */
import type { IndexDeclaration } from './declaration.js';
import type { Db } from './migration.js';

const MAX_GROUPS = 5;
/** Names of fields whose values may be printed and logged; everything else may be a name, an address or a secret. */
const printable = /(^|\.)(_id|\w*Id|number|kind|state|slug|act|chair)$/;

/**
 * Looks for documents that share the key of a unique index.
 * @returns one line per key with two of the ids that share it, at most five: `jobs { kind: "transcripts",
 *   key: … }: a, b`
 */
export async function describeDuplicates(
  db: Db,
  collection: string,
  { keys, sparse, partialFilterExpression }: IndexDeclaration,
): Promise<string[]> {
  const fields = Object.keys(keys);
  const indexed = sparse ? { $or: fields.map((field) => ({ [field]: { $exists: true } })) } : {};
  const groups = await db
    .collection(collection)
    .aggregate<{ _id: unknown[]; first: unknown; last: unknown }>(
      [
        { $match: { ...indexed, ...partialFilterExpression } },
        {
          $group: {
            _id: fields.map((field) => `$${field}`),
            count: { $sum: 1 },
            first: { $min: '$_id' },
            last: { $max: '$_id' },
          },
        },
        { $match: { count: { $gt: 1 } } },
        { $limit: MAX_GROUPS },
      ],
      { allowDiskUse: true },
    )
    .toArray();
  return groups.map(({ _id: values, first, last }) => {
    const shown = fields.map((field, at) => {
      const value = printable.test(field) ? JSON.stringify(values[at] ?? null) : '…';
      return `${field}: ${value}`;
    });
    return `${collection} { ${shown.join(', ')} }: ${String(first)}, ${String(last)}`;
  });
}
