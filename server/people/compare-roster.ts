/** Compares a roster with what the school knows already: pure, so that the dry run and the import cannot differ. */
import type { Role } from '../access/actor.js';
import { slugOf } from '../school/school.js';
import { makeBreaks } from './breaks.js';
import type { Advisory, Person } from './person.js';
import { withKnownGuardians } from './roster-guardians.js';
import {
  emailKey,
  idKey,
  numberKey,
  rowKeyOf,
  type Roster,
  type RosterPerson,
  type RowProblem,
} from './roster.js';

export interface KnownSchool {
  people: readonly Person[];
  advisories: readonly Advisory[];
  /** Addresses with an account in this school, and whose it is; accounts elsewhere are offered a membership. */
  accounts: ReadonlyMap<string, string>;
  /** Whether the person who imports may make administrators and change what is known of them. */
  mayChangeAdministrators: boolean;
  /** Whom the student numbers of merged records mean, by number. */
  merged?: ReadonlyMap<string, string>;
  /** What somebody said of rows that look like somebody else, by the row's key: who it is, or null where another row says it. */
  same?: ReadonlyMap<string, string | null>;
}

/** What a person shall be after the import; relations as keys, because some of them do not exist yet. */
export interface PlannedPerson {
  row: RosterPerson;
  /** Null for a person to create. */
  known: Person | null;
  /** Fields that change, with guardians and advisory left out. */
  facts: Partial<PersonFacts>;
  advisory: string | null;
  guardians: string[] | null;
}

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
>;

export interface RosterPlan {
  people: PlannedPerson[];
  problems: RowProblem[];
}

/** Who is who: matches rows to people by identifier, then by address, then (rows with neither) by name and role. */
export async function matchRoster(roster: Roster, school: KnownSchool): Promise<RosterPlan> {
  const pause = makeBreaks();
  const problems = [...roster.problems];
  const bySourcedId = new Map(
    school.people.filter((each) => each.sourcedId).map((each) => [each.sourcedId!, each]),
  );
  const byEmail = new Map(school.people.filter((each) => each.email).map((each) => [each.email!, each]));
  const byNumber = new Map(
    school.people.filter((each) => each.studentNumber).map((each) => [each.studentNumber!, each]),
  );
  const byName = new Map<string, Person[]>();
  for (const each of school.people) {
    await pause();
    for (const name of new Set([nameOf(each), each.legalName ?? nameOf(each)])) {
      const same = byName.get(name);
      if (same) same.push(each);
      else byName.set(name, [each]);
    }
  }
  const byId = new Map(school.people.map((each) => [each.id, each]));
  const numbers = new Set(roster.people.map(({ sourcedId }) => sourcedId));
  const namesakes = countNames(roster.people);
  const seen = new Set<string>();
  const taken = new Set<string>();
  const people: PlannedPerson[] = [];
  for (const given of roster.people) {
    await pause();
    const said = school.same?.get(rowKeyOf(given));
    if (said === null) continue;
    // The number of a record that was merged means the person who stayed, whose own number stays theirs.
    const merged = byId.get(school.merged?.get(given.sourcedId ?? '') ?? '');
    const row = merged ? { ...given, sourcedId: merged.sourcedId } : given;
    const wrong = (field: string, message: string, value: string): void =>
      void problems.push({
        ...row.place,
        field,
        message: `people.import.row.${message}`,
        params: { value: value.slice(0, 80) },
      });
    // Before the rows are compared: it is the old number that is to be taken out, wherever its row is in the file.
    if (merged?.sourcedId && numbers.has(merged.sourcedId)) {
      wrong('id', 'merged', given.sourcedId ?? '');
      continue;
    }
    const keys = keysOf(row);
    const twice = keys.find((key) => seen.has(key));
    if (twice) {
      wrong(
        columnOfKey[twice.split(':', 1)[0]!] ?? '',
        'twice',
        twice.startsWith('name:') ? nameOf(row) : twice.replace(/^\w+:/, ''),
      );
      continue;
    }
    const chosen = said === undefined ? undefined : byId.get(said);
    const mine = merged ?? chosen ?? (row.sourcedId ? bySourcedId.get(row.sourcedId) : undefined);
    const sameAddress = row.email ? byEmail.get(row.email) : undefined;
    const adopted =
      sameAddress && (!row.sourcedId || sameAddress.sourcedId === null) ? sameAddress : undefined;
    const alone = namesakes.get(namedAs(row)) === 1;
    const known =
      mine ?? adopted ?? (row.sourcedId || row.email ? undefined : sameName(row, byName, taken, alone));
    const owner = row.email ? school.accounts.get(row.email) : undefined;
    if (known === 'several') {
      wrong('name', 'name-not-clear', `${row.givenName} ${row.familyName}`);
      continue;
    }
    if ((sameAddress && sameAddress !== known) || (owner !== undefined && owner !== known?.id)) {
      wrong('email', 'email-taken', row.email ?? '');
      continue;
    }
    const numbered = row.studentNumber ? byNumber.get(row.studentNumber) : undefined;
    // Two numbers that a file exchanges are both in it.
    if (numbered && numbered !== known && !numbers.has(numbered.sourcedId)) {
      wrong('student number', 'number-taken', row.studentNumber!);
      continue;
    }
    if (known?.sealedAt) {
      wrong('', 'handed-over', nameOf(row));
      continue;
    }
    const planned: PlannedPerson = {
      row,
      known: known ?? null,
      facts: factsOf(row, known ?? null),
      advisory: row.advisory,
      guardians: row.guardians,
    };
    if (!school.mayChangeAdministrators && changesAdministrator(planned)) {
      // Who is only named as a guardian is told of beside the student.
      if (!row.mention) wrong('role', 'admins-only', nameOf(row));
      continue;
    }
    for (const key of keys) seen.add(key);
    if (known) taken.add(known.id);
    people.push(planned);
  }
  return withKnownGuardians({ people, problems }, school);
}

