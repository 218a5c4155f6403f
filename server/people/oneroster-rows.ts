/** Cells that every file of a OneRoster archive has. Pure. */
import type { TableRow } from './read-table.js';

export const isGone = (row: TableRow): boolean => row.cell('status').toLowerCase() === 'tobedeleted';

/** Nobody has more guardians or children than this: what follows is not looked at. */
const MAX_LISTED = 200;

/** A cell with several ids. */
export const listOf = (text: string): string[] =>
  text
    .split(',', MAX_LISTED)
    .map((each) => each.trim())
    .filter(Boolean);
