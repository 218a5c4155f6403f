/**
 * Who is new in a school and has the student number or the address of a student at another school of the
 * network: they may have moved. Tells that and no more; nothing of the other school's records is read. A
 * school without a network finds nobody.
 */
import { listAccountsByEmails } from '../access/account-records.js';
import type { SchoolScope } from '../db/database.js';
import { findNetwork, findSchool, listSchoolIdsOfNetwork } from '../school/school-records.js';
import { listActiveStudentIds, listStudentsByNumber } from './people-across-schools-records.js';
import type { Person } from './person.js';

/**
 * By what a student may be the one of another school: `id` is what systems call them where one of the two has
 * no student number.
 */
export const movedBy = ['address', 'number', 'id'] as const;

export interface MovedMatch {
  by: (typeof movedBy)[number];
  /** The students whom it may be; never shown. */
  students: { schoolId: string; personId: string }[];
}

type Newcomer = Pick<Person, 'id' | 'sourcedId' | 'studentNumber' | 'email' | 'roles'>;

/** Numbers or addresses that are looked up at once. */
const PORTION = 250;

/** By the id of the newcomer; the address says more than the number, of which schools may have their own. */
export async function findMoved(
  scope: SchoolScope,
  newcomers: readonly Newcomer[],
): Promise<Map<string, MovedMatch>> {
  const found = new Map<string, MovedMatch>();
  const students = newcomers.filter(({ roles }) => roles.includes('student'));
  const others = students.length > 0 ? await otherSchools(scope) : [];
  if (others.length === 0) return found;
  for (let at = 0; at < students.length; at += PORTION) {
    const portion = students.slice(at, at + PORTION);
    const numbers = portion.flatMap(({ sourcedId, studentNumber }) =>
      [sourcedId ?? [], studentNumber ?? []].flat(),
    );
    const byNumber =
      numbers.length > 0 ? await listStudentsByNumber(scope, others, [...new Set(numbers)]) : [];
    const byAddress = await studentsByAddress(scope, others, portion);
    for (const newcomer of portion) {
      const sameAddress = newcomer.email ? (byAddress.get(newcomer.email) ?? []) : [];
      const [same] = [isSameNumber, isSameId].flatMap((isSame) => {
        const students = byNumber.filter((each) => isSame(newcomer, each));
        const by = isSame === isSameNumber ? ('number' as const) : ('id' as const);
        return students.length > 0 ? [{ by, students }] : [];
      });
      if (sameAddress.length > 0) found.set(newcomer.id, { by: 'address', students: sameAddress });
      else if (same)
        found.set(newcomer.id, {
          by: same.by,
          students: same.students.map(({ schoolId, id }) => ({ schoolId, personId: id })),
        });
    }
  }
  return found;
}

type Numbers = Pick<Person, 'sourcedId' | 'studentNumber'>;

const isSameNumber = (one: Numbers, other: Numbers): boolean =>
  Boolean(one.studentNumber) && one.studentNumber === other.studentNumber;
/** Of two student numbers that differ the ids say nothing: two systems both count from one. */
const isSameId = (one: Numbers, other: Numbers): boolean =>
  !(one.studentNumber && other.studentNumber) && Boolean(one.sourcedId) && one.sourcedId === other.sourcedId;

/** The other schools of this one's network; none where it has no network. */
export async function otherSchools(scope: SchoolScope): Promise<string[]> {
  const school = await findSchool(scope, scope.schoolId);
  const network = school?.networkId ? await findNetwork(scope, school.networkId) : null;
  if (!network || network.closedAt) return [];
  return (await listSchoolIdsOfNetwork(scope, network.id)).filter((id) => id !== scope.schoolId);
}

async function studentsByAddress(
  scope: SchoolScope,
  schoolIds: readonly string[],
  portion: readonly Newcomer[],
): Promise<Map<string, MovedMatch['students']>> {
  const emails = portion.flatMap(({ email }) => email ?? []);
  const wanted = new Set(schoolIds);
  const parts = (emails.length > 0 ? await listAccountsByEmails(scope, emails) : []).map(
    ({ email, memberships }) => ({
      email,
      students: memberships.flatMap(({ schoolId, personId }) =>
        schoolId && wanted.has(schoolId) ? [{ schoolId, personId }] : [],
      ),
    }),
  );
  const ids = parts.flatMap(({ students }) => students.map(({ personId }) => personId));
  const active = ids.length > 0 ? await listActiveStudentIds(scope, ids) : new Set<string>();
  return new Map(
    parts.map(({ email, students }) => [email, students.filter(({ personId }) => active.has(personId))]),
  );
}
