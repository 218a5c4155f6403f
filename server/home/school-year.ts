/** The school and its terms: asked for once, by all parts of a first page together. Reads only. */
import type { SchoolScope } from '../database.js';
import { findSchool, listTerms } from '../school/school-records.js';
import type { School, Term } from '../school/school.js';

export interface SchoolYear {
  school: School | null;
  /** Oldest first. */
  terms: Term[];
  /** The term that the school works in; null where it has not said. */
  current: Term | null;
  /** The term before it: what is left of it is still to be done. */
  previous: Term | null;
}

export async function readSchoolYear(scope: SchoolScope): Promise<SchoolYear> {
  const [school, terms] = await Promise.all([findSchool(scope, scope.schoolId), listTerms(scope)]);
  const at = terms.findIndex((term) => term.id === school?.currentTermId);
  return { school, terms, current: terms[at] ?? null, previous: at > 0 ? terms[at - 1]! : null };
}
