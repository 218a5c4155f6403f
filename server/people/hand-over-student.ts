/**
 * What a handover writes down of people, in the transaction of whoever accepts it: the student leaves the one
 * school and is a student of the other, with one sign-in; guardians are offered a membership there. Deletes
 * nothing and opens nothing of the old school.
 */
import {
  findAccountOfPerson,
  removeMembership,
  saveAccountChange,
  saveMembershipAdded,
} from '../access/account-records.js';
import type { Actor } from '../access/actor.js';
import { heldByOffers } from '../access/held-by-offers.js';
import { openAccounts } from '../access/join-school.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { newId } from '../ids.js';
import { leaveAdministrators } from './administrators.js';
import type { EndFamilySeats } from './change-family.js';
import { endedAfter } from './ended-ties.js';
import { noteEnrollments } from './keep-enrollments.js';
import { partIn } from './known-guardian.js';
import {
  findPerson,
  findPersonByNumber,
  listPeopleByEmail,
  savePerson,
  savePersonChange,
} from './people-records.js';
import type { Person } from './person.js';
import { partOf, receiveGuardian } from './receive-guardian.js';

type By = Pick<Actor, 'personId' | 'via' | 'roles' | 'passwordLink'>;

export interface Arrival {
  /** As the old school knows the student. */
  student: Person;
  /** Who of the receiving school it is; null: somebody new. */
  personId: string | null;
  grade: string | null;
  advisoryId: string | null;
  /**
   * This school had handed the student over before: family and custody note of the school that they come from
   * are newer, so they replace those here, and a tie that has ended there ends here.
   */
  returns: boolean;
  /** This school asked for the student, for this very person. */
  isAsked: boolean;
}

/** The person stays, with everything that they have done, and signs in no more. */
export async function leaveSchool(
  inside: SchoolScope,
  clock: Clock,
  by: By,
  student: Person,
  to: { school: string; handoverId: string },
): Promise<void> {
  if (student.roles.includes('admin')) throw new Conflict('handover.problem.administrator');
  await savePersonChange(inside, student.id, { active: false, movedTo: { ...to, at: clock.now() } });
  if (!student.active) return;
  await noteEnrollments(inside, clock, [{ before: student, after: { ...student, active: false } }]);
  const subject = { kind: 'person', id: student.id };
  await appendAudit(inside, clock, by, 'people.deactivate', subject, { handedOver: true });
}

/** From now on nobody of this school reads the student's record. */
export async function sealStudent(inside: SchoolScope, at: Date, studentId: string): Promise<void> {
  await savePersonChange(inside, studentId, { sealedAt: at });
}

/**
 * @param inside of the receiving school
 * @param guardians those of the old school who come along
 * @returns the student there
 * @throws InvalidInput `personId` for somebody who cannot be this student, or who must be, since they have
 *   the address already; Forbidden where an administrator of the receiving school would become a guardian,
 *   and `by` is none
 */
export const receiveStudent = (
  needs: ReceiveNeeds,
  inside: SchoolScope,
  by: By,
  arrival: Arrival,
  guardians: readonly Person[],
): Promise<Person> =>
  leaveAdministrators(inside, by, (guarded) => receive(needs, guarded, by, arrival, guardians));

interface ReceiveNeeds {
  clock: Clock;
  endFamilySeats: EndFamilySeats;
}

async function receive(
  { clock, endFamilySeats }: ReceiveNeeds,
  inside: SchoolScope,
  by: By,
  arrival: Arrival,
  guardians: readonly Person[],
): Promise<Person> {
  const known = await knownStudent(inside, arrival);
  const guardianIds: string[] = [];
  for (const guardian of guardians)
    guardianIds.push(await receiveGuardian(inside, clock, by, guardian, known?.guardianIds ?? []));
  const person = await arrivedAs(inside, clock, arrival, known, [...new Set(guardianIds)]);
  await noteEnrollments(inside, clock, [{ before: known, after: person }]);
  await takeAccountAlong(inside, clock, arrival, person, known !== null);
  const subject = { kind: 'person', id: person.id };
  if (!known) {
    await savePerson(inside, person);
    await appendAudit(inside, clock, by, 'people.add', subject, { roles: person.roles });
    return person;
  }
  const { active, grade, advisoryId, custodyNote = null, email } = person;
  await savePersonChange(inside, person.id, {
    ...{ active, grade, advisoryId, custodyNote, email, guardianIds: person.guardianIds },
    endedGuardianIds: endedAfter(known, person.guardianIds),
    ...{ sealedAt: null, movedTo: null },
  });
  const noted = custodyNote === (known.custodyNote ?? null) ? [] : ['custodyNote'];
  const fields = ['guardianIds', 'grade', 'advisoryId', ...noted];
  await appendAudit(inside, clock, by, 'people.change', subject, { fields });
  for (const guardianId of known.guardianIds.filter((id) => !person.guardianIds.includes(id))) {
    await endFamilySeats(inside, clock, by, person.id, guardianId);
    await appendAudit(inside, clock, by, 'people.end-guardian', subject, { guardianId });
  }
  return person;
}

