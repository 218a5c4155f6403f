/**
 * Reads when people can come from a table: a row for each person with all hours in one cell, or a row for each stretch with date, from and
 * until. Names everything that is wrong by row; says nothing of who is who.
 */
import { z } from 'zod';
import { InvalidInput } from '../errors.js';
import { languageName, MAX_PANELS } from './attendance.js';
import { readHours } from './hours.js';
import { headingKey, readTable, type TableRow } from './read-table.js';

export interface HoursRow {
  /** As a spreadsheet counts: the heading is row 1. */
  row: number;
  id: string;
  email: string;
  name: string;
  /** Lines of `hours.ts`. */
  hours: string[];
  /** Undefined: the table says nothing, so it stays as it was. */
  most: number | undefined;
  speaks: string[] | undefined;
  interprets: string[] | undefined;
}

export interface HoursProblem {
  row: number;
  message: string;
  params: Record<string, string | number>;
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

/** `9:00 AM` → `09:00`; other times stay. */
const inTwentyFour = (text: string): string =>
  text.replace(
    /\b(\d{1,2})(?::(\d{2}))?\s*([ap])\.?m\b\.?/gi,
    (_all, hour: string, minute: string, half: string) => {
      const afternoon = half.toLowerCase() === 'p';
      const of12 = Number(hour) % 12;
      return `${String(of12 + (afternoon ? 12 : 0)).padStart(2, '0')}:${minute ?? '00'}`;
    },
  );

/** The stretches in one cell, however they are separated: a line break in a cell arrives as a space. */
const piecesOf = (cell: string): string[] =>
  inTwentyFour(cell)
    .replace(/(\d:\d{2})\s+(?=\d{4}-\d|[A-Za-z]{3})/g, '$1;')
    .split(/[;|,]/)
    .map((each) => each.trim())
    .filter((each) => each !== '');

const languagesOf = (cell: string): string[] => [
  ...new Set(
    cell
      .split(/[,;|]/)
      .filter((each) => each.trim() !== '')
      .map(languageName),
  ),
];

/** @throws InvalidInput on `file` when it is no table, or has no column that says who or when */
export async function readHoursCsv(
  file: string,
  bytes: Buffer,
): Promise<{ rows: HoursRow[]; problems: HoursProblem[] }> {
  const table = await readTable(file, bytes).catch((error: unknown) => {
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
    const stretch = [cell('from'), cell('until')].every((each) => each !== '')
      ? `${cell('date')} ${inTwentyFour(cell('from'))}-${inTwentyFour(cell('until'))}`.trim()
      : '';
    const pieces = [...piecesOf(cell('hours')), ...(stretch === '' ? [] : [stretch])];
    for (const each of pieces.filter((piece) => readHours(piece) === null))
      say('not-hours', { line: each.slice(0, 60) });
    const panels = z.coerce.number().int().min(1).max(MAX_PANELS).safeParse(cell('panels'));
    if (cell('panels') !== '' && !panels.success) say('not-a-number', { line: cell('panels').slice(0, 60) });
    return {
      row: line.row,
      id: cell('id'),
      email: cell('email').toLowerCase(),
      name: cell('name'),
      hours: pieces,
      most: cell('panels') === '' ? undefined : panels.data,
      speaks: headingOf('speaks') && cell('speaks') !== '' ? languagesOf(cell('speaks')) : undefined,
      interprets:
        headingOf('interprets') && cell('interprets') !== '' ? languagesOf(cell('interprets')) : undefined,
    };
  });
  return { rows, problems };
}
