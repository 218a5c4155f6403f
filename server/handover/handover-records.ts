/**
 * Handovers between two schools of a network. Belong to both, so every question names the school whose office asks.
 * Personal data: names and student numbers of minors who move.
 */
import { sharedCollection, type SchoolScope, type SharedScope } from '../db/database.js';
import { tracesIn } from '../person-traces.js';
import type { Handover, HandoverState } from './handover.js';

const fixed = { type: String, required: true, immutable: true } as const;
const handovers = sharedCollection<Handover>(
  'handovers',
  {
    networkId: fixed,
    fromSchoolId: fixed,
    toSchoolId: fixed,
    fromSchoolName: { type: String, required: true },
    toSchoolName: { type: String, required: true },
    studentId: fixed,
    studentName: { type: String, required: true },
    studentNumber: String,
    newStudentId: String,
    newStudentName: { type: String, default: undefined },
    asked: { type: Object, default: undefined },
    state: { type: String, required: true },
    reason: { type: String, default: '' },
    sealed: { type: Boolean, required: true },
    openKey: String,
    createdAt: { type: Date, required: true, immutable: true },
    createdBy: fixed,
    offeredAt: Date,
    answeredAt: Date,
    answeredBy: String,
    copiedAt: Date,
  },
  {
    indexes: [
      {
        keys: { openKey: 1 },
        unique: true,
        partialFilterExpression: { openKey: { $type: 'string' } },
      },
      { keys: { fromSchoolId: 1, createdAt: -1 } },
      { keys: { toSchoolId: 1, createdAt: -1 } },
      { keys: { studentId: 1 } },
      { keys: { newStudentId: 1 } },
    ],
  },
);
export const handoversDeclaration = handovers.declaration;

const ofSchool = ({ schoolId }: SchoolScope) => ({
  $or: [{ fromSchoolId: schoolId }, { toSchoolId: schoolId }],
});

/** Null for one of other schools. */
export const findHandover = (scope: SchoolScope, id: string) =>
  handovers.in(scope).findOne({ id, ...ofSchool(scope) });
/** Those that a school has begun, or was asked for. */
export const listOutgoing = (scope: SchoolScope, page: number, perPage: number) =>
  handovers.in(scope).page({ fromSchoolId: scope.schoolId }, { sort: { createdAt: -1 }, page, perPage });
/** Those that a school was offered, or has asked for. */
export const listIncoming = (scope: SchoolScope, page: number, perPage: number) =>
  handovers.in(scope).page({ toSchoolId: scope.schoolId }, { sort: { createdAt: -1 }, page, perPage });
/** What waits for an answer of this school, the oldest first. */
export const listWaitingHandovers = (scope: SchoolScope, limit: number) =>
  handovers.in(scope).find(
    {
      $or: [
        { toSchoolId: scope.schoolId, state: 'offered' },
        { fromSchoolId: scope.schoolId, state: 'asked' },
      ],
    },
    { sort: { createdAt: 1 }, limit },
  );
/** What the other school has answered since then. */
export const listAnsweredHandovers = (scope: SchoolScope, since: Date, limit: number) =>
  handovers.in(scope).find(
    {
      fromSchoolId: scope.schoolId,
      state: { $in: ['accepted', 'copied', 'declined'] },
      answeredAt: { $gte: since },
    },
    { sort: { answeredAt: -1 }, limit },
  );
/** Those of students of this school that tell something of them: under way from here, or done in either direction. */
export const listHandoversOfStudents = (scope: SchoolScope, studentIds: readonly string[]) =>
  handovers.in(scope).find(
    {
      $or: [
        { fromSchoolId: scope.schoolId, studentId: { $in: studentIds } },
        { toSchoolId: scope.schoolId, newStudentId: { $in: studentIds } },
      ],
      state: { $in: ['offered', 'accepted', 'copied'] },
    },
    { sort: { createdAt: 1 } },
  );
/**
 * What is open of a student of this school: on the way out, or accepted here while their record is still
 * copied to them.
 */
export const listOpenHandoversOf = (scope: SchoolScope, studentId: string) =>
  handovers.in(scope).find({
    $or: [
      { fromSchoolId: scope.schoolId, studentId, state: { $in: ['asked', 'offered', 'accepted'] } },
      { toSchoolId: scope.schoolId, newStudentId: studentId, state: 'accepted' },
    ],
  });

export const saveHandover = (where: SharedScope, handover: Handover) => handovers.in(where).insert(handover);
/** Null when it is in none of these states any more: somebody else was faster. */
export const saveHandoverState = (
  where: SharedScope,
  id: string,
  from: readonly HandoverState[],
  change: Partial<Omit<Handover, 'id' | 'createdAt' | 'createdBy'>> & Pick<Handover, 'state'>,
) => handovers.in(where).findOneAndUpdate({ id, state: { $in: from } }, { $set: change });

/** With a name or a number in it of the side that erases: the id of a person belongs to one school. */
export const saveHandoverUnnamed = tracesIn(handovers, ({ id, mark }) => ({
  $or: [
    { studentId: id, $or: [{ studentName: { $ne: mark } }, { studentNumber: { $ne: null } }] },
    {
      newStudentId: id,
      $or: [{ newStudentName: { $ne: mark } }, { 'asked.name': { $exists: true, $ne: mark } }],
    },
  ],
}));
/** Gone to another school with a copy, which is that school's. */
export const countCopiesElsewhere = tracesIn(handovers, ({ id }) => ({ studentId: id, state: 'copied' }));
