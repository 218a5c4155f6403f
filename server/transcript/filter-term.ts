/**
 * Which students of a term somebody looks at before issuing: by name, by what is missing, by grade and by
 * advisory in that term.
 */
import { z } from 'zod';
import type { SchoolScope } from '../db/database.js';
import { listPeopleByIds } from '../people/people-records.js';
import { enrollmentsOf, listEnrolledIds, pageEnrolledAmong } from '../people/read-enrollments.js';
import { listFiltered, preflightFilters } from './preflight.js';
import { listMissed } from './term-records.js';

export const termFilterFields = {
  search: z.string().trim().max(80).optional(),
  show: z
    .enum(preflightFilters)
    .or(z.literal('').transform(() => undefined))
    .optional(),
  grade: z.string().trim().max(40).optional(),
  /** The id of an advisory. */
  advisory: z.string().max(64).optional(),
};
export type TermFilter = z.output<z.ZodObject<typeof termFilterFields>>;

/** Of these students those who fit, whatever their name: what a page of names is made of. */
export async function listInFilter(
  scope: SchoolScope,
  termId: string,
  ids: readonly string[],
  { show, grade = '', advisory = '' }: TermFilter,
): Promise<string[]> {
  const found = show ? await listFiltered(scope, termId, ids, show) : [...ids];
  if (grade === '' && advisory === '') return found;
  const facts = await enrollmentsOf(scope, termId, await listPeopleByIds(scope, found));
  return found.filter((id) => {
    const own = facts.get(id);
    return (
      own !== undefined &&
      (grade === '' || own.grade?.toLowerCase() === grade.toLowerCase()) &&
      (advisory === '' || own.advisory?.id === advisory)
    );
  });
}

/** Everybody whom the filter shows, on all pages. */
export async function listShown(scope: SchoolScope, termId: string, by: TermFilter): Promise<string[]> {
  const enrolled = await listEnrolledIds(scope, termId, await listMissed(scope, termId));
  const ids = await listInFilter(scope, termId, enrolled, by);
  if (!by.search) return ids;
  const at = { search: by.search, page: 1, perPage: Math.max(1, ids.length) };
  return (await pageEnrolledAmong(scope, termId, ids, at)).items.map(({ id }) => id);
}
