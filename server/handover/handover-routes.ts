/** Handovers of a school: what it was offered and has offered, and what its office may do with each. */
import { z } from 'zod';
import { pagerOf } from '../http/pager.js';
import { idParams, listOf, optionalLine, optionalText, pageQuery } from '../http/read-input.js';
import type { FamilyPorts } from '../people/change-family.js';
import { done, page, routes, type FeatureRoutes } from '../http/route.js';
import { acceptHandover, copyAgain, declineHandover, takeBackHandover } from './answer-handover.js';
import { handoverPage, handoverPageAnswer } from './handover-page.js';
import { listIncoming, listOutgoing } from './handover-records.js';
import { handoverAnswer, handoverView } from './handover-view.js';
import { offerAsked } from './start-handover.js';

const office = ['registrar', 'admin'] as const;
const MAX_REASON = 1000;
/** Guardians of one student. */
const MAX_GUARDIANS = 50;
const reason = optionalText(MAX_REASON);
const optionalId = z
  .string()
  .max(64)
  .nullable()
  .optional()
  .transform((id) => id || null);
/** A form sends an empty line with the ticks, so that no tick is nobody. */
const comingAlong = z
  .union([z.string().max(64), z.array(z.string().max(64)).max(MAX_GUARDIANS)])
  .optional()
  .transform((sent) => (sent === undefined ? undefined : [sent].flat().filter(Boolean)));

const acted = z.object({ id: z.string(), state: handoverAnswer.shape.state });

export function makeHandoverRoutes(ports: FamilyPorts): FeatureRoutes {
  const router = routes('handover');

  router.get(
    '/handovers',
    {
      summary: 'Handovers of students: `side` to (offered to this school, or asked for) or from',
      who: office,
      query: pageQuery.extend({ side: z.enum(['to', 'from']).default('to') }),
      answer: listOf(handoverAnswer),
    },
    async (call) => {
      const { scope, query, t } = call;
      const list = query.side === 'to' ? listIncoming : listOutgoing;
      const found = await list(scope, query.page, query.perPage);
      return page(
        'handover/handovers',
        {
          ...found,
          items: found.items.map((handover) => {
            const view = handoverView(handover, query.side);
            const school = view.otherSchool ?? '';
            return { ...view, words: t(`handover.state.${query.side}.${handover.state}`, { school }) };
          }),
          side: query.side,
          pager: pagerOf(found, '/handovers', { side: query.side }),
        },
        { title: t('handover.list.title'), crumbs: [{ href: '/people', label: t('people.people.title') }] },
      );
    },
  );

  router.get(
    '/handovers/:id',
    {
      summary: 'One handover, for the office of either school',
      who: office,
      params: idParams,
      answer: handoverPageAnswer,
    },
    handoverPage,
  );

  router.post(
    '/handovers/:id/accept',
    {
      summary: 'Accept: the student is enrolled here, and the record is copied by a background job',
      who: office,
      token: 'never',
      params: idParams,
      body: z.object({
        personId: optionalId.describe('Who it is here; left out: somebody new.'),
        grade: optionalLine(10),
        advisoryId: optionalId,
        guardianIds: comingAlong.describe(
          'Which of `arriving.guardians` become guardians here; left out: all of them.',
        ),
      }),
      status: 202,
      answer: acted.extend({ studentId: z.string(), jobId: z.string() }),
      again: handoverPage,
    },
    async (call) => {
      const { context, scope, actor, params, body } = call;
      const needs = { ...ports, clock: context.clock };
      const { handover, job } = await acceptHandover(needs, scope, actor, params.id, {
        ...{ personId: body.personId, grade: body.grade || null, advisoryId: body.advisoryId },
        guardianIds: body.guardianIds,
      });
      const view = {
        id: handover.id,
        state: handover.state,
        studentId: handover.newStudentId!,
        jobId: job.id,
      };
      return done(`/handovers/${handover.id}`, view, { status: 202, notice: 'handover.notice.accepted' });
    },
  );

  router.post(
    '/handovers/:id/decline',
    {
      summary: 'Decline what was offered, or asked for',
      who: office,
      token: 'never',
      params: idParams,
      body: z.object({ reason }),
      answer: acted,
      again: handoverPage,
    },
    async (call) => {
      const { context, scope, actor, params, body } = call;
      const { id, state } = await declineHandover(context, scope, actor, params.id, body.reason);
      return done(`/handovers/${id}`, { id, state }, { notice: 'handover.notice.declined' });
    },
  );

  router.post(
    '/handovers/:id/take-back',
    {
      summary: 'Take back what the other school has not answered yet',
      who: office,
      token: 'never',
      params: idParams,
      answer: acted,
      again: handoverPage,
    },
    async (call) => {
      const { id, state } = await takeBackHandover(call.context, call.scope, call.actor, call.params.id);
      return done(`/handovers/${id}`, { id, state }, { notice: 'handover.notice.taken-back' });
    },
  );

  router.post(
    '/handovers/:id/offer',
    {
      summary: 'Offer the student to the school that has asked',
      who: office,
      token: 'never',
      params: idParams,
      body: z.object({ reason }),
      answer: acted,
      again: handoverPage,
    },
    async (call) => {
      const { context, scope, actor, params, body } = call;
      const { id, state } = await offerAsked(context, scope, actor, params.id, body.reason);
      return done(`/handovers/${id}`, { id, state }, { notice: 'handover.notice.offered' });
    },
  );

  router.post(
    '/handovers/:id/copy',
    {
      summary: 'Go on copying the record after it has failed',
      who: office,
      token: 'never',
      params: idParams,
      status: 202,
      answer: z.object({ jobId: z.string() }),
      again: handoverPage,
    },
    async (call) => {
      const job = await copyAgain(call.context, call.scope, call.actor, call.params.id);
      return done(`/jobs/${job.id}`, { jobId: job.id }, { status: 202 });
    },
  );

  return router;
}
