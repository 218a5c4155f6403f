import { readers } from './groups.js';
import type { Rows } from './row.js';

const writers = { student: 'ok', advisor: 'ok', visitor: 'in' } as const;
/** Of an internship that does not exist: who gets past the gate is told so, the others are turned away before. */
const knockers = {
  student: 'gone',
  otherStudent: 'gone',
  advisor: 'gone',
  otherAdvisor: 'gone',
  visitor: 'in',
} as const;
const change = { organisation: 'Yard', startsOn: '2026-01-05', revision: 1 };

export const planRows: Rows = [
  { route: 'GET /students/:id/plan', of: { id: 'student' }, expect: readers, otherwise: 'no' },
  {
    route: 'PUT /students/:id/plan',
    of: { id: 'student' },
    expect: writers,
    otherwise: 'no',
    body: { termId: 'none' },
  },
  {
    route: 'POST /students/:id/plan',
    of: { id: 'student' },
    expect: writers,
    otherwise: 'no',
    body: { termId: 'none' },
  },
  { route: 'GET /students/:id/internships/new', of: { id: 'student' }, expect: writers, otherwise: 'no' },
  {
    route: 'POST /students/:id/internships',
    of: { id: 'student' },
    expect: writers,
    otherwise: 'no',
    body: { organisation: 'Yard', startsOn: '2026-01-05' },
  },
  {
    route: 'GET /internships/:id',
    of: { id: 'none' },
    expect: {
      ...knockers,
      guardian: 'gone',
      otherGuardian: 'gone',
      registrar: 'gone',
      admin: 'gone',
      strangeRegistrar: 'gone',
      strangeAdmin: 'gone',
    },
    otherwise: 'no',
  },
  { route: 'PUT /internships/:id', of: { id: 'none' }, expect: knockers, otherwise: 'no', body: change },
  { route: 'POST /internships/:id', of: { id: 'none' }, expect: knockers, otherwise: 'no', body: change },
];
