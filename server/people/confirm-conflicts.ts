/**
 * The office says which students somebody means who wrote whom they must not hear. What was written is
 * deleted with that.
 */
import { runsSchool, type Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { Conflict } from '../errors.js';
import { attendanceOf } from './attendance.js';
import { getPerson, savePersonChange } from './people-records.js';
import { checkNotErased, checkNotSealed, requirePermission, type Person } from './person.js';

/**
 * @param said the students who are meant, and the words as they were read
 * @throws Conflict where something else is written there by now
 */
export async function confirmConflicts(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  personId: string,
  said: { studentIds: readonly string[]; words: string },
): Promise<Person> {
  requirePermission(actor.seatIds === null && runsSchool(actor));
  return inTransaction(scope, async (inside) => {
    const person = await getPerson(inside, personId);
    checkNotSealed(person);
    checkNotErased(person);
    const before = attendanceOf(person.attendance, {});
    if (before.conflictWords !== said.words) throw new Conflict('schedule.availability.settle.changed');
    const conflictIds = [...new Set([...before.conflictIds, ...said.studentIds])];
    const attendance = attendanceOf(person.attendance, { conflictIds, conflictWords: '' });
    await savePersonChange(inside, person.id, { attendance });
    const subject = { kind: 'person', id: person.id };
    await appendAudit(inside, clock, actor, 'people.change', subject, { fields: ['attendance'] });
    return { ...person, attendance };
  });
}
