/** Begins a handover: the old school's office offers it, by itself or because the other school has asked. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput, NotFound } from '../errors.js';
import { newId } from '../ids.js';
import { findStudent } from '../people/people-records.js';
import type { Person } from '../people/person.js';
import { findNetwork, findSchool } from '../school/school-records.js';
import type { School } from '../school/school.js';
import { openKeyOf, type Handover } from './handover.js';
import { findHandover, listOpenHandoversOf, saveHandover, saveHandoverState } from './handover-records.js';

/** Schools without a network, and those of a network that is closed, hand over nobody. @throws Conflict */
export async function networkOf(scope: SchoolScope): Promise<{ school: School; networkId: string }> {
  const school = await findSchool(scope, scope.schoolId);
  const network = school?.networkId ? await findNetwork(scope, school.networkId) : null;
  if (!school || !network || network.closedAt) throw new Conflict('handover.problem.no-network');
  return { school, networkId: network.id };
}

/** @throws NotFound for somebody who is no student here; Conflict for one who has left or governs the school */
export async function studentToHandOver(scope: SchoolScope, studentId: string): Promise<Person> {
  const student = await findStudent(scope, studentId);
  if (!student) throw new NotFound();
  if (student.roles.includes('admin')) throw new Conflict('handover.problem.administrator');
  if (!student.active) throw new Conflict('handover.problem.left');
  return student;
}

/** @throws InvalidInput `schoolId` for a school that takes nobody: another network's, a closed one, this one */
async function receivingSchool(inside: SchoolScope, networkId: string, id: string): Promise<School> {
  const school = id === inside.schoolId ? null : await findSchool(inside, id);
  if (!school || school.networkId !== networkId || school.closedAt)
    throw new InvalidInput([{ field: 'schoolId', message: 'handover.problem.school' }]);
  return school;
}

/** @throws Conflict when one is open already */
export async function startHandover(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  studentId: string,
  { schoolId, reason }: { schoolId: string; reason: string },
): Promise<Handover> {
  try {
    return await inTransaction(scope, async (inside) => {
      const student = await studentToHandOver(inside, studentId);
      const { school, networkId } = await networkOf(inside);
      const to = await receivingSchool(inside, networkId, schoolId);
      const open = await listOpenHandoversOf(inside, studentId);
      if (open.some(({ state }) => state !== 'asked')) throw new Conflict('handover.problem.open-already');
      const asked = open.find(({ toSchoolId }) => toSchoolId === to.id);
      const now = clock.now();
      const offered = { state: 'offered', reason, offeredAt: now } as const;
      const handover: Handover = {
        ...{ id: newId(), networkId, studentId, fromSchoolId: school.id, toSchoolId: to.id },
        ...{ fromSchoolName: school.name, toSchoolName: to.name },
        ...{
          studentName: student.displayName,
          studentNumber: student.studentNumber ?? null,
          newStudentId: null,
        },
        ...{ sealed: false, createdAt: now, createdBy: actor.personId },
        ...{ answeredAt: null, answeredBy: null, copiedAt: null, openKey: null, ...offered },
      };
      const openKey = openKeyOf(handover);
      const made = asked
        ? await saveHandoverState(inside, asked.id, ['asked'], { ...offered, openKey })
        : await saveHandover(inside, { ...handover, openKey });
      if (!made) throw new Conflict('handover.problem.answered');
      await appendBoth(inside, clock, actor, 'handover.offer', made);
      return made;
    });
  } catch (error) {
    if (isDuplicate(error)) throw new Conflict('handover.problem.open-already');
    throw error;
  }
}

/** The other school has asked, and this office agrees. */
export async function offerAsked(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  id: string,
  reason: string,
): Promise<Handover> {
  const handover = await findHandover(scope, id);
  if (!handover || handover.fromSchoolId !== scope.schoolId) throw new NotFound();
  if (handover.state !== 'asked') throw new Conflict('handover.problem.answered');
  const { studentId, toSchoolId: schoolId } = handover;
  return startHandover(needs, scope, actor, studentId, { schoolId, reason });
}

/** In the chains of both schools. */
export async function appendBoth(
  inside: SchoolScope,
  clock: Clock,
  actor: Pick<Actor, 'personId' | 'via' | 'passwordLink'>,
  act: string,
  { id, fromSchoolId, toSchoolId, studentId, newStudentId }: Handover,
  detail: Record<string, unknown> = {},
): Promise<void> {
  const subject = { kind: 'handover', id };
  const facts = { fromSchoolId, toSchoolId, ...detail };
  await appendAudit({ ...inside, schoolId: fromSchoolId }, clock, actor, act, subject, {
    ...facts,
    studentId,
  });
  await appendAudit({ ...inside, schoolId: toSchoolId }, clock, actor, act, subject, {
    ...facts,
    ...(newStudentId ? { studentId: newStudentId } : {}),
  });
}
