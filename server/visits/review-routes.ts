/** Looking at the comments of a gallery over HTTP: the list, approving, and setting many aside at once. */
import { getExhibition } from '../exhibitions/exhibition-records.js';
import { z } from 'zod';
import { idParams, optionalText, several } from '../http/read-input.js';
import { done, routes, type FeatureRoutes } from '../http/route.js';
import { approveComments, hideComments, MAX_COMMENTS_AT_ONCE } from './review-comments.js';
import {
  reviewFilterFields,
  filterOf,
  reviewAnswer,
  visitReviewPage,
  reviewQuery,
  type FilterFields,
} from './review-page.js';

const planners = ['advisor', 'registrar', 'admin'] as const;

/** `<visit>:<revision>`, as the list has them. */
const read = z
  .string()
  .max(80)
  .regex(/^[\w-]{1,64}:\d{1,6}$/, 'common.problem.wrong-kind');
const chosenFields = {
  ids: several(read),
  /** The button of one comment: it alone, whatever else is ticked. */
  only: read.optional(),
};
const readOf = (each: string) => {
  const [id = '', revision = ''] = each.split(':');
  return { id, revision: Number(revision) };
};

const listHref = (
  id: string,
  { state, slotId = '', device = '', from = '', to = '' }: FilterFields,
): string =>
  `/exhibitions/${id}/comments?${new URLSearchParams({ state, slotId, device, from, to }).toString()}`;

export const reviewRoutes: FeatureRoutes = routes('visits');

reviewRoutes.get(
  '/exhibitions/:id/comments',
  {
    summary: 'Comments of visitors at a gallery: what waits for review, is shown, or was set aside',
    who: planners,
    params: idParams,
    query: reviewQuery,
    answer: reviewAnswer,
  },
  (call) => visitReviewPage(call, call.params.id, call.query),
);

reviewRoutes.post(
  '/exhibitions/:id/comments/approve',
  {
    summary:
      'Let students read comments (`ids`: `<visit>:<revision>`; `all`: those in `shown`); one that changed since keeps waiting',
    who: planners,
    params: idParams,
    body: z.object({
      ...chosenFields,
      ...reviewFilterFields,
      all: z.string().max(10).optional(),
      shown: several(read),
    }),
    answer: z.object({ approved: z.number() }),
    again: (call) => visitReviewPage(call, call.params.id, pageOf(call.request.body)),
  },
  async (call) => {
    const { context, scope, actor, params, body } = call;
    await getExhibition(scope, params.id);
    const ids = body.only ? [body.only] : body.all ? body.shown : body.ids;
    const chosen = ids.slice(0, MAX_COMMENTS_AT_ONCE).map(readOf);
    const approved = await approveComments(context, scope, actor, params.id, chosen);
    const kept = chosen.length - approved;
    return done(
      listHref(params.id, body),
      { approved },
      {
        notice: kept > 0 ? 'visits.notice.approved-some' : 'visits.notice.approved',
        noticeParams: { count: approved },
      },
    );
  },
);

reviewRoutes.post(
  '/exhibitions/:id/comments/hide',
  {
    summary:
      'Set comments aside with one reason: those in `ids`, or with {matching} all that fit the filter, at most 500',
    who: planners,
    params: idParams,
    body: z.object({
      ...chosenFields,
      ...reviewFilterFields,
      matching: z.string().max(10).optional(),
      reason: optionalText(500),
    }),
    answer: z.object({ hidden: z.number() }),
    again: (call) => visitReviewPage(call, call.params.id, pageOf(call.request.body)),
  },
  async (call) => {
    const { context, scope, actor, params, body } = call;
    const ids = (body.only ? [body.only] : body.ids)
      .slice(0, MAX_COMMENTS_AT_ONCE)
      .map((each) => readOf(each).id);
    const chosen = body.matching ? { filter: filterOf(params.id, body, call.timeZone) } : { ids };
    const hidden = await hideComments(context, scope, actor, params.id, chosen, body.reason);
    return done(
      listHref(params.id, body),
      { hidden },
      {
        notice: 'visits.notice.hidden-many',
        noticeParams: { count: hidden },
      },
    );
  },
);

/** The list as it was narrowed down when the form was sent. */
function pageOf(body: unknown): z.output<typeof reviewQuery> {
  const sent = reviewQuery.safeParse(body);
  return sent.success ? sent.data : reviewQuery.parse({});
}
