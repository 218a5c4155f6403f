/** Adds an internship and changes it. Refuses one that ends before it begins, and a change made from an old page. */
import type { Actor } from '../access/actor.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { newId } from '../ids.js';
import { requirePermission, type StudentFacts } from '../people/person.js';
import { holdTerm } from '../school/hold-term.js';
import { mayWritePlan, type Internship } from './internship.js';
import { saveInternship, saveInternshipChange } from './internship-records.js';

export type InternshipInput = Omit<Internship, 'id' | 'schoolId' | 'studentId' | 'revision'>;

/** @throws InvalidInput on `endsOn` or `termId` */
export async function addInternship(
  scope: SchoolScope,
  actor: Actor,
  student: StudentFacts,
  input: InternshipInput,
): Promise<Internship> {
  requirePermission(mayWritePlan(actor, student), 'plan.problem.not-yours');
  const fresh = { id: newId(), schoolId: scope.schoolId, studentId: student.id, revision: 1 };
  return inTransaction(scope, async (inside) => {
    await check(inside, student, input);
    return saveInternship(inside, { ...fresh, ...input });
  });
}

/** @throws Conflict when it was changed since `revision`; InvalidInput as above */
export async function changeInternship(
  scope: SchoolScope,
  actor: Actor,
  student: StudentFacts,
  internship: Internship,
  input: InternshipInput,
  revision: number,
): Promise<Internship> {
  requirePermission(mayWritePlan(actor, student), 'plan.problem.not-yours');
  return inTransaction(scope, async (inside) => {
    await check(inside, student, input);
    const after = await saveInternshipChange(inside, internship.id, revision, input);
    if (!after) throw new Conflict('common.problem.stale', {}, 'stale-revision');
    return after;
  });
}

async function check(inside: SchoolScope, student: StudentFacts, input: InternshipInput): Promise<void> {
  if (input.endsOn !== null && input.endsOn < input.startsOn) {
    throw new InvalidInput([{ field: 'endsOn', message: 'plan.problem.ends-before' }]);
  }
  if (!(await holdTerm(inside, input.termId, student.id))) {
    throw new InvalidInput([{ field: 'termId', message: 'plan.problem.term-unknown' }]);
  }
}
