/** When students came to the school. Personal data: ids. */
import type { SchoolScope } from '../db/database.js';
import { people } from './people-records.js';

/** Ids of every student who was added after this moment, also of those who have left, read from an index. */
export const listStudentIdsSince = async (scope: SchoolScope, moment: Date): Promise<string[]> =>
  (await people.in(scope).find({ roles: 'student', createdAt: { $gt: moment } }, { fields: ['id'] })).map(
    ({ id }) => id,
  );

/** When the first student was added, also one who has left; null before there was any. From an index. */
export const findFirstStudentAt = async (scope: SchoolScope): Promise<Date | null> =>
  (await people.in(scope).find({ roles: 'student' }, { sort: { createdAt: 1 }, limit: 1 }))[0]?.createdAt ??
  null;
