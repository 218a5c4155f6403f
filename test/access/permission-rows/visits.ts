import type { Rows } from './row.js';

const strangers = { strangeRegistrar: 'gone', strangeAdmin: 'gone', visitor: 'in' } as const;
const planners = { advisor: 'ok', otherAdvisor: 'ok', registrar: 'ok', admin: 'ok' } as const;
const own = { ...planners, ...strangers } as const;

export const visitRows: Rows = [
  { route: 'GET /exhibitions/:id/stands', of: { id: 'gallery' }, expect: own, otherwise: 'no' },
  { route: 'POST /exhibitions/:id/stands/signs', of: { id: 'gallery' }, expect: own, otherwise: 'no' },
  { route: 'POST /slots/:id/stand-pass', of: { id: 'stand' }, expect: own, otherwise: 'no' },
  { route: 'POST /slots/:id/stand-pass/revoke', of: { id: 'stand' }, expect: own, otherwise: 'no' },
  { route: 'GET /visits', expect: { visitor: 'in', network: 'no' }, otherwise: 'ok' },
  // Only whose visit it is, whatever office they hold.
  {
    route: 'GET /visits/:id',
    of: { id: 'visit' },
    expect: { ...strangers, otherStudent: 'ok' },
    otherwise: 'no',
  },
  {
    route: 'POST /visits/:id',
    of: { id: 'visit' },
    expect: { ...strangers, otherStudent: 'ok' },
    otherwise: 'no',
    body: { once: 'a-sending', 'feedback.0': 'The colours, still.' },
  },
  {
    route: 'GET /slots/:id/visits',
    of: { id: 'stand' },
    expect: { ...own, student: 'ok', guardian: 'ok' },
    otherwise: 'no',
  },
  {
    route: 'POST /visits/:id/hide',
    of: { id: 'visit' },
    expect: own,
    otherwise: 'no',
    body: { reason: 'Rude' },
  },
  { route: 'POST /visits/:id/show', of: { id: 'visit' }, expect: own, otherwise: 'no' },
];
