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
 * @param of.isOffice may write ids and student numbers, and is told whether nobody or several have a name.
 *   Others are told neither, and a number would tell them whose it is
 * @throws InvalidInput on `field` for a name that no student or several have
 */
export function declaredStudents(
  before: readonly Named[],
  said: { conflictIds?: readonly string[] | undefined; conflicts: readonly string[] },
  students: readonly Student[],
  { field = 'conflicts', isOffice = false }: { field?: string; isOffice?: boolean } = {},
): string[] {
  const named = byTyped(students, isOffice);
  const kept = said.conflictIds ? before.filter(({ id }) => said.conflictIds!.includes(id)) : [];
  const free = said.conflictIds ? [...kept] : [...before];
  const problems: FieldProblem[] = [];
  const ids = said.conflicts.flatMap((typed) => {
    const at = free.findIndex(({ displayName }) => nameKey(displayName) === nameKey(typed));
    if (at >= 0) return free.splice(at, 1).map(({ id }) => id);
    const found = named.get(nameKey(typed)) ?? [];
    if (found.length === 1) return [found[0]!];
    const why = found.length === 0 ? 'together-nobody' : 'together-several-names';
    const message = `schedule.problem.${isOffice ? why : 'not-one-student'}`;
    problems.push({ field, message, params: { name: typed.slice(0, 60) } });
    return [];
  });
  if (problems.length > 0) throw new InvalidInput(problems);
  return [...new Set([...kept.map(({ id }) => id), ...ids])];
}

/** Ids by what may be written for a student. Made once: a school has thousands of names. */
function byTyped(students: readonly Student[], isOffice: boolean): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const { id, displayName, studentNumber, active } of students)
    for (const typed of active ? [displayName, ...(isOffice ? [id, studentNumber] : [])] : []) {
      if (!typed) continue;
      const key = nameKey(typed);
      found.set(key, (found.get(key) ?? new Set()).add(id));
    }
  return new Map([...found].map(([key, ids]) => [key, [...ids]]));
}
