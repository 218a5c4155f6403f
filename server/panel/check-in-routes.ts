/** The check-in desk over HTTP: who is here, who is missing, a seat for somebody who comes late, and the itineraries to hand out. */
import { z } from 'zod';
import { timeText } from '../exhibition/day-and-time.js';
import { getSlot } from '../exhibition/slot-records.js';
import { idParams, optionalLine, text } from '../http/read-input.js';
import { originOf } from '../http/origin.js';
import { done, routes, type RoomRoutes } from '../http/route.js';
import { checkInAnswer, checkInPage, itinerariesAnswer, itinerariesPage } from './check-in-page.js';
import type { PanelNeeds } from './doors.js';
import { noteArrival, seatLateJudge } from './note-arrival.js';
import { madePassPage, type AnyCall } from './panel-pages.js';
import { passKeyOf, roleWithoutSaying } from './panel-routes.js';
import { madePassAnswer, madePassView } from './panel-view.js';
import type { SetSeat } from './set-seat.js';

/** The panel was chosen for them, so the message says which it is. */
async function placeOf({ scope, timeZone, locale }: AnyCall, { seat }: SetSeat) {
  const { room, startsAt } = await getSlot(scope, seat.slotId);
  return { name: seat.name, room, time: timeText(startsAt, timeZone, locale) };
}

const planners = ['advisor', 'registrar', 'admin'] as const;
const whom = z.object({ personId: text(64) });

export function makeCheckInRoutes(needs: PanelNeeds): RoomRoutes {
  const room = routes('panel');
  const seatNeeds = (call: AnyCall) => ({ ...needs, clock: call.context.clock, passKey: passKeyOf(call) });

  room.get(
    '/exhibitions/:id/check-in',
    {
      summary:
        'Who of the panels is here today and who is missing; {search} finds people who sit on none yet',
      who: planners,
      params: idParams,
      query: z.object({ search: optionalLine(60).optional() }),
      answer: checkInAnswer,
    },
    (call) => checkInPage(call as unknown as AnyCall, needs, call.params.id, call.query.search ?? ''),
  );

  for (const [verb, here] of [
    ['arrived', true],
    ['not-here', false],
  ] as const)
    room.post(
      `/exhibitions/:id/check-in/${verb}`,
      {
        summary: here ? 'Somebody of the panels is here' : 'Somebody is not here after all',
        who: planners,
        params: idParams,
        body: whom,
        answer: z.object({ personId: z.string(), here: z.boolean() }),
        again: (call) => checkInPage(call as unknown as AnyCall, needs, call.params.id, ''),
      },
      async (call) => {
        const { scope, actor, params, body, timeZone: zone } = call;
        const seatActs = seatNeeds(call as unknown as AnyCall);
        await noteArrival(seatActs, scope, actor, params.id, body.personId, { here, zone });
        return done(`/exhibitions/${params.id}/check-in`, { personId: body.personId, here });
      },
    );

  room.post(
    '/exhibitions/:id/check-in/seats',
    {
      summary: 'A seat for somebody who comes late, where they are needed most; they are noted as here',
      who: planners,
      params: idParams,
      body: whom,
      status: 201,
      answer: madePassAnswer,
      again: (call) => checkInPage(call as unknown as AnyCall, needs, call.params.id, ''),
    },
    async (call) => {
      const { scope, actor, params, body, timeZone: zone } = call;
      const set = await seatLateJudge(
        seatNeeds(call as unknown as AnyCall),
        scope,
        actor,
        params.id,
        body.personId,
        { zone, roleAt: (slotId) => roleWithoutSaying(scope, slotId, body.personId) },
      );
      if (set.faces && !call.wantsJson) return madePassPage(call as unknown as AnyCall, set);
      return done(
        `/exhibitions/${params.id}/check-in`,
        madePassView(set.seat, set.faces, originOf(call as unknown as AnyCall)),
        {
          status: 201,
          notice: 'panel.notice.seat-now',
          noticeParams: await placeOf(call as unknown as AnyCall, set),
        },
      );
    },
  );

  room.get(
    '/exhibitions/:id/itineraries',
    {
      summary:
        'Of every panelist a page for each day: when they are where; prints cleanly. {personId}: of one alone',
      who: planners,
      params: idParams,
      query: z.object({ personId: optionalLine(64).optional() }),
      answer: itinerariesAnswer,
    },
    (call) => itinerariesPage(call as unknown as AnyCall, call.params.id, call.query.personId || undefined),
  );
  return room;
}
