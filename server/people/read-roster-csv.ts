/** Reads one plain CSV as a roster. The columns are explained on the import page; only a name is needed. */
import { z } from 'zod';
import type { Role } from '../access/actor.js';
import {
  csvColumns,
  headingScore,
  nameColumns,
  withOurHeadings,
  type Column,
  type CsvRow,
} from './csv-columns.js';
import { gradeOf, MAX_GRADE } from './grade.js';
import { joinContacts, joinMentions, mentionKey } from './named-guardians.js';
import { MAX_STUDENT_NUMBER } from './person.js';
import { isNone, isNoName } from './odd-values.js';
import { readNames, readWholeName } from './read-names.js';
import { readTable, unreadable } from './read-table.js';
import {
  emailKey,
  idKey,
  roleOf,
  type Roster,
  type RosterAdvisory,
  type RosterPerson,
  type RowProblem,
} from './roster.js';
import { makeBreaks } from './breaks.js';
import { wordMeanings, type WordMeanings } from './word-meanings.js';
import type { RosterAnswers } from './roster-questions.js';

/** Ids of guardians in one cell. */
const MAX_GUARDIAN_IDS = 20;
const emailShape = z.email().max(254);

/** @throws InvalidInput for `roster` when it is no table or no column holds a name */
export async function readRosterCsv(
  file: string,
  bytes: Buffer,
  answers: RosterAnswers = new Map(),
): Promise<Roster> {
  const table = await readTable(file, bytes, headingScore);
  const { has, rows, read } = withOurHeadings(table);
  // Where somebody's role stands under `Student`, it was no heading.
  const isRole = has('name') && read.used.some(({ heading, column }) => column === 'name' && roleOf(heading));
  const noHeading = isRole && rows.some((row) => roleOf(row.cell('name')) !== null);
  if (noHeading || !nameColumns.some(has)) throw unreadable('people.import.problem.no-name-column', { file });
  const nameColumn = has('given name') ? 'given name' : 'name';
  const words = wordMeanings(answers);
  const problems: RowProblem[] = [];
  const people: RosterPerson[] = [];
  const unusable: RosterPerson[] = [];
  const advisories = new Map<string, Led>();
  const pause = makeBreaks();
  for (const row of rows) {
    await pause();
    const found = readRow(file, row, words, nameColumn);
    problems.push(...found.problems);
    const [person] = found.people;
    if (!person) continue;
    if (!found.usable) unusable.push(person);
    else {
      people.push(...found.people);
      collectAdvisory(file, row, person, advisories);
    }
  }
  return {
    format: 'csv',
    utf8: table.utf8,
    people: joinMentions(joinContacts(people)),
    advisories: [...advisories.values()].map((each) => ({ ...each, advisors: [...each.advisors] })),
    terms: [],
    problems,
    unusable,
    questions: words.questions,
    columns: read,
    otherSchools: new Map(),
  };
}

