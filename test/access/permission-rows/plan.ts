import { getInternship } from '../../../server/plan/internship-records.js';
import { listPlansOfStudent } from '../../../server/plan/plan-records.js';
import { readers } from './groups.js';
import type { Anew, Rows } from './row.js';
import { dayFromNow } from '../../harness/test-clock.js';

const writers = { student: 'ok', advisor: 'ok', visitor: 'in' } as const;

/** As it stands now: every success makes a newer revision. */
const nextPlan: Anew = async ({ home, people }) => {
  const plans = await listPlansOfStudent(home.scope, people.student.id);
  const plan = plans.find(({ termId }) => termId === home.termId);
  return { body: { termId: home.termId, aim: 'A boat', revision: plan?.revision ?? 0 } };
};
const nextWords: Anew = async ({ home, ids }) => {
  const { revision, startsOn } = await getInternship(home.scope, ids['internship']!);
  return { body: { organisation: 'Yard', startsOn, revision } };
};

export const planRows: Rows = [
  { route: 'GET /students/:id/plan', of: { id: 'student' }, expect: readers, otherwise: 'no' },
  ...['PUT', 'POST'].map((method) => ({
    route: `${method} /students/:id/plan`,
    of: { id: 'student' },
    expect: writers,
    otherwise: 'no' as const,
    anew: nextPlan,
  })),
  { route: 'GET /students/:id/internships/new', of: { id: 'student' }, expect: writers, otherwise: 'no' },
  {
    route: 'POST /students/:id/internships',
    of: { id: 'student' },
    expect: writers,
    otherwise: 'no',
    body: { organisation: 'Yard', startsOn: dayFromNow(-90) },
  },
  { route: 'GET /internships/:id', of: { id: 'internship' }, expect: readers, otherwise: 'no' },
  ...['PUT', 'POST'].map((method) => ({
    route: `${method} /internships/:id`,
    of: { id: 'internship' },
    expect: writers,
    otherwise: 'no' as const,
    anew: nextWords,
  })),
];
