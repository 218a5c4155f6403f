/** Seats over HTTP: the page of a slot, setting and emptying seats, making and revoking passes, my seats. */
import { z } from 'zod';
import type { SchoolScope } from '../../db/database.js';
import { flag, idParams, optionalText, pageQuery, text, optionalLine } from '../../http/read-input.js';
import { done, routes, type FeatureRoutes, type AnyCall } from '../../http/route.js';
import { InvalidInput } from '../../errors.js';
import { getExhibition } from '../exhibition-records.js';
import { seenField } from '../refuse-stale.js';
import { slotNow } from '../slots/slot.js';
import { findPresenters } from '../slots/name-presenters.js';
import { getPresentation, listSlotsOfExhibition } from '../slots/slot-records.js';
import { findPerson, listAdvisoriesOfStudents } from '../../people/people-records.js';
import { requirePermission } from '../../people/person.js';
import { renewPass, revokePass } from '../passes/issue-pass.js';
import { mySeatsPage } from './my-seats-page.js';
import { originOf } from '../../http/origin.js';
import { madePassPage, slotPage } from './panel-pages.js';
import { madePassAnswer, madePassView, mySeatsAnswer, slotPageAnswer } from './panel-view.js';
import { mayManageSeats, namedRoles, seatRoles, usualRole, type SeatRole } from './seat.js';
import { getSeat } from './seat-records.js';
import { removePanelist } from './remove-panelist.js';
import { setSeat } from './set-seat.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import { dayPage } from '../board/day-page.js';

const planners = ['advisor', 'registrar', 'admin'] as const;
const readers = ['student', 'guardian', 'panelist', ...planners] as const;

const absent = (maximum: number) => optionalLine(maximum).transform((value) => value || undefined);
const seatBody = z.object({
  personId: absent(64),
  name: absent(120),
  email: z
    .union([z.literal(''), z.email({ error: 'common.problem.not-an-email' }).max(254)])
    .optional()
    .transform((value) => value || undefined),
  organisation: absent(120),
  role: z.preprocess((value) => (value === '' ? undefined : value), z.enum(seatRoles).optional()),
  chair: flag,
  chairNow: z
    .string()
    .max(64)
    .optional()
    .describe(
      'With `chair`, where somebody has it: the id of their seat, as it was seen. 428 without it, 409 `stale`.',
    ),
  /** Also for somebody with an account. */
  pass: flag,
  conflictReason: optionalText(500).describe(
    'Why they may sit there although they named a student of this presentation as one they must not score, or wrote of somebody nobody has identified yet. 422 without it.',
  ),
});

