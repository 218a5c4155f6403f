/**
 * Who was enrolled in a term, and where. A term that is over has an enrollment for everybody who was there;
 * the current term is what people are now, with those who left during it; in an old term for which nothing
 * was ever recorded it is what is known today, without those who came later or had left before. Whose record
 * is sealed from this school since a handover is in no list and in no count.
 */
import type { Page, SchoolScope } from '../db/database.js';
import { findSchool } from '../school/school-records.js';
import { currentFacts, type AdvisoryNames, type EnrollmentFacts } from './enrollment.js';
import {
  findEnrollment,
  isTermComplete,
  listEnrollments,
  listEnrollmentsPage,
  listRecordedStudentIds,
} from './enrollment-records.js';
import { listMissedTerm, missesTerm, type RecordsOfTerm } from './missed-terms.js';
import {
  listAdvisories,
  listAllStudentIds,
  listInactiveIds,
  listPeopleByIds,
  listSealedStudentIds,
  listStudentsPage,
} from './people-records.js';
import { byId, type Person } from './person.js';
import { pagePeopleByIds } from './search-records.js';

/** Every advisory with the names of its advisors, as they are now. */
export async function advisoryNames(scope: SchoolScope): Promise<AdvisoryNames> {
  const advisories = await listAdvisories(scope);
  const ids = [...new Set(advisories.flatMap((advisory) => advisory.advisorIds))];
  return { advisories: byId(advisories), advisors: byId(await listPeopleByIds(scope, ids)) };
}

/** By student. Whoever has no enrollment in the term is described as they are now. */
export async function enrollmentsOf(
  scope: SchoolScope,
  termId: string,
  students: readonly Person[],
): Promise<Map<string, EnrollmentFacts>> {
  const ids = students.map((student) => student.id);
  const [school, complete, stored, known] = await Promise.all([
    findSchool(scope, scope.schoolId),
    isTermComplete(scope, termId),
    listEnrollments(scope, termId, ids),
    advisoryNames(scope),
  ]);
  const isLive = termId === school?.currentTermId && !complete;
  const recorded = new Map(stored.map((each) => [each.studentId, each]));
  return new Map(
    students.map((student) => {
      const own = recorded.get(student.id);
      return [student.id, own && !(isLive && student.active) ? own : currentFacts(student, known)] as const;
    }),
  );
}

/**
 * Ids of everybody who was enrolled in the term, those who have left since among them, in any order.
 * @param missed of `listMissedTerm`, which reads much of a large school: once for everything that is asked of a term
 */
export async function listEnrolledIds(
  scope: SchoolScope,
  termId: string,
  missed: ReadonlySet<string>,
): Promise<string[]> {
  const [recorded, complete, sealed] = await Promise.all([
    listRecordedStudentIds(scope, termId),
    isTermComplete(scope, termId),
    listSealedStudentIds(scope),
  ]);
  const ids = new Set([...(complete ? [] : await listAllStudentIds(scope)), ...recorded]);
  return [...ids].filter((id) => !sealed.has(id) && !missed.has(id));
}

/** Whether a student belongs to the term: for counting what was read from indexes. @param missed of `listMissedTerm` */
export async function enrolledTest(
  scope: SchoolScope,
  termId: string,
  missed: ReadonlySet<string>,
): Promise<(studentId: string) => boolean> {
  const [complete, recorded, inactive, sealed] = await Promise.all([
    isTermComplete(scope, termId),
    listRecordedStudentIds(scope, termId),
    listInactiveIds(scope),
    listSealedStudentIds(scope),
  ]);
  const left = new Set(inactive);
  return (id) => !sealed.has(id) && !missed.has(id) && (recorded.has(id) || (!complete && !left.has(id)));
}

/**
 * The same for one student, whose record is not sealed. Reads nobody else's.
 * @param termsWritten ids of the terms of which there are records of the student
 */
export async function isEnrolledIn(
  scope: SchoolScope,
  termId: string,
  student: Person,
  termsWritten: ReadonlySet<string>,
): Promise<boolean> {
  const [complete, recorded, missed] = await Promise.all([
    isTermComplete(scope, termId),
    findEnrollment(scope, termId, student.id),
    missesTerm(scope, termId, student, termsWritten),
  ]);
  return !missed && (recorded !== null || (!complete && student.active));
}

/** Everybody enrolled in the term by name, with the grade and the advisory of that term. */
export async function pageEnrolled(
  scope: SchoolScope,
  termId: string,
  { page, perPage, missed }: { page: number; perPage: number; missed: ReadonlySet<string> },
): Promise<Page<Person>> {
  if (missed.size > 0) {
    const ids = await listEnrolledIds(scope, termId, missed);
    return pageEnrolledAmong(scope, termId, ids, { search: '', page, perPage });
  }
  const found = (await isTermComplete(scope, termId))
    ? await pageRecorded(scope, termId, page, perPage)
    : await listStudentsPage(scope, await recordedLeavers(scope, termId), page, perPage);
  return asEnrolled(scope, termId, found);
}

/** Of these students of the term those whose name contains the words, as `pageEnrolled` shows them. */
export const pageEnrolledAmong = async (
  scope: SchoolScope,
  termId: string,
  ids: readonly string[],
  at: { search: string; page: number; perPage: number },
): Promise<Page<Person>> => asEnrolled(scope, termId, await pagePeopleByIds(scope, ids, at));

async function asEnrolled(scope: SchoolScope, termId: string, found: Page<Person>): Promise<Page<Person>> {
  const facts = await enrollmentsOf(scope, termId, found.items);
  return {
    ...found,
    items: found.items.map((student) => {
      const { grade, advisory } = facts.get(student.id)!;
      return { ...student, grade, advisoryId: advisory?.id ?? null };
    }),
  };
}

/** Everybody enrolled in the term, by name. */
export const listEnrolledStudents = async (
  scope: SchoolScope,
  termId: string,
  recordsOf: RecordsOfTerm,
): Promise<Person[]> => {
  const missed = await listMissedTerm(scope, termId, recordsOf);
  return listPeopleByIds(scope, await listEnrolledIds(scope, termId, missed));
};

async function pageRecorded(
  scope: SchoolScope,
  termId: string,
  page: number,
  perPage: number,
): Promise<Page<Person>> {
  const sealed = [...(await listSealedStudentIds(scope))];
  const { items, ...found } = await listEnrollmentsPage(scope, termId, page, perPage, sealed);
  const ids = items.map((each) => each.studentId);
  const people = byId(await listPeopleByIds(scope, ids));
  return { ...found, items: ids.flatMap((id) => people.get(id) ?? []) };
}

async function recordedLeavers(scope: SchoolScope, termId: string): Promise<string[]> {
  const inactive = await listInactiveIds(scope);
  if (inactive.length === 0) return [];
  const [recorded, sealed] = await Promise.all([
    listRecordedStudentIds(scope, termId),
    listSealedStudentIds(scope),
  ]);
  return inactive.filter((id) => recorded.has(id) && !sealed.has(id));
}
