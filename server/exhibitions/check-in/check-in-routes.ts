/**
 * The check-in desk over HTTP: who is here, who is missing, a seat for somebody who comes late, and the
 * itineraries to hand out.
 */
import { z } from 'zod';
import { timeText } from '../day-and-time.js';
import { getSlot } from '../slots/slot-records.js';
import { idParams, optionalLine, text } from '../../http/read-input.js';
import { originOf } from '../../http/origin.js';
import { done, routes, type FeatureRoutes, type AnyCall, type Call } from '../../http/route.js';
import { checkInAnswer, checkInPage, itinerariesAnswer, itinerariesPage } from './check-in-page.js';
import { openSeatsAnswer, openSeatsPage } from './open-seats-page.js';
import { noteArrival, seatLateJudge } from './note-arrival.js';
import { madePassPage } from '../seats/panel-pages.js';
import { passKeyOf, roleWithoutSaying } from '../seats/panel-routes.js';
import { madePassAnswer, madePassView } from '../seats/panel-view.js';
import type { SetSeat } from '../seats/set-seat.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

/** The panel may have been chosen for them, so the message says which it is. */
async function placeOf({ scope, timeZone, locale }: AnyCall, { seat }: SetSeat) {
  const { room, startsAt } = await getSlot(scope, seat.slotId);
  return { name: seat.name, room, time: timeText(startsAt, timeZone, locale) };
}

const planners = ['advisor', 'registrar', 'admin'] as const;
/** @param place whose line the list goes on with */
const deskAddress = (id: string, { search, place }: { search: string; place?: string }): string =>
  `/exhibitions/${id}/check-in${search ? `?search=${encodeURIComponent(search)}` : ''}${place ? `#person-${place}` : ''}`;
const whom = z.object({
  personId: text(64),
  /** What was searched for at the desk, which it goes on with. */
  search: optionalLine(60),
  place: z
    .string()
    .regex(/^[\w-]{0,64}$/)
    .default(''),
});
/** Shows the desk again as it was. */
const deskAgain = (call: Call<{ id: string }, unknown, unknown>, needs: ExhibitionPorts) => {
  const { search } = (call.body ?? {}) as { search?: unknown };
  const typed = typeof search === 'string' ? search : '';
  return checkInPage(call, needs, call.params.id, typed);
};

export function makeCheckInRoutes(needs: ExhibitionPorts): FeatureRoutes {
  const router = routes('panel');
  const seatNeeds = (call: AnyCall) => ({ ...needs, clock: call.context.clock, passKey: passKeyOf(call) });

  router.get(
    '/exhibitions/:id/check-in',
    {
      summary:
        'Who of the panels is here today and who is missing; {search} by name, room or organization, also of people who sit on none yet',
      who: planners,
      params: idParams,
      query: z.object({ search: optionalLine(60).optional() }),
      answer: checkInAnswer,
    },
    (call) => checkInPage(call, needs, call.params.id, call.query.search ?? ''),
  );

  for (const [verb, here] of [
    ['arrived', true],
    ['not-here', false],
  ] as const)
    router.post(
      `/exhibitions/:id/check-in/${verb}`,
      {
        summary: here ? 'Somebody of the panels is here' : 'Somebody is not here after all',
        who: planners,
        params: idParams,
        body: whom,
        answer: z.object({ personId: z.string(), here: z.boolean() }),
        again: (call) => deskAgain(call, needs),
      },
      async (call) => {
        const { scope, actor, params, body, timeZone: zone } = call;
        const seatActs = seatNeeds(call);
        await noteArrival(seatActs, scope, actor, params.id, body.personId, { here, zone });
        return done(deskAddress(params.id, body), { personId: body.personId, here });
      },
    );

  router.get(
    '/exhibitions/:id/check-in/seats/:personId',
    {
      summary: 'Where somebody who has come could sit now, where they are needed most first',
      who: planners,
      params: idParams.extend({ personId: text(64) }),
      query: z.object({ search: optionalLine(60) }),
      answer: openSeatsAnswer,
    },
    (call) => {
      const asked = { personId: call.params.personId, search: call.query.search };
      return openSeatsPage(call, needs, call.params.id, asked);
    },
  );

  router.post(
    '/exhibitions/:id/check-in/seats',
    {
      summary:
        'A seat at {slotId} for somebody who comes late; left out, where they are needed most. They are noted as here. 200: the seat they have at that time',
      who: planners,
      params: idParams,
      body: whom.extend({ slotId: z.string().max(64).optional() }),
      status: 201,
      answer: madePassAnswer,
      again: (call) => {
        const { slotId, personId, search } = (call.body ?? {}) as Record<string, unknown>;
        if (!slotId || typeof personId !== 'string') return deskAgain(call, needs);
        const asked = { personId, search: typeof search === 'string' ? search : '' };
        return openSeatsPage(call, needs, call.params.id, asked);
      },
    },
    async (call) => {
      const { scope, actor, params, body, timeZone: zone } = call;
      const set = await seatLateJudge(seatNeeds(call), scope, actor, params.id, body.personId, {
        zone,
        slotId: body.slotId || undefined,
        roleAt: (slotId) => roleWithoutSaying(scope, slotId, body.personId),
      });
      if (set.faces && !call.wantsJson) return madePassPage(call, set);
      return done(deskAddress(params.id, body), madePassView(set.seat, set.faces, originOf(call)), {
        status: set.isNew ? 201 : 200,
        notice: set.isNew ? 'panel.notice.seat-now' : 'panel.notice.sits-already',
        noticeParams: await placeOf(call, set),
      });
    },
  );

  router.get(
    '/exhibitions/:id/itineraries',
    {
      summary:
        'Of every panelist a page for each day: when they are where; prints cleanly. {personId}: of one alone',
      who: planners,
      params: idParams,
      query: z.object({ personId: optionalLine(64).optional() }),
      answer: itinerariesAnswer,
    },
    (call) => itinerariesPage(call, call.params.id, call.query.personId || undefined),
  );
  return router;
}