async function knownStudent(inside: SchoolScope, { student, personId }: Arrival): Promise<Person | null> {
  const known = personId ? await findPerson(inside, personId) : null;
  if (personId && (!known || known.erasedAt || !known.roles.includes('student')))
    throw new InvalidInput([{ field: 'personId', message: 'handover.problem.no-student' }]);
  const account = await findAccountOfPerson(inside, student.id);
  const here = account && partIn(account, inside.schoolId);
  const withAddress = !here && student.email ? await listPeopleByEmail(inside, student.email) : [];
  // A family may share the address: it is enough that this student has it as well.
  const isOther = here ? here.personId !== personId : !withAddress.some(({ id }) => id === personId);
  if ((here || withAddress.length > 0) && isOther)
    throw new InvalidInput([{ field: 'personId', message: 'handover.problem.address-taken' }]);
  return known;
}

async function arrivedAs(
  inside: SchoolScope,
  clock: Clock,
  { student, grade, advisoryId, returns }: Arrival,
  known: Person | null,
  guardianIds: readonly string[],
): Promise<Person> {
  if (known)
    return {
      ...known,
      active: true,
      sealedAt: null,
      movedTo: null,
      email: known.email ?? student.email,
      grade: grade ?? known.grade,
      advisoryId: advisoryId ?? known.advisoryId,
      guardianIds: returns ? [...guardianIds] : [...new Set([...known.guardianIds, ...guardianIds])],
      custodyNote: noteOf(returns ? [student] : [known, student]),
    };
  const taken = student.sourcedId && (await findPersonByNumber(inside, student.sourcedId));
  return {
    ...student,
    ...{ id: newId(), schoolId: inside.schoolId, sourcedId: taken ? null : student.sourcedId },
    // The new school gives a number of its own.
    studentNumber: null,
    ...{ roles: ['student'], grade, advisoryId, guardianIds: [...guardianIds] },
    // These are people of the old school.
    endedGuardianIds: [],
    ...{ active: true, sealedAt: null, movedTo: null, createdAt: clock.now() },
  };
}

/** Nothing of what either school has to say about custody is lost; what both say is said once. */
const noteOf = (people: readonly Pick<Person, 'custodyNote'>[]): string | null => {
  const notes = people.flatMap(({ custodyNote }) => custodyNote?.trim() || []);
  return [...new Set(notes)].join('\n\n') || null;
};

/**
 * The account is the student's own, as both offices have agreed, so it needs no proof where this school knew
 * nobody before, asked for the student itself, or has its own student back. Whoever it takes for somebody it
 * knows may be somebody else: their account is only offered this part, and this office gives a link for it.
 * Who has an account here already keeps that one. The part in the old school ends, so that the old office
 * makes no links for it any more.
 */
async function takeAccountAlong(
  inside: SchoolScope,
  clock: Clock,
  { student, returns, isAsked }: Pick<Arrival, 'student' | 'returns' | 'isAsked'>,
  person: Person,
  isKnown: boolean,
): Promise<void> {
  if (await findAccountOfPerson(inside, person.id)) return;
  const account = await findAccountOfPerson(inside, student.id);
  if (account && (!isKnown || returns || isAsked)) {
    await saveMembershipAdded(inside, account.id, { ...partOf(person), lastUsedAt: clock.now() });
    await removeMembership(inside, student.id);
    return;
  }
  if (person.email) await openAccounts(inside, clock, [{ email: person.email, ...partOf(person) }]);
  const after = account && (await findAccountOfPerson(inside, student.id));
  if (!after) return;
  if (after.memberships.length > 1) await removeMembership(inside, student.id);
  else if (after.offers.length > 0)
    await saveAccountChange(inside, after.id, heldByOffers(after, after.offers, clock.now()));
}
