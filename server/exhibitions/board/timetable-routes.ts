/**
 * The timetable of an exhibition, a page for each room and day: to be read on the screen and to be printed
 * for the wall.
 */
import { z } from 'zod';
import { idParams } from '../../http/read-input.js';
import { page, routes, type PageAnswer, type FeatureRoutes, type AnyCall } from '../../http/route.js';
import { byRoomAndDay } from './by-room.js';
import { listVisibleSlots, readableExhibition } from '../exhibition-pages.js';
import { planners } from '../exhibition-routes.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

const timetableAnswer = z.object({
  id: z.string(),
  title: z.string(),
  place: z.string(),
  rooms: z.array(
    z.object({
      room: z.string(),
      day: z.string(),
      startsAt: z.string(),
      slots: z.array(
        z.object({
          id: z.string(),
          startsAt: z.string(),
          endsAt: z.string(),
          studentName: z.string(),
          attempt: z.number(),
          panel: z.array(z.object({ name: z.string(), role: z.string(), chair: z.boolean() })),
        }),
      ),
    }),
  ),
});

export function makeTimetableRoutes(ports: ExhibitionPorts): FeatureRoutes {
  const router = routes('exhibition');
  router.get(
    '/exhibitions/:id/timetable',
    {
      summary: 'The timetable, a page for each room and day; prints cleanly',
      who: planners,
      params: idParams,
      answer: timetableAnswer,
    },
    (call) => timetablePage(call, ports, call.params.id),
  );
  return router;
}

async function timetablePage(call: AnyCall, ports: ExhibitionPorts, id: string): Promise<PageAnswer> {
  const { t, timeZone } = call;
  const exhibition = await readableExhibition(call.scope, call.actor, id);
  const { views } = await listVisibleSlots(call, ports, exhibition);
  const timed = views.map((slot) => ({ ...slot, startsAt: new Date(slot.startsAt) }));
  const view = {
    id,
    title: exhibition.title,
    place: exhibition.place,
    rooms: byRoomAndDay(timed, timeZone).map(({ room, day, slots }) => ({
      room,
      day,
      startsAt: slots[0]!.startsAt.toISOString(),
      slots: slots.map((slot) => ({
        id: slot.id,
        startsAt: slot.startsAt.toISOString(),
        endsAt: slot.endsAt,
        studentName: slot.studentName,
        attempt: slot.attempt,
        panel: slot.seats.map(({ name, role, chair }) => ({ name, role, chair })),
      })),
    })),
  };
  const shown = call.wantsJson ? view : { ...view, madeAt: call.context.clock.now() };
  return page('exhibition/timetable', shown, {
    title: t('exhibition.timetable.title'),
    crumbs: [
      { href: '/exhibitions', label: t('exhibition.list.title') },
      { href: `/exhibitions/${id}`, label: exhibition.title },
    ],
  });
}
