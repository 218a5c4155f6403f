/** The members of a group over HTTP: who comes in, who goes, who did not come. The page is the presentation's. */
import { z } from 'zod';
import { flag, idParams, text } from '../../http/read-input.js';
import { done, routes, type FeatureRoutes, type AnyCall, type Call } from '../../http/route.js';
import { addMember, removeMember, setAbsent } from './change-group.js';
import { planners } from '../exhibition-routes.js';
import { showSlots } from '../slots/show-slots.js';
import { slotAnswer } from '../slots/slot-face.js';
import type { Slot } from '../slots/slot.js';
import { slotPage } from '../seats/panel-pages.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

const memberBody = z.object({ studentId: text(64) });

/** @param slotPage shows the slot's page, which is the panel's, again with what was typed */
export function makeGroupRoutes(ports: ExhibitionPorts): FeatureRoutes {
  const router = routes('exhibition');
  const again = (call: Call<{ id: string }, unknown, unknown>) => slotPage(call, ports, call.params.id);
  const answer = async (call: AnyCall, slot: Slot, notice: string, status: 200 | 201 = 200) => {
    const [view] = await showSlots(call, ports, [slot]);
    return done(`/slots/${slot.id}`, view!, { status, notice });
  };

  router.post(
    '/slots/:id/members',
    {
      summary: 'One more student presents here: alone so far, the two become a group. Until a sheet is begun',
      who: planners,
      params: idParams,
      body: memberBody,
      status: 201,
      answer: slotAnswer,
      again,
    },
    async (call) => {
      const { scope, actor, context, params, body } = call;
      const slot = await addMember(
        { ...ports, clock: context.clock },
        scope,
        actor,
        params.id,
        body.studentId,
      );
      return answer(call, slot, 'exhibition.notice.member-added', 201);
    },
  );

  router.post(
    '/slots/:id/members/remove',
    {
      summary: 'Take somebody out of a group again; until a sheet is begun',
      who: planners,
      params: idParams,
      body: memberBody,
      answer: slotAnswer,
      again,
    },
    async (call) => {
      const { scope, actor, context, params, body } = call;
      const needs = { ...ports, clock: context.clock };
      const slot = await removeMember(needs, scope, actor, params.id, body.studentId);
      return answer(call, slot, 'exhibition.notice.member-removed');
    },
  );

  router.post(
    '/slots/:id/members/absent',
    {
      summary:
        'Say that whoever presents, alone or in the group, did not come (`absent`), or did after all; until it is published',
      who: planners,
      params: idParams,
      body: memberBody.extend({ absent: flag }),
      answer: slotAnswer,
      again,
    },
    async (call) => {
      const { scope, actor, context, params, body } = call;
      const needs = { ...ports, clock: context.clock };
      const slot = await setAbsent(needs, scope, actor, params.id, body.studentId, body.absent);
      return answer(call, slot, body.absent ? 'exhibition.notice.absent' : 'exhibition.notice.came');
    },
  );
  return router;
}
