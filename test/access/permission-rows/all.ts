/** All rows, room by room. */
import { coreRows } from './core.js';
import type { Rows } from './row.js';

export const permissionRows: Rows = [...coreRows];
