/** Reads one plain CSV as a roster. The columns are explained on the import page; only a name is needed. */
import type { Role } from '../access/actor.js';
import {
  csvColumns,
  headingScore,
  nameColumns,
  withOurHeadings,
  type Column,
  type CsvRow,
} from './csv-columns.js';
import { isFailedFormula, isFormula } from './formula-cells.js';
import { gradeOf, gradesReadAs, MAX_GRADE } from './grade.js';
import { guardiansOf } from './csv-guardians.js';
import { joinContacts, joinMentions } from './named-guardians.js';
import { MAX_STUDENT_NUMBER } from './person.js';
import { readEmail } from './read-email.js';
import { fullName, readNames } from './read-names.js';
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
import { isReportLine, lineQuestion } from './report-lines.js';
import { answerTo, type RosterAnswers, type RosterQuestion } from './roster-questions.js';

/** Ids of guardians in one cell. */
const MAX_GUARDIAN_IDS = 20;

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
  const lines: RosterQuestion[] = [];
  const used = read.used.map(({ column }) => column as Column);
  const pause = makeBreaks();
  for (const row of rows) {
    await pause();
    const line = reportLineOf(file, row, used);
    if (line) {
      lines.push(line);
      if (answerTo(answers, 'line', line.key) !== 'person') {
        problems.push({ file, row: row.row, field: '', message: notAPerson, params: line.params });
        continue;
      }
    }
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
    advisories: [...advisories.values()].map((each) => ({
      ...each,
      ...{ advisors: [...each.advisors], advisorNames: [...each.advisorNames] },
    })),
    terms: [],
    problems,
    unusable,
    questions: [...words.questions, ...lines],
    columns: read,
    grades: gradesReadAs(rows.map((row) => row.cell('grade'))),
    otherSchools: new Map(),
  };
}

/** What is told of an address that is left out while the row comes in. */
const leftOut = {
  'email-none': 'email-none',
  email: 'email-none',
  'emails-several': 'emails-several-left-out',
} as const;

/** What stands in these is asked about, or told as an odd number or no address. */
const askedAbout: ReadonlySet<Column> = new Set<Column>(['role', 'status']);
const withOwnWords: ReadonlySet<Column> = new Set<Column>([
  ...(['id', 'student number', 'email', 'advisor email', 'advisor id'] as const),
  ...(['guardian ids', 'guardian email', 'guardian 2 email'] as const),
]);
const hasFormula = (column: Column, text: string): boolean =>
  !askedAbout.has(column) && (isFormula(text) || (!withOwnWords.has(column) && isFailedFormula(text)));

const notAPerson = 'people.import.row.not-a-person';

/** A line of the report and no row of the list: without a role and an address, which only people have. */
function reportLineOf(file: string, row: CsvRow, used: readonly Column[]): RosterQuestion | null {
  if (row.cell('role') !== '' || row.cell('email') !== '') return null;
  const cells = used.map((column) => row.cell(column)).filter((text) => text !== '');
  const { row: number } = row;
  return isReportLine(cells, fullName(readNames((column) => row.cell(column))))
    ? lineQuestion({ file, row: number }, cells.join(' '))
    : null;
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
  const names = readNames(cell);
  const { givenName, familyName } = names;
  /** A row waits for its own address alone, where one was meant. */
  const email = (field: Column): string | null => {
    const { address, problem: bad } = readEmail(cell(field));
    const waits = field === 'email' && bad !== 'email-none';
    if (bad && waits) wrong(field, bad, { value: cell(field).slice(0, 160) });
    else if (bad) told.push(problem(field, leftOut[bad], { value: cell(field).slice(0, 160) }));
    return address;
  };
  for (const column of Object.keys(csvColumns) as Column[]) {
    const value = cell(column).slice(0, 80);
    if (row.isDamaged(column)) wrong(column, 'damaged', { value });
    else if (hasFormula(column, cell(column))) wrong(column, 'formula', { value });
  }
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
    told.push(problem('guardian ids', 'guardians-many', { most: String(MAX_GUARDIAN_IDS) }));
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
    advisory: (roles ?? ['student']).includes('student') ? advisoryName({ cell }) || null : null,
    guardians: named.length > 0 ? named : null,
    organisation: cell('organization') || null,
    locale: cell('language') || null,
    presence: presence === 'asked' ? null : presence,
  };
  email('advisor email');
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

/** An advisory while its rows are read. */
type Led = Omit<RosterAdvisory, 'advisors' | 'advisorNames'> &
  Record<'advisors' | 'advisorNames', Set<string>>;

/** Many schools know an advisory by the name of who leads it. */
const advisoryName = ({ cell }: Pick<CsvRow, 'cell'>): string => cell('advisory') || cell('advisor');

/** A student's row may name who leads the advisory; an advisor's row names the advisory they lead. */
function collectAdvisory(
  file: string,
  row: CsvRow,
  person: RosterPerson,
  advisories: Map<string, Led>,
): void {
  const name = advisoryName(row);
  const isNamedByAdvisor = row.cell('advisory') === '';
  // What stands under Advisor in the row of somebody who is no student is about no advisory.
  if (name === '' || (isNamedByAdvisor && !person.roles.includes('student'))) return;
  const advisory = advisories.get(name) ?? {
    place: { file, row: row.row },
    name,
    advisors: new Set<string>(),
    advisorNames: new Set<string>(),
    isNamedByAdvisor,
  };
  advisory.isNamedByAdvisor &&= isNamedByAdvisor;
  advisories.set(name, advisory);
  const advisor = readEmail(row.cell('advisor email')).address;
  const ownKey = person.sourcedId ? idKey(person.sourcedId) : person.email ? emailKey(person.email) : '';
  const named = [
    person.roles.includes('advisor') ? ownKey : '',
    row.cell('advisor id') ? idKey(row.cell('advisor id')) : '',
    advisor ? emailKey(advisor) : '',
  ];
  for (const key of named) if (key !== '') advisory.advisors.add(key);
  if (row.cell('advisor') !== '') advisory.advisorNames.add(row.cell('advisor'));
}
