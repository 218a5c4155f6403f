/** Reads one plain CSV as a roster. The columns are explained on the import page; only a name is needed. */
import { z } from 'zod';
import type { Role } from '../access/actor.js';
import { MAX_STUDENT_NUMBER } from './person.js';
import { readTable, headingKey, unreadable, type Table, type TableRow } from './read-table.js';
import {
  chosenNames,
  emailKey,
  idKey,
  roleOf,
  type Roster,
  type RosterAdvisory,
  type RosterPerson,
  type RowProblem,
} from './roster.js';
import { makeBreaks } from './breaks.js';
import { splitName } from './add-person.js';

/** Ids of guardians in one cell. */
const MAX_GUARDIAN_IDS = 20;

/** Our word for a column, then what schools also call it. */
export const csvColumns = {
  role: ['roles', 'type', 'usertype'],
  id: ['sourcedid', 'personid', 'externalid'],
  /** The school's own; it is also the id where the file has no other. */
  'student number': ['student id', 'student no', 'local id', 'local student id', 'school id', 'identifier'],
  'given name': ['first name', 'firstname', 'forename', 'given'],
  'family name': ['last name', 'lastname', 'surname', 'family'],
  name: ['full name', 'student name', 'student'],
  'display name': ['name as written'],
  'preferred name': ['preferred first name', 'preferred given name', 'chosen name', 'known as', 'nickname'],
  'preferred family name': ['preferred last name', 'preferred surname'],
  'legal name': ['full legal name'],
  'legal given name': ['legal first name'],
  'legal family name': ['legal last name', 'legal surname'],
  email: ['e-mail', 'email address', 'mail'],
  grade: ['grade level', 'grades', 'year', 'class year'],
  advisory: ['homeroom', 'advisory name', 'crew'],
  'advisor email': ['adviser email', 'advisor e-mail'],
  'advisor id': ['adviser id'],
  'guardian ids': ['guardian id', 'parent ids', 'parent id'],
  'guardian name': ['parent name', 'guardian 1 name', 'parent 1 name'],
  'guardian email': ['parent email', 'guardian 1 email', 'parent 1 email'],
  'guardian 2 name': ['parent 2 name'],
  'guardian 2 email': ['parent 2 email'],
  organization: ['organisation', 'company', 'employer'],
  language: ['locale', 'home language'],
  status: ['active', 'enrollment status'],
} as const;
type Column = keyof typeof csvColumns;

const emailShape = z.email().max(254);
const goneWords = ['inactive', 'no', 'false', '0', 'withdrawn', 'tobedeleted', 'left', 'graduated'];

/** @throws InvalidInput for `roster` when it is no table or no column holds a name */
export async function readRosterCsv(file: string, bytes: Buffer): Promise<Roster> {
  const table = withOurHeadings(await readTable(file, bytes));
  const has = (column: Column): boolean => table.columns.includes(headingKey(column));
  if (!has('name') && !has('given name') && !has('legal given name'))
    throw unreadable('people.import.problem.no-name-column', { file });
  const roster: Roster = {
    format: 'csv',
    utf8: table.utf8,
    people: [],
    advisories: [],
    terms: [],
    problems: [],
  };
  const advisories = new Map<string, Led>();
  const pause = makeBreaks();
  for (const row of table.rows) {
    await pause();
    const problems: RowProblem[] = [];
    const people = readRow(file, row, problems);
    if (problems.length > 0) roster.problems.push(...problems);
    else {
      roster.people.push(...people);
      collectAdvisory(file, row, people[0]!, advisories);
    }
  }
  roster.people = mergeGuardians(roster.people);
  roster.advisories = [...advisories.values()].map((each) => ({ ...each, advisors: [...each.advisors] }));
  return roster;
}

function withOurHeadings(table: Table): Table {
  const known = new Map<string, string>();
  for (const [column, others] of Object.entries(csvColumns)) {
    for (const name of [column, ...others]) known.set(headingKey(name), headingKey(column));
  }
  const ours = table.columns.map((column) => known.get(column) ?? column);
  const places = new Map([...ours.entries()].reverse().map(([at, column]) => [column, table.columns[at]!]));
  const found = new Map(Object.keys(csvColumns).map((column) => [column, places.get(headingKey(column))]));
  const placeOf = (column: string): string => found.get(column) ?? headingKey(column);
  const rows = table.rows.map(({ row, cell }) => ({ row, cell: (column: string) => cell(placeOf(column)) }));
  return { ...table, columns: ours, rows };
}

