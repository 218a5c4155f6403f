/** Who of the school a row of a roster is, where its id does not say so: by student number, by family, by name. Pure. */
import { gradeOf } from './grade.js';
import { namesAgree } from './name-key.js';
import { nameOf, type Person } from './person.js';
import type { RosterPerson } from './roster.js';

/**
 * Of people without an id, and for a row whose id is nothing but the student number: a number that was typed here is theirs.
 */
export function numberedAs(row: RosterPerson, byNumber: ReadonlyMap<string, Person>): Person | undefined {
  const person = row.studentNumber ? byNumber.get(row.studentNumber) : undefined;
  const isFree = !person?.sourcedId || row.sourcedId === null || row.sourcedId === row.studentNumber;
  return isFree ? person : undefined;
}

/** Who is known by the student number alone keeps the id of the file that had one. */
export function withKnownId(
  row: RosterPerson,
  byNumber: ReadonlyMap<string, Person>,
  knownBy: (row: RosterPerson) => Person | undefined,
): RosterPerson {
  const person = numberedAs(row, byNumber);
  return person?.sourcedId && row.sourcedId && person === knownBy(row)
    ? { ...row, sourcedId: person.sourcedId }
    : row;
}

/** Of the guardians whom a student has already, the one of the name, where the file has no other address for them. */
export function relative(
  row: RosterPerson,
  familyOf: ReadonlyMap<string, ReadonlySet<string>>,
  ended: ReadonlySet<string>,
  byId: ReadonlyMap<string, Person>,
): Person | undefined {
  if (!row.mention) return undefined;
  const family = [...(familyOf.get(row.key ?? '') ?? [])].flatMap((id) => byId.get(id) ?? []);
  const same = family.filter(
    (each) =>
      namesAgree(nameOf(row), nameOf(each)) &&
      (!row.email || !each.email || each.email === row.email || ended.has(each.id)),
  );
  return same.length === 1 ? same[0] : undefined;
}

export const namedAs = (row: RosterPerson): string => `${nameOf(row)} (${row.roles[0] ?? ''})`;

/** How many rows without number and address have one name. */
export function countNames(rows: readonly RosterPerson[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows)
    if (!row.sourcedId && !row.email) counts.set(namedAs(row), (counts.get(namedAs(row)) ?? 0) + 1);
  return counts;
}

/**
 * Of several who have the name the one of the same grade.
 * @param taken those who are in another row already
 * @param alone whether no other row has the name: then its only bearer is meant, whatever the grade
 */
export function sameName(
  row: RosterPerson,
  byName: ReadonlyMap<string, readonly Person[]>,
  taken: ReadonlySet<string>,
  alone: boolean,
): Person | 'several' | undefined {
  const called = byName.get(nameOf(row)) ?? [];
  const alike = called.filter((each) => row.roles.some((role) => each.roles.includes(role)));
  // Without a word for the role it may be anybody, save a guardian: children are called like their parents.
  const same =
    row.roleAssumed && alike.length === 0 ? called.filter((each) => !each.roles.includes('guardian')) : alike;
  if (alone && same.length === 1) return same[0];
  const fitting = same.filter((each) => gradeOf(each.grade) === row.grade);
  if (fitting.length === 1 && !taken.has(fitting[0]!.id)) return fitting[0];
  // Several rows and nobody of that grade: one more of the name, and somebody is asked.
  return alone && same.length > 1 ? 'several' : undefined;
}
