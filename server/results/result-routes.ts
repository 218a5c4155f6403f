/** The result of a slot. Every answer passes the seal first. */
import { z } from 'zod';
import { Forbidden } from '../errors.js';
import { accessEnded } from '../http/access-ended.js';
import { idParams, optionalText, several } from '../http/read-input.js';
import { done, page, routes, type Call, type PageAnswer } from '../http/route.js';
import { isOwnSeat } from '../panel/seat.js';
import { correctedViews } from '../people/frozen-names.js';
import { seesOnlyRoles, sightOf, type Sight } from '../scores/seal.js';
import { attainments } from './attainment.js';
import { attainmentPart } from './attainment-page.js';
import {
  gatherNames,
  gatherPanel,
  gatherSheets,
  gatherTalk,
  gatherVisits,
  gatherWorks,
  listHiddenVisits,
  underNames,
  withSetAsideReasons,
  type SlotPanel,
  type Talk,
} from './gather-result.js';
import { publishResult } from './publish-result.js';
import { closedView, openView, type Opening } from './result-view.js';
import { countedSheets, mayPublish, type FrozenSheet } from './result.js';
import { resultAnswer } from './result-answers.js';
import { revealSight } from './reveal.js';
import { REASON_MAXIMUM, revisedSheets } from './revision.js';
import { tallySheets } from './tally.js';

export const resultRoutes = routes('results');

type SlotCall = Call<{ id: string }, unknown, unknown>;

export const resultReaders = [
  'student',
  'guardian',
  'advisor',
  'panelist',
  'guest',
  'registrar',
  'admin',
] as const;

/** @throws Forbidden for somebody to whom the slot is nothing */
export async function openingOf(
  call: SlotCall,
): Promise<{ panel: SlotPanel; sight: Sight; opening: Opening | null }> {
  const { scope, context } = call;
  const panel = await gatherPanel(scope, context.rubrics, call.params.id, context.clock.now());
  const sight = sightOf(call.actor, panel);
  if (sight === 'ended' && panel.panelEndedAt) throw accessEnded(call, panel.panelEndedAt);
  if (sight === 'none' || sight === 'ended') throw new Forbidden();
  if (sight !== 'open') return { panel, sight, opening: null };
  const { result } = panel;
  const readsAll = !seesOnlyRoles(call.actor, panel, 'by-role');
  const [given, told, left, hidden, names] = await Promise.all([
    result?.sheets ?? gatherSheets(scope, panel),
    gatherTalk(scope, panel),
    result ? (result.visits ?? []) : gatherVisits(scope, panel),
    listHiddenVisits(scope, panel),
    gatherNames(scope, panel),
  ]);
  const { sealed, said } = readsAll ? { sealed: given, said: told } : ofCounted(given, told);
  const { sheets: named, talk, visits } = underNames(names, { sheets: sealed, talk: said, visits: left });
  const sheets = await withSetAsideReasons(scope, panel, named);
  const opening = {
    sheets,
    talk,
    visits,
    hidden: { ids: hidden, shown: readsAll },
    works: await gatherWorks(scope, call.actor, panel, sheets),
    tally: result?.tally ?? tallySheets(panel.rubric, revisedSheets(sheets, talk.revisions)),
    rolesOnly: seesOnlyRoles(call.actor, panel, result?.voices ?? 'by-role'),
    corrected: correctedViews(names),
    mayPublish: mayPublish(call.actor, panel),
    mayTalk: revealSight(call.actor, panel) !== 'none',
    roleName: (role: string) => call.t(`common.role.${role}`),
  };
  return { panel, sight, opening };
}

/** What student and family read: voices that count nowhere are left out with everything that they said. */
function ofCounted(given: FrozenSheet[], told: Talk): { sealed: FrozenSheet[]; said: Talk } {
  const sealed = countedSheets(given);
  const ids = new Set(sealed.map(({ seatId }) => seatId));
  return {
    sealed,
    said: { ...told, revisions: told.revisions.filter(({ seatId }) => ids.has(seatId)) },
  };
}

async function viewOf(call: SlotCall) {
  const { panel, sight, opening } = await openingOf(call);
  if (opening) {
    const { tally, talk, rolesOnly } = opening;
    const standing = await attainmentPart(call, panel, { rows: tally.criteria, talk, rolesOnly });
    return { ...openView(call.actor, panel, opening), ...standing };
  }
  if (sight === 'none' || sight === 'ended' || sight === 'open') throw new Forbidden();
  const closed = closedView(call.actor, panel, sight, ownOpenSeat(call, panel));
  return { ...closed, attainment: null, proposal: null, attempts: [] };
}

function ownOpenSeat(call: SlotCall, panel: SlotPanel): string | null {
  const own = panel.seats.find(
    (seat) => isOwnSeat(call.actor, seat) && panel.states.get(seat.id) !== 'submitted',
  );
  return own?.id ?? null;
}

export async function resultPage(call: SlotCall): Promise<PageAnswer> {
  const { forms, ...view } = { forms: null, ...(await viewOf(call)) };
  return page(
    view.sight === 'open' ? 'results/result' : 'results/waiting',
    call.wantsJson ? view : { ...view, forms },
    {
      title: call.t('results.title', { student: view.student.name }),
      crumbs: [
        { href: '/', label: call.t('common.nav.home') },
        { href: `/slots/${view.slot.id}`, label: view.exhibition.title },
      ],
    },
  );
}

resultRoutes.get(
  '/slots/:id/result',
  {
    summary: 'The voices of a panel and their tally, for those who may see them now',
    who: resultReaders,
    params: idParams,
    answer: resultAnswer,
  },
  resultPage,
);

/** Left out altogether: what the voices propose is confirmed. */
const publishBody = z.object({
  outcome: z.enum([...attainments, 'none'], { error: 'results.problem.outcome-missing' }).optional(),
  missed: several(z.string().max(60)),
  reason: optionalText(REASON_MAXIMUM),
  words: optionalText(REASON_MAXIMUM),
});

resultRoutes.post(
  '/slots/:id/result/publish',
  {
    summary: 'Freeze the result and show it to the student and the family; again changes nothing',
    who: ['student', 'advisor', 'panelist', 'guest', 'registrar', 'admin'],
    params: idParams,
    body: publishBody,
    answer: z.object({ slotId: z.string(), publishedAt: z.string(), hash: z.string() }),
    again: resultPage,
  },
  async (call) => {
    const { result } = await publishResult(call.context, call.scope, call.actor, call.params.id, call.body);
    const view = { slotId: result.id, publishedAt: result.publishedAt.toISOString(), hash: result.hash };
    return done(`/slots/${result.id}/result`, view, { notice: 'results.notice.published' });
  },
);
