/**
 * The proof under a row of a result. Passes the same seal as the result itself; files are asked for by the
 * rules of the works.
 */
import { z } from 'zod';
import { pinAnswer } from '../artifacts/show-place.js';
import { Forbidden, NotFound } from '../errors.js';
import { idParams } from '../http/read-input.js';
import { page, routes } from '../http/route.js';
import { evidenceView } from './evidence-view.js';
import { voice } from './result-answers.js';
import { openingOf, resultReaders } from './result-routes.js';

export const evidenceRoutes = routes('results');

evidenceRoutes.get(
  '/slots/:id/result/evidence/:criterion',
  {
    summary: 'The places in the work that the voices of a panel have pinned to a row, or to one level of it',
    who: resultReaders,
    params: idParams.extend({ criterion: z.string().min(1).max(60) }),
    query: z.object({ level: z.string().max(60).optional() }),
    answer: z.object({
      criterion: z.object({ id: z.string(), name: z.string() }),
      level: z.object({ id: z.string(), name: z.string() }).nullable(),
      said: z.array(
        z.object({
          voice,
          levelId: z.string().nullable(),
          level: z.string().nullable(),
          comment: z.string(),
          pins: z.array(pinAnswer),
        }),
      ),
    }),
  },
  async (call) => {
    const { panel, opening } = await openingOf(call);
    if (!opening) throw new Forbidden('results.problem.evidence-closed');
    const view = evidenceView(call.actor, panel, opening, call.params.criterion, call.query.level);
    if (!view) throw new NotFound();
    return page('results/evidence', view, {
      title: call.t('results.evidence.title', { row: view.criterion.name }),
      crumbs: [
        { href: '/', label: call.t('common.nav.home') },
        {
          href: `/slots/${view.slot.id}/result`,
          label: call.t('results.title', { student: view.student.name }),
        },
      ],
    });
  },
);
