/** Guests who signed up by the link of an exhibition and wait for an answer: for everybody who plans that exhibition. */
import { mayPlan } from '../exhibition/exhibition.js';
import { listExhibitionsByIds } from '../exhibition/exhibition-records.js';
import { isPlanner } from '../exhibition/planners.js';
import { countWaitingSignUps, listIdsWithWaitingSignUps } from '../schedule/sign-up-records.js';
import type { HomePart, SchoolHomeNeeds, Task } from './home.js';

export async function signUpsHome({ actor, scope, t }: SchoolHomeNeeds): Promise<HomePart> {
  const ids = await listIdsWithWaitingSignUps(scope);
  if (ids.size === 0) return {};
  const exhibitions = (await listExhibitionsByIds(scope, [...ids])).filter(
    (exhibition) => mayPlan(exhibition) && isPlanner(actor, exhibition),
  );
  const tasks = exhibitions.map(async ({ id, title }): Promise<Task> => {
    const count = await countWaitingSignUps(scope, id);
    return {
      kind: 'sign-up',
      title: t('home.sign-up.title', { count }),
      line: title,
      href: `/exhibitions/${id}/sign-ups`,
      action: t('home.sign-up.action'),
      at: null,
    };
  });
  return { tasks: await Promise.all(tasks) };
}
