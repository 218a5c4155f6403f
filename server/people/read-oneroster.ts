/**
 * Reads a OneRoster 1.2 CSV archive (1.1 as well) as far as this school needs it: people with roles and
 * agents, homerooms as advisories, terms. Of an archive of several schools only the rows of this one are
 * taken.
 */
import type { Role } from '../access/actor.js';
import { makeBreaks } from './breaks.js';
import { isFailedFormula, isFormula } from './formula-cells.js';
import { gradeOf, gradesReadAs, MAX_GRADE } from './grade.js';
import { advisoriesOf, readHomerooms } from './oneroster-homerooms.js';
import { readRoles } from './oneroster-roles.js';
import { agentColumns, agentsOf, readIds } from './oneroster-rows.js';
import { checkSchoolTold, pickSchool, type RosterSchool } from './oneroster-school.js';
import { readTerms } from './oneroster-terms.js';
import { MAX_STUDENT_NUMBER } from './person.js';
import { readEmail } from './read-email.js';
import { wholeNames } from './read-names.js';
import { readTable, unreadable, type ImportTable, type TableRow } from './read-table.js';
import {
  chosenNames,
  idKey,
  type Roster,
  type RosterPerson,
  type RosterPresence,
  type RowProblem,
} from './roster.js';
import type { RosterAnswers } from './roster-questions.js';
import { wordMeanings, type WordMeanings } from './word-meanings.js';

/** The files that are read; all others may be empty, missing or of changes only. */
export const filesRead = [
  'manifest',
  'orgs',
  'academicsessions',
  'users',
  'roles',
  'classes',
  'enrollments',
].map((name) => `${name}.csv`);

/** What is known of the school that reads, and what somebody has answered. */
export interface ReadNeeds {
  school: RosterSchool;
  /** The calendar day at the school: what has ended before does not count. */
  today: string;
  answers: RosterAnswers;
  /** A preview asks which school is meant; an import has to know. */
  mayAsk: boolean;
}

/** @throws InvalidInput for `roster` when a file that is needed is missing, or nobody has said which school is meant */
export async function readOneRoster(
  files: ReadonlyMap<string, Buffer>,
  { school, today, answers, mayAsk }: ReadNeeds,
): Promise<Roster> {
  const tables = new Map<string, ImportTable>();
  for (const [name, bytes] of files)
    if (filesRead.includes(name) && !isEmpty(bytes)) tables.set(name, await readTable(name, bytes));
  const table = (name: string): TableRow[] => tables.get(name)?.rows ?? [];
  checkManifest(table('manifest.csv'), files);
  const users = tables.get('users.csv');
  const isOneRoster = users?.columns.includes('sourcedid') ?? files.has('manifest.csv');
  if (!isOneRoster) throw unreadable('people.import.problem.no-manifest');
  if (!users) throw unreadable('people.import.problem.no-users');
  const problems: RowProblem[] = [];
  const unusable: Roster['unusable'] = [];
  const used = orgsOf(users, table('roles.csv'));
  const words = wordMeanings(answers);
  const picked = pickSchool(table('orgs.csv'), school, { answers, words }, used);
  if (!mayAsk) checkSchoolTold(picked);
  const result = {
    format: 'oneroster' as const,
    utf8: [...tables.values()].every((each) => each.utf8),
    ...{ unusable, problems, columns: null },
  };
  const { org, question, names } = picked;
  const questions = question ? [question] : [];
  if (question && org === null)
    return {
      ...result,
      people: [],
      advisories: [],
      terms: [],
      grades: [],
      questions,
      otherSchools: new Map(),
    };
  const homerooms = readHomerooms(table, { org, today, words }, problems);
  const needs = { org, homerooms, today, words };
  const { roles, waiting, notGuardians } = readRoles(users, table('roles.csv'), needs, problems);
  const advisoryOf = advisoriesOf(homerooms);
  const people: RosterPerson[] = [];
  const pause = makeBreaks();
  for (const row of users.rows) {
    await pause();
    const own = roles.get(row.cell('sourcedId'));
    if (!own && !waiting.has(row.cell('sourcedId'))) continue;
    const { person, usable } = readUser(row, users, own ?? [], { advisoryOf, words }, own ? problems : []);
    (usable && own ? people : unusable).push(person);
  }
  return {
    ...result,
    people: withAgentsOfGuardians(people, users, notGuardians),
    advisories: [...homerooms.values()].map(({ advisory }) => advisory),
    terms: readTerms(table('academicsessions.csv'), words, problems),
    grades: gradesReadAs(users.rows.filter((row) => roles.has(row.cell('sourcedId'))).map(gradeCell)),
    questions: [...questions, ...words.questions],
    otherSchools: schoolsOfOthers(users, table('roles.csv'), names, roles),
  };
}

