import type { Rows } from './row.js';

const runners = {
  registrar: 'ok',
  admin: 'ok',
  strangeRegistrar: 'ok',
  strangeAdmin: 'ok',
  visitor: 'in',
} as const;

export const importRows: Rows = [
  { route: 'GET /people/import', expect: runners, otherwise: 'no' },
  { route: 'POST /people/import', expect: runners, otherwise: 'no' },
];
