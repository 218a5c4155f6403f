/**
 * Enrollments per term, and which terms have one for everybody. Personal data: names, grades and advisories of minors.
 */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import type { Enrollment, EnrollmentDates } from './enrollment.js';
import { tracesIn } from '../person-traces.js';

const fixed = { type: String, required: true, immutable: true } as const;
const enrollments = schoolCollection<Enrollment>(
  'enrollments',
  {
    studentId: fixed,
    termId: fixed,
    studentName: { type: String, required: true },
    sortName: { type: String, default: '' },
    sourcedId: String,
    grade: String,
    advisory: Object,
    advisors: { type: [Object], required: true },
    status: { type: String, required: true },
    startsOn: String,
    endsOn: String,
    assumed: { type: Boolean, required: true },
    savedAt: { type: Date, required: true },
  },
  {
    indexes: [
      { keys: { schoolId: 1, termId: 1, studentId: 1 }, unique: true },
      { keys: { schoolId: 1, studentId: 1 } },
      { keys: { schoolId: 1, termId: 1, sortName: 1, _id: 1 } },
      { keys: { schoolId: 1, status: 1, termId: 1, studentId: 1 } },
    ],
  },
);
export const enrollmentsDeclaration = enrollments.declaration;

/** The terms of which the enrollments are complete: who has none was not enrolled. The id is the term's. */
const completeTerms = schoolCollection<{ id: string; schoolId: string; completeAt: Date }>(
  'enrolledterms',
  { completeAt: { type: Date, required: true } },
  { indexes: [{ keys: { schoolId: 1, _id: 1 } }] },
);
export const enrolledTermsDeclaration = completeTerms.declaration;

export const listEnrollments = (scope: SchoolScope, termId: string, studentIds: readonly string[]) =>
  enrollments.in(scope).find({ termId, studentId: { $in: studentIds } });
export const findEnrollment = (scope: SchoolScope, termId: string, studentId: string) =>
  enrollments.in(scope).findOne({ termId, studentId });
export const listEnrollmentsOfStudent = (scope: SchoolScope, studentId: string) =>
  enrollments.in(scope).find({ studentId });
export const listEnrollmentsOfTerms = (
  scope: SchoolScope,
  termIds: readonly string[],
  studentIds: readonly string[],
) =>
  enrollments
    .in(scope)
    .find(
      { termId: { $in: termIds }, studentId: { $in: studentIds } },
      { fields: ['id', 'termId', 'studentId'] },
    );
/** In which terms these students were, from when to when, and how that is known. */
export const listEnrollmentDates = (
  scope: SchoolScope,
  studentIds: readonly string[],
): Promise<EnrollmentDates[]> =>
  enrollments
    .in(scope)
    .find(
      { studentId: { $in: studentIds } },
      { fields: ['studentId', 'termId', 'startsOn', 'endsOn', 'status', 'assumed'] },
    );
/** Enrollments that somebody recorded: not those that were only assumed. */
export const countRecordedOfTerm = (scope: SchoolScope, termId: string): Promise<number> =>
  enrollments.in(scope).count({ termId, assumed: false });
/** Everybody who left, or graduated, in one of these terms, from an index. */
export const listLeaverIds = (scope: SchoolScope, termIds: readonly string[]): Promise<Set<string>> =>
  enrollments
    .in(scope)
    .distinct('studentId', { status: { $in: ['left', 'graduated'] }, termId: { $in: termIds } });
/** Everybody who has an enrollment in the term, from an index. */
export const listRecordedStudentIds = (scope: SchoolScope, termId: string): Promise<Set<string>> =>
  enrollments.in(scope).distinct('studentId', { termId });
/** @param without students who are left out, also of the count */
export const listEnrollmentsPage = (
  scope: SchoolScope,
  termId: string,
  page: number,
  perPage: number,
  without: readonly string[] = [],
) =>
  enrollments
    .in(scope)
    .page(
      { termId, ...(without.length > 0 ? { studentId: { $nin: without } } : {}) },
      { sort: { sortName: 1 }, page, perPage },
    );

export const isTermComplete = async (scope: SchoolScope, termId: string): Promise<boolean> =>
  (await completeTerms.in(scope).findOne({ id: termId })) !== null;
export const listCompleteTermIds = async (scope: SchoolScope): Promise<Set<string>> =>
  new Set((await completeTerms.in(scope).find({}, { limit: 500 })).map(({ id }) => id));

export const saveTermComplete = (scope: SchoolScope, termId: string, completeAt: Date) =>
  completeTerms.in(scope).updateOne({ id: termId }, { $set: { completeAt } }, { upsert: true });
export const saveEnrollments = (scope: SchoolScope, list: Enrollment[]) =>
  enrollments.in(scope).insertMany(list);
export const saveEnrollmentChanges = (
  scope: SchoolScope,
  list: readonly { id: string; change: Partial<Omit<Enrollment, 'id' | 'schoolId'>> }[],
) =>
  enrollments
    .in(scope)
    .updateEach(list.map(({ id, change }) => ({ filter: { id }, update: { $set: change } })));
export const removeEnrollment = (scope: SchoolScope, termId: string, studentId: string) =>
  enrollments.in(scope).remove({ termId, studentId });

/** What was assumed of a term, and that it was complete, goes with the term. */
export async function removeTermAssumed(scope: SchoolScope, termId: string): Promise<void> {
  await enrollments.in(scope).remove({ termId, assumed: true });
  await completeTerms.in(scope).remove({ id: termId });
}

export const removeEnrollmentsOf = tracesIn(enrollments, ({ id }) => ({ studentId: id }));
export const saveAdvisorUnnamed = tracesIn(enrollments, ({ id, ids, mark }) => ({
  studentId: { $ne: id },
  advisors: { $elemMatch: { id: { $in: ids }, name: { $ne: mark } } },
}));
