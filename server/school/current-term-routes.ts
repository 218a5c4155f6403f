/** Which term is the current one. Going on to another asks first and says what of the running one is not done. */
import { z } from 'zod';
import { Forbidden, InvalidInput } from '../errors.js';
import { flag, idParams } from '../http/read-input.js';
import { done, page, routes, type Call, type PageAnswer, type FeatureRoutes } from '../http/route.js';
import { chooseTerm, type ChooseTermNeeds } from './choose-term.js';
import { mayEditTerms } from './school.js';
import { findSchool, findTerm, getTerm } from './school-records.js';

const openAnswer = z.object({
  term: z.object({ id: z.string(), name: z.string() }),
  running: z.object({ id: z.string(), name: z.string() }).nullable(),
  open: z
    .object({ exhibitions: z.number(), narratives: z.number(), transcripts: z.number() })
    .nullable()
    .describe('What of the running term is not done: exhibitions not closed, students without each.'),
});

type TermCall = Pick<Call<{ id: string }>, 'scope' | 'actor' | 't' | 'params'>;

async function askPage(needs: ChooseTermNeeds, call: TermCall): Promise<PageAnswer> {
  const { scope, actor, params, t } = call;
  if (!mayEditTerms(actor)) throw new Forbidden();
  const [term, school] = await Promise.all([getTerm(scope, params.id), findSchool(scope, scope.schoolId)]);
  const running = school?.currentTermId ? await findTerm(scope, school.currentTermId) : null;
  const open = running && running.id !== term.id ? await needs.countOpenWork(scope, running.id) : null;
  const named = (each: typeof term | null) => each && { id: each.id, name: each.name };
  return page(
    'school/current-term',
    { term: named(term)!, running: named(running), open },
    {
      title: t('school.current-term.title', { name: term.name }),
      crumbs: [{ href: '/school', label: t('school.settings.title') }],
    },
  );
}

/** @param needs what later features know of the running term */
export function makeCurrentTermRoutes(needs: ChooseTermNeeds): FeatureRoutes {
  const termRoutes = routes('school');
  termRoutes.get(
    '/terms/:id/current',
    {
      summary: 'What making this the current term would leave undone',
      who: ['registrar', 'admin'],
      params: idParams,
      answer: openAnswer,
    },
    (call) => askPage(needs, call),
  );
  termRoutes.post(
    '/terms/:id/current',
    {
      summary: 'Make this the current term; `confirmed` where another one is running',
      who: ['registrar', 'admin'],
      params: idParams,
      body: z.object({ confirmed: flag }),
      answer: z.object({ currentTermId: z.string() }),
      again: (call) => askPage(needs, call),
    },
    async (call) => {
      const { scope, actor, params, body, context } = call;
      if (!mayEditTerms(actor)) throw new Forbidden();
      const term = await getTerm(scope, params.id);
      const running = (await findSchool(scope, scope.schoolId))?.currentTermId ?? null;
      if (running !== null && running !== term.id && !body.confirmed)
        throw new InvalidInput([{ field: 'confirmed', message: 'school.current-term.unconfirmed' }]);
      await chooseTerm({ ...needs, clock: context.clock }, scope, actor, term);
      return done(
        '/school',
        { currentTermId: term.id },
        { notice: 'school.current-term.changed', noticeParams: { name: term.name } },
      );
    },
  );
  return termRoutes;
}
