/**
 * Reads a OneRoster 1.2 CSV archive (1.1 as well) as far as this school needs it: people with roles and agents, homerooms as
 * advisories, terms. Of an archive of several schools only the rows of this one are taken.
 */
import { z } from 'zod';
import type { Role } from '../access/actor.js';
import { MAX_STUDENT_NUMBER } from './person.js';
import { makeBreaks } from './breaks.js';
import { readTable, unreadable, type Table, type TableRow } from './read-table.js';
import {
  chosenNames,
  idKey,
  roleOf,
  type Roster,
  type RosterAdvisory,
  type RosterPerson,
  type RowProblem,
} from './roster.js';

const emailShape = z.email().max(254);
const dayShape = z.iso.date();
const isGone = (row: TableRow): boolean => row.cell('status').toLowerCase() === 'tobedeleted';
/** Nobody has more guardians or children than this: what follows is not looked at. */
const MAX_LISTED = 200;
const listOf = (text: string): string[] =>
  text
    .split(',', MAX_LISTED)
    .map((each) => each.trim())
    .filter(Boolean);

/**
 * @param school picks the organisation when the archive holds several: by name, identifier or sourcedId
 * @throws InvalidInput for `roster` when a file that is needed is missing
 */
export async function readOneRoster(
  files: ReadonlyMap<string, Buffer>,
  school: { name: string; slug: string },
): Promise<Roster> {
  const tables = new Map<string, Table>();
  for (const [name, bytes] of files) tables.set(name, await readTable(name, bytes));
  const table = (name: string): TableRow[] => tables.get(name)?.rows ?? [];
  checkManifest(table('manifest.csv'), files);
  const users = tables.get('users.csv');
  if (!users) throw unreadable('people.import.problem.no-users');
  const problems: RowProblem[] = [];
  const org = pickSchool(table('orgs.csv'), school);
  const homerooms = readHomerooms(table, org);
  const roles = readRoles(users, table('roles.csv'), org, homerooms, problems);
  // Who sits in two homerooms belongs to the first.
  const advisoryOf = new Map(
    [...homerooms.values()]
      .reverse()
      .flatMap(({ advisory, studentIds }) => [...studentIds].map((id) => [id, advisory.name] as const)),
  );
  const people: (RosterPerson | null)[] = [];
  const pause = makeBreaks();
  for (const row of users.rows) {
    await pause();
    const own = roles.get(row.cell('sourcedId'));
    if (own) people.push(readUser(row, users, own, advisoryOf, problems));
  }
  return {
    format: 'oneroster',
    utf8: [...tables.values()].every((each) => each.utf8),
    people: withAgentsOfGuardians(
      people.filter((person) => person !== null),
      users,
    ),
    advisories: [...homerooms.values()].map(({ advisory }) => advisory),
    terms: readTerms(table('academicsessions.csv'), problems),
    problems,
  };
}

function checkManifest(manifest: TableRow[], files: ReadonlyMap<string, Buffer>): void {
  if (manifest.length === 0) throw unreadable('people.import.problem.no-manifest');
  for (const row of manifest) {
    const name = /^file\.(\w+)$/.exec(row.cell('propertyName'))?.[1];
    if (
      row.cell('value') === 'bulk' &&
      ['users', 'roles'].includes(name ?? '') &&
      !files.has(`${name}.csv`)
    ) {
      throw unreadable('people.import.problem.file-missing', { file: `${name}.csv` });
    }
    if (row.cell('value') === 'delta') throw unreadable('people.import.problem.delta');
  }
}

