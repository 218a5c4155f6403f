/** Tables as CSV files that spreadsheets open as they are meant: nothing that somebody typed is taken for a formula. Pure. */
import { stringify } from 'csv-stringify/sync';

export type Cell = string | number | boolean | null;

export interface Table {
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** Spreadsheets calculate what begins with one of these, also in its wide form and behind spaces, line breaks or invisible marks. */
const formula = /^[\s\p{C}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u;

/** Text that a spreadsheet shows and never calculates: an apostrophe comes first where it would. */
export const formulaSafe = (text: string): string => (formula.test(text) ? `'${text}` : text);

/** RFC 4180 with a byte order mark, so that spreadsheets read it as UTF-8. */
export function writeCsv({ columns, rows }: Table): string {
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
