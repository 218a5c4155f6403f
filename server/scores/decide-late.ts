/**
 * The office admits a sheet that was handed in after closing, or declines it. Admitted and complete, it is
 * sealed and counts.
 */
import { runsSchool, type Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, NotFound, StateMissing } from '../errors.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import { getSeat } from '../exhibitions/seats/seat-records.js';
import { requirePermission } from '../people/person.js';
import { panelLock, withLocks } from '../db/record-locks.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { refuseErased } from './begin-sheet.js';
import { shownRubric } from './group-rows.js';
import {
  fieldsOfChange,
  missingCriteria,
  sheetHash,
  type JournalEntry,
  type ScoreSheet,
} from './score-sheet.js';
import { mayDecideLate } from './late-sheet.js';
import { saveAdmittedLate, saveLate } from './late-sheet-records.js';
import { findSheet, saveSeal } from './score-sheet-records.js';
import { rowsToPin } from './submit-sheet.js';

/** What waits for the office: changes of the journal that change nothing yet. */
export const lateChangesOf = ({ journal, late }: Pick<ScoreSheet, 'journal' | 'late'>): JournalEntry[] => {
  const admitted = new Set(journal.map(({ operationId }) => operationId));
  // What came before the sheet began anew on another phone does not come back.
  const anew = journal.findLastIndex(({ outcome }) => outcome === 'anew') + 1;
  const since = Math.max(anew, late?.declined ?? 0);
  return journal
    .slice(since)
    .filter(({ operationId, outcome }) => outcome === 'late' && !admitted.has(admittedId(operationId)));
};

const admittedId = (operationId: string): string => `late-${operationId}`.slice(0, 90);

/**
 * The sheet afterwards: `submitted` where it was admitted and complete, else the draft that it was, with the
 * changes in it. Where the result is published, a correction takes the sheet over.
 * @throws Forbidden for anybody but the office, and for the one whose sheet it is
 * @param asked.seen when it was handed in, as the office has read it
 * @throws StateMissing; Conflict `stale` where the panelist has handed in again since
 * @throws Conflict when nothing waits there, and where whoever presented is erased
 */
export async function decideLate(
  needs: { clock: Clock; rubrics: RubricLibrary },
  scope: SchoolScope,
  actor: Actor,
  seatId: string,
  { isAdmitted, seen }: { isAdmitted: boolean; seen: string | undefined },
): Promise<ScoreSheet> {
  requirePermission(actor.seatIds === null && runsSchool(actor), 'scores.problem.office-admits');
  const { slotId } = await getSeat(scope, seatId);
  return withLocks(scope, [panelLock(slotId)], async (inside) => {
    const seat = await getSeat(inside, seatId);
    // Whether a late voice counts is for somebody else to say than whose voice it is.
    requirePermission(mayDecideLate(actor, seat), 'scores.problem.own-late-sheet');
    const sheet = await findSheet(inside, seatId);
    if (!sheet) throw new NotFound();
    if (sheet.late?.state !== 'waiting' || sheet.state === 'submitted')
      throw new Conflict('scores.problem.nothing-late', {}, 'nothing-late');
    if (isAdmitted) refuseErased(seat);
    refuseHandedInSince(sheet, sheet.late.at, seen);
    const now = needs.clock.now();
    const state = isAdmitted ? ('admitted' as const) : ('declined' as const);
    const declined = isAdmitted ? {} : { declined: sheet.journal.length };
    const late = { ...sheet.late, state, decidedAt: now, decidedBy: actor.personId, ...declined };
    const subject = { kind: 'seat', id: seatId };
    await appendAudit(inside, needs.clock, actor, `scores.late-${state}`, subject, { slotId });
    if (!isAdmitted) {
      await saveLate(inside, seatId, late);
      return { ...sheet, late };
    }
    const after = await applyLate(inside, sheet, now, late);
    const exhibition = await getExhibition(inside, seat.exhibitionId);
    const rubric = shownRubric(await needs.rubrics.byHash(exhibition.rubric.hash), seat);
    const isOpen = missingCriteria(rubric, after).length > 0 || (after.conflicts ?? []).length > 0;
    if (isOpen || (await rowsToPin(inside, slotId, rubric, after)).length > 0) return after;
    const { members } = seat;
    const hash = sheetHash({ ...after, ...(members ? { members } : {}) }, now);
    const sealed = await saveSeal(inside, after, members, now, hash);
    if (!sealed) throw new Conflict('scores.problem.changed-while-submitting', {}, 'changed');
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'scores.submit',
      { kind: 'score-sheet', id: seatId },
      { slotId, revision: sealed.revision, hash, late: true },
    );
    return sealed;
  });
}

/**
 * What is decided on is what was read: its note and its changes may have been added to. @throws StateMissing;
 * Conflict `stale`
 */
function refuseHandedInSince(
  { panelistName: name }: ScoreSheet,
  handedInAt: Date,
  seen: string | undefined,
): void {
  if (!seen) throw new StateMissing('common.problem.state-missing', { field: 'handedInAt' });
  if (handedInAt.getTime() === new Date(seen).getTime()) return;
  const changes = [{ who: name, at: handedInAt.toISOString() }];
  throw new Conflict('scores.problem.handed-in-since', { name }, 'stale', { changes });
}

/** The changes count in their order, each by an entry of its own. */
async function applyLate(
  inside: SchoolScope,
  sheet: ScoreSheet,
  at: Date,
  late: NonNullable<ScoreSheet['late']>,
): Promise<ScoreSheet> {
  const waiting = lateChangesOf(sheet);
  const fields = Object.assign({}, ...waiting.map(({ change }) => fieldsOfChange(change))) as Record<
    string,
    unknown
  >;
  const entries = waiting.map(({ operationId, by, change }) => ({
    ...{ operationId: admittedId(operationId), at, by, change },
  }));
  const after = await saveAdmittedLate(inside, sheet, { entries, fields, late });
  if (!after) throw new Conflict('scores.problem.changed-while-submitting', {}, 'changed');
  return after;
}
