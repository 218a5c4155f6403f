/** The homerooms of a OneRoster archive: a school's advisories, who leads them and who belongs to them now. Pure. */
import { isGone } from './oneroster-rows.js';
import type { TableRow } from './read-table.js';
import { idKey, type RosterAdvisory } from './roster.js';

export interface Homeroom {
  advisory: RosterAdvisory;
  studentIds: Set<string>;
}

/** Whether the row, by its last day, counts no more. */
export const isOver = (row: TableRow, today: string): boolean => {
  const endsOn = row.cell('endDate').slice(0, 10);
  return endsOn !== '' && endsOn < today;
};
/** Whether the row, by its first day, does not count yet. */
const isAhead = (row: TableRow, today: string): boolean => row.cell('beginDate').slice(0, 10) > today;

/** Classes of type homeroom, or called advisory. */
export function readHomerooms(
  table: (name: string) => TableRow[],
  org: string | null,
  today: string,
): Map<string, Homeroom> {
  const homerooms = new Map<string, Homeroom>();
  for (const row of table('classes.csv')) {
    if (isGone(row) || (org !== null && row.cell('schoolSourcedId') !== org)) continue;
    const name = row.cell('title').slice(0, 80);
    const isHomeroom = row.cell('classType').toLowerCase() === 'homeroom' || /advisory/i.test(name);
    if (!isHomeroom || name === '') continue;
    const place = { file: 'classes.csv', row: row.row };
    homerooms.set(row.cell('sourcedId'), { advisory: { place, name, advisors: [] }, studentIds: new Set() });
  }
  const enrollments = table('enrollments.csv').filter(
    (row) => homerooms.has(row.cell('classSourcedId')) && !isGone(row) && !isOver(row, today),
  );
  const isIn = new Set(
    enrollments.filter((row) => !isAhead(row, today)).map((row) => row.cell('userSourcedId')),
  );
  for (const row of enrollments) {
    const user = row.cell('userSourcedId');
    // An enrollment that is still ahead counts only for somebody who is in no other homeroom.
    if (isAhead(row, today) && isIn.has(user)) continue;
    const homeroom = homerooms.get(row.cell('classSourcedId'))!;
    if (row.cell('role').toLowerCase() === 'student') homeroom.studentIds.add(user);
    if (row.cell('role').toLowerCase() === 'teacher') homeroom.advisory.advisors.push(idKey(user));
  }
  return homerooms;
}

/** The advisory of each student; who sits in two homerooms belongs to the first. */
export const advisoriesOf = (homerooms: ReadonlyMap<string, Homeroom>): Map<string, string> =>
  new Map(
    [...homerooms.values()]
      .reverse()
      .flatMap(({ advisory, studentIds }) => [...studentIds].map((id) => [id, advisory.name] as const)),
  );
