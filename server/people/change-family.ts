/**
 * The tie between a student and a guardian: adding it and ending it. Both hold from the next request on,
 * because nobody's children are kept in a session. Refuses a student as a guardian. The audit trail names the
 * two people, never what the note says.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { InvalidInput, NotFound } from '../errors.js';
import { checkMadeGuardian, leaveAdministrators } from './administrators.js';
import { findPerson, findStudent, savePersonChange } from './people-records.js';
import { saveGuardianAdded, saveGuardianRemoved } from './family-records.js';
import { checkNotErased, requirePermission, type Person } from './person.js';
import { runsSchool } from '../access/actor.js';

/** What later features end together with the tie, in the same transaction: seats as family on the student's panels. */
/** What the people's feature asks of the panels, which come later in the order of the data. */
export interface FamilyPorts {
  endFamilySeats: EndFamilySeats;
}
export type EndFamilySeats = (
  scope: SchoolScope,
  clock: Clock,
  actor: Pick<Actor, 'personId' | 'via'>,
  studentId: string,
  guardianId: string,
) => Promise<void>;

async function getStudent(scope: SchoolScope, id: string): Promise<Person> {
  const student = await findStudent(scope, id);
  if (!student) throw new NotFound();
  checkNotErased(student);
  return student;
}

/**
 * Whoever has another role in the school becomes a guardian as well; an administrator does so by an
 * administrator's act.
 * @throws NotFound for an unknown student, InvalidInput `personId` for somebody who cannot be their guardian, Forbidden
 */
export async function addGuardian(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  studentId: string,
  guardianId: string,
): Promise<void> {
  requirePermission(runsSchool(actor));
  await leaveAdministrators(scope, actor, async (inside) => {
    await getStudent(inside, studentId);
    const guardian = await findPerson(inside, guardianId);
    if (!guardian)
      throw new InvalidInput([{ field: 'personId', message: 'people.problem.guardian-unknown' }]);
    if (guardian.roles.includes('student'))
      throw new InvalidInput([{ field: 'personId', message: 'people.problem.guardian-student' }]);
    if (!guardian.active)
      throw new InvalidInput([{ field: 'personId', message: 'people.problem.guardian-left' }]);
    checkMadeGuardian(actor, guardian);
    if (!guardian.roles.includes('guardian'))
      await savePersonChange(inside, guardianId, { roles: [...guardian.roles, 'guardian'] });
    if ((await saveGuardianAdded(inside, studentId, guardianId)) === 0) return;
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'people.add-guardian',
      { kind: 'person', id: studentId },
      { guardianId },
    );
  });
}

/**
 * From the moment this returns the former guardian reads nothing of the student any more.
 * @throws NotFound when this person is not a guardian of this student
 */
export async function endGuardian(
  needs: FamilyPorts & { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  studentId: string,
  guardianId: string,
): Promise<void> {
  requirePermission(runsSchool(actor));
  await inTransaction(scope, async (inside) => {
    await getStudent(inside, studentId);
    if ((await saveGuardianRemoved(inside, studentId, guardianId)) === 0) throw new NotFound();
    await needs.endFamilySeats(inside, needs.clock, actor, studentId, guardianId);
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'people.end-guardian',
      { kind: 'person', id: studentId },
      { guardianId },
    );
  });
}

/** @throws NotFound for an unknown student */
export async function writeCustodyNote(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  studentId: string,
  note: string,
): Promise<void> {
  requirePermission(runsSchool(actor));
  await inTransaction(scope, async (inside) => {
    const student = await getStudent(inside, studentId);
    if ((student.custodyNote ?? '') === note) return;
    await savePersonChange(inside, studentId, { custodyNote: note || null });
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'people.change',
      { kind: 'person', id: studentId },
      { fields: ['custodyNote'] },
    );
  });
}
