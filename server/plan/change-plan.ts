/** Writes a term's learning plan: begins it, or replaces it if nobody else was faster. */
import type { Actor } from '../access/actor.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { newId } from '../ids.js';
import { requirePermission, type StudentFacts } from '../people/person.js';
import { holdTerm } from '../school/hold-term.js';
import { mayWritePlan } from './internship.js';
import type { LearningPlan } from './learning-plan.js';
import { findPlan, savePlan, savePlanChange } from './plan-records.js';

/**
 * @param input.revision of the plan that was on the screen; 0 where there was none
 * @throws Conflict when it was changed since; InvalidInput for a term that does not exist
 */
export async function changePlan(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  student: StudentFacts,
  input: { termId: string; aim: string; goals: string[]; revision: number },
): Promise<LearningPlan> {
  requirePermission(mayWritePlan(actor, student), 'plan.problem.not-yours');
  const { aim, goals, termId, revision } = input;
  const words = { aim, goals, changedAt: clock.now(), changedBy: actor.personId };
  const before = await findPlan(scope, student.id, termId);
  const termUnknown = () => new InvalidInput([{ field: 'termId', message: 'plan.problem.term-unknown' }]);
  const stale = () => new Conflict('common.problem.stale', {}, 'stale-revision');
  if (before) {
    const after = await savePlanChange(scope, before.id, revision, words);
    if (!after) throw stale();
    return after;
  }
  try {
    const fresh = { id: newId(), schoolId: scope.schoolId, studentId: student.id, termId, revision: 1 };
    return await inTransaction(scope, async (inside) => {
      if (!(await holdTerm(inside, termId, student.id))) throw termUnknown();
      return savePlan(inside, { ...fresh, ...words });
    });
  } catch (error) {
    throw isDuplicate(error) ? stale() : error;
  }
}
