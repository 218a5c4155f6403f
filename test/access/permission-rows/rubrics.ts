import type { Rows } from './row.js';

export const rubricRows: Rows = [
  { route: 'GET /rubrics', expect: { visitor: 'in' }, otherwise: 'ok' },
  { route: 'GET /rubrics/:slug', of: { slug: 'exhibition' }, expect: { visitor: 'in' }, otherwise: 'ok' },
];
