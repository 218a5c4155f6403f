/**
 * Writes terms that a roster brought: new ones, and new days of known ones. A school without a current term
 * gets the one of today.
 */
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { dayIn, termOn, type Term } from './school.js';
import { findSchool, listTerms, saveSchoolChange, saveTerm, saveTermChange } from './school-records.js';

export async function upsertTerms(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  terms: { created: readonly Term[]; updated: readonly Pick<Term, 'id' | 'startsOn' | 'endsOn'>[] },
): Promise<void> {
  for (const term of terms.created) await saveTerm(scope, term);
  for (const { id, ...days } of terms.updated) await saveTermChange(scope, id, days);
  const school = await findSchool(scope, scope.schoolId);
  if (school?.currentTermId !== null || terms.created.length === 0) return;
  const current = termOn(await listTerms(scope), dayIn(school.timeZone, clock.now()));
  if (current) await saveSchoolChange(scope, { currentTermId: current.id });
}
