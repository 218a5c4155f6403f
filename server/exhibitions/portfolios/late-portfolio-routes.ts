/** Over HTTP: whether a panel looks at a portfolio that was submitted after it had begun to score. */
import { z } from 'zod';
import { idParams, text } from '../../http/read-input.js';
import { done, routes, type FeatureRoutes } from '../../http/route.js';
import { choosePortfolio } from './choose-portfolio.js';
import { slotPage } from '../seats/panel-pages.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

/** @param slotPage shows the page of the presentation, which is the panel's, again */
export function makeLatePortfolioRoutes(ports: ExhibitionPorts): FeatureRoutes {
  const router = routes('exhibition');

  router.post(
    '/slots/:id/portfolio',
    {
      summary:
        'Decide whether the panel looks at a version of the portfolio that was submitted after scoring had begun; `id` is the slot of whoever submitted it',
      who: ['advisor', 'panelist', 'registrar', 'admin'],
      params: idParams,
      body: z.object({ snapshotId: text(64), show: z.enum(['yes', 'no']) }),
      answer: z.object({ slotId: z.string(), snapshotId: z.string(), shown: z.boolean() }),
      again: (call) => slotPage(call, ports, call.params.id),
    },
    async (call) => {
      const { scope, actor, context, params, body } = call;
      const isShown = body.show === 'yes';
      const needs = { ...ports, clock: context.clock };
      const asked = { snapshotId: body.snapshotId, isShown };
      const presentation = await choosePortfolio(needs, scope, actor, params.id, asked);
      return done(
        `/slots/${presentation.id}`,
        { slotId: params.id, snapshotId: body.snapshotId, shown: isShown },
        { notice: `exhibition.notice.portfolio-${body.show}` },
      );
    },
  );
  return router;
}
