/**
 * The roles that people of a OneRoster archive have at one school: in version 1.2 from roles.csv, in 1.1 from
 * users.csv. Pure.
 */
import type { Role } from '../access/actor.js';
import type { Homeroom } from './oneroster-homerooms.js';
import {
  agentsOf,
  askedStatus,
  readIds,
  rowStatusOf,
  sessionSpan,
  unreadableDays,
  type SessionSpan,
} from './oneroster-rows.js';
import type { ImportTable, TableRow } from './read-table.js';
import { idKey, roleOf, type RowProblem } from './roster.js';
import type { WordMeanings } from './word-meanings.js';

export interface RoleNeeds {
  org: string | null;
  homerooms: ReadonlyMap<string, Homeroom>;
  today: string;
  words: WordMeanings;
}

export interface ReadRoles {
  roles: Map<string, Role[]>;
  /** Whose roles wait for an answer or are left out: they are in the file all the same. */
  waiting: Set<string>;
  /** Users who have a role somewhere, and nowhere that of a guardian. */
  notGuardians: Set<string>;
}

interface RoleRow {
  file: string;
  row: TableRow;
  user: string;
  word: string;
  isHere: boolean;
  span: SessionSpan;
  /** Whether it waits until somebody has said what its status means. */
  isAsked: boolean;
}

/**
 * A teacher who leads no homeroom sits on panels; where there are no homerooms, every teacher is an advisor.
 * A role that begins later counts only for somebody who has no other one, as before the first day of a year.
 * Guardians of students of this school come in whatever their own place is: some systems give them that of
 * the district, or of a brother or sister.
 */
export function readRoles(
  users: ImportTable,
  rows: TableRow[],
  { org, homerooms, today, words }: RoleNeeds,
  problems: RowProblem[],
): ReadRoles {
  const leads = new Set([...homerooms.values()].flatMap(({ advisory }) => advisory.advisors));
  const roles = new Map<string, Role[]>();
  const waiting = new Set<string>();
  const give = (user: string, role: Role): void =>
    void roles.set(user, [...new Set([...(roles.get(user) ?? []), role])]);
  const known = new Set(users.rows.map((row) => row.cell('sourcedId')));
  const counted = (
    users.columns.includes('role') ? usersAsRoles(users, org) : rowsOfRoles(rows, { org, today, words })
  ).filter(({ file, row, user, isHere, span, isAsked }) => {
    if (span === 'over' || !known.has(user)) {
      if (isHere && span !== 'over') problems.push(unknownUser(file, row, user));
      return false;
    }
    if (span !== 'unreadable' && !isAsked) return true;
    if (isHere) {
      problems.push(isAsked ? askedStatus(file, row) : unreadableDays(file, row));
      waiting.add(user);
    }
    return false;
  });
  const here = counted.filter(({ isHere }) => isHere);
  const hasNow = new Set(here.filter(({ span }) => span === 'now').map(({ user }) => user));
  for (const { file, row, user, word, span } of here) {
    if (span === 'ahead' && hasNow.has(user)) continue;
    const meant = words.role(word);
    if (meant === 'out' || meant === 'asked') waiting.add(user);
    if (meant === 'asked') problems.push(askedRole(file, row, word));
    else if (meant !== 'out')
      give(user, meant === 'advisor' && homerooms.size > 0 && !leads.has(idKey(user)) ? 'panelist' : meant);
  }
  const guardians = new Set(
    counted.filter(({ word }) => roleOf(word) === 'guardian').map(({ user }) => user),
  );
  for (const user of tiedTo(users, guardians, roles)) give(user, 'guardian');
  const notGuardians = new Set(
    counted.flatMap(({ user, word }) => (roleOf(word) !== null && !guardians.has(user) ? [user] : [])),
  );
  return { roles, waiting, notGuardians };
}

const usersAsRoles = (users: ImportTable, org: string | null): RoleRow[] =>
  users.rows.map((row) => {
    const orgs = readIds(row.cell('orgSourcedIds'));
    return {
      ...{ file: users.file, row, user: row.cell('sourcedId'), word: row.cell('role') },
      span: 'now',
      // The status of a user's row is that of the person.
      isAsked: false,
      isHere: org === null || orgs.length === 0 || orgs.includes(org),
    };
  });

const rowsOfRoles = (
  rows: readonly TableRow[],
  { org, today, words }: Pick<RoleNeeds, 'org' | 'today' | 'words'>,
): RoleRow[] =>
  rows
    .map((row) => ({ row, status: rowStatusOf(row, words) }))
    .filter(({ status }) => status !== 'gone')
    .map(({ row, status }) => ({
      ...{ file: 'roles.csv', row, user: row.cell('userSourcedId'), word: row.cell('role') },
      ...{ isHere: org === null || row.cell('orgSourcedId') === org, span: sessionSpan(row, today) },
      isAsked: status === 'asked',
    }));

/** Of these guardians those of students of this school, in whichever of the two rows it is written. */
function tiedTo(
  users: ImportTable,
  guardians: ReadonlySet<string>,
  roles: ReadonlyMap<string, readonly Role[]>,
): Set<string> {
  const isOurs = (user: string): boolean => roles.get(user)?.includes('student') ?? false;
  const tied = new Set<string>();
  for (const row of users.rows) {
    const [user, agents] = [row.cell('sourcedId'), agentsOf(row)];
    if (isOurs(user)) for (const agent of agents) if (guardians.has(agent)) tied.add(agent);
    if (guardians.has(user) && agents.some(isOurs)) tied.add(user);
  }
  return tied;
}

const unknownUser = (file: string, row: TableRow, user: string): RowProblem => ({
  ...{ file, row: row.row, field: 'userSourcedId', message: 'people.import.row.user-unknown' },
  params: { value: user.slice(0, 80) },
});

const askedRole = (file: string, row: TableRow, word: string): RowProblem => ({
  ...{ file, row: row.row, field: 'role', message: 'people.import.row.role-asked' },
  params: { value: word.slice(0, 40) },
});
