/** Who of the school a row of a roster is, where its id does not say so: by student number, or by family. Pure. */
import { namesAgree } from './name-key.js';
import { nameOf, type Person } from './person.js';
import type { RosterPerson } from './roster.js';

/**
 * Of people without an id, and for a row whose id is nothing but the student number: a number that was typed
 * here is theirs.
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
