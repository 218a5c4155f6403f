/** `/exhibitions/:id/planners`: who may plan it beside the office and whoever created it. */
import { z } from 'zod';
import { idParams, text } from '../../http/read-input.js';
import { done, page, routes, type Call } from '../../http/route.js';
import { listPeople, listPeopleByIds } from '../../people/people-records.js';
import { initialsOf, type Person } from '../../people/person.js';
import { addPlanner, removePlanner } from './change-planners.js';
import { getExhibition } from '../exhibition-records.js';
import { checkPlanner } from './planners.js';

export const plannerRoutes = routes('exhibition');

const planners = ['advisor', 'registrar', 'admin'] as const;
const MAX_FOUND = 20;
const personAnswer = z.object({ id: z.string(), displayName: z.string() });
const changedAnswer = z.object({ exhibitionId: z.string(), personId: z.string() });
const plannerParams = idParams.extend({ personId: z.string().min(1).max(64) });

const viewOf = ({ id, displayName }: Person) => ({ id, displayName, initials: initialsOf(displayName) });

async function plannersPage(call: Pick<Call, 'scope' | 'actor' | 't'>, id: string, search: string) {
  const { scope, actor, t } = call;
  const exhibition = await getExhibition(scope, id);
  checkPlanner(actor, exhibition);
  const ids = [exhibition.createdBy, ...(exhibition.plannerIds ?? [])];
  const [people, found] = await Promise.all([
    listPeopleByIds(scope, ids),
    search ? listPeople(scope, { role: 'advisor', search }, 1, MAX_FOUND) : null,
  ]);
  return page(
    'exhibition/planners',
    {
      exhibitionId: id,
      creator: people.filter((person) => person.id === exhibition.createdBy).map(viewOf),
      planners: people.filter((person) => exhibition.plannerIds?.includes(person.id)).map(viewOf),
      found: (found?.items ?? []).filter((person) => !ids.includes(person.id)).map(viewOf),
      search,
    },
    {
      title: t('exhibition.planners.title'),
      crumbs: [
        { href: '/exhibitions', label: t('exhibition.list.title') },
        { href: `/exhibitions/${id}`, label: exhibition.title },
      ],
    },
  );
}

plannerRoutes.get(
  '/exhibitions/:id/planners',
  {
    summary: 'Who may plan this exhibition; with `search`, advisors who could',
    who: planners,
    params: idParams,
    query: z.object({ search: z.string().trim().max(80).optional() }),
    answer: z.object({ planners: z.array(personAnswer), found: z.array(personAnswer) }),
  },
  async (call) => plannersPage(call, call.params.id, call.query.search ?? ''),
);

plannerRoutes.post(
  '/exhibitions/:id/planners',
  {
    summary: 'Let an advisor plan this exhibition',
    who: planners,
    params: idParams,
    body: z.object({ personId: text(64) }),
    status: 201,
    answer: changedAnswer,
    again: async (call) => plannersPage(call, call.params.id, ''),
  },
  async (call) => {
    const { scope, context, actor, params, body } = call;
    await addPlanner(context, scope, actor, params.id, body.personId);
    return done(
      `/exhibitions/${params.id}/planners`,
      { exhibitionId: params.id, personId: body.personId },
      { status: 201, notice: 'exhibition.notice.planner-added' },
    );
  },
);

const removing = {
  summary: 'Take the permission to plan this exhibition back',
  who: planners,
  params: plannerParams,
  answer: changedAnswer,
};
const remove = async (call: Call<z.output<typeof plannerParams>>) => {
  const { scope, context, actor, params } = call;
  await removePlanner(context, scope, actor, params.id, params.personId);
  return done(
    `/exhibitions/${params.id}/planners`,
    { exhibitionId: params.id, personId: params.personId },
    { notice: 'exhibition.notice.planner-removed' },
  );
};
plannerRoutes.delete('/exhibitions/:id/planners/:personId', removing, remove);
plannerRoutes.post('/exhibitions/:id/planners/:personId/remove', removing, remove);
