/**
 * Reads when people can come from a table: a row for each person with all hours in one cell, or a row for
 * each stretch with date, from and until. Names everything that is wrong by row; says nothing of who is who.
 */
import { z } from 'zod';
import { InvalidInput, type MessageParams } from '../errors.js';
import { languageName, MAX_PANELS } from './attendance.js';
import { isFailedFormula, isFormula } from './formula-cells.js';
import { headingKey, readTable, type TableRow } from './read-table.js';
import { eachDay, withTheirDays } from './plain-hours.js';
import { typedHours, type DateOrder } from './typed-hours.js';

export interface HoursRow {
  /** As a spreadsheet counts: the heading is row 1. */
  row: number;
  id: string;
  email: string;
  name: string;
  /** Lines of `hours.ts`. Undefined: the table says nothing, so it stays as it was; empty: always. */
  hours: string[] | undefined;
  /** They cannot come at all. */
  never: boolean;
  /** Undefined: the table says nothing, so it stays as it was. */
  most: number | undefined;
  speaks: string[] | undefined;
  interprets: string[] | undefined;
}

export interface HoursProblem {
  row: number;
  message: string;
  params: MessageParams;
}

/** Our word for a column, then what else it is called. */
export const hoursColumns = {
  id: ['person id', 'sourcedid', 'identifier'],
  email: ['e-mail', 'email address', 'mail'],
  name: ['full name', 'panelist', 'person'],
  hours: ['availability', 'available', 'times', 'when'],
  date: ['day'],
  from: ['start', 'begins', 'starts'],
  until: ['to', 'end', 'ends'],
  panels: ['how often', 'most', 'max panels', 'at most'],
  speaks: ['languages', 'language'],
  interprets: ['interprets from'],
} as const;
type Column = keyof typeof hoursColumns;

const ours = new Map(
  Object.entries(hoursColumns).flatMap(([column, others]) =>
    [column, ...others].map((heading) => [headingKey(heading), column as Column] as const),
  ),
);
const says: readonly Column[] = ['id', 'email', 'name'];
const when: readonly Column[] = ['hours', 'date', 'from', 'until'];

/**
 * Titles stand above the headings of some files; a row is the headings when it has a column for who and one for when.
 */
function headingScore(cells: readonly string[]): number {
  const found = new Set(cells.flatMap((cell) => ours.get(headingKey(cell)) ?? []));
  const has = (columns: readonly Column[]): boolean => columns.some((column) => found.has(column));
  return has(says) && has(when) ? found.size : 0;
}

/** Cells that say "on no day" and "on every day"; an empty one says nothing. */
const cannotCome =
  /^(?:never|none|no|n\/a|not available|unavailable|cannot come|can[’']?t come|not this time)$/i;
const canAlways = /^(?:always|any ?time|all day|every day)$/i;

/** The stretches in one cell, however they are separated: a line break in a cell arrives as a space. */
const piecesOf = (cell: string): string[] =>
  withTheirDays(
    cell
      .replace(
        /(\d|[ap]\.?m\.?)\s+(?=\d{4}-\d|\d{1,2}[/.]\d{1,2}[/.]\d|(?!until\b)[a-z]{3}[a-z\s–-]*\d)/gi,
        '$1;',
      )
      .split(/[;|,\n]/)
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  );

const languagesOf = (cell: string): string[] => [
  ...new Set(
    cell
      .split(/[,;|]/)
      .filter((each) => each.trim() !== '')
      .map(languageName),
  ),
];

/**
 * What date, from and until say together: all of it, or it is a problem; a table without a column of days
 * means every day.
 */
function ownStretch(cell: (column: Column) => string, hasDates: boolean): { text: string; problem?: string } {
  const [date, from, until] = [cell('date'), cell('from'), cell('until')];
  if (date === '' && from === '' && until === '') return { text: '' };
  if (from === '' || until === '') return { text: '', problem: 'half-stretch' };
  if (hasDates && date === '') return { text: '', problem: 'no-day' };
  return { text: `${date} ${from}-${until}`.trim() };
}

/**
 * @param today `YYYY-MM-DD` at the school, for days without a year; null: a date needs its year
 * @throws InvalidInput on `file` when it is no table, or has no column that says who or when
 */
export async function readHoursCsv(
  file: string,
  bytes: Buffer,
  order: DateOrder | null = null,
  today: string | null = null,
): Promise<{ rows: HoursRow[]; problems: HoursProblem[] }> {
  const table = await readTable(file, bytes, headingScore).catch((error: unknown) => {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(error.fields.map((each) => ({ ...each, field: 'file' })));
  });
  const headingOf = (column: Column): string | null =>
    [column, ...hoursColumns[column]].find((each) => table.columns.includes(headingKey(each))) ?? null;
  const wrong = (message: string) =>
    new InvalidInput([{ field: 'file', message: `people.hours.problem.${message}`, params: { file } }]);
  if (!headingOf('id') && !headingOf('email') && !headingOf('name')) throw wrong('no-person-column');
  if (!headingOf('hours') && !(headingOf('from') && headingOf('until'))) throw wrong('no-hours-column');

  const problems: HoursProblem[] = [];
  const rows = table.rows.map((line: TableRow): HoursRow => {
    const cell = (column: Column): string => {
      const heading = headingOf(column);
      return heading === null ? '' : line.cell(heading);
    };
    const say = (message: string, params: Record<string, string> = {}): void => {
      problems.push({ row: line.row, message: `people.hours.problem.${message}`, params });
    };
    for (const column of Object.keys(hoursColumns) as Column[]) {
      const heading = headingOf(column);
      if (heading !== null && line.isDamaged(heading)) say('damaged', { line: cell(column).slice(0, 60) });
    }
    for (const column of ['speaks', 'interprets'] as const)
      if (isFormula(cell(column)) || isFailedFormula(cell(column)))
        say('formula', { line: cell(column).slice(0, 60) });
    const typed = cell('hours');
    const [never, always] = [cannotCome.test(typed), canAlways.test(typed)];
    const stretch = ownStretch(cell, headingOf('date') !== null);
    if (stretch.problem) say(stretch.problem);
    else if ((never || always) && stretch.text !== '') say('never-and-hours');
    const pieces = [...(never || always ? [] : piecesOf(typed)), ...(stretch.text ? [stretch.text] : [])];
    const lines = pieces.flatMap(eachDay).flatMap((piece) => {
      const read = typedHours(piece, order, today);
      if ('line' in read) return [read.line];
      say(read.doubt, { line: piece.slice(0, 60) });
      return [];
    });
    const panels = z.coerce.number().int().min(1).max(MAX_PANELS).safeParse(cell('panels'));
    if (cell('panels') !== '' && !panels.success) say('not-a-number', { line: cell('panels').slice(0, 60) });
    return {
      row: line.row,
      id: cell('id'),
      email: cell('email').toLowerCase(),
      name: cell('name'),
      hours: always || lines.length > 0 ? lines : undefined,
      never,
      most: cell('panels') === '' ? undefined : panels.data,
      speaks: headingOf('speaks') && cell('speaks') !== '' ? languagesOf(cell('speaks')) : undefined,
      interprets:
        headingOf('interprets') && cell('interprets') !== '' ? languagesOf(cell('interprets')) : undefined,
    };
  });
  return { rows, problems };
}