/** Nothing, or a byte order mark and nothing. */
const isEmpty = (bytes: Buffer): boolean =>
  bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trim() === '';

function checkManifest(manifest: TableRow[], files: ReadonlyMap<string, Buffer>): void {
  for (const row of manifest) {
    const name = /^file\.(\w+)$/.exec(row.cell('propertyName'))?.[1]?.toLowerCase() ?? '';
    if (!filesRead.includes(`${name}.csv`)) continue;
    if (row.cell('value') === 'bulk' && ['users', 'roles'].includes(name) && !files.has(`${name}.csv`))
      throw unreadable('people.import.problem.file-missing', { file: `${name}.csv` });
    if (row.cell('value') === 'delta') throw unreadable('people.import.problem.delta');
  }
}

/** Where people are who have no part in this school. */
function schoolsOfOthers(
  users: ImportTable,
  roles: readonly TableRow[],
  names: ReadonlyMap<string, string>,
  own: ReadonlyMap<string, unknown>,
): Map<string, string> {
  const places = users.columns.includes('role')
    ? users.rows.map((row) => [row.cell('sourcedId'), readIds(row.cell('orgSourcedIds'))[0] ?? ''] as const)
    : roles.map((row) => [row.cell('userSourcedId'), row.cell('orgSourcedId')] as const);
  return new Map(
    places.flatMap(([user, org]) => {
      const name = own.has(user) ? undefined : names.get(org);
      return name ? [[user, name] as const] : [];
    }),
  );
}

const gradeCell = (row: TableRow): string => readIds(row.cell('grades') || row.cell('grade'))[0] ?? '';

function readUser(
  row: TableRow,
  users: ImportTable,
  roles: Role[],
  { advisoryOf, words }: { advisoryOf: ReadonlyMap<string, string>; words: WordMeanings },
  problems: RowProblem[],
): { person: RosterPerson; usable: boolean } {
  const place = { file: users.file, row: row.row };
  const before = problems.length;
  const problem = (field: string, message: string, params: Record<string, string> = {}): RowProblem => ({
    ...{ ...place, field, message: `people.import.row.${message}`, params },
  });
  const wrong = (...what: Parameters<typeof problem>): void => void problems.push(problem(...what));
  /** Beside a row that comes in. */
  const told: RowProblem[] = [];
  const tell = (...what: Parameters<typeof problem>): void => void told.push(problem(...what));
  const sourcedId = row.cell('sourcedId');
  const { givenName, familyName } = wholeNames({
    givenName: row.cell('givenName'),
    familyName: row.cell('familyName'),
  });
  const { address, problem: badEmail } = readEmail(row.cell('email'));
  for (const column of columnsRead) {
    const text = row.cell(column);
    if (row.isDamaged(column)) wrong(column, 'damaged', { value: text.slice(0, 80) });
    else if (isFormula(text) || isFailedFormula(text)) wrong(column, 'formula', { value: text.slice(0, 80) });
  }
  if (sourcedId === '') wrong('sourcedId', 'id-missing');
  if (givenName === '') wrong('givenName', 'name-missing');
  if (givenName.length > 100 || familyName.length > 100) wrong('familyName', 'name-long');
  const value = row.cell('email').slice(0, 160);
  if (badEmail === 'email-none') tell('email', 'email-none', { value });
  else if (badEmail) wrong('email', badEmail, { value });
  const isLong = row.cell('identifier').length > MAX_STUDENT_NUMBER && roles.includes('student');
  if (isLong) tell('identifier', 'identifier-long', { most: String(MAX_STUDENT_NUMBER) });
  const grade = gradeOf(gradeCell(row));
  const isGradeLong = grade !== null && grade.length > MAX_GRADE;
  if (isGradeLong) tell('grades', 'grade-long', { maximum: String(MAX_GRADE) });
  const names = chosenNames(
    { givenName, middleName: row.cell('middleName'), familyName },
    { givenName: row.cell('preferredGivenName'), familyName: row.cell('preferredFamilyName') },
  );
  const presence = presenceOf(row, words);
  if (presence === 'asked') wrong('status', 'status-asked', { value: statusOf(row).slice(0, 40) });
  const person: RosterPerson = {
    place,
    sourcedId: sourcedId || null,
    studentNumber: (roles.includes('student') && !isLong && row.cell('identifier')) || null,
    ...names,
    displayName: null,
    email: address,
    roles,
    grade: isGradeLong ? null : grade,
    advisory: roles.includes('student') ? (advisoryOf.get(sourcedId) ?? null) : null,
    guardians:
      roles.includes('student') && agentColumns.some((column) => users.columns.includes(column.toLowerCase()))
        ? agentsOf(row).map(idKey)
        : null,
    organisation: null,
    locale: null,
    presence: presence === 'asked' ? null : presence,
  };
  const usable = problems.length === before;
  if (usable) problems.push(...told);
  return { person, usable };
}

