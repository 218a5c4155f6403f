import { runners } from './groups.js';
import type { Rows } from './row.js';

export const importRows: Rows = [
  { route: 'GET /people/import', expect: runners, otherwise: 'no' },
  { route: 'POST /people/import', expect: runners, otherwise: 'no' },
];
