import type { Rows } from './row.js';

export const homeRows: Rows = [
  {
    route: 'GET /students/:id',
    of: { id: 'student' },
    expect: {
      student: 'ok',
      advisor: 'ok',
      guardian: 'ok',
      registrar: 'ok',
      admin: 'ok',
      strangeRegistrar: 'gone',
      strangeAdmin: 'gone',
      visitor: 'in',
    },
    otherwise: 'no',
  },
  { route: 'GET /', expect: { visitor: 'in' }, otherwise: 'ok' },
];
