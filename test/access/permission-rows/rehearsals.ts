import { aRehearsal } from '../../harness/builders/rehearsals.js';
import type { Anew, Rows } from './row.js';

const strangers = { visitor: 'in' } as const;

/** The student's, before the advisor. */
const anew: Anew = async ({ app, home, people }) => ({
  ids: { rehearsal: await aRehearsal(app, home, people.student, people.advisor) },
});

/** Strangers from another school never pass the gate: registrars and admins have no part in any rehearsal. */
export const rehearsalRows: Rows = [
  {
    route: 'GET /rehearsals',
    expect: { ...strangers, student: 'ok', otherStudent: 'ok', advisor: 'ok', otherAdvisor: 'ok' },
    otherwise: 'no',
  },
  {
    route: 'GET /students/:id/rehearsals',
    of: { id: 'student' },
    expect: { ...strangers, advisor: 'ok' },
    otherwise: 'no',
  },
  {
    route: 'GET /students/:id/rehearsals/new',
    of: { id: 'student' },
    expect: { ...strangers, student: 'ok', advisor: 'ok' },
    otherwise: 'no',
  },
  {
    route: 'POST /students/:id/rehearsals',
    of: { id: 'student' },
    expect: { ...strangers, student: 'ok', advisor: 'ok' },
    otherwise: 'no',
    body: { title: 'The opening', rubric: 'exhibition', withAdvisor: true },
  },
  {
    route: 'GET /rehearsals/:id',
    of: { id: 'rehearsal' },
    expect: { ...strangers, student: 'ok', advisor: 'ok' },
    otherwise: 'no',
  },
  {
    route: 'GET /rehearsals/:id/sheet',
    of: { id: 'rehearsal' },
    expect: { ...strangers, advisor: 'ok' },
    otherwise: 'no',
  },
  {
    route: 'POST /rehearsals/:id/sheet',
    of: { id: 'rehearsal' },
    expect: { ...strangers, advisor: 'ok' },
    otherwise: 'no',
    body: { once: 'a-sending', overall: 'Good.' },
  },
  {
    route: 'GET /rehearsals/:id/clock',
    of: { id: 'rehearsal' },
    expect: { ...strangers, student: 'ok', advisor: 'ok' },
    otherwise: 'no',
  },
  {
    route: 'POST /rehearsals/:id/clock',
    of: { id: 'rehearsal' },
    expect: { ...strangers, student: 'ok', advisor: 'ok' },
    otherwise: 'no',
    anew,
  },
  {
    route: 'POST /rehearsals/:id/remove',
    of: { id: 'rehearsal' },
    expect: { ...strangers, student: 'ok' },
    otherwise: 'no',
    anew,
  },
];
