/**
 * Somebody whom the school knows is a guest of an exhibition as well. Refuses whoever has left, was erased or sealed.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { Conflict } from '../errors.js';
import type { Attendance } from './attendance.js';
import { getPerson, savePersonChange } from './people-records.js';
import { checkNotErased, checkNotSealed } from './person.js';

/**
 * @param actor who said that it is them
 * @param change.asGuest they get the role; left to whoever asks, as staff and students sit on panels without it
 */
export async function becomeGuest(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  personId: string,
  { attendance, asGuest }: { attendance: Attendance; asGuest: boolean },
): Promise<void> {
  await inTransaction(scope, async (inside) => {
    const person = await getPerson(inside, personId);
    checkNotSealed(person);
    checkNotErased(person);
    if (!person.active) throw new Conflict('common.problem.stale');
    const isNew = asGuest && !person.roles.includes('guest');
    const roles = isNew ? [...person.roles, 'guest' as const] : person.roles;
    await savePersonChange(inside, personId, { attendance, ...(isNew ? { roles } : {}) });
    await appendAudit(
      inside,
      clock,
      actor,
      'people.change',
      { kind: 'person', id: personId },
      { fields: ['attendance', ...(isNew ? ['roles'] : [])], ...(isNew ? { roles } : {}) },
    );
  });
}
