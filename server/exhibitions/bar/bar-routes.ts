/**
 * `/exhibitions/:id/bar`: which level the rows have to reach. Its form stands apart because it needs the pinned rubric.
 */
import { z } from 'zod';
import { NotFound } from '../../errors.js';
import { idParams, several } from '../../http/read-input.js';
import { done, page, routes, type PageAnswer, type AnyCall } from '../../http/route.js';
import { barView, mayChangeBar, type Bar } from './bar.js';
import type { Exhibition } from '../exhibition.js';
import { findExhibition } from '../exhibition-records.js';
import { planners } from '../exhibition-routes.js';
import { barAnswer } from '../exhibition-view.js';
import { seenField } from '../refuse-stale.js';
import { seenOfBar, setBar } from './set-bar.js';

/** How the form says "no bar" among the levels. */
const NONE = '';

const barBody = z.object({
  levelId: z.string().max(60).default(NONE),
  rows: z.enum(['all', 'named']).default('all'),
  criterionIds: several(z.string().max(60)),
  seen: seenField('`seen` of GET /exhibitions/{id}/bar'),
});

/** A bar as a GET answers it. */
function barFields({ bar, ...rest }: Record<string, unknown>): Record<string, unknown> {
  if (bar === undefined) return rest;
  const { levelId = NONE, criterionIds = null } = (bar ?? {}) as {
    levelId?: string;
    criterionIds?: string[] | null;
  };
  return { levelId, rows: criterionIds ? 'named' : 'all', criterionIds: criterionIds ?? [], ...rest };
}

const answer = z.object({ exhibitionId: z.string(), bar: barAnswer.nullable(), seen: z.string() });

async function answerOf(
  call: Pick<AnyCall, 'context'>,
  exhibition: Exhibition,
): Promise<z.output<typeof answer>> {
  const rubric = await call.context.rubrics.byHash(exhibition.rubric.hash);
  const bar = exhibition.bar ? barView(rubric, exhibition.bar) : null;
  return { exhibitionId: exhibition.id, bar, seen: seenOfBar(exhibition) };
}

async function barPage(call: AnyCall, id: string): Promise<PageAnswer> {
  const exhibition = await findExhibition(call.scope, id);
  if (!exhibition) throw new NotFound();
  const { t } = call;
  const rubric = await call.context.rubrics.byHash(exhibition.rubric.hash);
  const view = await answerOf(call, exhibition);
  return page(
    'exhibition/bar',
    call.wantsJson
      ? view
      : {
          ...view,
          fixed: !mayChangeBar(exhibition.phase),
          rubricTitle: rubric.title,
          levelId: exhibition.bar?.levelId ?? NONE,
          levels: [
            { value: NONE, label: t('exhibition.bar.none'), help: t('exhibition.bar.none-help') },
            ...rubric.levels.map((level) => ({ value: level.id, label: level.name })),
          ],
          which: exhibition.bar?.criterionIds ? 'named' : 'all',
          whichOnes: ['all', 'named'].map((value) => ({ value, label: t(`exhibition.bar.rows-${value}`) })),
          named: exhibition.bar?.criterionIds ?? [],
          criteria: rubric.criteria.map((row) => ({ value: row.id, label: row.name })),
        },
    {
      title: t('exhibition.bar.title'),
      crumbs: [
        { href: '/exhibitions', label: t('exhibition.list.title') },
        { href: `/exhibitions/${id}`, label: exhibition.title },
      ],
    },
  );
}

const readBody = ({ levelId, rows, criterionIds }: z.output<typeof barBody>): Bar | null =>
  levelId === NONE ? null : { levelId, criterionIds: rows === 'all' ? null : criterionIds };

export const barRoutes = routes('exhibition');
barRoutes.get(
  '/exhibitions/:id/bar',
  {
    summary: 'The level that rows have to reach, with the form while it may be set',
    who: planners,
    params: idParams,
    answer,
  },
  (call) => barPage(call, call.params.id),
);
barRoutes.put(
  '/exhibitions/:id/bar',
  {
    summary: 'Set the level that all rows or named rows have to reach, or none',
    who: planners,
    params: idParams,
    body: barBody,
    fromAnswer: barFields,
    answer,
    alsoPost: true,
    again: (call) => barPage(call, call.params.id),
  },
  async (call) => {
    const exhibition = await setBar(
      call.context,
      call.scope,
      call.actor,
      call.params.id,
      readBody(call.body),
      call.body.seen,
    );
    const notice = exhibition.bar ? 'exhibition.notice.bar-set' : 'exhibition.notice.bar-none';
    return done(`/exhibitions/${exhibition.id}`, await answerOf(call, exhibition), { notice });
  },
);
