/** The result of a slot. Every answer passes the seal first. */
import { z } from 'zod';
import type { SchoolScope } from '../db/database.js';
import { Forbidden } from '../errors.js';
import { accessEnded } from '../http/access-ended.js';
import { flag, idParams, optionalText, several } from '../http/read-input.js';
import { done, page, routes, type Call, type PageAnswer } from '../http/route.js';
import { isOwnSeat } from '../exhibitions/seats/seat.js';
import { correctedViews } from '../people/frozen-names.js';
import { readsAsPanel, seesOnlyRoles, scoreVisibilityFor, type ScoreVisibility } from '../scores/seal.js';
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
import { warningView } from './publish-warnings.js';
import { placeOfWarnings, warningsOfPanel } from './show-warnings.js';
import { resultStateOf } from './result-state.js';
import { sayingWhy, stateField } from './say-refusal.js';
import { minVoicesOf } from '../school/school.js';
import { findSchool } from '../school/school-records.js';
import { closedView, openView, type ResultOpening } from './result-view.js';
import type { Consequence } from './correction-consequences.js';
import { correctionPart, noCorrection } from './correction-page.js';
import { gatherSeen } from './gather-seen.js';
import { countedSheets, mayPublish, type FrozenSheet, type Result } from './result.js';
import { resultAnswer } from './result-answers.js';
import { isTallyOpen, revealSight } from './reveal.js';
import { MAX_CORRECTION_REASON, revisedSheets } from './revision.js';
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

/**
 * @param version what the result said before a correction; left out: as it is
 * @throws Forbidden for somebody to whom the slot is nothing
 */
export async function openingOf(
  call: SlotCall,
  version: Result | null = null,
): Promise<{ panel: SlotPanel; sight: ScoreVisibility; opening: ResultOpening | null }> {
  const { scope, context } = call;
  const now = await gatherPanel(scope, context.rubrics, call.params.id, context.clock.now());
  const panel = version ? { ...now, result: version } : now;
  const sight = scoreVisibilityFor(call.actor, panel);
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
  const mayAct = mayPublish(call.actor, panel) || revealSight(call.actor, panel) !== 'none';
  const tally = result?.tally ?? tallySheets(panel.rubric, revisedSheets(sheets, talk.revisions));
  const opening = {
    withoutTally: readsAsPanel(call.actor, panel) && !isTallyOpen(panel, tally, talk.decisions),
    state: mayAct && !version ? resultStateOf(panel, await seenOf(scope, panel, given, told)) : null,
    sheets,
    talk,
    visits,
    hidden: { ids: hidden, shown: readsAll },
    works: await gatherWorks(scope, call.actor, panel, sheets),
    tally,
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

/** What actions are compared with: of a published result with the sheets as they are now. */
const seenOf = async (scope: SchoolScope, panel: SlotPanel, sheets: FrozenSheet[], talk: Talk) =>
  panel.result ? gatherSeen(scope, panel) : { sheets, talk };

async function viewOf(call: SlotCall, version: Result | null, told: readonly Consequence[]) {
  const { panel, sight, opening } = await openingOf(call, version);
  if (opening) {
    const { tally, talk, rolesOnly } = opening;
    const standing = await attainmentPart(call, panel, { rows: tally.criteria, talk, rolesOnly });
    return {
      ...openView(call.actor, panel, opening),
      ...standing,
      ...(opening.withoutTally ? { proposal: null } : {}),
      warnings: await warningsOf(call, panel, opening),
      ...(await correctionPart(call, panel, { opening, told, isEarlier: version !== null })),
    };
  }
  if (sight === 'none' || sight === 'ended' || sight === 'open') throw new Forbidden();
  const closed = closedView(call.actor, panel, sight, ownOpenSeat(call, panel));
  return {
    ...closed,
    attainment: null,
    proposal: null,
    attempts: [],
    unneeded: null,
    attemptsState: null,
    ...noCorrection,
    warnings: [],
  };
}

/** For whoever may publish: what they are asked about first. */
async function warningsOf(call: SlotCall, panel: SlotPanel, opening: ResultOpening) {
  const { tally, talk, mayPublish: may } = opening;
  if (!may || panel.result || opening.withoutTally) return [];
  const minVoices = minVoicesOf(await findSchool(call.scope, call.scope.schoolId));
  const { decisions } = talk;
  const place = placeOfWarnings(call, panel);
  return warningsOfPanel(panel, tally, { decisions, minVoices }).map((warning) =>
    warningView(warning, place, call.t),
  );
}

function ownOpenSeat(call: SlotCall, panel: SlotPanel): string | null {
  const own = panel.seats.find(
    (seat) => isOwnSeat(call.actor, seat) && panel.states.get(seat.id) !== 'submitted',
  );
  return own?.id ?? null;
}

/**
 * @param version what it said before a correction; left out: as it is
 * @param told what the correction that was just asked for means
 */
export async function resultPage(
  call: SlotCall,
  version: Result | null = null,
  told: readonly Consequence[] = [],
): Promise<PageAnswer> {
  const { forms, correctForm, ...view } = {
    ...{ forms: null, correctForm: null },
    ...(await viewOf(call, version, told)),
  };
  return page(
    view.sight === 'open' ? 'results/result' : 'results/waiting',
    call.wantsJson ? view : { ...view, forms, correctForm },
    {
      scripts: view.state === null ? [] : ['live'],
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
  (call) => resultPage(call),
);

/** Left out altogether: what the voices propose is confirmed. */
const publishBody = z.object({
  outcome: z.enum([...attainments, 'none'], { error: 'results.problem.outcome-missing' }).optional(),
  missed: several(z.string().max(60)),
  reason: optionalText(MAX_CORRECTION_REASON),
  words: optionalText(MAX_CORRECTION_REASON),
  state: stateField,
  confirmed: flag.describe(
    'What `warnings` says was read. 409 `unconfirmed` without it, where there are any.',
  ),
});

resultRoutes.post(
  '/slots/:id/result/publish',
  {
    summary: 'Freeze the result and show it to the student and the family; again changes nothing',
    who: ['student', 'advisor', 'panelist', 'guest', 'registrar', 'admin'],
    params: idParams,
    body: publishBody,
    answer: z.object({ slotId: z.string(), publishedAt: z.string(), hash: z.string() }),
    again: (call) => resultPage(call),
  },
  async (call) => {
    const { id } = call.params;
    const { result } = await sayingWhy(call, id, () =>
      publishResult(call.context, call.scope, call.actor, id, call.body),
    );
    const view = { slotId: result.id, publishedAt: result.publishedAt.toISOString(), hash: result.hash };
    return done(`/slots/${result.id}/result`, view, { notice: 'results.notice.published' });
  },
);
