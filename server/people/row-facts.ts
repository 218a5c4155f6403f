/**
 * What a row of a roster says of a person beside their relations: the fields that change. An empty cell says
 * nothing. Pure.
 */
import type { Role } from '../access/actor.js';
import { nameOf, type Person } from './person.js';
import type { RosterPerson } from './roster.js';

export type PersonFacts = Pick<
  Person,
  | 'sourcedId'
  | 'studentNumber'
  | 'givenName'
  | 'familyName'
  | 'displayName'
  | 'legalName'
  | 'chosenName'
  | 'email'
  | 'roles'
  | 'grade'
  | 'organisation'
  | 'locale'
  | 'active'
  | 'leftAs'
>;

/** An empty cell says nothing: what is known stays. Roles that the school gave by hand stay as well. */
export function factsOf(row: RosterPerson, known: Person | null): Partial<PersonFacts> {
  const told = known && row.roleAssumed ? [] : row.roles;
  const roles = [...new Set<Role>([...(known?.roles ?? []), ...told])];
  if (known && row.mention) return roles.length > known.roles.length ? { roles } : {};
  const wanted: PersonFacts = {
    sourcedId: row.sourcedId ?? known?.sourcedId ?? null,
    studentNumber: row.studentNumber ?? known?.studentNumber ?? null,
    ...namesOf(row, known),
    email: row.email ?? known?.email ?? null,
    roles,
    grade: row.grade ?? known?.grade ?? null,
    organisation: row.organisation ?? known?.organisation ?? null,
    locale: row.locale ?? known?.locale ?? null,
    ...presenceOf(row, known),
  };
  if (!known) return wanted;
  const changed = (Object.keys(wanted) as (keyof PersonFacts)[]).filter(
    (field) => JSON.stringify(wanted[field]) !== JSON.stringify(known[field] ?? null),
  );
  return Object.fromEntries(changed.map((field) => [field, wanted[field]]));
}

/** A file without a word for it brings nobody back and sends nobody away. */
function presenceOf(
  { presence }: Pick<RosterPerson, 'presence'>,
  known: Person | null,
): Pick<PersonFacts, 'active' | 'leftAs'> {
  if (presence === null) return { active: known?.active ?? true, leftAs: known?.leftAs ?? null };
  if (presence === 'here') return { active: true, leftAs: null };
  // Who has graduated is not there either, which is all that some systems say.
  const graduated = presence === 'graduated' || (known?.active === false && known.leftAs === 'graduated');
  return { active: false, leftAs: graduated ? 'graduated' : 'left' };
}

/**
 * Whoever goes by a chosen name keeps it when the file has no column for it: then the name of the row is the legal one.
 */
function namesOf(
  row: RosterPerson,
  known: Person | null,
): Pick<PersonFacts, 'givenName' | 'familyName' | 'displayName' | 'legalName' | 'chosenName'> {
  if (known?.chosenName && !row.chosen) {
    const { givenName, familyName, displayName, chosenName } = known;
    const isTheirs = nameOf(row) === nameOf(known) || nameOf(row) === chosenName;
    const legalName = row.legalName ?? (isTheirs ? (known.legalName ?? null) : legalNameAfter(row, known));
    return { givenName, familyName, displayName: row.displayName ?? displayName, chosenName, legalName };
  }
  const renamed =
    known !== null && (known.givenName !== row.givenName || known.familyName !== row.familyName);
  return {
    givenName: row.givenName,
    familyName: row.familyName,
    displayName: row.displayName ?? (known && !renamed ? known.displayName : nameOf(row)),
    legalName: row.legalName ?? known?.legalName ?? null,
    chosenName: row.chosen ? nameOf(row) : (known?.chosenName ?? null),
  };
}

/** A middle name that the row leaves out stays. */
function legalNameAfter(row: RosterPerson, known: Person): string {
  const before = known.legalName ?? '';
  const isSame = before.startsWith(row.givenName) && before.endsWith(row.familyName);
  return isSame ? before : nameOf(row);
}
