import type { Rows } from './row.js';

const strangers = { strangeRegistrar: 'gone', strangeAdmin: 'gone', visitor: 'in' } as const;

export const resultRows: Rows = [
  {
    route: 'GET /slots/:id/result',
    of: { id: 'slot' },
    expect: {
      student: 'ok',
      guardian: 'ok',
      advisor: 'ok',
      panelist: 'ok',
      guest: 'ok',
      registrar: 'ok',
      admin: 'ok',
      ...strangers,
    },
    otherwise: 'no',
  },
  {
    route: 'POST /slots/:id/result/publish',
    of: { id: 'slot' },
    expect: { advisor: 'ok', registrar: 'ok', admin: 'ok', ...strangers },
    otherwise: 'no',
  },
];
