/**
 * Where a student belonged in one term. A later change of the person never changes the enrollment of a term
 * that is over.
 */
import type { Advisory, Person } from './person.js';

export const enrollmentStatuses = ['enrolled', 'left', 'graduated'] as const;
export type EnrollmentStatus = (typeof enrollmentStatuses)[number];

/** Names as they were, so that a transcript of the term says the same in five years. */
export interface EnrollmentFacts {
  studentName: string;
  sourcedId: string | null;
  grade: string | null;
  /** `id` is null where only the name is known, from a transcript. */
  advisory: { id: string | null; name: string } | null;
  advisors: { id: string | null; name: string }[];
  status: EnrollmentStatus;
}

export interface Enrollment extends EnrollmentFacts {
  id: string;
  schoolId: string;
  studentId: string;
  termId: string;
  sortName: string;
  /** Days `YYYY-MM-DD` inside the term; null: the whole of it on that side. */
  startsOn: string | null;
  endsOn: string | null;
  /** True where nobody recorded it at the time: what was known later. */
  assumed: boolean;
  savedAt: Date;
}

/** From when to when somebody was in a term, and how that is known. */
export type EnrollmentDates = Pick<
  Enrollment,
  'studentId' | 'termId' | 'startsOn' | 'endsOn' | 'status' | 'assumed'
>;

/** Advisories and the names of those who lead them, at one moment. */
export interface AdvisoryNames {
  advisories: ReadonlyMap<string, Advisory>;
  advisors: ReadonlyMap<string, Pick<Person, 'id' | 'displayName'>>;
}

/** What the enrollment of the current term says of a person as they are now. */
export function currentFacts(student: Person, known: AdvisoryNames): EnrollmentFacts {
  const advisory = student.advisoryId ? known.advisories.get(student.advisoryId) : undefined;
  return {
    studentName: student.displayName,
    sourcedId: student.sourcedId,
    grade: student.grade,
    advisory: advisory ? { id: advisory.id, name: advisory.name } : null,
    advisors: leadersOf(advisory, known),
    status: student.active ? 'enrolled' : (student.leftAs ?? 'left'),
  };
}

/** In the order of the names, as every list of people. */
export const leadersOf = (
  advisory: Advisory | undefined,
  { advisors }: AdvisoryNames,
): EnrollmentFacts['advisors'] =>
  [...advisors.values()]
    .filter(({ id }) => advisory?.advisorIds.includes(id))
    .map(({ id, displayName }) => ({ id, name: displayName }));

const noted = ['grade', 'advisoryId', 'active', 'leftAs', 'displayName', 'sourcedId'] as const;
/** Whether this change of a person says something about their enrollment. */
export const changesEnrollment = (before: Person, after: Person): boolean =>
  noted.some((field) => (before[field] ?? null) !== (after[field] ?? null)) ||
  before.roles.includes('student') !== after.roles.includes('student');
