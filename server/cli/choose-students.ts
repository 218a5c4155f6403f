/**
 * Whom `--student` names: first by id, then by the school's number, then by the id in the roster. Never the
 * wrong one: who is named twice is refused.
 */
import type { SchoolScope } from '../db/database.js';
import { findPerson } from '../people/people-records.js';
import { isFormerStudent, type Person } from '../people/person.js';
import { listStudentsNumbered } from '../people/search-records.js';

/** The command was called in a way that cannot be meant; exit code 2. */
export class WrongCall extends Error {}

/**
 * Each once, in the order named; those who have left can be named, also where no enrollment was recorded.
 * @param enrolled everybody of the term
 * @param wanted everybody when empty
 * @throws WrongCall where nobody is called so, or several are
 */
export async function chooseStudents(
  scope: SchoolScope,
  enrolled: readonly Person[],
  wanted: readonly string[],
): Promise<readonly Person[]> {
  if (wanted.length === 0) return enrolled;
  const chosen = new Map<string, Person>();
  for (const name of wanted) {
    const student = await studentCalled(scope, enrolled, name);
    chosen.set(student.id, student);
  }
  return [...chosen.values()];
}

async function studentCalled(scope: SchoolScope, enrolled: readonly Person[], name: string): Promise<Person> {
  // As they were in that term, where they were enrolled in it.
  const inTerm = (person: Person): Person[] => {
    const own = enrolled.find(({ id }) => id === person.id);
    return own ? [own] : isFormerStudent(person) ? [person] : [];
  };
  const byId = await findPerson(scope, name);
  if (byId) {
    const [own] = inTerm(byId);
    if (own) return own;
  }
  for (const field of ['studentNumber', 'sourcedId'] as const) {
    const found = (await listStudentsNumbered(scope, field, name)).flatMap(inTerm);
    if (found.length > 1) {
      const people = found.map(({ id, displayName }) => `${displayName} (${id})`).join(', ');
      throw new WrongCall(`"${name}" is the number of several students: ${people}. Choose one by id`);
    }
    if (found[0]) return found[0];
  }
  throw new WrongCall(`nobody "${name}" was enrolled in this term`);
}
