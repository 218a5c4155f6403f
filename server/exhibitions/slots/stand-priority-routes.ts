/** Over HTTP: to which stand of a gallery visitors are sent first. */
import { z } from 'zod';
import { NotFound } from '../../errors.js';
import { flag, idParams } from '../../http/read-input.js';
import { done, routes, type FeatureRoutes } from '../../http/route.js';
import { prioritizeStand } from './prioritize-stand.js';
import { getPresentation } from './slot-records.js';

const planners = ['advisor', 'registrar', 'admin'] as const;

export const standPriorityRoutes: FeatureRoutes = routes('exhibition');

standPriorityRoutes.post(
  '/exhibitions/:id/stands/priority',
  {
    summary: 'Send visitors to this stand before others, or with {prioritized: no} no longer',
    who: planners,
    params: idParams,
    body: z.object({ slotId: z.string().min(1).max(64), prioritized: flag }),
    answer: z.object({ slotId: z.string(), prioritized: z.boolean() }),
  },
  async (call) => {
    const { context, scope, actor, params, body } = call;
    const { exhibitionId } = await getPresentation(scope, body.slotId);
    if (exhibitionId !== params.id) throw new NotFound();
    const { id, prioritized = false } = await prioritizeStand(
      context,
      scope,
      actor,
      body.slotId,
      body.prioritized,
    );
    return done(
      `/exhibitions/${params.id}/stands`,
      { slotId: id, prioritized },
      { notice: `visits.notice.${prioritized ? 'prioritized' : 'not-prioritized'}` },
    );
  },
);
