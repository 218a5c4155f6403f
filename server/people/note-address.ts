/** When somebody signs in with another address, the schools that know them by the old one know them by the new one. */
import type { NoteAddress } from '../access/change-address.js';
import { isUsername } from '../access/username.js';
import { appendAudit } from '../audit/append-audit.js';
import { findPerson, savePersonChange } from './people-records.js';

/** A school that has another address of theirs keeps it. */
export const noteAddress: NoteAddress = async ({ where, clock }, account, email) => {
  for (const { schoolId, personId } of account.memberships) {
    if (schoolId === null) continue;
    const inside = { ...where, schoolId };
    const person = await findPerson(inside, personId);
    const known = person?.email ?? null;
    if (!person || (known === null ? !isUsername(account.email) : known !== account.email)) continue;
    await savePersonChange(inside, personId, { email });
    const actor = { personId, via: 'session' as const };
    const subject = { kind: 'person', id: personId };
    await appendAudit(inside, clock, actor, 'people.change', subject, { fields: ['email'] });
  }
};