/** Null when the archive does not tell schools apart. */
function pickSchool(orgs: TableRow[], school: { name: string; slug: string }): string | null {
  const schools = orgs.filter((row) => row.cell('type').toLowerCase() === 'school' && !isGone(row));
  if (schools.length === 0) return null;
  if (schools.length === 1) return schools[0]!.cell('sourcedId');
  const same = (text: string): boolean =>
    [school.name, school.slug].some((own) => own.localeCompare(text, 'en', { sensitivity: 'base' }) === 0);
  const mine = schools.filter((row) =>
    ['name', 'identifier', 'sourcedId'].some((column) => same(row.cell(column))),
  );
  if (mine.length !== 1) throw unreadable('people.import.problem.several-schools', { name: school.name });
  return mine[0]!.cell('sourcedId');
}

interface Homeroom {
  advisory: RosterAdvisory;
  studentIds: Set<string>;
}

/** Classes of type homeroom, or called advisory: a school's advisories. */
function readHomerooms(table: (name: string) => TableRow[], org: string | null): Map<string, Homeroom> {
  const homerooms = new Map<string, Homeroom>();
  for (const row of table('classes.csv')) {
    if (isGone(row) || (org !== null && row.cell('schoolSourcedId') !== org)) continue;
    const name = row.cell('title').slice(0, 80);
    const isHomeroom = row.cell('classType').toLowerCase() === 'homeroom' || /advisory/i.test(name);
    if (!isHomeroom || name === '') continue;
    const place = { file: 'classes.csv', row: row.row };
    homerooms.set(row.cell('sourcedId'), { advisory: { place, name, advisors: [] }, studentIds: new Set() });
  }
  for (const row of table('enrollments.csv')) {
    const homeroom = homerooms.get(row.cell('classSourcedId'));
    if (!homeroom || isGone(row)) continue;
    const user = row.cell('userSourcedId');
    if (row.cell('role').toLowerCase() === 'student') homeroom.studentIds.add(user);
    if (row.cell('role').toLowerCase() === 'teacher') homeroom.advisory.advisors.push(idKey(user));
  }
  return homerooms;
}

/** Roles by user. A teacher who leads no homeroom sits on panels; where there are no homerooms, every teacher is an advisor. */
function readRoles(
  users: Table,
  rows: TableRow[],
  org: string | null,
  homerooms: ReadonlyMap<string, Homeroom>,
  problems: RowProblem[],
): Map<string, Role[]> {
  const leads = new Set([...homerooms.values()].flatMap(({ advisory }) => advisory.advisors));
  const roles = new Map<string, Role[]>();
  const add = (file: string, row: TableRow, user: string, word: string): void => {
    const meant = roleOf(word);
    if (!meant) {
      problems.push({
        file,
        row: row.row,
        field: 'role',
        message: 'people.import.row.role',
        params: { value: word.slice(0, 40) },
      });
      return;
    }
    const role = meant === 'advisor' && homerooms.size > 0 && !leads.has(idKey(user)) ? 'panelist' : meant;
    roles.set(user, [...new Set([...(roles.get(user) ?? []), role])]);
  };
  if (users.columns.includes('role')) {
    for (const row of users.rows) {
      const orgs = listOf(row.cell('orgSourcedIds'));
      if (org === null || orgs.length === 0 || orgs.includes(org))
        add(users.file, row, row.cell('sourcedId'), row.cell('role'));
    }
    return roles;
  }
  const known = new Set(users.rows.map((row) => row.cell('sourcedId')));
  for (const row of rows) {
    if (isGone(row) || (org !== null && row.cell('orgSourcedId') !== org)) continue;
    const user = row.cell('userSourcedId');
    if (known.has(user)) add('roles.csv', row, user, row.cell('role'));
    else
      problems.push({
        file: 'roles.csv',
        row: row.row,
        field: 'userSourcedId',
        message: 'people.import.row.user-unknown',
        params: { value: user.slice(0, 80) },
      });
  }
  return roles;
}

