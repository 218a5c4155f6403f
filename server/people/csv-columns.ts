/**
 * The columns of a roster in one CSV: our word for each, what schools also call it, and which row of a file
 * is the heading.
 */
import { headingKey, type ImportTable } from './read-table.js';
import { roleOf } from './roster.js';
import { isPresenceWord } from './word-meanings.js';

/** Our word for a column, then what schools also call it. */
export const csvColumns = {
  role: ['roles', 'type', 'usertype', 'rolle', 'rol'],
  id: ['sourcedid', 'personid', 'externalid'],
  /** The school's own; it is also the id where the file has no other. */
  'student number': ['student id', 'student no', 'local id', 'local student id', 'identifier'],
  'given name': [
    ...['first name', 'first', 'forename', 'given', 'student first name'],
    ...['vorname', 'nombre', 'nombres', 'prénom'],
  ],
  'family name': [
    ...['last name', 'last', 'surname', 'family', 'student last name'],
    ...['nachname', 'familienname', 'apellido', 'apellidos', 'nom', 'nom de famille'],
  ],
  name: ['full name', 'student name', 'student', 'nombre completo', 'nom complet'],
  'last name first': [
    ...['last first', 'last name first name', 'name last first', 'student last first'],
    ...['student name last first', 'full name last first', 'last first middle', 'last first mi'],
  ],
  'display name': ['name as written'],
  'preferred name': ['preferred first name', 'preferred given name', 'chosen name', 'known as', 'nickname'],
  'preferred family name': ['preferred last name', 'preferred surname'],
  'legal name': ['full legal name'],
  'legal given name': ['legal first name'],
  'legal family name': ['legal last name', 'legal surname'],
  email: ['email address', 'mail', 'student email', 'student email address', 'correo', 'courriel'],
  grade: ['grade level', 'grades', 'year', 'class year', 'student grade', 'jahrgang', 'grado', 'niveau'],
  advisory: ['homeroom', 'homeroom name', 'advisory name', 'advisory group', 'crew'],
  /** By name: who leads the advisory, which goes by this name where the file has no other. */
  advisor: [
    ...['adviser', 'advisor name', 'adviser name', 'advisory teacher', 'advisory advisor'],
    ...['homeroom teacher', 'homeroom advisor', 'homeroom teacher name'],
  ],
  'advisor email': ['adviser email'],
  'advisor id': ['adviser id'],
  'guardian ids': ['guardian id', 'parent ids', 'parent id'],
  'guardian name': ['parent name', 'guardian 1 name', 'parent 1 name', 'contact name', 'contact 1 name'],
  'guardian email': [
    'parent email',
    'guardian 1 email',
    'parent 1 email',
    'contact email',
    'contact 1 email',
  ],
  'guardian 2 name': ['parent 2 name', 'contact 2 name'],
  'guardian 2 email': ['parent 2 email', 'contact 2 email'],
  organization: ['organisation', 'company', 'employer'],
  language: ['locale', 'home language'],
  status: ['active', 'enrollment status', 'student status'],
} as const;
export type Column = keyof typeof csvColumns;

const ours = new Map(
  Object.entries(csvColumns).flatMap(([column, others]) =>
    [column, ...others].map((name) => [headingKey(name), column as Column] as const),
  ),
);
export const nameColumns: readonly Column[] = [
  ...(['name', 'last name first', 'given name', 'family name', 'legal given name'] as const),
];

const known = (headings: readonly string[]): Set<Column> =>
  new Set(headings.flatMap((heading) => ours.get(heading) ?? []));

/** `Student` and `Active` are headings of some files, and what stands in the cells of others. */
const isCellToo = (heading: string): boolean => roleOf(heading) !== null || isPresenceWord(heading);

/**
 * How many columns a row would name as a heading; 0 when none of them is a name. Below the first row one word
 * is no heading: it is what stands in somebody's row.
 */
export function headingScore(cells: readonly string[], at: number): number {
  const headings = cells.map(headingKey);
  const found = known(headings);
  if (!nameColumns.some((column) => found.has(column))) return 0;
  const isCertain = headings.some((heading) => ours.has(heading) && !isCellToo(heading));
  return at === 0 || (found.size > 1 && isCertain) ? found.size : 0;
}

const number = headingKey('student number');

/** What became of the headings of a file, for whoever looks at a preview. */
export interface ReadColumns {
  /** Which row the headings were found in, as a spreadsheet counts. */
  row: number;
  used: { heading: string; column: string }[];
  ignored: string[];
}

/** Cells under our own words for the columns. Of two columns with one meaning the first counts. */
export function withOurHeadings({ columns, headings, rows, headingRow }: ImportTable) {
  const places = new Map<Column, string>();
  const read: ReadColumns = { row: headingRow, used: [], ignored: [] };
  for (const [at, column] of columns.entries()) {
    const known = ours.get(column);
    // Beside a column of that name, `Student ID` is the id of the system that wrote the file.
    const mine = known === 'student number' && column !== number && columns.includes(number) ? 'id' : known;
    if (mine && !places.has(mine)) {
      places.set(mine, column);
      read.used.push({ heading: headings[at]!, column: mine });
    } else if (headings[at] !== '') read.ignored.push(headings[at]!);
  }
  return {
    read,
    has: (column: Column): boolean => places.has(column),
    rows: rows.map((row) => ({
      row: row.row,
      cell: (column: Column): string => (places.has(column) ? row.cell(places.get(column)!) : ''),
      isDamaged: (column: Column): boolean => places.has(column) && row.isDamaged(places.get(column)!),
    })),
  };
}
export type CsvRow = ReturnType<typeof withOurHeadings>['rows'][number];
