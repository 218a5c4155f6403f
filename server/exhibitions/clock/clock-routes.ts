/** The clock of a room over HTTP: everybody with a part in the presentation sees the same one. */
import { z } from 'zod';
import { Forbidden } from '../../errors.js';
import { clockBody, clockFields } from './clock-fields.js';
import { isRunning } from '../exhibition.js';
import { presenterLine } from '../groups/group.js';
import { clockFace, clockMinutes, mayRunClock } from './room-clock.js';
import { idParams } from '../../http/read-input.js';
import { done, page, routes, type PageAnswer, type FeatureRoutes, type AnyCall } from '../../http/route.js';
import { readableSlot } from '../seats/panel-pages.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import { advanceClock } from './advance-clock.js';

const whoever = ['student', 'guardian', 'panelist', 'guest', 'advisor', 'registrar', 'admin'] as const;
const clockAnswer = z.object({ slotId: z.string(), ...clockFields });

/** @param needs what the score sheets and the people's room answer */
export function makeClockRoutes(needs: ExhibitionPorts): FeatureRoutes {
  const router = routes('panel');
  router.get(
    '/slots/:id/clock',
    {
      summary: 'The clock of the room: the phase, when it ends, and the server’s time',
      who: whoever,
      params: idParams,
      answer: clockAnswer,
    },
    (call) => clockPage(call, call.params.id),
  );
  router.post(
    '/slots/:id/clock',
    {
      summary:
        'Start the clock or move it on from the phase that was seen ({from}); {back} sets it to before it began',
      who: whoever,
      params: idParams,
      body: clockBody,
      answer: clockAnswer,
      again: (call) => clockPage(call, call.params.id),
    },
    async (call) => {
      const { scope, actor, context, params, body } = call;
      const acts = { ...needs, clock: context.clock };
      await advanceClock(acts, scope, actor, params.id, body.from, body.back);
      const { view } = await clockPage(call, params.id);
      return done(`/slots/${params.id}/clock`, clockAnswer.parse(view));
    },
  );
  return router;
}

async function clockPage(call: AnyCall, id: string): Promise<PageAnswer> {
  const { actor, context, t } = call;
  const { slot, exhibition, people, seats, mine } = await readableSlot(call, id);
  // A guest's session opens the seats it came by and no others.
  if (actor.seatIds && !mine) throw new Forbidden();
  const view = {
    slotId: slot.id,
    now: context.clock.now().toISOString(),
    ...clockFace(slot, clockMinutes(exhibition, slot)),
  };
  const title = t('panel.clock.title', { room: slot.room });
  if (call.wantsJson) return page('panel/clock', view, { title });
  const runs = isRunning(exhibition) && mayRunClock(actor, exhibition, seats);
  return page(
    'panel/clock',
    {
      ...view,
      room: slot.room,
      studentName: presenterLine(slot, people),
      runs,
      sheetHref: mine ? `/seats/${mine.id}/sheet` : null,
      phases: view.phases.map((phase) => ({ ...phase, label: t(`panel.clock.phase.${phase.name}`) })),
    },
    { title, layout: 'bare', scripts: ['room-clock'] },
  );
}
