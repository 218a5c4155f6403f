/** Who presents without a submitted portfolio: told before an exhibition opens, because its panels then have nothing to look at. */
import type { SchoolScope } from '../database.js';
import { listPeopleByIds } from '../people/people-records.js';
import { listStudentsWithSnapshot } from '../portfolio/portfolio-records.js';
import type { Exhibition } from './exhibition.js';
import { listMemberSlotsOfExhibition } from './slot-records.js';

/** Students named one by one. */
const MAX_NAMED = 30;

export interface MissingPortfolios {
  count: number;
  /** The first of them, by name. */
  students: { id: string; name: string }[];
  more: number;
}

/** Null where everybody has submitted one, or it is too late to ask. */
export async function findMissingPortfolios(
  scope: SchoolScope,
  { id, termId, phase }: Pick<Exhibition, 'id' | 'termId' | 'phase'>,
): Promise<MissingPortfolios | null> {
  if (phase !== 'draft') return null;
  const ids = [...new Set((await listMemberSlotsOfExhibition(scope, id)).map(({ studentId }) => studentId))];
  const submitted = await listStudentsWithSnapshot(scope, termId, ids);
  const missing = ids.filter((studentId) => !submitted.has(studentId));
  if (missing.length === 0) return null;
  const students = (await listPeopleByIds(scope, missing))
    .map((person) => ({ id: person.id, name: person.displayName }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
    .slice(0, MAX_NAMED);
  return { count: missing.length, students, more: Math.max(0, missing.length - MAX_NAMED) };
}
