/** Opens a rehearsal for whoever may read it: of a student whose record is sealed from this school nobody here does. */
import type { SchoolScope } from '../db/database.js';
import { findPerson } from '../people/people-records.js';
import { checkNotSealed } from '../people/person.js';
import type { Rehearsal } from './rehearsal.js';
import { getRehearsal } from './rehearsal-records.js';

/**
 * @throws NotFound for one of another school; Forbidden with the reason when the student's record is sealed
 *   from this one
 */
export async function openRehearsal(scope: SchoolScope, id: string): Promise<Rehearsal> {
  const rehearsal = await getRehearsal(scope, id);
  checkNotSealed(await findPerson(scope, rehearsal.studentId));
  return rehearsal;
}
