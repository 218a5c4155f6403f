/** The homerooms of a OneRoster archive: a school's advisories, who leads them and who belongs to them now. Pure. */
import { isFailedFormula, isFormula } from './formula-cells.js';
import { askedStatus, formulaAsName, rowStatusOf, sessionSpan, unreadableDays } from './oneroster-rows.js';
import type { TableRow } from './read-table.js';
import { idKey, type RosterAdvisory, type RowProblem } from './roster.js';
import type { WordMeanings } from './word-meanings.js';

/** Letters of the name of an advisory. */
const MAX_ADVISORY_NAME = 80;

export interface Homeroom {
  advisory: RosterAdvisory;
  studentIds: Set<string>;
}

/** Classes of type homeroom, or called advisory. */
export function readHomerooms(
  table: (name: string) => TableRow[],
  { org, today, words }: { org: string | null; today: string; words: WordMeanings },
  problems: RowProblem[],
): Map<string, Homeroom> {
  const homerooms = new Map<string, Homeroom>();
  for (const row of table('classes.csv')) {
    if (org !== null && row.cell('schoolSourcedId') !== org) continue;
    const name = row.cell('title');
    const isHomeroom = row.cell('classType').toLowerCase() === 'homeroom' || /advisory/i.test(name);
    // While it is asked, the class stays one: without any, all teachers would be advisors.
    if (!isHomeroom || name === '' || rowStatusOf(row, words) === 'gone') continue;
    const place = { file: 'classes.csv', row: row.row };
    // Cut, two of them might be one.
    if (name.length > MAX_ADVISORY_NAME)
      problems.push({ ...place, field: 'title', message: 'people.import.row.advisory-long' });
    else if (isFormula(name) || isFailedFormula(name)) problems.push(formulaAsName(place, name));
    else
      homerooms.set(row.cell('sourcedId'), {
        ...{ advisory: { place, name, advisors: [] }, studentIds: new Set() },
      });
  }
  const enrollments = table('enrollments.csv').flatMap((row) => {
    if (!homerooms.has(row.cell('classSourcedId'))) return [];
    const status = rowStatusOf(row, words);
    if (status === 'asked') problems.push(askedStatus('enrollments.csv', row));
    if (status !== 'counts') return [];
    const span = sessionSpan(row, today);
    if (span === 'unreadable') problems.push(unreadableDays('enrollments.csv', row));
    return span === 'now' || span === 'ahead' ? [{ row, isAhead: span === 'ahead' }] : [];
  });
  const isIn = new Set(
    enrollments.filter(({ isAhead }) => !isAhead).map(({ row }) => row.cell('userSourcedId')),
  );
  for (const { row, isAhead } of enrollments) {
    const user = row.cell('userSourcedId');
    // An enrollment that is still ahead counts only for somebody who is in no other homeroom.
    if (isAhead && isIn.has(user)) continue;
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
