/**
 * The panel's talk about its sheets: the reveal, revisions with a reason, consensus and moderation. Never for
 * student or family.
 */
import { z } from 'zod';
import { Forbidden } from '../errors.js';
import { accessEnded } from '../http/access-ended.js';
import { idParams, text, prose } from '../http/read-input.js';
import { done, page, routes, type PageAnswer, type AnyCall } from '../http/route.js';
import { newId } from '../ids.js';
import { isOwnSeat } from '../exhibitions/seats/seat.js';
import { getSeat } from '../exhibitions/seats/seat-records.js';
import { describedLevelIds } from '../rubrics/rubric.js';
import { NOT_OBSERVED_CHOICE } from '../scores/score-fields.js';
import { hasLostAccess } from '../scores/seal.js';
import { decideRow } from './decide-row.js';
import { decisionKinds, decisionKindsOf } from './decision.js';
import {
  gatherNames,
  gatherPanel,
  gatherSheets,
  gatherTalk,
  gatherWorks,
  underNames,
  withSetAsideReasons,
} from './gather-result.js';
import { openReveal } from './open-reveal.js';
import { decisionAnswer, revealAnswer, revisionAnswer } from './result-answers.js';
import { resultStateOf } from './result-state.js';
import { mayLeadTalk } from './chair.js';
import { revealSight } from './reveal.js';
import { openRevealView, sealedRevealView, type RevealForm } from './reveal-view.js';
import { reviseScore } from './revise-score.js';
import { MAX_CORRECTION_REASON } from './revision.js';
import { showTally } from './show-tally.js';
import { sayingWhy, stateField } from './say-refusal.js';

export const revealRoutes = routes('results');

/** @throws Forbidden for everybody else, and for a panelist whose sheet is not in */
async function viewOf(call: AnyCall, slotId: string, form: RevealForm | null) {
  const { actor, scope } = call;
  const panel = await gatherPanel(scope, call.context.rubrics, slotId, call.context.clock.now());
  const sight = revealSight(actor, panel);
  if (sight === 'none' && panel.panelEndedAt && hasLostAccess(actor, panel))
    throw accessEnded(call, panel.panelEndedAt);
  if (sight === 'none') throw new Forbidden();
  const seat = panel.seats.find((one) => isOwnSeat(actor, one));
  const rights = {
    mayOpen: mayLeadTalk(actor, panel),
    kinds: decisionKindsOf(actor, panel),
    seatId: seat?.id ?? null,
  };
  if (sight === 'sealed') return { ...sealedRevealView(actor, panel, rights), rights };
  const [sealed, said, names] = await Promise.all([
    panel.result?.sheets ?? gatherSheets(scope, panel),
    gatherTalk(scope, panel),
    gatherNames(scope, panel),
  ]);
  const { sheets: named, talk } = underNames(names, { sheets: sealed, talk: said, visits: [] });
  const sheets = await withSetAsideReasons(scope, panel, named);
  const roleName = (role: string) => call.t(`common.role.${role}`);
  const works = await gatherWorks(scope, actor, panel, sheets);
  const state = resultStateOf(panel, { sheets: sealed, talk: said });
  return { ...openRevealView(actor, panel, { state, sheets, talk, rights, form, works, roleName }), rights };
}

async function revealPage(call: AnyCall, slotId: string, form: RevealForm | null): Promise<PageAnswer> {
  const { rights, ...view } = await viewOf(call, slotId, form);
  const title = call.t('results.reveal.title', { student: view.student.name });
  if (call.wantsJson) return page('results/reveal', view, { title });
  const rubric = await call.context.rubrics.byHash(view.rubric.hash);
  const row = rubric.criteria.find(({ id }) => id === form?.criterionId);
  const levels = rubric.levels.map(({ id, name }) => ({
    ...{ value: id, label: name },
    help: row && describedLevelIds(rubric).includes(id) ? (row.descriptors[id] ?? '') : '',
  }));
  return page(
    'results/reveal',
    {
      ...view,
      seatId: rights.seatId,
      operationId: newId(),
      levels,
      answers: [...levels, { value: NOT_OBSERVED_CHOICE, label: call.t('common.level.not-observed') }],
      usualKind: rights.kinds[0] ?? null,
      kinds: rights.kinds.map((kind) => ({
        value: kind,
        label: call.t(`results.kind.${kind}`),
        help: call.t(`results.kind.${kind}-help`),
      })),
    },
    {
      title,
      scripts: ['live'],
      crumbs: [
        { href: '/', label: call.t('common.nav.home') },
        { href: `/slots/${slotId}`, label: view.exhibition.title },
      ],
    },
  );
}

/** After a refused post: the same form again. */
const formOf = (act: RevealForm['act'], body: unknown): RevealForm => ({
  act,
  criterionId: String((body as { criterionId?: unknown } | null)?.criterionId ?? ''),
});

const onPanel = ['student', 'guardian', 'advisor', 'panelist', 'guest', 'registrar', 'admin'] as const;