function readUser(
  row: TableRow,
  users: Table,
  roles: Role[],
  advisoryOf: ReadonlyMap<string, string>,
  problems: RowProblem[],
): RosterPerson | null {
  const place = { file: users.file, row: row.row };
  const before = problems.length;
  const wrong = (field: string, message: string, params: Record<string, string> = {}): void =>
    void problems.push({ ...place, field, message: `people.import.row.${message}`, params });
  const sourcedId = row.cell('sourcedId');
  const givenName = row.cell('givenName');
  const familyName = row.cell('familyName');
  const email = row.cell('email').toLowerCase() || null;
  const grade = listOf(row.cell('grades'))[0] ?? null;
  if (sourcedId === '') wrong('sourcedId', 'id-missing');
  if (givenName === '') wrong('givenName', 'name-missing');
  if (givenName.length > 100 || familyName.length > 100) wrong('familyName', 'name-long');
  if (email && !emailShape.safeParse(email).success) wrong('email', 'email', { value: email.slice(0, 80) });
  if (problems.length > before) return null;
  const names = chosenNames(
    { givenName, middleName: row.cell('middleName'), familyName },
    { givenName: row.cell('preferredGivenName'), familyName: row.cell('preferredFamilyName') },
  );
  return {
    place,
    sourcedId,
    studentNumber: (roles.includes('student') && row.cell('identifier').slice(0, MAX_STUDENT_NUMBER)) || null,
    ...names,
    displayName: null,
    email,
    roles,
    grade: grade?.replace(/^0+(?=\d)/, '').slice(0, 10) ?? null,
    advisory: roles.includes('student') ? (advisoryOf.get(sourcedId) ?? null) : null,
    guardians:
      roles.includes('student') && users.columns.includes('agentsourcedids')
        ? listOf(row.cell('agentSourcedIds')).map(idKey)
        : null,
    organisation: null,
    locale: null,
    active: !isGone(row) && row.cell('enabledUser').toLowerCase() !== 'false',
  };
}

/** Some systems write the relation on the guardian's row only. Agents that are no guardians are left out. */
function withAgentsOfGuardians(people: RosterPerson[], users: Table): RosterPerson[] {
  const guardians = new Set(
    people.filter((each) => each.roles.includes('guardian')).map((each) => each.sourcedId),
  );
  const named = new Map<string, string[]>();
  for (const row of users.rows) {
    if (!guardians.has(row.cell('sourcedId'))) continue;
    for (const child of listOf(row.cell('agentSourcedIds'))) {
      const keys = named.get(child);
      if (keys) keys.push(idKey(row.cell('sourcedId')));
      else named.set(child, [idKey(row.cell('sourcedId'))]);
    }
  }
  return people.map((person) => {
    if (person.guardians === null) return person;
    const all = [...person.guardians, ...(named.get(person.sourcedId ?? '') ?? [])];
    return {
      ...person,
      guardians: [...new Set(all)].filter((key) => guardians.has(key.slice('id:'.length))),
    };
  });
}

/** The finest division that the archive has of: terms and semesters, grading periods, school years. */
function readTerms(sessions: TableRow[], problems: RowProblem[]): Roster['terms'] {
  const living = sessions.filter((row) => !isGone(row));
  const ofKind = (...kinds: string[]): TableRow[] =>
    living.filter((row) => kinds.includes(row.cell('type').toLowerCase()));
  const chosen = [
    ofKind('term', 'semester', 'trimester', 'quarter'),
    ofKind('gradingperiod'),
    ofKind('schoolyear'),
  ].find((rows) => rows.length > 0);
  return (chosen ?? []).flatMap((row) => {
    const term = {
      name: row.cell('title').slice(0, 60),
      startsOn: row.cell('startDate'),
      endsOn: row.cell('endDate'),
    };
    const good =
      term.name !== '' && [term.startsOn, term.endsOn].every((day) => dayShape.safeParse(day).success);
    if (good && term.startsOn < term.endsOn) return [term];
    problems.push({
      file: 'academicSessions.csv',
      row: row.row,
      field: 'startDate',
      message: 'people.import.row.term',
    });
    return [];
  });
}
