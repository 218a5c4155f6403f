/** Who is in which advisory. Personal data: whatever is stored of people. */
import type { SchoolScope } from '../db/database.js';
import { advisories, people } from './people-records.js';

/** Everybody of an advisory, those who have left among them; nobody whose record is sealed or erased. */
export const listPeopleOfAdvisory = (scope: SchoolScope, advisoryId: string) =>
  people.in(scope).find({ advisoryId, sealedAt: null, erasedAt: null }, { sort: { sortName: 1 } });

/** How many students each of these advisories has now; those without any are left out. */
export async function countStudentsOfAdvisories(
  scope: SchoolScope,
  advisoryIds: readonly string[],
): Promise<Map<string, number>> {
  const counts = await people.in(scope).aggregate<{ _id: string; count: number }>([
    // Nobody but students is in one, so that this is read from an index alone.
    { $match: { advisoryId: { $in: advisoryIds }, active: true } },
    { $group: { _id: '$advisoryId', count: { $sum: 1 } } },
  ]);
  return new Map(counts.map(({ _id, count }) => [_id, count]));
}

export const removeAdvisoryRecord = (scope: SchoolScope, id: string) => advisories.in(scope).remove({ id });
