/**
 * Whom a list of a past term leaves out although nobody recorded at the time where they were: students who
 * came to the school after the term, and those who had left before it. Whoever has records of the term was
 * there all the same. Of a term that was over before the school had its first student here, when somebody was
 * added says nothing.
 */
import { DateTime } from 'luxon';
import type { SchoolScope } from '../db/database.js';
import type { School, Term } from '../school/school.js';
import { findSchool, listTerms } from '../school/school-records.js';
import type { EnrollmentDates } from './enrollment.js';
import { listEnrollmentDates, listLeaverIds, listRecordedStudentIds } from './enrollment-records.js';
import { findFirstStudentAt, listStudentIdsSince } from './arrival-records.js';
import { listAllStudentIds } from './people-records.js';
import type { Person } from './person.js';

/**
 * Ids of the students who have a narrative, a portfolio, a result or a transcript of the term; these come downstream.
 */
export type RecordsOfTerm = (scope: SchoolScope, termId: string) => Promise<ReadonlySet<string>>;

/**
 * Ids of students whom the list of the term leaves out. Of the current term nobody: it is what people are now.
 */
export async function listMissedTerm(
  scope: SchoolScope,
  termId: string,
  recordsOf: RecordsOfTerm,
): Promise<ReadonlySet<string>> {
  const [school, terms] = await Promise.all([findSchool(scope, scope.schoolId), listTerms(scope)]);
  const term = terms.find(({ id }) => id === termId);
  if (!school || !term || school.currentTermId === termId) return new Set();
  const earlier = terms.filter(({ startsOn }) => startsOn < term.startsOn).map(({ id }) => id);
  const first = await findFirstStudentAt(scope);
  const [late, leavers] = await Promise.all([
    first && first <= lastMomentOf(term, school)
      ? listStudentIdsSince(scope, lastMomentOf(term, school))
      : [],
    listLeaverIds(scope, earlier),
  ]);
  const back = leavers.size > 0 ? await listedAmong(scope, termId, leavers) : [];
  const asked = [...new Set([...late, ...back])];
  if (asked.length === 0) return new Set();
  const [dates, recorded] = await Promise.all([listEnrollmentDates(scope, asked), recordsOf(scope, termId)]);
  const own = new Map<string, EnrollmentDates[]>();
  for (const each of dates) own.set(each.studentId, [...(own.get(each.studentId) ?? []), each]);
  const cameLater = new Set(late);
  return new Set(
    asked.filter(
      (id) =>
        !recorded.has(id) &&
        hasMissedTerm(term, { terms, enrollments: own.get(id) ?? [], cameLater: cameLater.has(id) }),
    ),
  );
}

/**
 * Whether the student came to the school after the last day of the term, as far as that can be said.
 * @param firstAt when the school's first student was added
 */
export const cameAfter = (
  student: Pick<Person, 'createdAt'>,
  term: Term,
  school: Pick<School, 'timeZone'>,
  firstAt: Date | null,
): boolean => {
  const end = lastMomentOf(term, school);
  return firstAt !== null && firstAt <= end && student.createdAt > end;
};

/**
 * The same as `listMissedTerm` for one student. @param termsWritten ids of the terms of which there are
 * records of the student
 */
export async function missesTerm(
  scope: SchoolScope,
  termId: string,
  student: Pick<Person, 'id' | 'createdAt'>,
  termsWritten: ReadonlySet<string>,
): Promise<boolean> {
  const [school, terms, enrollments, firstAt] = await Promise.all([
    findSchool(scope, scope.schoolId),
    listTerms(scope),
    listEnrollmentDates(scope, [student.id]),
    findFirstStudentAt(scope),
  ]);
  const term = terms.find(({ id }) => id === termId);
  if (!school || !term || school.currentTermId === termId || termsWritten.has(termId)) return false;
  return hasMissedTerm(term, {
    ...{ terms, enrollments },
    cameLater: cameAfter(student, term, school, firstAt),
  });
}

/**
 * @param known.enrollments of this student; what was only assumed says nothing
 * @param known.cameLater the student was added to the school after the last day of the term
 */
export function hasMissedTerm(
  term: Term,
  known: { terms: readonly Term[]; enrollments: readonly EnrollmentDates[]; cameLater: boolean },
): boolean {
  const termOf = new Map(known.terms.map((each) => [each.id, each]));
  const dated = known.enrollments.flatMap((each) => {
    const of = termOf.get(each.termId);
    if (!of || each.assumed) return [];
    return { ...each, from: each.startsOn ?? of.startsOn, until: each.endsOn ?? of.endsOn };
  });
  if (dated.some(({ termId }) => termId === term.id)) return false;
  const last = dated
    .filter(({ from }) => from <= term.endsOn)
    .sort((a, b) => a.from.localeCompare(b.from))
    .at(-1);
  if (!last) return known.cameLater;
  return last.status !== 'enrolled' && last.until < term.startsOn;
}

const lastMomentOf = ({ endsOn }: Term, { timeZone }: Pick<School, 'timeZone'>): Date =>
  DateTime.fromISO(endsOn, { zone: timeZone }).endOf('day').toJSDate();

/** Of these students those who are here, or whom the term names. */
async function listedAmong(scope: SchoolScope, termId: string, ids: ReadonlySet<string>): Promise<string[]> {
  const [recorded, here] = await Promise.all([
    listRecordedStudentIds(scope, termId),
    listAllStudentIds(scope),
  ]);
  return [...new Set([...recorded, ...here])].filter((id) => ids.has(id));
}
