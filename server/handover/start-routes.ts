/** Starting a handover from a student's page: the school is chosen by search among those of the network. */
import { z } from 'zod';
import { idParams, optionalText } from '../http/read-input.js';
import { done, page, routes, type Call } from '../http/route.js';
import { aboutSchool } from '../school/school.js';
import { listOpenSchoolsOfNetwork } from '../school/school-records.js';
import { listOpenHandoversOf } from './handover-records.js';
import { handoverAnswer, handoverView } from './handover-view.js';
import { networkOf, startHandover, studentToHandOver } from './start-handover.js';

export const startHandoverRoutes = routes('handover');

const office = ['registrar', 'admin'] as const;
const MAX_FOUND = 20;

async function startPage(call: Pick<Call, 'scope' | 't'>, studentId: string, search: string) {
  const { scope, t } = call;
  const student = await studentToHandOver(scope, studentId);
  const { school, networkId } = await networkOf(scope);
  const [schools, open] = await Promise.all([
    listOpenSchoolsOfNetwork(scope, networkId, search, MAX_FOUND + 2),
    listOpenHandoversOf(scope, studentId),
  ]);
  const others = schools.filter(({ id }) => id !== school.id);
  return page(
    'handover/start',
    {
      student: { id: student.id, displayName: student.displayName },
      schools: others.slice(0, MAX_FOUND).map(({ id, name }) => ({ id, name })),
      options: others.slice(0, MAX_FOUND).map((school) => ({
        ...{ value: school.id, label: school.name },
        help: aboutSchool(school),
      })),
      more: others.length > MAX_FOUND,
      search,
      open: open.map((handover) =>
        handoverView(handover, handover.fromSchoolId === school.id ? 'from' : 'to'),
      ),
      blocked: open.find(({ state }) => state !== 'asked')?.id ?? null,
    },
    {
      title: t('handover.start.title', { name: student.displayName }),
      crumbs: [
        { href: '/people', label: t('people.people.title') },
        { href: `/people/${student.id}`, label: student.displayName },
      ],
    },
  );
}

startHandoverRoutes.get(
  '/people/:id/handover',
  {
    summary: 'To which school of the network a student can be handed over; with `search`, those of that name',
    who: office,
    params: idParams,
    query: z.object({ search: z.string().trim().max(80).optional() }),
    answer: z.object({
      student: z.object({ id: z.string(), displayName: z.string() }),
      schools: z.array(z.object({ id: z.string(), name: z.string() })),
      more: z.boolean(),
      open: z.array(handoverAnswer),
    }),
  },
  async (call) => startPage(call, call.params.id, call.query.search ?? ''),
);

startHandoverRoutes.post(
  '/people/:id/handover',
  {
    summary: 'Offer a student, with the record, to another school of the network',
    who: office,
    token: 'never',
    params: idParams,
    body: z.object({
      schoolId: z.string({ error: 'handover.problem.choose-school' }).min(1).max(64),
      reason: optionalText(1000),
    }),
    status: 201,
    answer: z.object({ id: z.string(), state: handoverAnswer.shape.state }),
    again: async (call) => startPage(call, call.params.id, ''),
  },
  async (call) => {
    const { context, scope, actor, params, body } = call;
    const { id, state } = await startHandover(context, scope, actor, params.id, body);
    return done(`/handovers/${id}`, { id, state }, { status: 201, notice: 'handover.notice.offered' });
  },
);
