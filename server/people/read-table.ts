/** Reads CSV as schools export it: any of three separators, byte order marks, UTF-16, and the old Windows encoding. */
import { parse } from 'csv-parse/sync';
import { InvalidInput } from '../errors.js';

export interface TableRow {
  /** As a spreadsheet counts: the heading is row 1. */
  row: number;
  /** Trimmed text under a heading; '' when the cell is empty or there is no such column. */
  cell(column: string): string;
}

export interface Table {
  file: string;
  /** Normalised headings, see `headingKey`. */
  columns: string[];
  rows: TableRow[];
  utf8: boolean;
}

const maximumRows = 50_000;

/** `Given Name`, `given_name` and `GIVENNAME` are one heading. */
export const headingKey = (heading: string): string =>
  heading
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/**
 * @param file name for messages
 * @throws InvalidInput for `roster` when it is no table or has more than 50,000 rows
 */
export function readTable(file: string, bytes: Buffer): Table {
  const { text, utf8 } = decode(bytes);
  if (text.includes('\0')) throw unreadable('people.import.problem.not-a-table', { file });
  const [heading, ...body] = parseCells(file, text);
  if (!heading?.some((cell) => cell !== '')) throw unreadable('people.import.problem.empty', { file });
  if (body.length > maximumRows) {
    throw unreadable('people.import.problem.too-many-rows', { file, maximum: maximumRows });
  }
  const columns = heading.map(headingKey);
  const rows = body.map((cells, index) => ({
    row: index + 2,
    cell: (column: string) => cells[columns.indexOf(headingKey(column))] ?? '',
    empty: cells.every((cell) => cell === ''),
  }));
  return { file, columns, rows: rows.filter((row) => !row.empty), utf8 };
}

function parseCells(file: string, text: string): string[][] {
  try {
    const records = parse(text, {
      delimiter: separatorOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
    }) as string[][];
    return records.map((cells) => cells.map((cell) => cell.normalize('NFC').trim()));
  } catch (error) {
    const line = (error as { lines?: number }).lines ?? 1;
    throw unreadable('people.import.problem.broken-csv', { file, line });
  }
}

/** The separator that the first line uses most. */
function separatorOf(text: string): string {
  const firstLine = text.slice(0, 20_000).split(/\r?\n/, 1)[0] ?? '';
  const counted = [',', ';', '\t'].map((separator) => ({
    separator,
    count: firstLine.split(separator).length,
  }));
  return counted.reduce((best, each) => (each.count > best.count ? each : best)).separator;
}

function decode(bytes: Buffer): { text: string; utf8: boolean } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { text: new TextDecoder('utf-16le').decode(bytes), utf8: true };
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return { text: new TextDecoder('utf-16be').decode(bytes), utf8: true };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), utf8: true };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), utf8: false };
  }
}

export const unreadable = (message: string, params: Record<string, string | number> = {}): InvalidInput =>
  new InvalidInput([{ field: 'roster', message, params }]);
