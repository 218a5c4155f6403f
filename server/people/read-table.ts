/**
 * Reads CSV as schools export it: any of three separators, byte order marks, UTF-16, and the old Windows encoding. Refuses what
 * no school exports (thousands of columns, cells like books), and lets other requests through while it reads.
 */
import { pipeline } from 'node:stream/promises';
import { setImmediate as otherRequests } from 'node:timers/promises';
import { parse } from 'csv-parse';
import { cleanLine } from '../clean-text.js';
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
const maximumColumns = 250;
const maximumCell = 20_000;
const maximumBytes = 50 * 1024 * 1024;
/** Bytes that are read before others have their turn. */
const slice = 64 * 1024;

/** `Given Name`, `given_name` and `GIVENNAME` are one heading. */
export const headingKey = (heading: string): string =>
  heading
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/**
 * @param file name for messages
 * @throws InvalidInput for `roster` when it is no table, or a larger one than a school has
 */
export async function readTable(file: string, bytes: Buffer): Promise<Table> {
  if (bytes.length > maximumBytes)
    throw unreadable('people.import.problem.table-large', { file, maximum: maximumBytes / 1024 / 1024 });
  const { text, utf8 } = decode(bytes);
  if (text.includes('\0')) throw unreadable('people.import.problem.not-a-table', { file });
  const [heading, ...body] = await parseCells(file, text);
  if (!heading?.some((cell) => cell !== '')) throw unreadable('people.import.problem.empty', { file });
  const columns = heading.map(headingKey);
  // Of two columns with one heading the first counts.
  const placeOf = new Map([...columns.entries()].reverse().map(([at, column]) => [column, at]));
  const keys = new Map<string, string>();
  const keyOf = (column: string): string => {
    const key = keys.get(column) ?? headingKey(column);
    keys.set(column, key);
    return key;
  };
  const rows = body.map((cells, index) => ({
    row: index + 2,
    cell: (column: string) => cells[placeOf.get(keyOf(column)) ?? -1] ?? '',
    empty: cells.every((cell) => cell === ''),
  }));
  return { file, columns, rows: rows.filter((row) => !row.empty), utf8 };
}

async function parseCells(file: string, text: string): Promise<string[][]> {
  const records: string[][] = [];
  const tooMuch = (what: string, maximum: number) =>
    unreadable(`people.import.problem.too-many-${what}`, { file, maximum });
  const parser = parse({
    delimiter: separatorOf(text),
    relax_column_count: true,
    relax_quotes: true,
    // A quotation mark that is never closed makes one record of the whole file.
    max_record_size: maximumColumns * maximumCell,
    skip_empty_lines: false,
    cast(cell, { index }) {
      if (index >= maximumColumns) throw tooMuch('columns', maximumColumns);
      if (cell.length > maximumCell) throw tooMuch('characters', maximumCell);
      return cleanLine(cell).normalize('NFC').trim();
    },
  });
  try {
    await pipeline(
      slices(text, () => tooMuch('characters', maximumCell)),
      parser,
      async (parsed: AsyncIterable<string[]>) => {
        for await (const record of parsed) {
          records.push(record);
          // The heading is no row.
          if (records.length > maximumRows + 1) throw tooMuch('rows', maximumRows);
        }
      },
    );
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
    // Longer than any row of allowed cells, and no quotation mark that could hold it together.
    if ((error as { code?: string }).code === 'CSV_MAX_RECORD_SIZE' && !text.includes('"'))
      throw tooMuch('characters', maximumCell);
    const line = (error as { lines?: number }).lines ?? 1;
    throw unreadable('people.import.problem.broken-csv', { file, line });
  }
  return records;
}

/** What ends a cell or stands in one that is held together: `,`, `;`, tab, line ends and the quotation mark. */
const cellEnds = new Set([...',;\t\r\n"'].map((letter) => letter.charCodeAt(0)));

/**
 * As bytes: a slice may end inside a letter. The parser takes seconds over megabytes in one cell, so what cannot be a cell does not get
 * there.
 * @param tooLong made where so many bytes stand in one cell that they are more letters than it may have
 */
async function* slices(text: string, tooLong: () => InvalidInput): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  let length = 0;
  for (let at = 0; at < bytes.length; at += slice) {
    const next = bytes.subarray(at, at + slice);
    for (const byte of next) {
      length = cellEnds.has(byte) ? 0 : length + 1;
      if (length > maximumCell * 4) throw tooLong();
    }
    yield next;
    await otherRequests();
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
