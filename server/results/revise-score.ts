/** Revises one row of a sealed sheet by an appended record. */
import type { Actor } from '../access/actor.js';
import { passwordLinkMark } from '../access/password-link.js';
import { appendAudit } from '../audit/append-audit.js';
import { frozen } from '../audit/frozen-record.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, Forbidden, InvalidInput, NotFound } from '../errors.js';
import { notCountedBecause } from '../exhibitions/counting/counted-seats.js';
import { isOwnSeat } from '../exhibitions/seats/seat.js';
import { getSeat } from '../exhibitions/seats/seat-records.js';
import { findCriterion, levelPosition, type Criterion } from '../rubrics/rubric.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { isGroupRow, readRowId, rowIdFor } from '../scores/group-rows.js';
import {
  gatherPanel,
  gatherSheets,
  gatherTalk,
  refuseErasedStudent,
  type SlotPanel,
} from './gather-result.js';
import { refusePublished } from './refuse-published.js';
import { requireSeen } from './result-state.js';
import { appendRevision, findRevision } from './revision-records.js';
import {
  answerNow,
  frozenOfRevision,
  isSameAnswer,
  revisionId,
  type Revision,
  type RowAnswer,
} from './revision.js';
import { withPanelLock } from './with-panel-lock.js';

export interface AskedRevision extends RowAnswer {
  operationId: string;
  criterionId: string;
  /** Of a group: the slot of the member whom the row is about; left out: of the first. */
  slotId?: string | undefined;
  reason: string;
  /** What its sender has seen (`stateOf`). */
  state?: string | undefined;
}

/**
 * The revision; sent again with the same id, the one that stands.
 * @throws NotFound for a seat of another school, Forbidden for somebody else's
 * @throws InvalidInput for an unknown row or level, or the level that stands already
 * @throws StateMissing, StaleResult where something was said about the row that its sender has not seen
 * @throws Conflict before the own sheet is in, before the reveal, after publishing, or when the id was used
 *   for something else
 */
export async function reviseScore(
  needs: { clock: Clock; rubrics: RubricLibrary },
  scope: SchoolScope,
  actor: Actor,
  seatId: string,
  asked: AskedRevision,
): Promise<{ revision: Revision; fresh: boolean }> {
  const seat = await getSeat(scope, seatId);
  if (!isOwnSeat(actor, seat)) throw new Forbidden('scores.problem.not-your-seat');
  return withPanelLock(scope, seat.slotId, async (inside, turn) => {
    const now = await getSeat(inside, seatId);
    const id = revisionId(seatId, asked.operationId);
    const known = await findRevision(inside, id);
    if (known) return { revision: requireSame(known, asked, seat.slotId), fresh: false };

    const panel = await gatherPanel(inside, needs.rubrics, asked.slotId ?? seat.slotId, needs.clock.now());
    if (panel.presentation.id !== seat.slotId) throw new NotFound();
    if (panel.panelEndedAt) throw new Forbidden('results.problem.access-ended');
    if (panel.states.get(seatId) !== 'submitted') throw new Conflict('results.problem.own-sheet-first');
    if (notCountedBecause(now)) throw new Conflict('results.problem.not-counted', {}, 'not-counted');
    refuseErasedStudent(panel);
    await refusePublished(inside, panel, asked.state);
    if (!panel.revealed) throw new Conflict('results.problem.not-revealed', {}, 'not-revealed');
    const { row, rowId } = requireRow(panel, asked);
    if (panel.groupFixed && isGroupRow(row))
      throw new Conflict('results.problem.group-published', {}, 'published');
    const [sheets, talk] = await Promise.all([gatherSheets(inside, panel), gatherTalk(inside, panel)]);
    requireSeen(panel, { sheets, talk }, asked.state, asked.criterionId);
    const before = answerNow(
      sheets.find((one) => one.seatId === seatId)!,
      asked.criterionId,
      talk.revisions,
    );
    const after = { levelId: asked.levelId, notObserved: asked.notObserved };
    if (isSameAnswer(before, after))
      throw new InvalidInput([{ field: 'levelId', message: 'results.problem.same-level' }]);
    const revision = await appendRevision(inside, {
      id,
      schoolId: scope.schoolId,
      slotId: seat.slotId,
      seatId,
      studentId: panel.slot.studentId,
      panelistId: seat.personId,
      criterionId: rowId,
      operationId: asked.operationId,
      turn,
      before,
      after,
      reason: asked.reason,
      at: needs.clock.now(),
      ...passwordLinkMark(actor),
    });
    const detail = {
      ...{ slotId: seat.slotId, criterionId: rowId, turn },
      ...frozen('revision', revision.id, frozenOfRevision(revision)),
    };
    await appendAudit(inside, needs.clock, actor, 'results.revise', { kind: 'seat', id: seatId }, detail);
    return { revision, fresh: true };
  });
}

/**
 * The criterion, and the id of its row on the sheets of this panel.
 * @throws InvalidInput
 */
export function requireRow(
  { rubric, presentation, slot }: Pick<SlotPanel, 'rubric' | 'presentation' | 'slot'>,
  asked: { criterionId: string; levelId: string | null },
): { row: Criterion; rowId: string } {
  const row = findCriterion(rubric, asked.criterionId);
  if (!row) throw new InvalidInput([{ field: 'criterionId', message: 'scores.problem.unknown-criterion' }]);
  if (asked.levelId !== null && levelPosition(rubric, asked.levelId) < 0)
    throw new InvalidInput([{ field: 'levelId', message: 'scores.problem.unknown-level' }]);
  return { row, rowId: presentation.group ? rowIdFor(row, slot.id) : row.id };
}

function requireSame(known: Revision, asked: AskedRevision, firstSlotId: string): Revision {
  const { criterionId, about } = readRowId(known.criterionId);
  const same =
    criterionId === asked.criterionId &&
    (about === null || about === (asked.slotId ?? firstSlotId)) &&
    known.reason === asked.reason &&
    isSameAnswer(known.after, asked);
  if (!same) throw new Conflict('results.problem.id-used');
  return known;
}