/**
 * Whether the row makes somebody an administrator, or changes an administrator: an address or a status from a file would take the
 * role away from them, and a role would let them read what they may not.
 */
function changesAdministrator({ row, known, facts, advisory, guardians }: PlannedPerson): boolean {
  if (!known?.roles.includes('admin')) return row.roles.includes('admin');
  const { roles = known.roles, ...others } = facts;
  const differs = Object.keys(others).length > 0 || roles.length > known.roles.length;
  return differs || advisory !== null || (guardians ?? []).length > 0;
}

/** Where in the file it stands what names somebody twice. */
const columnOfKey: Record<string, string> = { email: 'email', id: 'id', number: 'student number' };

function keysOf(row: RosterPerson): string[] {
  const keys = [
    row.sourcedId ? idKey(row.sourcedId) : null,
    row.studentNumber ? numberKey(row.studentNumber) : null,
    row.email ? emailKey(row.email) : null,
  ].filter((key) => key !== null);
  // Without number and address two rows of one name are two people, unless they say the same of everything.
  return keys.length > 0
    ? keys
    : [`name:${JSON.stringify([namedAs(row), row.grade, row.advisory, row.organisation, row.guardians])}`];
}

const namedAs = (row: RosterPerson): string => `${nameOf(row)} (${row.roles[0] ?? ''})`;

/** How many rows without number and address have one name. */
function countNames(rows: readonly RosterPerson[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows)
    if (!row.sourcedId && !row.email) counts.set(namedAs(row), (counts.get(namedAs(row)) ?? 0) + 1);
  return counts;
}

const nameOf = (person: Pick<Person, 'givenName' | 'familyName'>): string =>
  `${person.givenName} ${person.familyName}`.trim();

/**
 * Of several who have the name the one of the same grade.
 * @param taken those who are in another row already
 * @param alone whether no other row has the name: then its only bearer is meant, whatever the grade
 */
function sameName(
  row: RosterPerson,
  byName: ReadonlyMap<string, readonly Person[]>,
  taken: ReadonlySet<string>,
  alone: boolean,
): Person | 'several' | undefined {
  const same = (byName.get(nameOf(row)) ?? []).filter((each) =>
    row.roles.some((role) => each.roles.includes(role)),
  );
  if (alone && same.length === 1) return same[0];
  const fitting = same.filter((each) => each.grade === row.grade);
  if (fitting.length === 1 && !taken.has(fitting[0]!.id)) return fitting[0];
  // Several rows and nobody of that grade: one more of the name, and somebody is asked.
  return alone && same.length > 1 ? 'several' : undefined;
}

/** An empty cell says nothing: what is known stays. Roles that the school gave by hand stay as well. */
function factsOf(row: RosterPerson, known: Person | null): Partial<PersonFacts> {
  const roles = [...new Set<Role>([...(known?.roles ?? []), ...row.roles])];
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
    active: row.active,
  };
  if (!known) return wanted;
  const changed = (Object.keys(wanted) as (keyof PersonFacts)[]).filter(
    (field) => JSON.stringify(wanted[field]) !== JSON.stringify(known[field] ?? null),
  );
  return Object.fromEntries(changed.map((field) => [field, wanted[field]]));
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

export const advisorySlug = (name: string): string => slugOf(name, 'advisory');
