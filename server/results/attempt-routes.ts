/** After "not yet": plan the next attempt in one step; and say which of several attempts counts. */
import { z } from 'zod';
import { momentText, readMoment, whichTime } from '../exhibitions/day-and-time.js';
import { MAX_SLOT_MINUTES, slotMinutesMinimum } from '../exhibitions/slots/slot.js';
import { flag, idParams, optionalText, text, wholeNumber, prose } from '../http/read-input.js';
import { done, routes, type FeatureRoutes } from '../http/route.js';
import { chooseAttempt } from './choose-attempt.js';
import type { ExhibitionPorts } from '../exhibitions/exhibition-ports.js';
import { planAttempt } from './plan-attempt.js';
import { resultPage } from './result-routes.js';
import { MAX_CORRECTION_REASON } from './revision.js';

const absentWhenEmpty = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

export function makeAttemptRoutes(ports: ExhibitionPorts): FeatureRoutes {
  const router = routes('results');

  router.post(
    '/slots/:id/next-attempt',
    {
      summary: 'Plan the next attempt of the student, before the same panel if wanted; this attempt stays',
      who: ['advisor', 'registrar', 'admin'],
      params: idParams,
      body: z.object({
        exhibitionId: absentWhenEmpty(z.string().max(64)).describe(
          'Left out: the first exhibition by the same rubric that begins after today.',
        ),
        startsAt: momentText,
        whichTime,
        room: text(60),
        minutes: absentWhenEmpty(wholeNumber(slotMinutesMinimum, MAX_SLOT_MINUTES)),
        samePanel: flag,
        conflictReason: optionalText(500).describe(
          'With `samePanel`: why those may sit there anyway who must not score the student, or wrote of somebody nobody has identified yet. 422 without it.',
        ),
      }),
      answer: z.object({
        slotId: z.string(),
        exhibitionId: z.string(),
        attempt: z.number(),
        startsAt: z.string(),
        room: z.string(),
        seated: z.number(),
      }),
      status: 201,
      again: async (call) => ({ ...(await resultPage(call)), form: 'again-' }),
    },
    async (call) => {
      const { context, scope, actor } = call;
      const { whichTime: which, ...body } = call.body;
      const { slot, seated } = await planAttempt(
        { ...ports, clock: context.clock, passKey: context.config.keyFor('pass') },
        scope,
        actor,
        call.params.id,
        {
          ...body,
          conflictReason: body.conflictReason ?? '',
          startsAt: readMoment(body.startsAt, call.timeZone, 'startsAt', which),
          reopenReason: call.t('results.again.reopen-reason'),
        },
      );
      const { id: slotId, exhibitionId, attempt, startsAt } = slot;
      return done(
        `/slots/${slotId}`,
        { slotId, exhibitionId, attempt, startsAt: startsAt.toISOString(), room: slot.room, seated },
        { status: 201, notice: 'results.notice.planned', noticeParams: { attempt } },
      );
    },
  );

  router.post(
    '/slots/:id/counts',
    {
      summary:
        'Say which attempt at this counts, with a reason; without a slot the school’s rule decides again',
      who: ['advisor', 'registrar', 'admin'],
      params: idParams,
      body: z.object({
        slotId: optionalText(64),
        reason: prose(MAX_CORRECTION_REASON),
        state: z
          .string()
          .max(64)
          .optional()
          .describe('Required: `attemptsState` of GET /slots/{id}/result. 428 without it, 409 `stale`.'),
      }),
      answer: z.object({ slotId: z.string().nullable(), reason: z.string(), at: z.string() }),
      again: async (call) => ({ ...(await resultPage(call)), form: 'choice-' }),
    },
    async (call) => {
      const { slotId, reason, state } = call.body;
      const asked = { slotId: slotId || null, reason, state };
      const choice = await chooseAttempt(call.context, call.scope, call.actor, call.params.id, asked);
      const view = { slotId: choice.slotId, reason: choice.reason, at: choice.at.toISOString() };
      return done(`/slots/${call.params.id}/result#attempts`, view, { notice: 'results.notice.chosen' });
    },
  );
  return router;
}
