/**
 * A guardian comes to a school with their child: who is here already gets the role, everybody else comes in
 * as a guardian.
 */
import { saveOffer } from '../access/account-records.js';
import type { Actor } from '../access/actor.js';
import { openAccounts } from '../access/join-school.js';
import { offerOf } from '../access/membership.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { newId } from '../ids.js';
import { checkMadeGuardian } from './administrators.js';
import { matchGuardian } from './known-guardian.js';
import { savePerson, savePersonChange } from './people-records.js';
import type { Person } from './person.js';

/**
 * Whoever was deactivated here stays so until the office says otherwise.
 * @param inside of the receiving school
 * @param guardian as the old school knows them
 * @param familyIds the student's guardians here
 * @returns the id of the guardian here
 * @throws Forbidden for an administrator of this school who is nobody's family so far, by somebody who is no
 *   administrator
 */
export async function receiveGuardian(
  inside: SchoolScope,
  clock: Clock,
  by: Pick<Actor, 'personId' | 'via' | 'roles' | 'passwordLink'>,
  guardian: Person,
  familyIds: readonly string[],
): Promise<string> {
  const { here, account, isTaken } = await matchGuardian(inside, guardian, familyIds);
  if (here) {
    if (here.active && !here.roles.includes('guardian')) {
      checkMadeGuardian(by, here);
      const roles = [...here.roles, 'guardian' as const];
      await savePersonChange(inside, here.id, { roles });
      const subject = { kind: 'person', id: here.id };
      await appendAudit(inside, clock, by, 'people.change', subject, { fields: ['roles'], roles });
    }
    return here.id;
  }
  const person: Person = {
    ...guardian,
    ...{ id: newId(), schoolId: inside.schoolId, sourcedId: null, roles: ['guardian'], advisoryId: null },
    ...{ guardianIds: [], active: true, createdAt: clock.now() },
    // An address is one person's within a school.
    email: isTaken ? null : guardian.email,
  };
  await savePerson(inside, person);
  const subject = { kind: 'person', id: person.id };
  await appendAudit(inside, clock, by, 'people.add', subject, { roles: person.roles });
  if (account && !isTaken) await saveOffer(inside, account.id, offerOf(partOf(person), clock.now()));
  else if (person.email) await openAccounts(inside, clock, [{ email: person.email, ...partOf(person) }]);
  return person.id;
}

export const partOf = ({ id, schoolId }: Person) => ({ personId: id, schoolId, networkId: null });
