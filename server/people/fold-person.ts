/**
 * The last step of a merge: the record of the duplicate goes, the person who stays gets what was chosen, and
 * the old id leads to them.
 */
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { noteEnrollments } from './keep-enrollments.js';
import type { MergedPerson } from './merged-person.js';
import { removeDistinctPairsOf, saveMergedPerson } from './merged-people-records.js';
import { removePerson, savePersonChange } from './people-records.js';
import type { Person } from './person.js';

type Change = Partial<Omit<Person, 'id' | 'schoolId' | 'createdAt'>>;

/** Before anything moves: what old terms say of the person who stays is written down as it was. */
export const noteFolding = (inside: SchoolScope, clock: Clock, into: Person, change: Change): Promise<void> =>
  noteEnrollments(inside, clock, [{ before: into, after: { ...into, ...change } }]);

/** Inside a transaction, after everything that names `from` names `into`. */
export async function foldPerson(
  inside: SchoolScope,
  from: Person,
  into: Person,
  change: Change,
  record: MergedPerson,
): Promise<void> {
  // Whoever follows something live as this person is told that they are gone.
  await savePersonChange(inside, from.id, { active: false });
  await removePerson(inside, from.id);
  if (Object.keys(change).length > 0) await savePersonChange(inside, into.id, change);
  await removeDistinctPairsOf(inside, from.id);
  await saveMergedPerson(inside, record);
}
