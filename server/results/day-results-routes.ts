/** All results of an exhibition on one page, disputes first, and publishing many of them at once. */
import { z } from 'zod';
import { Forbidden } from '../errors.js';
import { getExhibition } from '../exhibition/exhibition-records.js';
import { maySeeExhibition, type Exhibition } from '../exhibition/exhibition.js';
import { pagerOf } from '../http/pager.js';
import { flag, idParams, listOf, pageQuery, several } from '../http/read-input.js';
import { done, page, routes, type Call, type PageAnswer } from '../http/route.js';
import { attainments } from './attainment.js';
import { gatherDayResults, resultStates, type DayResult } from './day-results.js';
import { gatherPanel } from './gather-result.js';
import { gatherSeen } from './gather-seen.js';
import { publishMany } from './publish-many.js';
import { MAX_STATE_LENGTH, stateOf } from './result-state.js';
import { stateAnswer } from './say-refusal.js';

export const dayResultsRoutes = routes('results');

const readers = ['advisor', 'registrar', 'admin'] as const;
type DayCall = Call<{ id: string }, { page: number; perPage: number; state?: string | undefined }, unknown>;

/** The longest id, a space, the longest state. */
const itemText = z.string().max(MAX_STATE_LENGTH + 70);

const itemAnswer = z.object({
  slotId: z.string(),
  student: z.object({ id: z.string(), name: z.string() }),
  startsAt: z.string(),
  room: z.string(),
  attempt: z.number(),
  state: z.enum(resultStates),
  submitted: z.number(),
  awaited: z.number(),
  open: z.number().describe('Rows that are left to talk about.'),
  warnings: z.number().describe('What is asked about first when it is published.'),
  outcome: z.enum(attainments).nullable(),
  version: z.number().nullable().describe('Of a published result: 2 and more where it was corrected.'),
  publishedAt: z.string().nullable(),
  seen: stateAnswer,
  href: z.string(),
});
const dayAnswer = listOf(itemAnswer).extend({
  counts: z.record(z.enum(resultStates), z.number()),
});

dayResultsRoutes.get(
  '/exhibitions/:id/results',
  {
    summary:
      'Every result of an exhibition with its state, disputes first; an advisor sees those of their students',
    who: readers,
    params: idParams,
    query: pageQuery.extend({ state: z.enum(resultStates).optional() }),
    answer: dayAnswer,
  },
  (call) => dayResultsPage(call, []),
);

dayResultsRoutes.post(
  '/exhibitions/:id/results/publish',
  {
    summary:
      'Publish several results, each as its sender has seen it; those that have changed or may not be published are left out and named',
    who: readers,
    params: idParams,
    query: pageQuery.extend({ state: z.enum(resultStates).optional() }),
    body: z.object({
      items: several(itemText).describe('Each `<slotId> <seen>`, with `seen` of the list.'),
      confirmed: flag.describe('Also those that are asked about first.'),
    }),
    answer: z.object({
      published: z.array(z.string()),
      leftOut: z.array(
        z.object({ slotId: z.string(), name: z.string(), code: z.string(), words: z.string() }),
      ),
    }),
    again: (call) => dayResultsPage(call as never, []),
  },
  async (call) => {
    const { id } = call.params;
    await readExhibition(call);
    const outcome = await publishMany(call, id, call.body);
    const { published, leftOut } = outcome;
    if (call.wantsJson) return done(`/exhibitions/${id}/results`, outcome);
    if (leftOut.length === 0)
      return done(`/exhibitions/${id}/results`, outcome, {
        notice: 'results.notice.many-published',
        noticeParams: { count: published.length },
      });
    return dayResultsPage(call, leftOut, published.length);
  },
);

/** @throws NotFound, or Forbidden for a draft that the reader does not plan */
async function readExhibition({
  scope,
  actor,
  params,
}: Pick<DayCall, 'scope' | 'actor' | 'params'>): Promise<Exhibition> {
  const exhibition = await getExhibition(scope, params.id);
  if (!maySeeExhibition(actor, exhibition)) throw new Forbidden();
  return exhibition;
}

async function dayResultsPage(
  call: DayCall,
  leftOut: { slotId: string; name: string; words: string }[],
  published = 0,
): Promise<PageAnswer> {
  const { scope, actor, context, query } = call;
  const exhibition = await readExhibition(call);
  const rubric = await context.rubrics.byHash(exhibition.rubric.hash);
  const all = await gatherDayResults(scope, actor, exhibition, rubric, context.clock.now());
  const wanted = query.state ? all.filter(({ state }) => state === query.state) : all;
  const skip = (query.page - 1) * query.perPage;
  const items = await Promise.all(wanted.slice(skip, skip + query.perPage).map((one) => itemView(call, one)));
  const found = {
    ...{ items, page: query.page, perPage: query.perPage, total: wanted.length },
    pages: Math.max(1, Math.ceil(wanted.length / query.perPage)),
  };
  const counts = Object.fromEntries(
    resultStates.map((state) => [state, all.filter((one) => one.state === state).length]),
  );
  const path = `/exhibitions/${exhibition.id}/results`;
  const title = call.t('results.day.title', { exhibition: exhibition.title });
  const view = { exhibition: { id: exhibition.id, title: exhibition.title }, ...found, counts };
  if (call.wantsJson) return page('results/day', view, { title });
  return page(
    'results/day',
    {
      ...view,
      ...{ leftOut, published },
      state: query.state ?? null,
      states: resultStates
        .filter((state) => counts[state]! > 0)
        .map((state) => ({ state, count: counts[state]!, href: `${path}?state=${state}` })),
      mayPublish: items.some(({ seen }) => seen !== null),
      asksFirst: items.some(({ seen, warnings }) => seen !== null && warnings > 0),
      pager: pagerOf(found, path, { state: query.state }),
    },
    {
      title,
      scripts: ['live'],
      crumbs: [
        { href: '/exhibitions', label: call.t('exhibition.list.title') },
        { href: `/exhibitions/${exhibition.id}`, label: exhibition.title },
      ],
    },
  );
}

const publishable = new Set<DayResult['state']>(['disputed', 'questions', 'ready']);

async function itemView(call: DayCall, one: DayResult): Promise<z.output<typeof itemAnswer>> {
  const { slot, student, state, result } = one;
  const { submitted, awaited, open, warnings } = one;
  return {
    slotId: slot.id,
    student: { id: student.id, name: student.displayName },
    ...{ startsAt: slot.startsAt.toISOString(), room: slot.room, attempt: slot.attempt },
    ...{ state, submitted, awaited, open, warnings },
    outcome: result?.attainment?.outcome ?? null,
    version: result ? (result.correction?.version ?? 1) : null,
    publishedAt: result?.publishedAt.toISOString() ?? null,
    seen: publishable.has(state) ? await seenNow(call, slot.id) : null,
    href: `/slots/${slot.id}/result`,
  };
}

/** What the reader sees of one result, for publishing it from here. */
async function seenNow({ scope, context }: DayCall, slotId: string): Promise<string> {
  const panel = await gatherPanel(scope, context.rubrics, slotId, context.clock.now());
  return stateOf(panel, await gatherSeen(scope, panel));
}
