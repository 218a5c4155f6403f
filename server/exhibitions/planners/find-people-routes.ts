/** `/exhibitions/:id/people`: people who could present or sit on a panel, by part of a name. */
import { z } from 'zod';
import { idParams, optionalLine } from '../../http/read-input.js';
import { page, routes } from '../../http/route.js';
import { requirePermission } from '../../people/person.js';
import { mayManageExhibitions } from '../exhibition.js';
import { getExhibition } from '../exhibition-records.js';
import { findPeople } from './find-people.js';

export const findPeopleRoutes = routes('exhibition');

findPeopleRoutes.get(
  '/exhibitions/:id/people',
  {
    summary: 'People of the school by part of a name, 20 at most; {who: students}: only students',
    who: ['advisor', 'registrar', 'admin'],
    params: idParams,
    query: z.object({ search: optionalLine(60), who: z.enum(['all', 'students']).default('all') }),
    answer: z.object({
      people: z.array(z.object({ value: z.string(), label: z.string(), help: z.string() })),
    }),
  },
  async ({ scope, actor, params, query, t }) => {
    requirePermission(actor.seatIds === null && mayManageExhibitions(actor));
    await getExhibition(scope, params.id);
    const people = await findPeople(scope, query.search, { students: query.who === 'students' });
    return page('exhibition/people', { people }, { title: t('exhibition.people.title') });
  },
);
