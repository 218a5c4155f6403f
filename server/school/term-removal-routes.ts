/** Deleting a term that was made by mistake. */
import { z } from 'zod';
import { idParams } from '../http/read-input.js';
import { done, routes, type Call, type FeatureRoutes } from '../http/route.js';
import { removeTerm, type RemoveTermPorts } from './remove-term.js';

/** @param ports what later features know of a term */
export function makeTermRemovalRoutes(ports: RemoveTermPorts): FeatureRoutes {
  const termRoutes = routes('school');
  const removing = {
    summary: 'Delete a term that nothing names',
    who: ['registrar', 'admin'] as const,
    params: idParams,
    answer: z.object({ id: z.string(), removed: z.literal(true) }),
  };
  const remove = async (call: Call<z.output<typeof idParams>>) => {
    const { scope, context, actor, params, t } = call;
    await removeTerm({ ...ports, clock: context.clock }, scope, actor, params.id, (uses) =>
      uses.map(({ use, count }) => t(`school.term-use.${use}`, { count })).join(', '),
    );
    return done(
      '/school',
      { id: params.id, removed: true as const },
      { notice: 'school.notice.term-removed' },
    );
  };
  termRoutes.delete('/terms/:id', removing, remove);
  termRoutes.post('/terms/:id/remove', removing, remove);
  return termRoutes;
}
