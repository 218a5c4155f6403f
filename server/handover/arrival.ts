/**
 * Who comes with a student who was offered, and who the student may be here: what the receiving office reads
 * before it accepts, and the acceptance goes by. Of the old school it reads the family and what is written
 * about custody, nothing of the record.
 */
import type { SchoolScope } from '../db/database.js';
import { matchGuardian, type KnownGuardian } from '../people/known-guardian.js';
import {
  findPerson,
  findPersonByNumber,
  listPeople,
  listPeopleByEmail,
  listPeopleByIds,
} from '../people/people-records.js';
import { byId, type Person } from '../people/person.js';
import { listHandoversOfStudents } from './handover-records.js';
import type { Handover } from './handover.js';

/** How a guardian is known here: as a member of this school, by an account elsewhere, or not at all. */
export const guardianStates = ['here', 'left', 'address-taken', 'account', 'new', 'no-address'] as const;
type GuardianState = (typeof guardianStates)[number];

export interface ArrivingGuardian {
  id: string;
  name: string;
  email: string | null;
  state: GuardianState;
  /** What they are called here. */
  nameHere: string | null;
}

export interface Candidate {
  person: Person;
  /** The student had been handed over from here: what comes from the other school replaces what is here. */
  returns: boolean;
  /** What is replaced, or stays beside what comes. Empty while the record is sealed from this school. */
  custodyNote: string;
  guardians: string[];
}

/** Guardians of the old school who still are there. @param old the old school */
export const listFamily = async (old: SchoolScope, student: Person): Promise<Person[]> =>
  (await listPeopleByIds(old, student.guardianIds)).filter(({ active }) => active);

/** Of these students of a school those who had been handed over from it and are not back. */
export async function listReturning(scope: SchoolScope, ids: readonly string[]): Promise<Set<string>> {
  const found = await listHandoversOfStudents(scope, ids);
  const gone = found.filter(
    ({ fromSchoolId, state }) => fromSchoolId === scope.schoolId && state === 'copied',
  );
  const people = byId(
    await listPeopleByIds(
      scope,
      gone.map(({ studentId }) => studentId),
    ),
  );
  return new Set([...people.values()].filter(({ active }) => !active).map(({ id }) => id));
}

/** Students of this school who may be the one: those it has asked for, then by number, address or name. */
export async function listCandidates(scope: SchoolScope, handover: Handover): Promise<Candidate[]> {
  const student = await findPerson({ db: scope.db, schoolId: handover.fromSchoolId }, handover.studentId);
  const named = await listPeople(
    scope,
    { role: 'student', search: handover.studentName, presence: 'all' },
    1,
    10,
  );
  const found = [
    handover.newStudentId ? await findPerson(scope, handover.newStudentId) : null,
    student?.sourcedId ? await findPersonByNumber(scope, student.sourcedId) : null,
    ...(student?.email ? await listPeopleByEmail(scope, student.email) : []),
    ...named.items,
  ].filter((person): person is Person => Boolean(person?.roles.includes('student') && !person.erasedAt));
  const people = [...byId(found).values()];
  const returning = await listReturning(
    scope,
    people.map(({ id }) => id),
  );
  const family = byId(
    await listPeopleByIds(
      scope,
      people.flatMap(({ guardianIds }) => guardianIds),
    ),
  );
  return people.map((person) => {
    const guardians = person.guardianIds.flatMap((id) => family.get(id)?.displayName ?? []);
    return {
      ...{ person, returns: returning.has(person.id) },
      ...(person.sealedAt
        ? { custodyNote: '', guardians: [] }
        : { custodyNote: person.custodyNote ?? '', guardians }),
    };
  });
}

/** @param candidates who the student may be here: their guardians are known by name */
export async function readArrival(
  scope: SchoolScope,
  handover: Handover,
  candidates: readonly Candidate[],
): Promise<{ guardians: ArrivingGuardian[]; custodyNote: string }> {
  const old = { db: scope.db, schoolId: handover.fromSchoolId };
  const student = await findPerson(old, handover.studentId);
  if (!student) return { guardians: [], custodyNote: '' };
  const familyIds = [...new Set(candidates.flatMap(({ person }) => person.guardianIds))];
  const guardians = await Promise.all(
    (await listFamily(old, student)).map(async (guardian) => {
      const known = await matchGuardian(scope, guardian, familyIds);
      const { id, displayName: name, email } = guardian;
      return { id, name, email, state: stateOf(guardian, known), nameHere: known.here?.displayName ?? null };
    }),
  );
  return { guardians, custodyNote: student.custodyNote ?? '' };
}

function stateOf({ email }: Person, { here, account, isTaken }: KnownGuardian): GuardianState {
  if (here) return here.active ? 'here' : 'left';
  if (isTaken) return 'address-taken';
  if (account) return 'account';
  return email ? 'new' : 'no-address';
}
