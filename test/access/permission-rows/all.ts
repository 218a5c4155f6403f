/** All rows, room by room. */
import { coreRows } from './core.js';
import { homeRows } from './home.js';
import { importRows } from './import.js';
import { planRows } from './plan.js';
import type { Rows } from './row.js';

export const permissionRows: Rows = [...coreRows, ...importRows, ...homeRows, ...planRows];
