/** Cells that every file of a OneRoster archive has. Pure. */
import { DateTime } from 'luxon';
import type { TableRow } from './read-table.js';
import type { RosterPlace, RowProblem } from './roster.js';
import type { WordMeanings } from './word-meanings.js';

/**
 * Whether a row counts, by its status: an empty one is that of a whole export, and the words mean what they
 * mean for people. What an unknown one means is asked once for all files.
 */
export function rowStatusOf(
  row: TableRow,
  words: Pick<WordMeanings, 'presence'>,
): 'counts' | 'gone' | 'asked' {
  const presence = words.presence(row.cell('status'));
  if (presence === 'asked') return 'asked';
  return presence === null || presence === 'here' ? 'counts' : 'gone';
}

/** What is told of a row that waits until somebody has said what its status means. */
export const askedStatus = (file: string, row: TableRow): RowProblem => ({
  ...{ file, row: row.row, field: 'status', message: 'people.import.row.status-asked' },
  params: { value: row.cell('status').slice(0, 40) },
});

/** Nobody has more guardians or children than this: what follows is not looked at. */
const MAX_LISTED = 200;

/** A cell with several ids. */
export const readIds = (text: string): string[] =>
  text
    .split(',', MAX_LISTED)
    .map((each) => each.trim())
    .filter(Boolean);

/** Version 1.1 calls them `agents`, or as 1.2 does. */
export const agentColumns = ['agentSourcedIds', 'agents'];
export const agentsOf = (row: TableRow): string[] =>
  agentColumns.flatMap((column) => readIds(row.cell(column)));

const dayFormats = ['yyyy/M/d', 'M/d/yyyy', 'd/M/yyyy', 'd.M.yyyy', 'yyyyMMdd', 'yyyy-M-d'];

/**
 * The day of a cell as `yyyy-MM-dd`: the standard's own form, with or without a time, and those of
 * spreadsheets; of numbers with slashes the month comes first, as in the country of the standard.
 * @returns null for an empty cell, `unreadable` for what is no day
 */
export function readDay(text: string): string | null {
  if (text === '') return null;
  const [day = ''] = text.split(/[T ]/);
  const iso = DateTime.fromISO(day, { zone: 'utc' });
  if (/^\d{4}-\d{2}-\d{2}$/.test(day) && iso.isValid) return day;
  for (const format of dayFormats) {
    const read = DateTime.fromFormat(day, format, { zone: 'utc' });
    if (read.isValid) return read.toISODate();
  }
  return 'unreadable';
}

/** Whether a row counts on a day, by its first and its last one. */
export type SessionSpan = 'over' | 'now' | 'ahead' | 'unreadable';

export function sessionSpan(row: TableRow, today: string): SessionSpan {
  const [begins, ends] = [readDay(row.cell('beginDate')), readDay(row.cell('endDate'))];
  if (begins === 'unreadable' || ends === 'unreadable') return 'unreadable';
  if (ends !== null && ends < today) return 'over';
  return begins !== null && begins > today ? 'ahead' : 'now';
}

/** What is told of a row whose days are none: it is left out until they are corrected. */
export const unreadableDays = (file: string, row: TableRow): RowProblem => ({
  ...{ file, row: row.row, message: 'people.import.row.days' },
  field: readDay(row.cell('beginDate')) === 'unreadable' ? 'beginDate' : 'endDate',
  params: {
    value: (readDay(row.cell('beginDate')) === 'unreadable'
      ? row.cell('beginDate')
      : row.cell('endDate')
    ).slice(0, 40),
  },
});

/** The name of a class or of a term is a formula. */
export const formulaAsName = (place: RosterPlace, name: string): RowProblem => ({
  ...{ ...place, field: 'title', message: 'people.import.row.formula' },
  params: { value: name.slice(0, 80) },
});
