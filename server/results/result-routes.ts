/** The result of a slot. Every answer passes the seal first. */
import { z } from 'zod';
import { Forbidden } from '../errors.js';
import { idParams } from '../http/read-input.js';
import { done, page, routes, type Call, type PageAnswer } from '../http/route.js';
import { isOwnSeat } from '../panel/seat.js';
import { seesOnlyRoles, sightOf } from '../scores/seal.js';
import { gatherPanel, gatherSheets, gatherTalk, type SlotPanel } from './gather-result.js';
import { publishResult } from './publish-result.js';
import { closedView, openView } from './result-view.js';
import { mayPublish } from './result.js';
import { resultAnswer } from './result-answers.js';
import { revealSight } from './reveal.js';
import { revisedSheets } from './revision.js';
import { tallySheets } from './tally.js';

export const resultRoutes = routes('results');

type SlotCall = Call<{ id: string }, unknown, unknown>;

const who = ['student', 'guardian', 'advisor', 'panelist', 'guest', 'registrar', 'admin'] as const;

/** @throws Forbidden for somebody to whom the slot is nothing */
async function viewOf(call: SlotCall) {
  const panel = await gatherPanel(call.scope, call.context.rubrics, call.params.id);
  const sight = sightOf(call.actor, panel);
  if (sight === 'none') throw new Forbidden();
  if (sight !== 'open') return closedView(panel, sight, ownOpenSeat(call, panel));
  const { result } = panel;
  const [sheets, talk] = await Promise.all([
    result?.sheets ?? gatherSheets(call.scope, panel),
    gatherTalk(call.scope, panel),
  ]);
  return openView(panel, {
    sheets,
    talk,
    tally: result?.tally ?? tallySheets(panel.rubric, revisedSheets(sheets, talk.revisions)),
    rolesOnly: seesOnlyRoles(call.actor, panel, result?.voices ?? 'by-role'),
    mayPublish: mayPublish(call.actor, panel),
    mayTalk: revealSight(call.actor, panel) !== 'none',
    roleName: (role) => call.t(`common.role.${role}`),
  });
}

function ownOpenSeat(call: SlotCall, panel: SlotPanel): string | null {
  const own = panel.seats.find(
    (seat) => isOwnSeat(call.actor, seat) && panel.states.get(seat.id) !== 'submitted',
  );
  return own?.id ?? null;
}

async function resultPage(call: SlotCall): Promise<PageAnswer> {
  const view = await viewOf(call);
  return page(view.sight === 'open' ? 'results/result' : 'results/waiting', view, {
    title: call.t('results.title', { student: view.student.name }),
    crumbs: [
      { href: '/', label: call.t('common.nav.home') },
      { href: `/slots/${view.slot.id}`, label: view.exhibition.title },
    ],
  });
}

resultRoutes.get(
  '/slots/:id/result',
  {
    summary: 'The voices of a panel and their tally, for those who may see them now',
    who,
    params: idParams,
    answer: resultAnswer,
  },
  resultPage,
);

resultRoutes.post(
  '/slots/:id/result/publish',
  {
    summary: 'Freeze the result and show it to the student and the family; again changes nothing',
    who: ['student', 'advisor', 'panelist', 'guest', 'registrar', 'admin'],
    params: idParams,
    answer: z.object({ slotId: z.string(), publishedAt: z.string(), hash: z.string() }),
    again: resultPage,
  },
  async (call) => {
    const { result } = await publishResult(call.context, call.scope, call.actor, call.params.id);
    const view = { slotId: result.id, publishedAt: result.publishedAt.toISOString(), hash: result.hash };
    return done(`/slots/${result.id}/result`, view, { notice: 'results.notice.published' });
  },
);
