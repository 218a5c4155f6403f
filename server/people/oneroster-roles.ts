/** The roles that people of a OneRoster archive have at one school: in version 1.2 from roles.csv, in 1.1 from users.csv. Pure. */
import type { Role } from '../access/actor.js';
import { isOver, type Homeroom } from './oneroster-homerooms.js';
import { isGone, listOf } from './oneroster-rows.js';
import type { Table, TableRow } from './read-table.js';
import { idKey, type RowProblem } from './roster.js';
import type { WordMeanings } from './word-meanings.js';

/**
 * Roles by user, and those whose roles wait for an answer or are left out: they are in the file all the same. A teacher who leads no homeroom sits on panels; where there are
 * no homerooms, every teacher is an advisor.
 */
export function readRoles(
  users: Table,
  rows: TableRow[],
  {
    org,
    homerooms,
    today,
    words,
  }: { org: string | null; homerooms: ReadonlyMap<string, Homeroom>; today: string; words: WordMeanings },
  problems: RowProblem[],
): { roles: Map<string, Role[]>; waiting: Set<string> } {
  const leads = new Set([...homerooms.values()].flatMap(({ advisory }) => advisory.advisors));
  const roles = new Map<string, Role[]>();
  const waiting = new Set<string>();
  const add = (file: string, row: TableRow, user: string, word: string): void => {
    const meant = words.role(word);
    if (meant === 'out' || meant === 'asked') waiting.add(user);
    if (meant === 'out') return;
    if (meant === 'asked') {
      problems.push({
        file,
        row: row.row,
        field: 'role',
        message: 'people.import.row.role-asked',
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
    return { roles, waiting };
  }
  const known = new Set(users.rows.map((row) => row.cell('sourcedId')));
  for (const row of rows) {
    if (isGone(row) || isOver(row, today) || (org !== null && row.cell('orgSourcedId') !== org)) continue;
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
  return { roles, waiting };
}
