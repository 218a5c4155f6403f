import { ownPlanners, strangers } from './groups.js';
import type { Rows } from './row.js';

export const visitRows: Rows = [
  { route: 'GET /exhibitions/:id/stands', of: { id: 'gallery' }, expect: ownPlanners, otherwise: 'no' },
  {
    route: 'POST /exhibitions/:id/stands/signs',
    of: { id: 'gallery' },
    expect: ownPlanners,
    otherwise: 'no',
  },
  { route: 'POST /slots/:id/stand-pass', of: { id: 'stand' }, expect: ownPlanners, otherwise: 'no' },
  { route: 'POST /slots/:id/stand-pass/revoke', of: { id: 'stand' }, expect: ownPlanners, otherwise: 'no' },
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
    expect: { ...ownPlanners, student: 'ok', guardian: 'ok' },
    otherwise: 'no',
  },
  {
    route: 'POST /visits/:id/hide',
    of: { id: 'visit' },
    expect: ownPlanners,
    otherwise: 'no',
    body: { reason: 'Rude' },
  },
  { route: 'POST /visits/:id/show', of: { id: 'visit' }, expect: ownPlanners, otherwise: 'no' },
];
