/**
 * The evidence of one row of a score sheet: set, take over and remove pins. The sheet's own page does the
 * same without leaving it.
 */
import { z } from 'zod';
import { placeFromCode } from '../artifacts/place.js';
import { workDisplay, pinAnswer } from '../artifacts/show-place.js';
import { NotFound } from '../errors.js';
import { idParams } from '../http/read-input.js';
import { done, page, type Call, type PageAnswer, type FeatureRoutes } from '../http/route.js';
import { newId } from '../ids.js';
import { applyOperations, type Applied, type Scoring } from './apply-operations.js';
import type { ScorePorts } from './begin-sheet.js';
import { MAX_ROW_ID, shownRubric } from './group-rows.js';
import { pinBody, pinFrom, pinId, removal } from './read-pin.js';
import { appliedAnswer } from './score-answers.js';
import { appliedView, type SheetView } from './score-sheet-view.js';

const pinsQuery = z.object({
  /** Version id of the work to pin in. */
  work: z.string().max(80).optional(),
  at: z.string().max(200).optional(),
});

const pinsAnswer = z.object({
  seat: z.object({ id: z.string() }),
  criterion: z.object({ id: z.string(), name: z.string(), asksForPin: z.boolean(), lacksPin: z.boolean() }),
  takesScores: z.boolean(),
  pins: z.array(pinAnswer).describe('Your own.'),
  suggested: z
    .array(pinAnswer.extend({ taken: z.boolean() }))
    .describe('Set by the student before the portfolio was submitted.'),
  works: z.array(
    z.object({
      ...{ artifactVersionId: z.string(), title: z.string(), versionNumber: z.number() },
      isEarlier: z.boolean(),
    }),
  ),
});

type SeatCall = Call<{ id: string }, unknown, unknown>;

export interface SheetDoors {
  who: readonly ('student' | 'advisor' | 'panelist' | 'guest' | 'guardian' | 'registrar' | 'admin')[];
  openScoring(call: SeatCall): Promise<Scoring>;
  viewOf(call: SeatCall): Promise<SheetView>;
  needs: ScorePorts;
}

export function addScorePinRoutes(
  router: FeatureRoutes,
  { who, openScoring, viewOf, needs }: SheetDoors,
): void {
  async function pinsPage(
    call: SeatCall,
    wanted: z.output<typeof pinsQuery> & { criterion: string },
  ): Promise<PageAnswer> {
    const view = await viewOf(call);
    const row = view.criteria.find(({ id }) => id === wanted.criterion);
    if (!row) throw new NotFound();
    const pieces = view.work?.pieces ?? [];
    const piece = pieces.find((each) => each.artifactVersionId === wanted.work) ?? pieces[0];
    const place = piece && wanted.at ? placeFromCode(wanted.at, piece.shown, piece.text) : null;
    const here = `/seats/${view.seat.id}/sheet/pins/${row.id}`;
    return page(
      'scores/pins',
      {
        seat: view.seat,
        student: view.student,
        exhibition: view.exhibition,
        takesScores: view.takesScores,
        criterion: { id: row.id, name: row.label, asksForPin: row.asksForPin, lacksPin: row.lacksPin },
        pins: row.pins,
        suggested: row.suggested,
        works: pieces.map(({ artifactVersionId, title, versionNumber, isEarlier }) => ({
          ...{ artifactVersionId, title, versionNumber, isEarlier },
          href: `${here}?work=${artifactVersionId}`,
          current: artifactVersionId === piece?.artifactVersionId,
        })),
        hung: piece ? workDisplay(piece, place) : null,
        nonce: newId(),
      },
      {
        title: call.t('scores.pins.title', { row: row.label }),
        crumbs: [{ href: '/', label: call.t('common.nav.home') }],
        scripts: view.takesScores ? ['set-place'] : [],
        layout: 'bare',
      },
    );
  }

  async function apply(call: SeatCall, scoring: Scoring, operations: Parameters<typeof applyOperations>[4]) {
    const { applied, sheet }: Applied = await applyOperations(
      { ...needs, clock: call.context.clock, extents: call.context.extents },
      call.scope,
      call.actor,
      scoring,
      operations,
    );
    return appliedView(shownRubric(scoring.rubric, scoring.seat), applied, sheet);
  }

  router.get(
    '/seats/:id/sheet/pins/:criterion',
    {
      summary: 'The evidence of one row of my score sheet, and the work to pin it in',
      who,
      params: idParams.extend({ criterion: z.string().min(1).max(MAX_ROW_ID) }),
      query: pinsQuery,
      answer: pinsAnswer,
    },
    (call) => pinsPage(call, { ...call.query, ...call.params }),
  );

  router.post(
    '/seats/:id/sheet/pins',
    {
      summary: 'Pin a row of my score sheet to a place in the work, or take a suggested pin over (`take`)',
      who,
      params: idParams,
      body: pinBody,
      answer: appliedAnswer,
      again: (call) => {
        const { criterionId, artifactVersionId } = call.body as Record<string, unknown>;
        const work = typeof artifactVersionId === 'string' ? artifactVersionId : undefined;
        return pinsPage(call, { criterion: String(criterionId), work });
      },
    },
    async (call) => {
      const scoring = await openScoring(call);
      const { work } = await viewOf(call);
      const operation = pinFrom(shownRubric(scoring.rubric, scoring.seat), work, call.body);
      const view = await apply(call, scoring, [operation]);
      const location = `/seats/${scoring.seat.id}/sheet#c-${call.body.criterionId}`;
      return done(location, view, { notice: 'scores.notice.pinned' });
    },
  );

  router.post(
    '/seats/:id/sheet/pins/:pin/remove',
    {
      summary: 'Remove one of my pins; until the sheet is submitted',
      who,
      params: idParams.extend({ pin: pinId }),
      body: z.object({ criterionId: z.string().min(1).max(MAX_ROW_ID) }),
      answer: appliedAnswer,
      again: (call) => {
        const { criterionId } = call.body as Record<string, unknown>;
        return pinsPage(call, { criterion: String(criterionId) });
      },
    },
    async (call) => {
      const scoring = await openScoring(call);
      const { criterionId } = call.body;
      const view = await apply(call, scoring, [removal(criterionId, call.params.pin)]);
      const location = `/seats/${scoring.seat.id}/sheet#c-${criterionId}`;
      return done(location, view, { notice: 'scores.notice.unpinned' });
    },
  );
}
