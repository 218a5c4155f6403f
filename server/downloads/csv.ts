/**
 * Tables as CSV files that spreadsheets open as they are meant: nothing that somebody typed is taken for a
 * formula. Pure.
 */
import { stringify } from 'csv-stringify/sync';

export type Cell = string | number | boolean | null;

export interface CsvTable {
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** Signs with which a formula begins, also in their wide and small forms. */
const sign = '=+\\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B';

/** Spreadsheets calculate what begins with one of these, also behind spaces, line breaks or invisible marks. */
const atStart = new RegExp(`^[\\s\\p{C}]*[${sign}]|^[\\t\\r\\n]`, 'u');

/**
 * Where lists are separated by semicolons or tabs, a spreadsheet cuts our cells there and at line breaks, so
 * that a cell of its own begins in the middle of what somebody typed. Quotation marks do not help: to it,
 * ours stand in the middle of a cell.
 */
const inside = new RegExp(`[;\\t\\r\\n](?=(?:(?![;\\t\\r\\n])[\\s\\p{C}"'])*[${sign}])`, 'gu');

/** Text that a spreadsheet shows and never calculates: an apostrophe comes first where it would. */
export function formulaSafe(text: string): string {
  const shown = text.replace(inside, "$&'");
  return atStart.test(text) ? `'${shown}` : shown;
}

/** RFC 4180 with a byte order mark, so that spreadsheets read it as UTF-8. */
export function writeCsv({ columns, rows }: CsvTable): string {
  return stringify([columns, ...rows] as Cell[][], {
    bom: true,
    record_delimiter: 'windows',
    quoted_string: true,
    cast: {
      string: (text) => formulaSafe(text),
      number: (value) => String(value),
      boolean: (value) => (value ? 'yes' : 'no'),
    },
  });
}
