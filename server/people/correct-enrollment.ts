/** Corrects where a student belonged in a term that is over. The current term is changed with the person. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput, NotFound } from '../errors.js';
import { newId } from '../ids.js';
import { holdTerm } from '../school/hold-term.js';
import { findSchool, getTerm } from '../school/school-records.js';
import { currentFacts, leadersOf, type Enrollment, type EnrollmentStatus } from './enrollment.js';
import {
  findEnrollment,
  removeEnrollment,
  saveEnrollmentChanges,
  saveEnrollments,
} from './enrollment-records.js';
import { keepTerm } from './keep-enrollments.js';
import { getPerson } from './people-records.js';
import { checkNotErased, checkNotSealed } from './person.js';
import { advisoryNames } from './read-enrollments.js';

export interface EnrollmentCorrection {
  grade: string | null;
  advisoryId: string | null;
  /** `none`: was not in the school in this term. */
  status: EnrollmentStatus | 'none';
}

/**
 * @throws Conflict for the current term
 * @throws InvalidInput for an advisory that nobody knows
 */
export async function correctEnrollment(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'via'>,
  where: { personId: string; termId: string },
  correction: EnrollmentCorrection,
): Promise<void> {
  const term = await getTerm(scope, where.termId);
  if ((await findSchool(scope, scope.schoolId))?.currentTermId === term.id)
    throw new Conflict('people.enrollment.problem.current');
  // Who is not named in a term of which everybody is recorded was not there.
  await keepTerm(scope, clock, term.id);
  await inTransaction(scope, async (inside) => {
    if (!(await holdTerm(inside, term.id, where.personId))) throw new NotFound();
    const student = await getPerson(inside, where.personId);
    checkNotSealed(student);
    checkNotErased(student);
    const { grade, advisoryId, status } = correction;
    const detail = { term: term.id, status };
    const subject = { kind: 'person', id: student.id };
    await appendAudit(inside, clock, actor, 'people.enrollment-correct', subject, detail);
    if (status === 'none') return void (await removeEnrollment(inside, term.id, student.id));
    const known = await advisoryNames(inside);
    const before = await findEnrollment(inside, term.id, student.id);
    const advisory = advisoryId ? known.advisories.get(advisoryId) : undefined;
    const same = before !== null && (before.advisory?.id ?? null) === advisoryId;
    if (advisoryId && !advisory && !same)
      throw new InvalidInput([{ field: 'advisoryId', message: 'people.problem.advisory-unknown' }]);
    const group: Pick<Enrollment, 'advisory' | 'advisors'> =
      same && advisoryId
        ? { advisory: before.advisory, advisors: before.advisors }
        : {
            advisory: advisory ? { id: advisory.id, name: advisory.name } : null,
            advisors: leadersOf(advisory, known),
          };
    const change = { grade, ...group, status, assumed: false, savedAt: clock.now() };
    if (before) return void (await saveEnrollmentChanges(inside, [{ id: before.id, change }]));
    await saveEnrollments(inside, [
      {
        ...{ id: newId(), schoolId: scope.schoolId, studentId: student.id, termId: term.id },
        ...{ sortName: student.sortName, startsOn: null, endsOn: null },
        ...currentFacts(student, known),
        ...change,
      },
    ]);
  });
}
