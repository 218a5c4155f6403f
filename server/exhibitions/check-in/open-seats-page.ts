/**
 * The seats among which somebody at the check-in desk chooses for a person who has come, one tap each. Also
 * the JSON of its address.
 */
import { z } from 'zod';
import { InvalidInput } from '../../errors.js';
import { getExhibition } from '../exhibition-records.js';
import { presenterLine } from '../groups/group.js';
import { findPresenters } from '../slots/name-presenters.js';
import { checkPlanner } from '../planners/planners.js';
import { endOf } from '../slots/slot.js';
import { page, type PageAnswer, type AnyCall } from '../../http/route.js';
import { findOpenSeats } from './open-seats.js';
import { passKeyOf, roleWithoutSaying } from '../seats/panel-routes.js';
import { readCheckIn } from './read-check-in.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

export const openSeatsAnswer = z.object({
  personId: z.string(),
  name: z.string(),
  seats: z
    .array(
      z.object({
        ...{ slotId: z.string(), room: z.string(), startsAt: z.string(), endsAt: z.string() },
        ...{ studentName: z.string(), role: z.string(), underWay: z.boolean() },
        here: z.number().describe('How many of the panel are here.'),
        seated: z.number(),
      }),
    )
    .describe('Where they are needed most first.'),
  reason: z.string().nullable().describe('Why there is none.'),
});

export async function openSeatsPage(
  call: AnyCall,
  needs: ExhibitionPorts,
  exhibitionId: string,
  { personId, search }: { personId: string; search: string },
): Promise<PageAnswer> {
  const { scope, actor, t, timeZone, context } = call;
  const exhibition = await getExhibition(scope, exhibitionId);
  checkPlanner(actor, exhibition);
  const now = context.clock.now();
  const day = await readCheckIn(needs, scope, exhibition, now, timeZone);
  const { person, open, reason } = await findOpenSeats(
    { ...needs, clock: context.clock, passKey: passKeyOf(call) },
    scope,
    exhibition,
    day,
    personId,
    (slotId) => roleWithoutSaying(scope, slotId, personId),
  );
  const presenters = await findPresenters(
    scope,
    open.map(({ slot }) => slot),
  );
  const fields = reason instanceof InvalidInput ? reason.fields : [];
  const [problem] = fields;
  const view: z.output<typeof openSeatsAnswer> = {
    personId,
    name: person.displayName,
    seats: open.map(({ slot, role }) => ({
      slotId: slot.id,
      room: slot.room,
      startsAt: slot.startsAt.toISOString(),
      endsAt: endOf(slot).toISOString(),
      studentName: presenterLine(slot, presenters),
      role,
      underWay: slot.startsAt <= now,
      here: day.presentAt(slot.id),
      seated: day.seats.filter((seat) => seat.slotId === slot.id).length,
    })),
    reason: problem
      ? t(problem.message, problem.params ?? {})
      : reason
        ? t(reason.messageKey, reason.params)
        : null,
  };
  const title = t('panel.check-in.open.title', { name: person.displayName });
  if (call.wantsJson) return page('panel/open-seats', view, { title });
  const back = `/exhibitions/${exhibitionId}/check-in`;
  return page(
    'panel/open-seats',
    {
      ...view,
      exhibitionId,
      search,
      seats: view.seats.map((seat, at) => ({ ...seat, isBest: at === 0 })),
    },
    {
      title,
      crumbs: [
        { href: '/exhibitions', label: t('exhibition.list.title') },
        { href: `/exhibitions/${exhibitionId}`, label: exhibition.title },
        {
          href: search ? `${back}?search=${encodeURIComponent(search)}` : back,
          label: t('panel.check-in.title'),
        },
      ],
    },
  );
}