/** The person of the row, then the guardians that the row itself names. */
function readRow(file: string, row: TableRow, problems: RowProblem[]): RosterPerson[] {
  const cell = (column: Column): string => row.cell(column);
  const place = { file, row: row.row };
  const wrong = (field: Column, message: string, params: Record<string, string> = {}): void =>
    void problems.push({ ...place, field, message: `people.import.row.${message}`, params });
  const email = (field: Column): string | null => {
    const value = cell(field).toLowerCase();
    if (value === '') return null;
    if (!emailShape.safeParse(value).success) wrong(field, 'email', { value: value.slice(0, 80) });
    return value;
  };
  const names = readNames(cell);
  const { givenName, familyName } = names;
  if (givenName === '') wrong(cell('name') || !cell('family name') ? 'name' : 'given name', 'name-missing');
  if (givenName.length > 100 || familyName.length > 100) wrong('name', 'name-long');
  if (cell('grade').length > 10) wrong('grade', 'grade-long');
  if (cell('student number').length > MAX_STUDENT_NUMBER)
    wrong('student number', 'number-long', { most: String(MAX_STUDENT_NUMBER) });
  if (cell('advisory').length > 80) wrong('advisory', 'advisory-long');
  const roles = readRoles(cell('role'), (word) => wrong('role', 'role', { value: word.slice(0, 40) }));
  const guardians = guardiansOf(row, place, email);
  const ids = cell('guardian ids')
    .split(/[;,|\s]+/)
    .filter(Boolean)
    .map(idKey);
  if (ids.length > MAX_GUARDIAN_IDS) {
    wrong('guardian ids', 'guardians-many', { most: String(MAX_GUARDIAN_IDS) });
    ids.length = 0;
  }
  const named = [...ids, ...guardians.map((guardian) => emailKey(guardian.email!))];
  const person: RosterPerson = {
    place,
    sourcedId: cell('id') || cell('student number') || null,
    studentNumber: (roles.includes('student') && cell('student number')) || null,
    ...names,
    displayName: cell('display name') || null,
    email: email('email'),
    roles,
    grade: cell('grade') || null,
    advisory: roles.includes('student') ? cell('advisory') || null : null,
    guardians: named.length > 0 ? named : null,
    organisation: cell('organization') || null,
    locale: cell('language') || null,
    active: !goneWords.includes(cell('status').toLowerCase()),
  };
  if (cell('advisor email')) email('advisor email');
  return [person, ...guardians];
}

/** The name that is shown, and beside it the legal one where the file has columns for both. */
function readNames(
  cell: (column: Column) => string,
): Pick<RosterPerson, 'givenName' | 'familyName' | 'legalName' | 'chosen'> {
  const whole = splitName(cell('name'));
  const [legalGiven, legalFamily] = [cell('legal given name'), cell('legal family name')];
  const givenName = cell('given name') || whole.givenName || legalGiven;
  const familyName =
    cell('family name') || (cell('given name') ? '' : whole.familyName || (cell('name') ? '' : legalFamily));
  const legal = { givenName: legalGiven || givenName, familyName: legalFamily || familyName };
  const told = legalGiven !== '' || legalFamily !== '' ? fullName(legal) : null;
  // Some schools write the whole preferred name, others the first name alone.
  const typed = cell('preferred name');
  const isWhole = familyName !== '' && typed.includes(' ') && cell('preferred family name') === '';
  const preferred = isWhole
    ? splitName(typed)
    : { givenName: typed, familyName: cell('preferred family name') };
  const names = chosenNames({ givenName, familyName }, preferred);
  const legalName = cell('legal name') || told || names.legalName;
  const differs = legalName !== null && legalName !== fullName(names);
  return { ...names, legalName, chosen: names.chosen || differs };
}

const fullName = ({ givenName, familyName }: { givenName: string; familyName: string }): string =>
  `${givenName} ${familyName}`.trim();

function readRoles(text: string, unknown: (word: string) => void): Role[] {
  const words = text
    .split(/[;,|/]+/)
    .map((word) => word.trim())
    .filter(Boolean);
  if (words.length === 0) return ['student'];
  const roles = words.map((word) => {
    const role = roleOf(word);
    if (!role) unknown(word);
    return role;
  });
  return [...new Set(roles.filter((role) => role !== null))];
}

function guardiansOf(
  row: TableRow,
  place: RosterPerson['place'],
  email: (field: Column) => string | null,
): RosterPerson[] {
  const pairs = [
    ['guardian name', 'guardian email'],
    ['guardian 2 name', 'guardian 2 email'],
  ] as const;
  return pairs.flatMap(([nameColumn, emailColumn]) => {
    const address = email(emailColumn);
    if (address === null) return [];
    const name = row.cell(nameColumn) || address;
    return [
      {
        ...nobody,
        place,
        ...splitName(name),
        email: address,
        roles: ['guardian' as const],
        mention: true as const,
      },
    ];
  });
}

const nobody = {
  sourcedId: null,
  studentNumber: null,
  displayName: null,
  legalName: null,
  chosen: false,
  grade: null,
  advisory: null,
  guardians: null,
  organisation: null,
  locale: null,
  active: true,
};

/** Brothers and sisters name the same guardian: one person. A guardian's own row says more than a mention. */
function mergeGuardians(people: RosterPerson[]): RosterPerson[] {
  const own = new Set(people.filter(({ mention }) => !mention).map(({ email }) => email));
  const seen = new Set<string>();
  return people.filter((person) => {
    if (!person.mention) return true;
    if (own.has(person.email) || seen.has(person.email!)) return false;
    seen.add(person.email!);
    return true;
  });
}

/** An advisory while its rows are read. */
type Led = Omit<RosterAdvisory, 'advisors'> & { advisors: Set<string> };

/** A student's row may name who leads the advisory; an advisor's row names the advisory they lead. */
function collectAdvisory(
  file: string,
  row: TableRow,
  person: RosterPerson,
  advisories: Map<string, Led>,
): void {
  const name = row.cell('advisory');
  if (name === '') return;
  const advisory = advisories.get(name) ?? {
    place: { file, row: row.row },
    name,
    advisors: new Set<string>(),
  };
  advisories.set(name, advisory);
  const ownKey = person.sourcedId ? idKey(person.sourcedId) : person.email ? emailKey(person.email) : '';
  const named = [
    person.roles.includes('advisor') ? ownKey : '',
    row.cell('advisor id') ? idKey(row.cell('advisor id')) : '',
    row.cell('advisor email') ? emailKey(row.cell('advisor email')) : '',
  ];
  for (const key of named) if (key !== '') advisory.advisors.add(key);
}
