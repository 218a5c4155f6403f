/** The score sheet of one seat, for the one who holds it and nobody else. */
import { isRunning } from '../exhibitions/exhibition.js';
import { findExhibition } from '../exhibitions/exhibition-records.js';
import { clockFace, clockMinutes, clockPhases } from '../exhibitions/clock/room-clock.js';
import { findPresenters } from '../exhibitions/slots/name-presenters.js';
import { findPanelEnd } from '../exhibitions/portfolios/panel-access.js';
import { getSlot } from '../exhibitions/slots/slot-records.js';
import type { SchoolScope } from '../db/database.js';
import { InvalidInput, NotFound, type AppError } from '../errors.js';
import { accessEnded } from '../http/access-ended.js';
import { z } from 'zod';
import { flag, idParams } from '../http/read-input.js';
import { done, page, routes, type Call, type PageAnswer, type FeatureRoutes } from '../http/route.js';
import { newId } from '../ids.js';
import { conflictAtSign, isStoppedByConflict } from '../exhibitions/seats/check-conflict.js';
import { returnCode, spacedCode } from '../exhibitions/passes/pass.js';
import { isOwnSeat } from '../exhibitions/seats/seat.js';
import { findSeat } from '../exhibitions/seats/seat-records.js';
import { requirePermission } from '../people/person.js';
import { mayReadSnapshots } from '../portfolio/portfolio.js';
import { applyOperations, type Scoring } from './apply-operations.js';
import { holdsSheet, slotIdsOf, type ScorePorts } from './begin-sheet.js';
import { shownRubric, takenRubric } from './group-rows.js';
import { appliedAnswer, operationsBody, sheetAnswer } from './score-answers.js';
import { addOfflineRoutes } from './offline-routes.js';
import { addLateRoutes } from './late-routes.js';
import { addScorePinRoutes } from './pin-routes.js';
import { readPinWish } from './read-pin.js';
import { operationsOfForm, toldOf, type PostedForm } from './score-form.js';
import { findSheet } from './score-sheet-records.js';
import { appliedView, sheetView, type SheetFacts, type SheetView } from './score-sheet-view.js';
import { isLong, rubricPart, withConflicts } from './sheet-page.js';
import { withoutPins } from './sheet-pins.js';
import { submitSheet } from './submit-sheet.js';
import { withExtents } from '../artifacts/find-extents.js';
import { findShownWork } from './find-group-work.js';

type SeatCall = Call<{ id: string }, unknown, unknown>;

const who = ['student', 'advisor', 'panelist', 'guest', 'guardian', 'registrar', 'admin'] as const;

/**
 * The seat and its exhibition, as far as they exist, and whether whoever sits there must not score whoever presents.
 */
async function readSeat(scope: SchoolScope, id: string) {
  const seat = await findSeat(scope, id);
  if (!seat) return { seat, exhibition: null, isStopped: false };
  const [exhibition, isStopped] = await Promise.all([
    findExhibition(scope, seat.exhibitionId),
    isStoppedByConflict(scope, seat),
  ]);
  return { seat, exhibition, isStopped };
}

/**
 * @throws NotFound for a seat of another school, Forbidden for somebody else's, or one that another phone holds
 * @throws Conflict `conflict-of-interest` until the sheet is in, also where that became known after the
 *   panelist came in
 */
async function openScoring(call: SeatCall): Promise<Scoring> {
  const { seat, exhibition, isStopped } = await readSeat(call.scope, call.params.id);
  if (!seat) throw new NotFound();
  requirePermission(isOwnSeat(call.actor, seat), 'scores.problem.not-your-seat');
  requirePermission(holdsSheet(call.actor, seat), 'scores.problem.begun-elsewhere');
  if (!exhibition) throw new NotFound();
  if (isStopped && (await findSheet(call.scope, seat.id))?.state !== 'submitted') throw conflictAtSign();
  return { seat, exhibition, rubric: await call.context.rubrics.byHash(exhibition.rubric.hash) };
}

