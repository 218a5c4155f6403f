/** Makes a term the current one. The one before is over: what people were in it is recorded first, so that nothing of it changes later. */
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../database.js';
import type { Term } from './school.js';
import { findSchool, saveSchoolChange } from './school-records.js';

export interface ChooseTermNeeds {
  /** Records everybody's enrollment in a term; may be called again. */
  keepTerm(scope: SchoolScope, clock: Clock, termId: string): Promise<void>;
}

export async function chooseTerm(
  needs: ChooseTermNeeds,
  scope: SchoolScope,
  clock: Clock,
  term: Pick<Term, 'id'>,
): Promise<void> {
  const before = (await findSchool(scope, scope.schoolId))?.currentTermId ?? null;
  if (before === term.id) return;
  if (before !== null) await needs.keepTerm(scope, clock, before);
  await saveSchoolChange(scope, { currentTermId: term.id });
}
