/**
 * What a handover writes down of people, in the transaction of whoever accepts it: the student leaves the one school and is a student
 * of the other, with one sign-in; guardians are offered a membership there. Deletes nothing and opens nothing of the old school.
 */
import {
  findAccountByEmail,
  findAccountOfPerson,
  removeMembership,
  saveMembershipAdded,
  saveOffer,
  type Account,
} from '../access/account-records.js';
import type { Actor } from '../access/actor.js';
import { openAccounts } from '../access/join-school.js';
import { offerOf } from '../access/membership.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { newId } from '../ids.js';
import { noteEnrollments } from './keep-enrollments.js';
import {
  findPerson,
  findPersonByEmail,
  findPersonByNumber,
  savePerson,
  savePersonChange,
} from './people-records.js';
import type { Person } from './person.js';

type By = Pick<Actor, 'personId' | 'via' | 'passwordLink'>;

export interface Arrival {
  /** As the old school knows the student. */
  student: Person;
  /** Who of the receiving school it is; null: somebody new. */
  personId: string | null;
  grade: string | null;
  advisoryId: string | null;
}

/** The person stays, with everything that they have done, and signs in no more. */
export async function leaveSchool(inside: SchoolScope, clock: Clock, by: By, student: Person): Promise<void> {
  if (student.roles.includes('admin')) throw new Conflict('handover.problem.administrator');
  if (!student.active) return;
  await noteEnrollments(inside, clock, [{ before: student, after: { ...student, active: false } }]);
  await savePersonChange(inside, student.id, { active: false });
  const subject = { kind: 'person', id: student.id };
  await appendAudit(inside, clock, by, 'people.deactivate', subject, { handedOver: true });
}

/** From now on nobody of this school reads the student's record. */
export async function sealStudent(inside: SchoolScope, at: Date, studentId: string): Promise<void> {
  await savePersonChange(inside, studentId, { sealedAt: at });
}

/**
 * @param inside of the receiving school
 * @returns the id of the student there
 * @throws InvalidInput `personId` for somebody who cannot be this student, or who must be, since they have the address already
 */
export async function receiveStudent(
  inside: SchoolScope,
  clock: Clock,
  by: By,
  arrival: Arrival,
  guardians: readonly Person[],
): Promise<string> {
  const known = await knownStudent(inside, arrival);
  const guardianIds: string[] = [];
  for (const guardian of guardians) guardianIds.push(await receiveGuardian(inside, clock, by, guardian));
  const person = await arrivedAs(inside, clock, arrival, known, guardianIds);
  await noteEnrollments(inside, clock, [{ before: known, after: person }]);
  if (known) {
    const { active, grade, advisoryId, custodyNote = null, email } = person;
    await savePersonChange(inside, person.id, {
      ...{ active, grade, advisoryId, custodyNote, email, guardianIds: person.guardianIds, sealedAt: null },
    });
  } else await savePerson(inside, person);
  await takeAccountAlong(inside, clock, arrival.student, person);
  const subject = { kind: 'person', id: person.id };
  if (known)
    await appendAudit(inside, clock, by, 'people.change', subject, {
      fields: ['guardianIds', 'grade', 'advisoryId'],
    });
  else await appendAudit(inside, clock, by, 'people.add', subject, { roles: person.roles });
  return person.id;
}

async function knownStudent(inside: SchoolScope, { student, personId }: Arrival): Promise<Person | null> {
  const known = personId ? await findPerson(inside, personId) : null;
  if (personId && (!known || known.erasedAt || !known.roles.includes('student')))
    throw new InvalidInput([{ field: 'personId', message: 'handover.problem.no-student' }]);
  const account = await findAccountOfPerson(inside, student.id);
  const here = account && partIn(account, inside.schoolId);
  const same = here?.personId ?? (student.email && (await findPersonByEmail(inside, student.email))?.id);
  if (same && same !== personId)
    throw new InvalidInput([{ field: 'personId', message: 'handover.problem.address-taken' }]);
  return known;
}

const partIn = (account: Account, schoolId: string) =>
  [...account.memberships, ...account.offers].find((each) => each.schoolId === schoolId);

async function arrivedAs(
  inside: SchoolScope,
  clock: Clock,
  { student, grade, advisoryId }: Arrival,
  known: Person | null,
  guardianIds: readonly string[],
): Promise<Person> {
  if (known)
    return {
      ...known,
      active: true,
      sealedAt: null,
      email: known.email ?? student.email,
      grade: grade ?? known.grade,
      advisoryId: advisoryId ?? known.advisoryId,
      guardianIds: [...new Set([...known.guardianIds, ...guardianIds])],
      custodyNote: known.custodyNote ?? student.custodyNote ?? null,
    };
  const taken = student.sourcedId && (await findPersonByNumber(inside, student.sourcedId));
  return {
    ...student,
    ...{ id: newId(), schoolId: inside.schoolId, sourcedId: taken ? null : student.sourcedId },
    ...{ roles: ['student'], grade, advisoryId, guardianIds: [...guardianIds] },
    ...{ active: true, sealedAt: null, createdAt: clock.now() },
  };
}

/**
 * Somebody of the receiving school is known by their own account, or by the address when they are family here already: an address that
 * the old school has typed makes no member of the staff a guardian. Otherwise they come in as a guardian. Whoever was deactivated here
 * stays so until the office says otherwise.
 */
async function receiveGuardian(inside: SchoolScope, clock: Clock, by: By, guardian: Person): Promise<string> {
  const own = await findAccountOfPerson(inside, guardian.id);
  const partHere = own && partIn(own, inside.schoolId);
  const sameAddress = guardian.email ? await findPersonByEmail(inside, guardian.email) : null;
  const isFamily = sameAddress?.active && sameAddress.roles.every((role) => role === 'guardian');
  const here = partHere ? await findPerson(inside, partHere.personId) : isFamily ? sameAddress : null;
  if (here && !here.roles.includes('student')) {
    if (here.active && !here.roles.includes('guardian')) {
      const roles = [...here.roles, 'guardian' as const];
      await savePersonChange(inside, here.id, { roles });
      const subject = { kind: 'person', id: here.id };
      await appendAudit(inside, clock, by, 'people.change', subject, { fields: ['roles'], roles });
    }
    return here.id;
  }
  const account = own ?? (guardian.email ? await findAccountByEmail(inside, guardian.email) : null);
  const isTaken =
    sameAddress !== null || (account !== null && partIn(account, inside.schoolId) !== undefined);
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

const partOf = ({ id, schoolId }: Person) => ({ personId: id, schoolId, networkId: null });

/**
 * The account is the student's own, as both offices have agreed, so it needs no proof. Its part in the old school ends, so that the old
 * office makes no links for it any more. Who has an account here already keeps that one.
 */
async function takeAccountAlong(
  inside: SchoolScope,
  clock: Clock,
  student: Person,
  person: Person,
): Promise<void> {
  if (await findAccountOfPerson(inside, person.id)) return;
  const account = await findAccountOfPerson(inside, student.id);
  if (account) {
    await saveMembershipAdded(inside, account.id, { ...partOf(person), lastUsedAt: clock.now() });
    await removeMembership(inside, student.id);
  } else if (person.email) await openAccounts(inside, clock, [{ email: person.email, ...partOf(person) }]);
}
