/**
 * Changes what the school knows of a person, and with a new address the account that goes with it. Only what
 * differs is written and named in the audit trail. Refuses to take the address from somebody who signs in
 * with it.
 */
import {
  findAccountByEmail,
  findAccountOffered,
  findAccountOfPerson,
  removeOffer,
} from '../access/account-records.js';
import type { Actor } from '../access/actor.js';
import { openAccounts } from '../access/join-school.js';
import { moveAddresses, type MoveAddressNeeds } from '../access/move-address.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { isDuplicate, type SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { isDeepStrictEqual } from 'node:util';
import { checkAddressFree } from './add-person.js';
import { holdAdvisory } from './check-person.js';
import { keepAdministrator, leaveAdministrators } from './administrators.js';
import type { EndFamilySeats } from './change-family.js';
import { namesLock, takeLocks } from '../db/record-locks.js';
import { endedAfter } from './ended-ties.js';
import { noteRename } from './correct-name.js';
import { isNameField, isRenamed, type DecidedNaming } from './name-correction.js';
import { partIn } from './known-guardian.js';
import { noteEnrollments } from './keep-enrollments.js';
import { getPerson, listAdministrators, savePersonChange } from './people-records.js';
import { checkNotSealed, type Person } from './person.js';

/**
 * What happens to a new name where frozen documents have the earlier one. `keep`: all of them stay as they
 * are. `wait`: everything else is changed, and the name is not, until somebody has decided about each.
 * `refuse`: nothing is changed.
 */
export type WhenNamed = 'keep' | 'wait' | 'refuse';

export interface ChangeNeeds extends MoveAddressNeeds {
  clock: Clock;
  endFamilySeats: EndFamilySeats;
  /** Frozen documents that have a name of this person, each decided to stay as it is. */
  keepNaming(inside: SchoolScope, person: Person): Promise<DecidedNaming>;
}

export type PersonChange = Partial<Omit<Person, 'id' | 'schoolId' | 'createdAt'>>;

/**
 * Whoever is no longer among `guardianIds` reads nothing of the student from the moment this returns.
 * @returns whether the new name waits for a decision
 * @throws NotFound; Conflict for somebody who was erased, and `decide-names` for a name that is refused;
 *   InvalidInput `roles` for the last administrator, `email` for an address that somebody else signs in with,
 *   or that is taken away
 */
export async function changePerson(
  needs: ChangeNeeds,
  scope: SchoolScope,
  actor: Actor,
  id: string,
  wanted: PersonChange,
  whenNamed: WhenNamed,
): Promise<{ nameWaits: boolean }> {
  return keepAdministrator(scope, (holding) =>
    leaveAdministrators(holding, actor, (inside) =>
      changeInside(needs, inside, actor, id, wanted, whenNamed),
    ),
  );
}

async function changeInside(
  needs: ChangeNeeds,
  inside: SchoolScope,
  actor: Actor,
  id: string,
  wanted: PersonChange,
  whenNamed: WhenNamed,
): Promise<{ nameWaits: boolean }> {
  const before = await getPerson(inside, id);
  checkNotSealed(before);
  if (before.erasedAt) throw new Conflict('people.problem.erased');
  const renamed = isRenamed(before, { ...before, ...wanted });
  if (renamed) await takeLocks(inside, [namesLock]);
  const naming = renamed ? await needs.keepNaming(inside, before) : nothingNamed;
  const isNamed = naming.decisions.length + naming.shown.length > 0;
  if (isNamed && whenNamed === 'refuse') throw new Conflict('people.name.problem.decide', {}, 'decide-names');
  const nameWaits = isNamed && whenNamed === 'wait';
  const changes = Object.entries(wanted).filter(
    ([field, value]) =>
      !isDeepStrictEqual(before[field as keyof Person] ?? null, value ?? null) &&
      !(nameWaits && isNameField(field)),
  );
  if (changes.length === 0) return { nameWaits };
  const change = Object.fromEntries(changes) as PersonChange;
  if (change.advisoryId) await holdAdvisory(inside, change.advisoryId, id);
  await noteEnrollments(inside, needs.clock, [{ before, after: { ...before, ...change } }]);
  // Which tie has ended is kept, and no change of its own.
  const ended = change.guardianIds ? { endedGuardianIds: endedAfter(before, change.guardianIds) } : {};
  await savePersonChange(inside, id, { ...change, ...ended });
  if (renamed && !nameWaits)
    await noteRename(needs, inside, actor, { before, after: { ...before, ...change }, naming });
  if (change.email !== undefined) await changeAddress(needs, inside, actor, before, change.email);
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
  return { nameWaits };
}

const nothingNamed: DecidedNaming = { decisions: [], shown: [] };

async function changeAddress(
  needs: MoveAddressNeeds,
  inside: SchoolScope,
  by: Actor,
  person: Person,
  email: string | null,
): Promise<void> {
  const { id: personId } = person;
  const account = await findAccountOfPerson(inside, personId);
  if (email === null) {
    if (account) throw new InvalidInput([{ field: 'email', message: 'people.problem.email-signs-in' }]);
    return;
  }
  if (account && account.memberships.length > 1)
    throw new InvalidInput([{ field: 'email', message: 'people.problem.email-several-schools' }]);
  try {
    if (account) {
      const tell = (await listAdministrators(inside)).map(({ id }) => id);
      const other = await findAccountByEmail(inside, email);
      // Of this school it is told as for everybody.
      if (other && other.id !== account.id && !partIn(other, inside.schoolId))
        throw new InvalidInput([{ field: 'email', message: 'people.problem.email-elsewhere' }]);
      return void (await moveAddresses(needs, inside, [{ person, email, by, tell }]));
    }
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
