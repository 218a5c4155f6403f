/**
 * Who is at the school and not in its roster any more. They are listed; nobody leaves because of a file
 * alone, which may be of one class or of one month. Pure.
 */
import { InvalidInput } from '../errors.js';
import { rosterChanges } from './draft-roster.js';
import { nameOf, type Person } from './person.js';
import type { ChangedPerson } from './plan-roster.js';
import { nameKeyOf, namesAgree } from './name-key.js';
import { rowKeyOf, type Roster } from './roster.js';
import { allKey, answerTo, type RosterAnswers, type RosterQuestion } from './roster-questions.js';

export interface Absent {
  person: Person;
  /** The other school of the archive at which they are now. */
  at: string | null;
}

/**
 * People with a role of which the file has a list. Staff whom nobody brought in by a file are in none, and
 * who runs the school leaves by the decision of an administrator.
 * @param inFile ids of those whom the file knows, or who may be a row that waits
 * @param rowsIn keys of the rows that come in
 */
export function findAbsent(
  roster: Roster,
  people: readonly Person[],
  inFile: ReadonlySet<string | undefined>,
  rowsIn: ReadonlySet<string>,
): Absent[] {
  const told = roster.people.filter(({ mention }) => !mention);
  const listed = new Set(told.flatMap(({ roles }) => roles));
  const hasNumbers = told.some(({ sourcedId }) => sourcedId !== null);
  const isListed = ({ roles, sourcedId }: Person): boolean => {
    if (roles.includes('admin') || roles.includes('registrar')) return false;
    if (roles.includes('student')) return listed.has('student');
    const role = roles.some((each) => listed.has(each) && each !== 'guest');
    const outside = roles.every((each) => each === 'panelist');
    return role && (sourcedId !== null || (!hasNumbers && !outside));
  };
  const rows = [...roster.people, ...roster.unusable];
  const numbers = new Set(rows.flatMap(({ sourcedId }) => sourcedId ?? []));
  // An address says who somebody is only together with a name, and of a row that comes in it is known who it is.
  const waiting = [...roster.unusable, ...roster.people.filter((row) => !rowsIn.has(rowKeyOf(row)))];
  const names = new Set(waiting.map((row) => nameKeyOf(nameOf(row))));
  const byEmail = new Map<string, string[]>();
  for (const row of waiting)
    if (row.email) byEmail.set(row.email, [...(byEmail.get(row.email) ?? []), nameOf(row)]);
  const isNamed = (person: Person): boolean =>
    numbers.has(person.sourcedId ?? '') ||
    names.has(nameKeyOf(nameOf(person))) ||
    (byEmail.get(person.email ?? '') ?? []).some((name) => namesAgree(name, nameOf(person)));
  return people
    .filter((person) => person.active && !person.sealedAt && !person.erasedAt)
    .filter((person) => !inFile.has(person.id) && isListed(person) && !isNamed(person))
    .map((person) => ({ person, at: roster.otherSchools.get(person.sourcedId ?? '') ?? null }));
}

const keyOf = ({ person }: Absent): string => `absent ${person.id}`;

export const absentQuestion = (absent: Absent): RosterQuestion => ({
  kind: 'absent',
  key: keyOf(absent),
  params: { who: absent.person.displayName, at: absent.at ?? '', grade: absent.person.grade ?? '' },
  options: [
    { value: 'left' },
    ...(absent.person.roles.includes('student') ? [{ value: 'graduated' }] : []),
    { value: 'here' },
  ],
});

/** So many who are not in a file are looked through one by one. */
const MIN_MANY = 10;

/**
 * How many are not in the file, where that is more people of the school than are in it: it may be of one class only.
 */
export const manyAbsent = (absent: number, inFile: number): number | null =>
  absent >= MIN_MANY && absent > inFile ? absent : null;

/**
 * One answer for so many ends a school's year by a slip of the hand: their number is confirmed.
 * @param many `manyAbsent`
 * @throws InvalidInput at `leaving`
 */
export function checkLeaving(
  many: number | null,
  { answers, leaving }: { answers: RosterAnswers; leaving: number | null },
): void {
  const said = answers.get(allKey('absent'));
  if (many === null || leaving === many || (said !== 'left' && said !== 'graduated')) return;
  throw new InvalidInput([
    { field: 'leaving', message: 'people.import.problem.leaving', params: { count: many } },
  ]);
}

/** The person as they are when somebody has said that they have left. */
export function leaverOf(
  absent: Absent,
  answers: RosterAnswers,
  nameOf: (id: string | null) => string,
): ChangedPerson | null {
  const { person: before } = absent;
  const said = answerTo(answers, 'absent', keyOf(absent));
  if (said !== 'left' && said !== 'graduated') return null;
  const leftAs = before.roles.includes('student') ? said : 'left';
  const after: Person = { ...before, active: false, leftAs };
  return { rowKey: keyOf(absent), before, after, changes: rosterChanges({ before, after }, nameOf) };
}