/** @param needs what the score sheets and the people's room answer */
export function makePanelRoutes(needs: ExhibitionPorts): FeatureRoutes {
  const router = routes('panel');
  const seatNeeds = (call: AnyCall) => ({ ...needs, clock: call.context.clock, passKey: passKeyOf(call) });

  router.get(
    '/slots/:id',
    {
      summary: 'A slot: when, where, who sits on the panel',
      who: readers,
      params: idParams,
      /** Part of the name of somebody to set on the panel, or to present here as well, for the forms of the page. */
      query: z.object({ find: optionalLine(60), findStudent: optionalLine(60) }),
      answer: slotPageAnswer,
    },
    (call) => slotPage(call, needs, call.params.id),
  );

  router.post(
    '/slots/:id/seats',
    {
      summary:
        'Set somebody on the panel: {personId, role} of the school, or {name, role} of a guest, who gets a pass',
      who: planners,
      params: idParams,
      body: seatBody,
      status: 201,
      answer: madePassAnswer,
      again: (call) => slotPage(call, needs, call.params.id),
    },
    async (call) => {
      const { scope, actor, body, params } = call;
      requirePermission(mayManageSeats(actor));
      const role = body.role ?? (await roleWithoutSaying(scope, params.id, body.personId));
      const set = await setSeat(seatNeeds(call), scope, actor, params.id, {
        ...body,
        role,
      });
      if (set.faces && !call.wantsJson) return madePassPage(call, set);
      return done(`/slots/${params.id}`, madePassView(set.seat, set.faces, originOf(call)), {
        status: 201,
        notice: 'panel.notice.seat-set',
        noticeParams: { name: set.seat.name },
      });
    },
  );

  router.post(
    '/exhibitions/:id/judges',
    {
      summary:
        'Somebody comes late: a guest of this name gets a seat and a pass at once; left out, the slot is the one under way',
      who: planners,
      params: idParams,
      body: z.object({
        name: text(120),
        role: z.enum(namedRoles).default('guest'),
        slotId: absent(64),
        organisation: absent(120),
      }),
      status: 201,
      answer: madePassAnswer,
      again: (call) => dayPage(call, needs, call.params.id),
    },
    async (call) => {
      const { scope, actor, body, params } = call;
      requirePermission(mayManageSeats(actor));
      await getExhibition(scope, params.id);
      const slots = await listSlotsOfExhibition(scope, params.id);
      const slot = body.slotId
        ? slots.find((each) => each.id === body.slotId)
        : slotNow(slots, call.context.clock.now());
      if (!slot) throw new InvalidInput([{ field: 'slotId', message: 'panel.problem.no-slot-now' }]);
      const set = await setSeat(seatNeeds(call), scope, actor, slot.id, {
        name: body.name,
        role: body.role,
        organisation: body.organisation,
        chair: false,
      });
      if (!call.wantsJson) return madePassPage(call, set);
      return done(`/slots/${slot.id}`, madePassView(set.seat, set.faces, originOf(call)), { status: 201 });
    },
  );

  router.post(
    '/seats/:id/pass',
    {
      summary: 'A new pass for a seat; the old one stops working',
      who: planners,
      params: idParams,
      status: 201,
      answer: madePassAnswer,
    },
    async (call) => {
      const made = await renewPass(seatNeeds(call), call.scope, call.actor, call.params.id);
      if (!call.wantsJson) return madePassPage(call, made);
      return done(`/slots/${made.seat.slotId}`, madePassView(made.seat, made.faces, originOf(call)), {
        status: 201,
      });
    },
  );

  router.post(
    '/seats/:id/pass/revoke',
    {
      summary: 'The pass of a seat opens nothing any more',
      who: planners,
      params: idParams,
      answer: z.object({ revoked: z.string() }),
    },
    async (call) => {
      await revokePass(call.context, call.scope, call.actor, call.params.id);
      const seat = await getSeat(call.scope, call.params.id);
      return done(
        `/slots/${seat.slotId}`,
        { revoked: seat.id },
        { notice: 'panel.notice.pass-revoked', noticeParams: { name: seat.name } },
      );
    },
  );

  router.post(
    '/seats/:id/remove',
    {
      summary: 'Empty a seat; refused once something is on its sheet',
      who: planners,
      params: idParams,
      body: z.object({ seen: seenField('`seen` of the seat in GET /slots/{id}') }),
      answer: z.object({ removed: z.string() }),
      again: async (call) => {
        const { slotId } = await getSeat(call.scope, call.params.id);
        return slotPage(call, needs, slotId);
      },
    },
    async (call) => {
      const seat = await removePanelist(
        seatNeeds(call),
        call.scope,
        call.actor,
        call.params.id,
        call.body.seen,
      );
      return done(
        `/slots/${seat.slotId}`,
        { removed: seat.id },
        { notice: 'panel.notice.seat-removed', noticeParams: { name: seat.name } },
      );
    },
  );

  router.get(
    '/seats',
    {
      summary: 'Where I sit, and how far my sheets are',
      who: [...readers, 'guest'],
      query: pageQuery,
      answer: mySeatsAnswer,
    },
    (call) => mySeatsPage(call, needs, call.query),
  );
  return router;
}

/** Passes are hashed with a key of their own. */
export const passKeyOf = (call: Pick<AnyCall, 'context'>): Buffer => call.context.config.keyFor('pass');

/** Who somebody is to those who present, where nobody says it. */
export async function roleWithoutSaying(
  scope: SchoolScope,
  slotId: string,
  personId: string | undefined,
): Promise<SeatRole> {
  if (!personId) return 'guest';
  const slot = await getPresentation(scope, slotId);
  const [person, people] = await Promise.all([findPerson(scope, personId), findPresenters(scope, [slot])]);
  const students = [...people.values()];
  if (!person || students.length === 0) return 'guest';
  const advisories = await listAdvisoriesOfStudents(scope, students);
  return usualRole(
    person,
    { guardianIds: students.flatMap(({ guardianIds }) => guardianIds) },
    advisories.some(({ advisorIds }) => advisorIds.includes(person.id)),
  );
}