async function factsOf(call: SeatCall, needs: ScorePorts): Promise<SheetFacts> {
  const scoring = await openScoring(call);
  const [slot, sheet] = await Promise.all([
    getSlot(call.scope, scoring.seat.slotId),
    findSheet(call.scope, scoring.seat.id),
  ]);
  const [students, endedAt, published] = await Promise.all([
    findPresenters(call.scope, [slot]),
    findPanelEnd(call.scope, slot, scoring.exhibition, call.context.clock.now()),
    needs.isPublished(call.scope, slotIdsOf(scoring.seat)),
  ]);
  const rubric = shownRubric(scoring.rubric, scoring.seat);
  const readsOn = [...students.values()].every((student) => mayReadSnapshots(call.actor, student));
  // The record of a student who was handed over may be sealed from this school: then nobody here reads the work.
  const sealedAt = [...students.values()].map((student) => student.sealedAt).find(Boolean) ?? null;
  const workEndedAt = sealedAt ?? (readsOn ? null : endedAt);
  if (workEndedAt) checkOwnSheetOnly(call, sheet, workEndedAt);
  const found = workEndedAt ? null : await findShownWork(call.scope, slot, rubric, students);
  // What the phone knows about the end of a work is what the server asks for later.
  const work = found && { ...found, pieces: await withExtents(call.context, call.scope, found.pieces) };
  return {
    ...scoring,
    rubric,
    slot,
    students,
    published,
    sheet: sealedAt ? withoutPins(sheet) : sheet,
    work,
    workEndedAt,
    returnCode: returnCodeFor(call),
    now: call.context.clock.now(),
  };
}

/**
 * After access to the work has ended, what somebody wrote themself stays readable to them: a sheet that is
 * in, and one that may still be finished or handed in to the office, also where all of it waits on their
 * phone.
 * @throws Forbidden for a guest whose sheet is in
 */
function checkOwnSheetOnly(call: SeatCall, sheet: SheetFacts['sheet'], endedAt: Date): void {
  if (call.actor.seatIds !== null && sheet?.state === 'submitted') throw accessEnded(call, endedAt);
}

const viewOf = async (call: SeatCall, needs: ScorePorts): Promise<SheetView> =>
  sheetView(await factsOf(call, needs));

/** Shown to a guest's phone alone: with it they go on on another one. */
function returnCodeFor({ actor, context, params }: SeatCall): string | null {
  if (actor.seatIds === null || actor.deviceKey === undefined) return null;
  return spacedCode(returnCode(context.config.keyFor('pass'), params.id, actor.deviceKey));
}

const crumbsOf = (call: SeatCall) => [{ href: '/', label: call.t('common.nav.home') }];

/** @param problem for which the form is shown again */
async function sheetPage(call: SeatCall, needs: ScorePorts, problem?: AppError): Promise<PageAnswer> {
  const facts = await factsOf(call, needs);
  const view = sheetView(facts);
  if (view.state === 'submitted') return reviewPage(call, view);
  return page(
    'scores/sheet',
    call.wantsJson
      ? view
      : {
          ...withConflicts(view),
          ...rubricPart(call.locale, view),
          clock: clockLine(call, facts),
          personId: call.actor.personId,
          nonce: newId(),
          told: problem instanceof InvalidInput ? toldOf(problem.fields, view.revision) : null,
          timeZone: call.timeZone,
        },
    {
      title: call.t('scores.sheet.title', { student: view.student.name }),
      crumbs: crumbsOf(call),
      scripts: [
        ...(view.takesScores ? ['score-sheet'] : []),
        ...(view.takesLate ? ['late-sheet'] : []),
        ...(isLong(view) ? ['one-row'] : []),
        ...(isRunning(facts.exhibition) ? ['room-clock'] : []),
      ],
      layout: 'bare',
    },
  );
}

/** The clock of the room as one line; hidden until somebody starts it. */
function clockLine({ t }: SeatCall, { slot, exhibition }: SheetFacts): object | null {
  if (!isRunning(exhibition)) return null;
  const { phase, endsAt } = clockFace(slot, clockMinutes(exhibition, slot));
  const names = [...clockPhases, 'over'].map((name) => ({
    name,
    label: t(`panel.clock.phase.${name}`),
    now: name === phase,
  }));
  return { phase, endsAt, names };
}

