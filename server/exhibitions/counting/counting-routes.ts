/**
 * Whose sheets count, over HTTP: set a sheet aside or let it count again, admit a guest who came by a door
 * sign, accept a conflict of interest.
 */
import { z } from 'zod';
import { seenField } from '../refuse-stale.js';
import { idParams, prose } from '../../http/read-input.js';
import { done, routes, type FeatureRoutes, type Call } from '../../http/route.js';
import { acceptConflict } from '../seats/accept-conflict.js';
import { admitGuest } from './admit-guest.js';
import { notCountedBecause, notCountedReasons } from './counted-seats.js';
import { slotPage } from '../seats/panel-pages.js';
import { getSeat } from '../seats/seat-records.js';
import type { Seat } from '../seats/seat.js';
import { setSheetAside } from './set-aside-sheet.js';
import { MAX_SET_ASIDE_REASON } from './set-aside.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

/** A chair may be an advisor or a teacher of any role. */
const who = ['advisor', 'panelist', 'registrar', 'admin'] as const;
const reasonBody = z.object({ reason: prose(MAX_SET_ASIDE_REASON) });
const countingAnswer = z.object({
  seatId: z.string(),
  uncounted: z.enum(notCountedReasons).nullable().describe('Why the sheet counts nowhere; null: it counts.'),
});
const viewOf = (seat: Seat): z.output<typeof countingAnswer> => ({
  seatId: seat.id,
  uncounted: notCountedBecause(seat),
});

/** @param needs what the score sheets and the results answer */
export function makeCountingRoutes(needs: ExhibitionPorts): FeatureRoutes {
  const router = routes('panel');
  const again = async (call: Call<{ id: string }, unknown, unknown>) => {
    const seat = await getSeat(call.scope, call.params.id);
    return { ...(await slotPage(call, needs, seat.slotId)), form: seat.id };
  };
  const answer = (seat: Seat, notice: string) =>
    done(`/slots/${seat.slotId}`, viewOf(seat), { notice, noticeParams: { name: seat.name } });

  for (const kind of ['set-aside', 'count'] as const)
    router.post(
      `/seats/:id/${kind}`,
      {
        summary:
          kind === 'set-aside'
            ? 'Set a sheet aside with a reason: it stays in the record and counts nowhere. For the chair and the office'
            : 'Let a sheet that was set aside count again, with a reason. For the chair and the office',
        who,
        params: idParams,
        body: reasonBody,
        answer: countingAnswer,
        again,
      },
      async (call) => {
        const { scope, actor, context, params, body } = call;
        const needed = { ...needs, clock: context.clock };
        const seat = await setSheetAside(needed, scope, actor, params.id, kind, body.reason);
        return answer(seat, `panel.notice.${kind}`);
      },
    );

  router.post(
    '/seats/:id/admit',
    {
      summary: 'Admit a guest who came by the sign of a room: from then on their sheets count',
      who,
      params: idParams,
      body: z.object({ askedAt: seenField('`askedAt` of the seat in GET /slots/{id}') }),
      answer: countingAnswer,
      again,
    },
    async (call) => {
      const { scope, actor, context, params, body } = call;
      const needed = { ...needs, clock: context.clock };
      const seat = await admitGuest(needed, scope, actor, params.id, body.askedAt);
      return answer(seat, 'panel.notice.admitted');
    },
  );
  router.post(
    '/seats/:id/accept-conflict',
    {
      summary: 'Say why somebody may score here although they must not score whoever presents',
      who: ['advisor', 'registrar', 'admin'],
      params: idParams,
      body: z.object({
        acceptReason: prose(500),
        seen: seenField('`conflict.seen` of the seat in GET /slots/{id}'),
      }),
      answer: z.object({ seatId: z.string() }),
      again: async (call) => {
        const form = await again(call);
        return { ...form, form: `${form.form}-conflict` };
      },
    },
    async (call) => {
      const { scope, actor, context, params, body } = call;
      const needed = { ...needs, clock: context.clock };
      const said = { reason: body.acceptReason, seen: body.seen };
      const seat = await acceptConflict(needed, scope, actor, params.id, said);
      return done(
        `/slots/${seat.slotId}`,
        { seatId: seat.id },
        { notice: 'panel.notice.conflict-accepted', noticeParams: { name: seat.name } },
      );
    },
  );
  return router;
}
