/**
 * When something was last written on sheets: what the check-in desk sees of who is at work. Reads nothing of
 * what stands in them.
 */
import type { SchoolScope } from '../db/database.js';
import { sheets } from './score-sheet-records.js';

/** When something was last written on the sheets of these seats, those without any change left out. */
export async function listLastWrites(
  scope: SchoolScope,
  seatIds: readonly string[],
): Promise<Map<string, Date>> {
  const found = await sheets
    .in(scope)
    .aggregate<{ _id: string; at: Date | null }>([
      { $match: { _id: { $in: seatIds } } },
      { $project: { at: { $max: '$journal.at' } } },
    ]);
  return new Map(found.flatMap(({ _id, at }) => (at ? [[_id, at]] : [])));
}
