/** The stop button of a gallery over HTTP: of one stand or of all, at once, and open again. */
import { z } from 'zod';
import { idParams } from '../http/read-input.js';
import { done, routes, type FeatureRoutes } from '../http/route.js';
import { stopStand } from './stop-stand.js';

const planners = ['advisor', 'registrar', 'admin'] as const;
const body = z.object({
  /** Left out or empty: the whole gallery. */
  slotId: z.string().max(64).default(''),
  /** To which page the button leads back. */
  back: z.enum(['stands', 'stand', 'comments']).default('stands'),
});
const answer = z.object({ stopped: z.boolean() });

export const stopRoutes: FeatureRoutes = routes('visits');

for (const [verb, stopped] of [
  ['stop', true],
  ['reopen', false],
] as const) {
  stopRoutes.post(
    `/exhibitions/:id/stands/${verb}`,
    {
      summary: stopped
        ? 'Stop a stand ({slotId}) or the whole gallery for new visits and comments, at once'
        : 'Open a stand ({slotId}) or the whole gallery again',
      who: planners,
      params: idParams,
      body,
      answer,
    },
    async (call) => {
      const { context, scope, actor, params } = call;
      const { slotId, back } = call.body;
      await stopStand(context, scope, actor, { exhibitionId: params.id, slotId: slotId || null, stopped });
      const href =
        back === 'stand' && slotId
          ? `/slots/${slotId}/visits`
          : `/exhibitions/${params.id}/${back === 'comments' ? 'comments' : 'stands'}`;
      return done(href, { stopped }, { notice: `visits.notice.${stopped ? 'stopped' : 'reopened'}` });
    },
  );
}
