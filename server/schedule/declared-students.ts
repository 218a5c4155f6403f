/** Students whom somebody says they must not hear: those of before by id, and others by name or number. Pure. */
import { InvalidInput, type FieldProblem } from '../errors.js';
import type { Person } from '../people/person.js';

type Named = Pick<Person, 'id' | 'displayName'>;
type Student = Named & Pick<Person, 'active' | 'studentNumber'>;

const nameKey = (name: string): string => name.trim().replace(/\s+/g, ' ').toLocaleLowerCase('en');

/**
 * Each line is one student: of two who were declared under one name, the second line is the second one.
 * @param before who is declared already
 * @param said `conflictIds`: who of them stays; left out: those whom the lines name
 * @throws InvalidInput on `field` for a name that no student or several have
 */
export function declaredStudents(
  before: readonly Named[],
  said: { conflictIds?: readonly string[] | undefined; conflicts: readonly string[] },
  students: readonly Student[],
  field = 'conflicts',
): string[] {
  const kept = said.conflictIds ? before.filter(({ id }) => said.conflictIds!.includes(id)) : [];
  const free = said.conflictIds ? [...kept] : [...before];
  const problems: FieldProblem[] = [];
  const named = said.conflicts.flatMap((typed) => {
    const at = free.findIndex(({ displayName }) => nameKey(displayName) === nameKey(typed));
    if (at >= 0) return free.splice(at, 1).map(({ id }) => id);
    const found = students.filter(
      ({ id, displayName, studentNumber, active }) =>
        active && (nameKey(displayName) === nameKey(typed) || [id, studentNumber].includes(typed.trim())),
    );
    if (found.length === 1) return [found[0]!.id];
    const message = `schedule.problem.together-${found.length === 0 ? 'nobody' : 'several-names'}`;
    problems.push({ field, message, params: { name: typed.slice(0, 60) } });
    return [];
  });
  if (problems.length > 0) throw new InvalidInput(problems);
  return [...new Set([...kept.map(({ id }) => id), ...named])];
}
