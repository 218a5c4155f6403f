/**
 * Guests who signed up by the link of an exhibition and wait for an answer, or were accepted and have
 * withdrawn: for everybody who plans that exhibition.
 */
import { mayPlan, type Exhibition } from '../exhibitions/exhibition.js';
import { listExhibitionsByIds } from '../exhibitions/exhibition-records.js';
import { isPlanner } from '../exhibitions/planners/planners.js';
import { listSeatsOfPersonAt } from '../exhibitions/seats/seat-records.js';
import { countWaitingSignUps, listIdsWithOpenSignUps, listSignUps } from '../schedule/sign-up-records.js';
import type { HomePart, SchoolHomeNeeds, Task } from './home.js';

export async function signUpsHome(needs: SchoolHomeNeeds): Promise<HomePart> {
  const { actor, scope } = needs;
  const ids = await listIdsWithOpenSignUps(scope);
  if (ids.size === 0) return {};
  const exhibitions = (await listExhibitionsByIds(scope, [...ids])).filter(
    (exhibition) => mayPlan(exhibition) && isPlanner(actor, exhibition),
  );
  const tasks = await Promise.all(
    exhibitions.flatMap((exhibition) => [waitingTasks(needs, exhibition), withdrawnTasks(needs, exhibition)]),
  );
  return { tasks: tasks.flat() };
}

async function waitingTasks({ scope, t }: SchoolHomeNeeds, { id, title }: Exhibition): Promise<Task[]> {
  const count = await countWaitingSignUps(scope, id);
  if (count === 0) return [];
  return [
    {
      kind: 'sign-up',
      title: t('home.sign-up.title', { count }),
      line: title,
      href: `/exhibitions/${id}/sign-ups`,
      action: t('home.sign-up.action'),
      at: null,
    },
  ];
}

async function withdrawnTasks({ scope, t }: SchoolHomeNeeds, { id, title }: Exhibition): Promise<Task[]> {
  const { items, total } = await listSignUps(scope, id, 'withdrawn', 1);
  const [first] = items;
  if (!first) return [];
  const seats = await Promise.all(items.map(({ personId }) => listSeatsOfPersonAt(scope, id, personId!)));
  const count = seats.flat().length;
  return [
    {
      kind: 'sign-up',
      title: t('home.withdrawn.title', { count: total, name: first.name }),
      line: count > 0 ? t('home.withdrawn.line', { count, exhibition: title }) : title,
      href: `/exhibitions/${id}/sign-ups#sign-ups-withdrawn`,
      action: t('home.withdrawn.action'),
      at: null,
    },
  ];
}
