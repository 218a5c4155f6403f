/**
 * What a preview tells of the rows that come in: of somebody new all that is written, and what is odd about it. Pure.
 */
import { comparedFields } from './draft-roster.js';
import { oddValueFinder, type OddValue } from './odd-values.js';
import { nameKeyOf } from './name-key.js';
import type { Advisory, Person } from './person.js';
import type { RosterPerson, RowProblem } from './roster.js';
import type { FieldChange } from './roster-import.js';

/** The list says these of everybody. */
const shownOtherwise = ['givenName', 'familyName', 'displayName', 'roles', 'active'];

/** All that is written of somebody new beside their name and roles, as changes from nothing. */
export function newFacts(
  after: Person,
  { advisoryName, personName }: Record<'advisoryName' | 'personName', (id: string) => string>,
): FieldChange[] {
  const readable: Partial<Record<(typeof comparedFields)[number], string>> = {
    advisoryId: after.advisoryId ? advisoryName(after.advisoryId) : '',
    guardianIds: after.guardianIds.map(personName).filter(Boolean).join(', '),
    // Mostly the school's own number again.
    sourcedId: after.sourcedId === after.studentNumber ? '' : (after.sourcedId ?? ''),
  };
  return comparedFields
    .filter((field) => !shownOtherwise.includes(field))
    .map((field) => ({ field, from: '', to: readable[field] ?? String(after[field] ?? '') }))
    .filter(({ to }) => to !== '');
}

const fieldOf: Record<OddValue, string> = {
  ...{ grade: 'grade', 'number-form': 'studentNumber', 'number-damaged': 'studentNumber', email: 'email' },
};

/** @returns what is odd about the values that are written; `changes` is null for somebody new */
export function oddFinder(everybody: readonly Person[], drafted: readonly Person[]) {
  const after = new Map(everybody.filter(({ active }) => active).map((person) => [person.id, person]));
  for (const person of drafted) after.set(person.id, person);
  const find = oddValueFinder([...after.values()]);
  return (person: Person, changes: readonly FieldChange[] | null): OddValue[] =>
    find(person).filter((odd) => changes === null || changes.some(({ field }) => field === fieldOf[odd]));
}

/** How many rows with a problem bring in neither a person nor an advisory. */
export function countLeftOut(
  problems: readonly RowProblem[],
  used: readonly Pick<RosterPerson, 'place'>[],
): number {
  const keyOf = ({ file, row }: RosterPerson['place']): string => `${row} ${file}`;
  const comesIn = new Set(used.map(({ place }) => keyOf(place)));
  return [...new Set(problems.map(keyOf))].filter((key) => !comesIn.has(key)).length;
}

/** Students who stay at the school in no advisory: nobody there sees their work first. */
export const countWithoutAdvisory = (people: readonly Person[]): number =>
  people.filter(({ active, roles, advisoryId }) => active && roles.includes('student') && !advisoryId).length;

/**
 * @param people with their names and roles, before and after
 * @returns the id of the only advisor with this name, in any order, or of somebody who leads one of the
 *   advisories; undefined where that is nobody or several
 */
export function staffFinder(
  people: readonly Person[],
  advisories: readonly Pick<Advisory, 'advisorIds'>[],
): (name: string) => string | undefined {
  const leaders = new Set(advisories.flatMap(({ advisorIds }) => advisorIds));
  const found = new Map<string, Set<string>>();
  for (const { id, active, roles, ...names } of people) {
    if (!active || !(roles.includes('advisor') || leaders.has(id))) continue;
    for (const key of new Set([
      nameKeyOf(names.displayName),
      nameKeyOf(`${names.givenName} ${names.familyName}`),
    ]))
      found.set(key, (found.get(key) ?? new Set<string>()).add(id));
  }
  return (name) => {
    const ids = found.get(nameKeyOf(name));
    return ids?.size === 1 ? [...ids][0] : undefined;
  };
}
