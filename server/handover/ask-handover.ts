/**
 * A school asks for a handover of somebody who is new there and seems to be a student of another school of
 * the network. The question goes to that school; the one that asks learns nothing until it is answered.
 */
import type { Actor } from '../access/actor.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../db/database.js';
import { newId } from '../ids.js';
import { findPerson } from '../people/people-records.js';
import { findSchool } from '../school/school-records.js';
import { askKeyOf, type Handover, type MovedBy } from './handover.js';
import { saveHandover } from './handover-records.js';
import { appendBoth } from './start-handover.js';

export interface Ask {
  /** Who is new in the school that asks. */
  person: { id: string; displayName: string };
  by: MovedBy;
  students: readonly { schoolId: string; personId: string }[];
}

/** Once for each student; asking again changes nothing. */
export async function askForHandovers(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'via' | 'passwordLink'>,
  asks: readonly Ask[],
): Promise<void> {
  for (const { person, by, students } of asks)
    for (const student of students) await askFor(clock, scope, actor, person, by, student);
}

async function askFor(
  clock: Clock,
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'via' | 'passwordLink'>,
  person: Ask['person'],
  by: MovedBy,
  { schoolId, personId }: { schoolId: string; personId: string },
): Promise<void> {
  const [school, other, student] = await Promise.all([
    findSchool(scope, scope.schoolId),
    findSchool(scope, schoolId),
    findPerson({ db: scope.db, schoolId }, personId),
  ]);
  if (!school?.networkId || school.networkId !== other?.networkId || !student || student.erasedAt) return;
  const asked: Handover = {
    ...{ id: newId(), networkId: school.networkId, fromSchoolId: other.id, toSchoolId: school.id },
    ...{ fromSchoolName: other.name, toSchoolName: school.name, studentId: student.id },
    ...{
      studentName: student.displayName,
      studentNumber: student.studentNumber ?? null,
      newStudentId: person.id,
    },
    ...{ asked: { name: person.displayName, by }, state: 'asked', reason: '', sealed: false, openKey: null },
    ...{ createdAt: clock.now(), createdBy: actor.personId },
    ...{ offeredAt: null, answeredAt: null, answeredBy: null, copiedAt: null },
  };
  try {
    await inTransaction(scope, async (inside) => {
      await saveHandover(inside, { ...asked, openKey: askKeyOf(asked) });
      await appendBoth(inside, clock, actor, 'handover.ask', asked, { by });
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}
