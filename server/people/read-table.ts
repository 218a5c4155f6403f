/**
 * Reads CSV as schools export it: several separators, titles above the headings, byte order marks, UTF-16,
 * and the old Windows encoding. Refuses what no school exports (thousands of columns, cells like books), and
 * lets other requests through while it reads.
 */
import { pipeline } from 'node:stream/promises';
import { nextTurn } from '../next-turn.js';
import { parse } from 'csv-parse';
import { cleanLine, plainBlanks } from '../clean-text.js';
import { InvalidInput, type MessageParams } from '../errors.js';
import { decodeText, isBinary, isDamagedText } from './decode-text.js';
import { withoutTextFormula } from './formula-cells.js';

export interface TableRow {
  /** As a spreadsheet counts: without titles above it the heading is row 1. */
  row: number;
  /** Trimmed text under a heading; '' when the cell is empty or there is no such column. */
  cell(column: string): string;
  /** Whether control characters stood in the cell, or what stands for lost letters. */
  isDamaged(column: string): boolean;
}

export interface ImportTable {
  file: string;
  /** Normalised headings, see `headingKey`. */
  columns: string[];
  /** As they are written. */
  headings: string[];
  headingRow: number;
  rows: TableRow[];
  utf8: boolean;
}

const MAX_ROWS = 50_000;
const MAX_COLUMNS = 250;
const MAX_CELL = 20_000;
const MAX_TABLE_BYTES = 50 * 1024 * 1024;
/** Bytes that are read before others have their turn. */
const slice = 64 * 1024;

/** `Given Name`, `given_name` and `GIVENNAME` are one heading. */
export const headingKey = (heading: string): string =>
  heading
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** How much a row looks like the headings; 0 when it does not. `at` 0 is the first row. */
export type HeadingScore = (cells: readonly string[], at: number) => number;

/** Rows in which headings are looked for: titles and dates stand above them. */
const MAX_TITLES = 30;

/**
 * @param file name for messages
 * @param score finds the row of the headings; left out, it is the first one
 * @throws InvalidInput for `roster` when it is no table, or a larger one than a school has
 */
export async function readTable(file: string, bytes: Buffer, score?: HeadingScore): Promise<ImportTable> {
  if (bytes.length > MAX_TABLE_BYTES)
    throw unreadable('people.import.problem.table-large', { file, maximum: MAX_TABLE_BYTES / 1024 / 1024 });
  const { text, utf8 } = decodeText(bytes);
  if (isBinary(text)) throw unreadable('people.import.problem.not-a-table', { file });
  // Excel writes `sep=;` into a line above everything.
  const told = /^\ufeff?"?sep=([,;\t|])"?\r?\n/i.exec(text);
  const separator = told?.[1] ?? separatorOf(text, score);
  const { records, damages } = await parseCells(file, told ? text.slice(told[0].length) : text, separator);
  const above = told ? 1 : 0;
  const at = score ? headingAt(records, score) : 0;
  const headings = records[at];
  if (!headings?.some((cell) => cell !== '')) throw unreadable('people.import.problem.empty', { file });
  const columns = headings.map(headingKey);
  // Of two columns with one heading the first counts.
  const placeOf = new Map([...columns.entries()].reverse().map(([place, column]) => [column, place]));
  const keys = new Map<string, string>();
  const placeIn = (column: string): number => {
    const key = keys.get(column) ?? headingKey(column);
    keys.set(column, key);
    return placeOf.get(key) ?? -1;
  };
  const isHeading = (cells: readonly string[]): boolean =>
    score !== undefined && cells.join('\t') === headings.join('\t');
  const rows = records.flatMap((cells, index) => {
    // Lists of several pages repeat their headings.
    if (index <= at || cells.every((cell) => cell === '') || isHeading(cells)) return [];
    const damaged = damages.get(index);
    return [
      {
        row: index + 1 + above,
        cell: (column: string) => cells[placeIn(column)] ?? '',
        isDamaged: (column: string) => damaged?.has(placeIn(column)) ?? false,
      },
    ];
  });
  return { file, columns, headings, headingRow: at + 1 + above, rows, utf8 };
}