/** The person of the row, then the guardians that the row itself names; nobody where the row is to be left out. */
function readRow(
  file: string,
  row: CsvRow,
  words: WordMeanings,
  nameColumn: Column,
): { people: RosterPerson[]; usable: boolean; problems: RowProblem[] } {
  const cell = (column: Column): string => row.cell(column);
  const place = { file, row: row.row };
  const problems: RowProblem[] = [];
  const problem = (field: Column, message: string, params: Record<string, string> = {}): RowProblem => ({
    ...{ ...place, field, message: `people.import.row.${message}`, params },
  });
  const wrong = (...what: Parameters<typeof problem>): void => void problems.push(problem(...what));
  /** What is told beside a row that comes in. */
  const told: RowProblem[] = [];
  const email = (field: Column): string | null => {
    const value = cell(field).toLowerCase();
    if (value === '') return null;
    if (isNone(value)) {
      told.push(problem(field, 'email-none', { value: value.slice(0, 80) }));
      return null;
    }
    const several = value.split(/[\s;,|/]+/).filter((each) => each.includes('@')).length > 1;
    if (several) wrong(field, 'emails-several', { value: value.slice(0, 160) });
    else if (!emailShape.safeParse(value).success) wrong(field, 'email', { value: value.slice(0, 80) });
    return value;
  };
  for (const column of Object.keys(csvColumns) as Column[])
    if (row.isDamaged(column)) wrong(column, 'damaged', { value: cell(column).slice(0, 80) });
  const names = readNames(cell);
  const { givenName, familyName } = names;
  if (givenName === '') wrong(nameColumn, 'name-missing');
  if (givenName.length > 100 || familyName.length > 100) wrong('name', 'name-long');
  if (cell('student number').length > MAX_STUDENT_NUMBER)
    wrong('student number', 'number-long', { most: String(MAX_STUDENT_NUMBER) });
  if (cell('advisory').length > 80) wrong('advisory', 'advisory-long');
  const grade = gradeOf(cell('grade'));
  const isLong = grade !== null && grade.length > MAX_GRADE;
  if (isLong) told.push(problem('grade', 'grade-long', { maximum: String(MAX_GRADE) }));
  const { roles, out } = readRoles(cell('role'), words, (word) =>
    wrong('role', 'role-asked', { value: word.slice(0, 40) }),
  );
  const presence = words.presence(cell('status'));
  if (presence === 'asked') wrong('status', 'status-asked', { value: cell('status').slice(0, 40) });
  const guardians = guardiansOf(row, place, email);
  const ids = cell('guardian ids')
    .split(/[;,|\s]+/)
    .filter(Boolean)
    .map(idKey);
  if (ids.length > MAX_GUARDIAN_IDS) {
    wrong('guardian ids', 'guardians-many', { most: String(MAX_GUARDIAN_IDS) });
    ids.length = 0;
  }
  const named = [...ids, ...guardians.map((guardian) => guardian.key!)];
  const person: RosterPerson = {
    place,
    sourcedId: cell('id') || cell('student number') || null,
    studentNumber: ((roles ?? ['student']).includes('student') && cell('student number')) || null,
    ...names,
    displayName: cell('display name') || null,
    email: email('email'),
    roles: roles ?? ['student'],
    ...(roles ? {} : { roleAssumed: true as const }),
    grade: isLong ? null : grade,
    advisory: (roles ?? ['student']).includes('student') ? cell('advisory') || null : null,
    guardians: named.length > 0 ? named : null,
    organisation: cell('organization') || null,
    locale: cell('language') || null,
    presence: presence === 'asked' ? null : presence,
  };
  if (cell('advisor email')) email('advisor email');
  if (out) return { people: [person], usable: false, problems: [] };
  const usable = problems.length === 0;
  return { people: [person, ...guardians], usable, problems: [...problems, ...told] };
}

/** @returns null for an empty cell; `out` where the row is to be left out */
function readRoles(
  text: string,
  words: WordMeanings,
  asked: (word: string) => void,
): { roles: Role[] | null; out: boolean } {
  const meant = text
    .split(/[;,|/]+/)
    .map((word) => word.trim())
    .filter(Boolean)
    .map((word) => ({ word, role: words.role(word) }));
  if (meant.length === 0) return { roles: null, out: false };
  const roles = new Set<Role>();
  for (const { word, role } of meant) {
    if (role === 'asked') asked(word);
    else if (role !== 'out') roles.add(role);
  }
  return { roles: [...roles], out: meant.every(({ role }) => role === 'out') };
}

/** Guardians in the row of a student: with a name, an address, or both. */
function guardiansOf(
  row: CsvRow,
  place: RosterPerson['place'],
  email: (field: Column) => string | null,
): RosterPerson[] {
  const pairs = [
    ['guardian name', 'guardian email'],
    ['guardian 2 name', 'guardian 2 email'],
  ] as const;
  return pairs.flatMap(([nameColumn, emailColumn]) => {
    const address = email(emailColumn);
    const given = row.cell(nameColumn);
    const name = (isNoName(given) ? '' : given) || address;
    if (name === null) return [];
    const guardian = {
      ...nobody,
      place,
      ...readWholeName(name),
      email: address,
      roles: ['guardian' as const],
      mention: true as const,
    };
    return [{ ...guardian, key: mentionKey(guardian) }];
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
  presence: null,
};

/** An advisory while its rows are read. */
type Led = Omit<RosterAdvisory, 'advisors'> & { advisors: Set<string> };

/** A student's row may name who leads the advisory; an advisor's row names the advisory they lead. */
function collectAdvisory(
  file: string,
  row: CsvRow,
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
    row.cell('advisor email') && !isNone(row.cell('advisor email'))
      ? emailKey(row.cell('advisor email'))
      : '',
  ];
  for (const key of named) if (key !== '') advisory.advisors.add(key);
}
