/** Internships. Personal data: where minors go out of school, and the names of their mentors. */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import type { Internship } from './internship.js';
import { fieldIsName, tracesIn, type ErasedPerson } from '../person-traces.js';

const internships = schoolCollection<Internship>(
  'internships',
  {
    studentId: { type: String, required: true, immutable: true },
    termId: { type: String, required: true },
    organisation: { type: String, required: true },
    mentorName: { type: String, default: '' },
    interest: { type: String, default: '' },
    startsOn: { type: String, required: true },
    endsOn: String,
    summary: { type: String, default: '' },
    hours: { type: Number, required: true },
    revision: { type: Number, required: true },
  },
  { indexes: [{ keys: { schoolId: 1, studentId: 1, startsOn: -1 } }, { keys: { schoolId: 1, termId: 1 } }] },
);
export const internshipsDeclaration = internships.declaration;

const newestFirst = { sort: { startsOn: -1, id: 1 } } as const;

export const countInternshipsOfTerm = (scope: SchoolScope, termId: string): Promise<number> =>
  internships.in(scope).count({ termId });
export const getInternship = (scope: SchoolScope, id: string) => internships.in(scope).get(id);
export const listInternshipsOfStudent = (scope: SchoolScope, studentId: string) =>
  internships.in(scope).find({ studentId }, { ...newestFirst, limit: 200 });
/** For transcripts: of many students at once, newest first. */
export const listInternshipsOfStudents = (scope: SchoolScope, studentIds: readonly string[]) =>
  internships.in(scope).find({ studentId: { $in: studentIds } }, newestFirst);
export const listInternshipsPage = (scope: SchoolScope, studentId: string, page: number, perPage: number) =>
  internships.in(scope).page({ studentId }, { sort: { startsOn: -1 }, page, perPage });
export const saveInternship = (scope: SchoolScope, internship: Internship) =>
  internships.in(scope).insert(internship);
/** Null when somebody else changed it since `revision`. */
export const saveInternshipChange = (
  scope: SchoolScope,
  id: string,
  revision: number,
  change: Omit<Internship, 'id' | 'schoolId' | 'studentId' | 'revision'>,
) => internships.in(scope).findOneAndUpdate({ id, revision }, { $set: change, $inc: { revision: 1 } });

export const removeInternshipsOf = tracesIn(internships, ({ id }) => ({ studentId: id }));
/** Internships of others at which somebody of this name was the mentor: nothing but the name says who. */
const mentoredBy = (person: ErasedPerson) => ({
  $and: [{ studentId: { $ne: person.id } }, fieldIsName('mentorName', person)],
});
export const saveMentorUnnamed = tracesIn(internships, (person) =>
  person.byName ? mentoredBy(person) : null,
);
export const countMentorNamed = tracesIn(internships, (person) =>
  person.byName ? null : mentoredBy(person),
);
