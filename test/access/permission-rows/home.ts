import { readers } from './groups.js';
import type { Rows } from './row.js';

export const homeRows: Rows = [
  {
    route: 'GET /students/:id',
    of: { id: 'student' },
    expect: readers,
    otherwise: 'no',
  },
  { route: 'GET /', expect: { visitor: 'in' }, otherwise: 'ok' },
];
