/** Moving a slot over HTTP: asking what would be wrong with a place, and putting it there. */
import { z } from 'zod';
import { InvalidInput } from '../../errors.js';
import { idParams, optionalText, text, wholeNumber } from '../../http/read-input.js';
import { done, page, routes, type FeatureRoutes, type AnyCall } from '../../http/route.js';
import { changeSlot, checkMove, type MoveCheck, type SlotPlace } from './change-slot.js';
import { momentText, readMoment, timeText, whichTime } from '../day-and-time.js';
import { planners } from '../exhibition-routes.js';
import { namePresenters } from './name-presenters.js';
import { showSlots } from './show-slots.js';
import { endOf, roomKey, MAX_SLOT_MINUTES, slotMinutesMinimum } from './slot.js';
import { getPresentation } from './slot-records.js';
import { slotAnswer } from './slot-face.js';
import { swapSlots } from './swap-slots.js';
import { slotPage } from '../seats/panel-pages.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

const minutes = wholeNumber(slotMinutesMinimum, MAX_SLOT_MINUTES);
/**
 * The revision of the slot that the planner sees: a move needs it, a swap needs both; asking what would be
 * wrong does not.
 */
const revision = z.preprocess(
  (value) => (value === '' ? undefined : value),
  wholeNumber(0, 1_000_000).optional(),
);
const moveBody = z.object({ startsAt: momentText, whichTime, minutes, room: text(60), revision });
const checkBody = moveBody.extend({ minutes: minutes.optional() });

/** `id@revision` as the form sends it, or the id alone. */
const swapBody = z.object({
  withSlotId: text(100),
  revision,
  withRevision: revision,
  reason: optionalText(500),
});

const checkAnswer = z.object({
  slotId: z.string(),
  startsAt: z.string(),
  endsAt: z.string(),
  minutes: z.number(),
  room: z.string(),
  revision: z.number(),
  /** Whether the slot may go there. */
  allowed: z.boolean(),
  problems: z.array(z.object({ field: z.string(), message: z.string() })),
  /** Rules that it would break: the move then needs a reason. */
  warnings: z.array(z.object({ rule: z.string(), message: z.string() })),
  /** The same in one sentence, for somebody who listens. */
  says: z.string(),
});

/** @param slotPage shows the slot's page, which is the panel's, again with what was typed */
export function makeMoveRoutes(ports: ExhibitionPorts): FeatureRoutes {
  const router = routes('exhibition');

  router.post(
    '/slots/:id/move-check',
    {
      summary: 'What would be wrong with the slot at another time or in another room; changes nothing',
      who: planners,
      params: idParams,
      body: checkBody,
      answer: checkAnswer,
      again: (call) => slotPage(call, ports, call.params.id),
    },
    async (call) => {
      const { scope, actor, params } = call;
      const { whichTime: which, ...body } = call.body;
      const length = body.minutes ?? (await getPresentation(scope, params.id)).minutes;
      const place = {
        ...body,
        minutes: length,
        startsAt: readMoment(body.startsAt, call.timeZone, 'startsAt', which),
      };
      const check = await checkMove(
        { ...ports, clock: call.context.clock },
        scope,
        actor,
        params.id,
        place,
        body.revision,
      );
      const any = call;
      if (!call.wantsJson) return slotPage(any, ports, params.id);
      return page('panel/slot', await showCheck(any, check, place), { title: '' });
    },
  );

  router.put(
    '/slots/:id',
    {
      summary: 'Move a slot to another time or room',
      who: planners,
      params: idParams,
      body: moveBody.extend({ reason: optionalText(500) }),
      answer: slotAnswer,
      alsoPost: true,
      again: (call) => slotPage(call, ports, call.params.id),
    },
    async (call) => {
      const { revision: seen, reason, whichTime: which, ...place } = call.body;
      const slot = await changeSlot(
        { ...ports, clock: call.context.clock },
        call.scope,
        call.actor,
        call.params.id,
        { ...place, startsAt: readMoment(place.startsAt, call.timeZone, 'startsAt', which) },
        { seen, reason },
      );
      const [view] = await showSlots(call, ports, [slot]);
      return done(`/slots/${slot.id}`, view!, { notice: 'exhibition.notice.slot-changed' });
    },
  );

  router.post(
    '/slots/:id/swap',
    {
      summary: 'Swap the times and rooms of two presentations of one exhibition in one act',
      who: planners,
      params: idParams,
      body: swapBody,
      answer: z.object({ slots: z.array(slotAnswer) }),
      again: (call) => slotPage(call, ports, call.params.id),
    },
    async (call) => {
      const { withSlotId, revision: seen, withRevision, reason } = call.body;
      const [otherId, seenInForm] = withSlotId.split('@');
      if (seenInForm !== undefined && !/^\d{1,7}$/.test(seenInForm))
        throw new InvalidInput([{ field: 'withSlotId', message: 'exhibition.problem.swap-with-whom' }]);
      const seenOther = withRevision ?? (seenInForm ? Number(seenInForm) : undefined);
      const needs = { ...ports, clock: call.context.clock };
      const slots = await swapSlots(needs, call.scope, call.actor, call.params.id, otherId ?? '', {
        ...{ seen, seenOther, reason },
      });
      const views = await showSlots(call, ports, slots);
      return done(`/slots/${slots[0].id}`, { slots: views }, { notice: 'exhibition.notice.slots-swapped' });
    },
  );
  return router;
}

async function showCheck(call: AnyCall, { slot, problems, warnings }: MoveCheck, place: SlotPlace) {
  const { t, timeZone, locale } = call;
  const name = await namePresenters(call.scope, slot);
  const told = problems.map(({ field, message, params }) => ({ field, message: t(message, params) }));
  const warned = warnings.map(({ rule, message, params }) => ({ rule, message: t(message, params) }));
  const unmoved =
    slot.startsAt.getTime() === place.startsAt.getTime() && roomKey(slot.room) === roomKey(place.room);
  const where = t('exhibition.board.where', {
    name,
    room: place.room,
    from: timeText(place.startsAt, timeZone, locale),
    until: timeText(endOf(place), timeZone, locale),
  });
  const against = [...told, ...warned];
  const verdict =
    against.length > 0
      ? against.map(({ message }) => message).join(' ')
      : t(unmoved ? 'exhibition.board.is-here' : 'exhibition.board.is-free');
  return {
    slotId: slot.id,
    startsAt: place.startsAt.toISOString(),
    endsAt: endOf(place).toISOString(),
    minutes: place.minutes,
    room: place.room,
    revision: slot.revision ?? 0,
    allowed: told.length === 0,
    problems: told,
    warnings: warned,
    says: `${where} ${verdict}`,
  };
}
