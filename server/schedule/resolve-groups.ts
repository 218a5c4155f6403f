/**
 * Groups of people as somebody chose them, with everybody who is in them now; and students who belong
 * together, by name or id. Refuses names that nobody or several have. Only reads.
 */
import type { SchoolScope } from '../db/database.js';
import { InvalidInput, type FieldProblem } from '../errors.js';
import { listAllPeople } from '../people/people-records.js';
import type { Person } from '../people/person.js';
import { groupsOf } from './people-groups.js';
import type { Schedule } from './schedule.js';

export interface GroupsInput {
  /** Values of `groupsOf`: everybody in them is added to who is chosen. */
  studentGroups: readonly string[];
  panelistGroups: readonly string[];
  /** A group in each line, names or ids of students separated by semicolons. */
  togetherLines: readonly string[];
}

export type DecidedSchedule = Omit<Schedule, 'id' | 'schoolId' | 'exhibitionId' | 'updatedAt'>;

/** @throws InvalidInput on `together` for lines that cannot be read */
export async function resolveGroups(
  scope: SchoolScope,
  input: Omit<DecidedSchedule, 'together'> & GroupsInput,
  zone: string,
  exhibitionId: string,
): Promise<DecidedSchedule> {
  const { studentGroups, panelistGroups, togetherLines, ...decided } = input;
  if (studentGroups.length + panelistGroups.length + togetherLines.length === 0)
    return { ...decided, together: [] };
  const people = (await listAllPeople(scope)).filter((person) => person.active);
  const members = (groups: readonly string[], chosen: readonly string[]) => [
    ...new Set([
      ...chosen,
      ...people.flatMap((person) =>
        groupsOf(person, { ...decided, exhibitionId }, zone).some((group) => groups.includes(group))
          ? [person.id]
          : [],
      ),
    ]),
  ];
  const students = people.filter((person) => person.roles.includes('student'));
  const isStudent = new Set(students.map(({ id }) => id));
  return {
    ...decided,
    presenting: {
      ...decided.presenting,
      studentIds: members(studentGroups, decided.presenting.studentIds).filter(
        (id) => isStudent.has(id) || decided.presenting.studentIds.includes(id),
      ),
    },
    panelistIds: members(panelistGroups, decided.panelistIds),
    together: readTogether(togetherLines, students),
  };
}

const nameKey = (name: string): string => name.trim().replace(/\s+/g, ' ').toLocaleLowerCase('en');

function readTogether(lines: readonly string[], students: readonly Person[]): Schedule['together'] {
  const problems: FieldProblem[] = [];
  const ids = new Set(students.map(({ id }) => id));
  const found = lines.flatMap((line, group) =>
    line
      .split(';')
      .filter((each) => each.trim() !== '')
      .flatMap((typed) => {
        const id = typed.trim();
        if (ids.has(id)) return [{ studentId: id, group }];
        const named = students.filter(({ displayName }) => nameKey(displayName) === nameKey(typed));
        if (named.length === 1) return [{ studentId: named[0]!.id, group }];
        const message = `schedule.problem.together-${named.length === 0 ? 'nobody' : 'several'}`;
        problems.push({ field: 'together', message, params: { name: id.slice(0, 60) } });
        return [];
      }),
  );
  if (problems.length > 0) throw new InvalidInput(problems);
  return found;
}