/**
 * A word for the status counts. Whoever may not sign in elsewhere may be there all the same: where there is
 * no word beside it, it is asked what that means; where neither is told, it is not known.
 */
function presenceOf(row: TableRow, words: WordMeanings): RosterPresence | 'asked' | null {
  const told = words.presence(row.cell('status'));
  if (told !== null) return told;
  const enabled = row.cell('enabledUser').toLowerCase();
  if (['true', '1', 'yes', 'y'].includes(enabled)) return 'here';
  return enabled === '' ? null : words.askPresence(`enabledUser ${enabled}`);
}

const statusOf = (row: TableRow): string => row.cell('status') || `enabledUser ${row.cell('enabledUser')}`;

/** Which schools people are at, by their ids in the archive. */
function orgsOf(users: ImportTable, roles: readonly TableRow[]): ReadonlyMap<string, readonly string[]> {
  const orgs = new Map<string, string[]>();
  const isOld = users.columns.includes('role');
  for (const row of isOld ? users.rows : roles) {
    const user = row.cell(isOld ? 'sourcedId' : 'userSourcedId');
    const own = readIds(row.cell(isOld ? 'orgSourcedIds' : 'orgSourcedId'));
    if (own.length > 0) orgs.set(user, [...(orgs.get(user) ?? []), ...own]);
  }
  return orgs;
}

const columnsRead = [
  'givenName',
  'familyName',
  'middleName',
  'preferredGivenName',
  'preferredFamilyName',
  'email',
];
/**
 * Some systems write the relation on the guardian's row only. Agents of whom the file says that they are
 * something else than a guardian become none, and whoever is a guardian of the student already stays.
 */
function withAgentsOfGuardians(
  people: RosterPerson[],
  users: ImportTable,
  notGuardians: ReadonlySet<string>,
): RosterPerson[] {
  const guardians = new Set(
    people.filter((each) => each.roles.includes('guardian')).map((each) => each.sourcedId),
  );
  const named = new Map<string, string[]>();
  for (const row of users.rows) {
    if (!guardians.has(row.cell('sourcedId'))) continue;
    for (const child of agentsOf(row)) {
      const ids = named.get(child);
      if (ids) ids.push(row.cell('sourcedId'));
      else named.set(child, [row.cell('sourcedId')]);
    }
  }
  return people.map((person) => {
    if (person.guardians === null) return person;
    const ids = person.guardians.map((key) => key.slice('id:'.length));
    const all = [...new Set([...ids, ...(named.get(person.sourcedId ?? '') ?? [])])];
    return {
      ...person,
      guardians: all.filter((id) => !notGuardians.has(id)).map(idKey),
      agents: all.filter((id) => notGuardians.has(id)).map(idKey),
    };
  });
}
