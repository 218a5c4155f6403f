/** Ties between students and guardians, those that have ended among them. Personal data: family relations of minors. */
import type { SchoolScope } from '../db/database.js';
import { tracesIn } from '../person-traces.js';
import { people } from './people-records.js';

/** Whoever has one of these guardians, gone or not. */
export const listPeopleOfGuardians = (scope: SchoolScope, guardianIds: readonly string[]) =>
  people.in(scope).find({ guardianIds: { $in: guardianIds } });
/** Number of students changed: 0 when this guardian was theirs already. */
export const saveGuardianAdded = (scope: SchoolScope, studentId: string, guardianId: string) =>
  people
    .in(scope)
    .updateOne(
      { id: studentId, guardianIds: { $ne: guardianId } },
      { $addToSet: { guardianIds: guardianId }, $pull: { endedGuardianIds: guardianId } },
    );
/** Number of students changed: 0 when this guardian was not theirs. */
export const saveGuardianRemoved = (scope: SchoolScope, studentId: string, guardianId: string) =>
  people
    .in(scope)
    .updateOne(
      { id: studentId, guardianIds: guardianId },
      { $pull: { guardianIds: guardianId }, $addToSet: { endedGuardianIds: guardianId } },
    );

export const saveGuardianErased = tracesIn(people, ({ id }) => ({ guardianIds: id }));
/** Who said that they must not hear this student. */
export const saveConflictErased = tracesIn(people, ({ ids }) => ({ 'attendance.conflictIds': { $in: ids } }));
/** What families and guests wrote about whom they must not hear may name anybody. */
export const saveConflictWordsUnnamed = tracesIn(people, () => ({
  'attendance.conflictWords': { $nin: ['', null] },
}));
/** What staff wrote about custody may name anybody of the family. */
export const saveCustodyNoteUnnamed = tracesIn(people, () => ({ custodyNote: { $nin: ['', null] } }));
export const saveEndedGuardianErased = tracesIn(people, ({ id }) => ({ endedGuardianIds: id }));
