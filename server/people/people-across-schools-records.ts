/** What is asked about people of several schools: whether somebody moved, where somebody is, how many there are. */
import type { Database, SharedScope } from '../db/database.js';
import { openReadBatch } from '../db/batch/read-batch.js';
import { countPeople, people } from './people-records.js';
import type { Person } from './person.js';

/**
 * Students of these schools who have one of these as id or number. Those and the school only: for the
 * question whether somebody moved.
 */
export const listStudentsByNumber = (
  scope: SharedScope,
  schoolIds: readonly string[],
  numbers: readonly string[],
): Promise<Pick<Person, 'id' | 'schoolId' | 'sourcedId' | 'studentNumber'>[]> =>
  people.acrossSchools(scope).find(
    {
      $or: [{ sourcedId: { $in: numbers } }, { studentNumber: { $in: numbers } }],
      ...{ schoolId: { $in: schoolIds }, roles: 'student', active: true },
    },
    { fields: ['schoolId', 'sourcedId', 'studentNumber'] },
  );
/** Of these people those who are students at their school now. */
export const listActiveStudentIds = async (
  scope: SharedScope,
  ids: readonly string[],
): Promise<Set<string>> =>
  new Set(
    (
      await people
        .acrossSchools(scope)
        .find({ id: { $in: ids }, roles: 'student', active: true }, { fields: ['id'] })
    ).map(({ id }) => id),
  );

/** Numbers of active students by school, for a network's overview: counted in the index, in one command. */
export async function countStudentsBySchool(
  db: Database,
  schoolIds: readonly string[],
): Promise<Map<string, number>> {
  const reads = openReadBatch(db.connection);
  return new Map(
    await Promise.all(
      schoolIds.map(
        async (schoolId) => [schoolId, await countPeople({ db, schoolId, reads }, 'student')] as const,
      ),
    ),
  );
}

/** The school of whoever has this id; null when nobody has. */
export const findSchoolIdOf = async (scope: SharedScope, id: string): Promise<string | null> =>
  (await people.acrossSchools(scope).findOne({ id }, { fields: ['schoolId'] }))?.schoolId ?? null;