function reviewPage(call: SeatCall, view: SheetView): PageAnswer {
  const key = view.state === 'submitted' ? 'scores.sealed.title' : 'scores.review.title';
  return page(
    'scores/review',
    call.wantsJson ? view : { ...withConflicts(view), ...rubricPart(call.locale, view) },
    {
      title: call.t(key, { student: view.student.name }),
      crumbs: crumbsOf(call),
      layout: 'bare',
    },
  );
}

/** @param needs what the panel and the results answer */
export function makeScoreRoutes(needs: ScorePorts): FeatureRoutes {
  const router = routes('scores');
  addOfflineRoutes(router);
  const showSheet = (call: SeatCall, problem?: AppError) => sheetPage(call, needs, problem);
  addScorePinRoutes(router, { who, openScoring, viewOf: (call) => viewOf(call, needs), needs });
  addLateRoutes(router, { who, openScoring, needs, again: showSheet });

  router.get(
    '/seats/:id/sheet',
    { summary: 'My score sheet', who, params: idParams, answer: sheetAnswer },
    (call) => showSheet(call),
  );

  router.get(
    '/seats/:id/sheet/review',
    {
      summary: 'My score sheet at a glance, before it is submitted',
      who,
      params: idParams,
      answer: sheetAnswer,
    },
    async (call) => reviewPage(call, await viewOf(call, needs)),
  );

  router.post(
    '/seats/:id/sheet/operations',
    {
      summary: 'Change my score sheet; an operation that is sent again counts once',
      who,
      params: idParams,
      body: operationsBody,
      answer: appliedAnswer,
      again: showSheet,
    },
    async (call) => {
      const scoring = await openScoring(call);
      const rubric = shownRubric(scoring.rubric, scoring.seat);
      const { body, context } = call;
      const { clock, extents } = context;
      const home = `/seats/${scoring.seat.id}/sheet`;
      if (body.operations) {
        const { applied, sheet } = await applyOperations(
          { ...needs, clock, extents },
          call.scope,
          call.actor,
          scoring,
          body.operations,
        );
        return done(home, appliedView(rubric, applied, sheet));
      }
      const form = { ...body, base: body.base ?? 0, nonce: body.nonce ?? '' } as PostedForm;
      const taken = takenRubric(scoring.rubric, scoring.seat);
      const posted = operationsOfForm(taken, await findSheet(call.scope, scoring.seat.id), form);
      const wish = readPinWish(body.pin, form.nonce, body.pin ? (await viewOf(call, needs)).work : null);
      const { applied, sheet } = await applyOperations(
        { ...needs, clock, extents },
        call.scope,
        call.actor,
        scoring,
        [...posted.operations, ...(wish?.operations ?? [])],
      );
      if (posted.problems.length > 0) throw new InvalidInput(posted.problems);
      return done(
        body.then === 'review' ? `${home}/review` : `${home}${wish?.then ?? ''}`,
        appliedView(rubric, applied, sheet),
        {
          notice: 'scores.notice.saved',
        },
      );
    },
  );

  router.post(
    '/seats/:id/sheet/submit',
    {
      summary: 'Submit my score sheet: it is sealed and never changes again',
      who,
      params: idParams,
      body: z.object({
        early: flag.describe('Confirms submitting before the presentation has begun.'),
      }),
      answer: sheetAnswer,
      again: async (call) => reviewPage(call, await viewOf(call, needs)),
    },
    async (call) => {
      const scoring = await openScoring(call);
      const needed = { ...needs, clock: call.context.clock };
      await submitSheet(needed, call.scope, call.actor, scoring, call.body.early);
      return done(`/seats/${scoring.seat.id}/sheet`, await viewOf(call, needs), {
        notice: 'scores.notice.submitted',
      });
    },
  );
  return router;
}
