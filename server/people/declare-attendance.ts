/**
 * People say themselves when they can come, how often, in which languages, and whom they must not hear.
 * Refuses guests who came by a pass.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { attendanceOf, type Attendance } from './attendance.js';
import { getPerson, savePersonChange } from './people-records.js';
import { checkNotErased, checkNotSealed, requirePermission } from './person.js';

/** @returns what is known of them now */
export async function declareAttendance(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'via' | 'seatIds'>,
  said: Partial<Attendance>,
): Promise<Attendance> {
  requirePermission(actor.seatIds === null);
  return inTransaction(scope, async (inside) => {
    const person = await getPerson(inside, actor.personId);
    checkNotSealed(person);
    checkNotErased(person);
    const before = attendanceOf(person.attendance, {});
    const attendance = attendanceOf(person.attendance, said);
    if (JSON.stringify(before) === JSON.stringify(attendance)) return attendance;
    await savePersonChange(inside, person.id, { attendance });
    const subject = { kind: 'person', id: person.id };
    await appendAudit(inside, clock, actor, 'people.availability', subject, { fields: ['attendance'] });
    return attendance;
  });
}