/** The first of the rows that look most like headings; the first row where none does. */
function headingAt(records: readonly string[][], score: HeadingScore): number {
  let [best, most] = [0, 0];
  for (const [at, cells] of records.slice(0, MAX_TITLES).entries()) {
    const own = score(cells, at);
    if (own > most) [best, most] = [at, own];
  }
  return best;
}

/** Without blanks of any kind at its ends, those without width included. */
function trimmed(text: string): string {
  let [from, until] = [0, text.length];
  while (from < until && isBlank(text[from]!)) from += 1;
  while (until > from && isBlank(text[until - 1]!)) until -= 1;
  return text.slice(from, until);
}
const isBlank = (sign: string): boolean => /[\s\u200b\u2060\u180e\u00ad]/.test(sign);

async function parseCells(
  file: string,
  text: string,
  delimiter: string,
): Promise<{ records: string[][]; damages: Map<number, Set<number>> }> {
  const records: string[][] = [];
  /** Places of damaged cells, by the place of their record. */
  const damages = new Map<number, Set<number>>();
  const tooMuch = (what: string, maximum: number) =>
    unreadable(`people.import.problem.too-many-${what}`, { file, maximum });
  const parser = parse({
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    // A quotation mark that is never closed makes one record of the whole file.
    max_record_size: MAX_COLUMNS * MAX_CELL,
    skip_empty_lines: false,
    cast(cell, { index, records: at }) {
      if (index >= MAX_COLUMNS) throw tooMuch('columns', MAX_COLUMNS);
      if (cell.length > MAX_CELL) throw tooMuch('characters', MAX_CELL);
      if (isDamagedText(cell)) damages.set(at, (damages.get(at) ?? new Set()).add(index));
      return withoutTextFormula(trimmed(plainBlanks(cleanLine(cell).normalize('NFC'))));
    },
  });
  try {
    await pipeline(
      slices(text, () => tooMuch('characters', MAX_CELL)),
      parser,
      async (parsed: AsyncIterable<string[]>) => {
        for await (const record of parsed) {
          records.push(record);
          // Headings and titles are no rows.
          if (records.length > MAX_ROWS + MAX_TITLES) throw tooMuch('rows', MAX_ROWS);
        }
      },
    );
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
    // Longer than any row of allowed cells, and no quotation mark that could hold it together.
    if ((error as { code?: string }).code === 'CSV_MAX_RECORD_SIZE' && !text.includes('"'))
      throw tooMuch('characters', MAX_CELL);
    const line = (error as { lines?: number }).lines ?? 1;
    throw unreadable('people.import.problem.broken-csv', { file, line });
  }
  return { records, damages };
}

/** What ends a cell or stands in one that is held together: `,`, `;`, `|`, tab, line ends and the quotation mark. */
const cellEnds = new Set([...',;|\t\r\n"'].map((letter) => letter.charCodeAt(0)));

/**
 * As bytes: a slice may end inside a letter. The parser takes seconds over megabytes in one cell, so what
 * cannot be a cell does not get there.
 * @param tooLong made where so many bytes stand in one cell that they are more letters than it may have
 */
async function* slices(text: string, tooLong: () => InvalidInput): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  let length = 0;
  for (let at = 0; at < bytes.length; at += slice) {
    const next = bytes.subarray(at, at + slice);
    for (const byte of next) {
      length = cellEnds.has(byte) ? 0 : length + 1;
      if (length > MAX_CELL * 4) throw tooLong();
    }
    yield next;
    await nextTurn();
  }
}

/**
 * The separator with which one of the first lines looks most like headings; else the one that the first line uses most.
 */
function separatorOf(text: string, score?: HeadingScore): string {
  const lines = text.slice(0, 20_000).split(/\r?\n/, MAX_TITLES);
  const count = (separator: string): number => (lines[0] ?? '').split(separator).length;
  const fit = (separator: string): number =>
    score ? Math.max(...lines.map((line, at) => score(line.split(separator), at))) : 0;
  const counted = [',', ';', '\t', '|'].map((separator) => ({
    separator,
    fit: fit(separator),
    count: count(separator),
  }));
  return counted.reduce((best, each) =>
    each.fit > best.fit || (each.fit === best.fit && each.count > best.count) ? each : best,
  ).separator;
}

export const unreadable = (message: string, params: MessageParams = {}): InvalidInput =>
  new InvalidInput([{ field: 'roster', message, params }]);