revealRoutes.get(
  '/slots/:id/reveal',
  {
    summary: 'The rows on which a panel differs, for those of the panel whose sheet is in',
    who: onPanel,
    params: idParams,
    query: z.object({ revise: z.string().max(60).optional(), decide: z.string().max(60).optional() }),
    answer: revealAnswer,
  },
  async (call) => {
    const { revise, decide } = call.query;
    const form: RevealForm | null =
      revise !== undefined
        ? { act: 'revise', criterionId: revise }
        : decide !== undefined
          ? { act: 'decide', criterionId: decide }
          : null;
    return revealPage(call, call.params.id, form);
  },
);

revealRoutes.post(
  '/slots/:id/reveal',
  {
    summary: 'Open the sheets that are in to the panel before the last one has come',
    who: onPanel,
    params: idParams,
    answer: z.object({ slotId: z.string(), revealed: z.boolean() }),
    again: (call) => revealPage(call, call.params.id, null),
  },
  async (call) => {
    const { revealed } = await openReveal(call.context, call.scope, call.actor, call.params.id);
    const view = { slotId: call.params.id, revealed };
    return done(`/slots/${call.params.id}/reveal`, view, { notice: 'results.notice.revealed' });
  },
);

revealRoutes.post(
  '/slots/:id/reveal/tally',
  {
    summary: 'Let the panel see what the rubric’s rule makes of its voices, after it has talked about them',
    who: onPanel,
    params: idParams,
    answer: z.object({ slotId: z.string(), shown: z.literal(true) }),
    again: (call) => revealPage(call, call.params.id, null),
  },
  async (call) => {
    const { id } = call.params;
    await showTally(call.context, call.scope, call.actor, id);
    return done(`/slots/${id}/reveal`, { slotId: id, shown: true }, { notice: 'results.notice.tally-shown' });
  },
);

const criterionId = text(60);
const reason = prose(MAX_CORRECTION_REASON);

revealRoutes.post(
  '/seats/:id/sheet/revisions',
  {
    summary: 'Revise a row of my sealed sheet after the reveal, with a reason; sent again it counts once',
    who: onPanel,
    params: idParams,
    body: z
      .object({
        id: z.string().regex(/^[A-Za-z0-9_-]{8,80}$/, 'scores.problem.operation-id'),
        criterionId,
        slotId: text(64).optional().describe('Of a group: the slot of the member whom the row is about.'),
        levelId: z.string().max(60).nullable().optional(),
        notObserved: z.boolean().optional(),
        reason,
        state: stateField,
      })
      .refine(({ levelId, notObserved }) => Boolean(levelId) !== (notObserved ?? false), {
        path: ['levelId'],
        message: 'results.problem.level-missing',
      }),
    answer: revisionAnswer,
    status: 201,
    again: async (call) => {
      const seat = await getSeat(call.scope, call.params.id);
      const { slotId } = call.body as { slotId?: unknown };
      return revealPage(call, typeof slotId === 'string' ? slotId : seat.slotId, formOf('revise', call.body));
    },
  },
  async (call) => {
    const { body } = call;
    const notObserved = body.notObserved === true || body.levelId === NOT_OBSERVED_CHOICE;
    const { id: seatId } = call.params;
    const asked = {
      operationId: body.id,
      criterionId: body.criterionId,
      slotId: body.slotId,
      levelId: notObserved ? null : (body.levelId ?? null),
      notObserved,
      reason: body.reason,
      state: body.state,
    };
    const about = body.slotId ?? (await getSeat(call.scope, seatId)).slotId;
    const { revision, fresh } = await sayingWhy(call, about, () =>
      reviseScore(call.context, call.scope, call.actor, seatId, asked),
    );
    const view = {
      id: revision.operationId,
      seatId: revision.seatId,
      slotId: body.slotId ?? revision.slotId,
      criterionId: body.criterionId,
      ...revision.after,
      reason: revision.reason,
      at: revision.at.toISOString(),
    };
    const place = `/slots/${view.slotId}/reveal#${view.criterionId}`;
    return done(place, view, { status: fresh ? 201 : 200, notice: 'results.notice.revised' });
  },
);

revealRoutes.post(
  '/slots/:id/decisions',
  {
    summary: 'Record the consensus of the panel on a row, or moderate it; voices and tally stay',
    who: onPanel,
    params: idParams,
    body: z.object({
      criterionId,
      kind: z.enum(decisionKinds, { error: 'results.problem.kind-missing' }),
      levelId: text(60),
      reason,
      state: stateField,
    }),
    answer: decisionAnswer,
    status: 201,
    again: (call) => revealPage(call, call.params.id, formOf('decide', call.body)),
  },
  async (call) => {
    const slotId = call.params.id;
    const { decision, fresh } = await sayingWhy(call, slotId, () =>
      decideRow(call.context, call.scope, call.actor, slotId, call.body),
    );
    const { id, criterionId: row, kind, levelId, reason: why } = decision;
    const view = { id, slotId, criterionId: row, kind, levelId, reason: why, at: decision.at.toISOString() };
    const place = `/slots/${slotId}/reveal#${row}`;
    return done(place, view, { status: fresh ? 201 : 200, notice: 'results.notice.decided' });
  },
);
