/** Who is tied to whom, as the records say it: families and mentors. Only reads. */
import type { SchoolScope } from '../db/database.js';
import type { Person } from '../people/person.js';
import { listInternshipsOfStudents } from '../plan/internship-records.js';

/** Whoever has this guardian, by guardian. */
export function familiesOf(everybody: readonly Person[]): Map<string, string[]> {
  const families = new Map<string, string[]>();
  for (const { id, guardianIds } of everybody)
    for (const guardianId of guardianIds) push(families, guardianId, id);
  return families;
}

/** Adds to the list under this key. */
export function push<T>(lists: Map<string, T[]>, key: string, one: T): void {
  const list = lists.get(key);
  if (list) list.push(one);
  else lists.set(key, [one]);
}

/** Internships name their mentor; the person is known where exactly one adult of the school has that name. */
export async function mentorsOf(
  scope: SchoolScope,
  everybody: readonly Pick<Person, 'id' | 'displayName' | 'roles' | 'active'>[],
  students: readonly Person[],
): Promise<Map<string, string[]>> {
  const internships = await listInternshipsOfStudents(
    scope,
    students.map((student) => student.id),
  );
  const key = (name: string) => name.trim().toLocaleLowerCase('en');
  const named = new Map<string, string[]>();
  for (const person of everybody) {
    if (!person.active || person.roles.includes('student')) continue;
    push(named, key(person.displayName), person.id);
  }
  const found = new Map<string, string[]>();
  for (const { studentId, mentorName } of internships) {
    const ids = named.get(key(mentorName)) ?? [];
    // The newest internship comes first, and its mentor is the one who counts.
    if (ids.length === 1 && !found.has(studentId)) found.set(studentId, ids);
  }
  return found;
}
