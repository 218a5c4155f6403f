/** All results of an exhibition on one page, disputes first, and publishing many of them at once. */
import { z } from 'zod';
import { Forbidden, InvalidInput } from '../errors.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import { maySeeExhibition, type Exhibition } from '../exhibitions/exhibition.js';
import { pagerOf } from '../http/pager.js';
import { idParams, listOf, pageQuery, several } from '../http/read-input.js';
import { done, page, routes, type Call, type PageAnswer } from '../http/route.js';
import { lineAnswer, lineView } from './day-line.js';
import { gatherDayResults, resultStates } from './day-results.js';
import { publishMany, type SlotLeftOut } from './publish-many.js';
import { MAX_STATE_LENGTH } from './result-state.js';

export const dayResultsRoutes = routes('results');

const readers = ['advisor', 'registrar', 'admin'] as const;
type DayCall = Call<
  { id: string },
  { page: number; perPage: number; state?: string | undefined; choose?: 'ready' | undefined },
  unknown
>;

const dayQuery = pageQuery.extend({
  state: z.enum(resultStates).optional(),
  choose: z.literal('ready').optional().describe('The page comes with every result chosen that is ready.'),
});

/** What came of a form that was sent, and what was ticked in it. */
interface Sent {
  leftOut: readonly SlotLeftOut[];
  published: number;
  items: readonly string[];
  confirmed: readonly string[];
}
const nothingSent: Sent = { leftOut: [], published: 0, items: [], confirmed: [] };

/** The longest id, a space, the longest state. */
const itemText = z.string().max(MAX_STATE_LENGTH + 70);

const dayAnswer = listOf(lineAnswer).extend({
  counts: z.record(z.enum(resultStates), z.number()),
});

dayResultsRoutes.get(
  '/exhibitions/:id/results',
  {
    summary:
      'Every result of an exhibition with its state, disputes first; an advisor sees those of their students',
    who: readers,
    params: idParams,
    query: dayQuery,
    answer: dayAnswer,
  },
  (call) => dayResultsPage(call, nothingSent),
);

dayResultsRoutes.post(
  '/exhibitions/:id/results/publish',
  {
    summary:
      'Publish several results, each as its sender has seen it; those that have changed or may not be published are left out and named',
    who: readers,
    params: idParams,
    query: dayQuery,
    body: z.object({
      items: several(itemText).describe('Each `<slotId> <seen>`, with `seen` of the list.'),
      confirmed: several(itemText).describe(
        'Those of the items whose `questions` were read: without it those that have any are left out.',
      ),
    }),
    answer: z.object({
      published: z.array(z.string()),
      publishedBefore: z
        .array(z.string())
        .describe('Published before by the same sender from what was sent: nothing changed now.'),
      leftOut: z.array(
        z.object({ slotId: z.string(), name: z.string(), code: z.string(), words: z.string() }),
      ),
    }),
    again: (call) => dayResultsPage(call, nothingSent),
  },
  async (call) => {
    const { id } = call.params;
    await readExhibition(call);
    if (call.body.items.length === 0)
      throw new InvalidInput([{ field: 'items', message: 'results.problem.choose-results' }]);
    const outcome = await publishMany(call, id, call.body);
    const { published, publishedBefore, leftOut } = outcome;
    if (call.wantsJson) return done(`/exhibitions/${id}/results`, outcome);
    if (leftOut.length === 0)
      return done(`/exhibitions/${id}/results`, outcome, {
        notice:
          published.length > 0 ? 'results.notice.many-published' : 'results.notice.many-published-before',
        noticeParams: { count: published.length || publishedBefore.length },
      });
    const { items, confirmed } = call.body;
    return dayResultsPage(call, { leftOut, published: published.length, items, confirmed });
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

async function dayResultsPage(call: DayCall, sent: Sent): Promise<PageAnswer> {
  const { scope, actor, context, query } = call;
  const exhibition = await readExhibition(call);
  const rubric = await context.rubrics.byHash(exhibition.rubric.hash);
  const all = await gatherDayResults(scope, actor, exhibition, rubric, context.clock.now());
  const wanted = query.state ? all.filter(({ state }) => state === query.state) : all;
  const skip = (query.page - 1) * query.perPage;
  const items = await Promise.all(wanted.slice(skip, skip + query.perPage).map((one) => lineView(call, one)));
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
  const here = `${path}?page=${query.page}${query.state ? `&state=${query.state}` : ''}`;
  return page(
    'results/day',
    {
      ...view,
      groups: groupsOf(
        items.map((line) => ({ ...line, ...ticksOf(line, sent, query.choose) })),
        query.state === undefined,
      ),
      ...{ leftOut: sent.leftOut, published: sent.published },
      state: query.state ?? null,
      states: resultStates
        .filter((state) => counts[state]! > 0)
        .map((state) => ({ state, count: counts[state]!, href: `${path}?state=${state}` })),
      mayPublish: items.some(({ seen }) => seen !== null),
      here,
      chooseHref: items.some(({ state, seen }) => state === 'ready' && seen) ? `${here}&choose=ready` : null,
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

/** States in which nothing is left to do here: on the page with all of them they are folded. */
const quiet: ReadonlySet<string> = new Set(['waiting', 'no-sheets', 'published', 'absent']);

/** Lines by their state, in the order in which they came. */
function groupsOf<L extends { state: string }>(lines: readonly L[], folds: boolean) {
  const states = [...new Set(lines.map(({ state }) => state))];
  // A page on which everything is folded shows nothing at all.
  const isMixed = states.some((state) => !quiet.has(state));
  return states.map((state) => ({
    state,
    folded: folds && isMixed && quiet.has(state),
    items: lines.filter((line) => line.state === state),
  }));
}

/**
 * What was chosen stays so until it is published; what was confirmed only while the result is the one that was read.
 */
function ticksOf(
  { slotId, seen, state }: z.output<typeof lineAnswer>,
  { items, confirmed }: Sent,
  choose: 'ready' | undefined,
) {
  return {
    chosen: items.some((item) => item.split(' ')[0] === slotId) || (choose === 'ready' && state === 'ready'),
    confirmed: confirmed.includes(`${slotId} ${seen}`),
  };
}
