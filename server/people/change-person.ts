/**
 * Changes what the school knows of a person, and with a new address the account that goes with it. Only what differs is written and
 * named in the audit trail. Refuses to take the address from somebody who signs in with it.
 */
import {
  findAccountOffered,
  findAccountOfPerson,
  removeOffer,
  saveAccountEmail,
} from '../access/account-records.js';
import type { Actor } from '../access/actor.js';
import { openAccounts } from '../access/join-school.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { isDuplicate, type SchoolScope } from '../database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { isDeepStrictEqual } from 'node:util';
import { checkAddressFree } from './add-person.js';
import { keepAdministrator } from './administrators.js';
import type { EndFamilySeats } from './change-family.js';
import { newId } from '../ids.js';
import { saveNameCorrection } from './name-correction-records.js';
import type { PersonNames } from './name-correction.js';
import { noteEnrollments } from './keep-enrollments.js';
import { getPerson, savePersonChange } from './people-records.js';
import { checkNotSealed, type Person } from './person.js';

export type PersonChange = Partial<Omit<Person, 'id' | 'schoolId' | 'createdAt'>>;

/**
 * Whoever is no longer among `guardianIds` reads nothing of the student from the moment this returns.
 * @throws NotFound; Conflict for somebody who was erased; InvalidInput `roles` for the last administrator, `email` for an address that somebody else signs in with, or that is taken away
 */
export async function changePerson(
  needs: { clock: Clock; endFamilySeats: EndFamilySeats },
  scope: SchoolScope,
  actor: Actor,
  id: string,
  wanted: PersonChange,
): Promise<void> {
  await keepAdministrator(scope, async (inside) => {
    const before = await getPerson(inside, id);
    checkNotSealed(before);
    if (before.erasedAt) throw new Conflict('people.problem.erased');
    const changes = Object.entries(wanted).filter(
      ([field, value]) => !isDeepStrictEqual(before[field as keyof Person] ?? null, value ?? null),
    );
    if (changes.length === 0) return;
    const change = Object.fromEntries(changes) as PersonChange;
    await noteEnrollments(inside, needs.clock, [{ before, after: { ...before, ...change } }]);
    await savePersonChange(inside, id, change);
    await noteRename(needs, inside, actor, before, change);
    if (change.email !== undefined) await changeAddress(needs, inside, id, change.email);
    if (change.guardianIds) {
      const ended = before.guardianIds.filter((guardianId) => !change.guardianIds!.includes(guardianId));
      for (const guardianId of ended) await needs.endFamilySeats(inside, needs.clock, actor, id, guardianId);
    }
    const detail = {
      fields: changes.map(([field]) => field),
      // Roles say what somebody may do; of every other field the name is enough.
      ...(change.roles ? { roles: change.roles } : {}),
    };
    await appendAudit(inside, needs.clock, actor, 'people.change', { kind: 'person', id }, detail);
  });
}

/** A plain rename is a correction as well: new documents name the person by it. No frozen document has the old name, or the registrar is asked first. */
async function noteRename(
  { clock }: { clock: Clock },
  inside: SchoolScope,
  actor: Actor,
  before: Person,
  change: PersonChange,
): Promise<void> {
  const after = { ...before, ...change };
  const [from, to] = [namesOf(before), namesOf(after)];
  if (isDeepStrictEqual(from, to)) return;
  await saveNameCorrection(inside, {
    ...{ id: newId(), schoolId: inside.schoolId, personId: before.id, from, to },
    ...{ at: clock.now(), by: actor.personId, reason: '', decisions: [] },
  });
}

const namesOf = ({ givenName, familyName, displayName }: Person): PersonNames => ({
  givenName,
  familyName,
  displayName,
});

async function changeAddress(
  needs: { clock: Clock },
  inside: SchoolScope,
  personId: string,
  email: string | null,
): Promise<void> {
  const account = await findAccountOfPerson(inside, personId);
  if (email === null) {
    if (account) throw new InvalidInput([{ field: 'email', message: 'people.problem.email-signs-in' }]);
    return;
  }
  if (account && account.memberships.length > 1)
    throw new InvalidInput([{ field: 'email', message: 'people.problem.email-several-schools' }]);
  try {
    if (account) return void (await saveAccountEmail(inside, personId, email));
    await checkAddressFree(inside, email);
    const offered = await findAccountOffered(inside, personId);
    if (offered) await removeOffer(inside, offered.id, personId);
    await openAccounts(inside, needs.clock, [{ email, personId, schoolId: inside.schoolId }]);
  } catch (error) {
    if (isDuplicate(error))
      throw new InvalidInput([{ field: 'email', message: 'access.problem.email-taken' }]);
    throw error;
  }
}
