/**
 * After the exhibition has closed, or the result is published, a phone may still hold changes that never
 * reached the server. The panelist hands them in with a note; they are kept in the journal and change nothing
 * until the office admits them. What is sent again counts once.
 */
import type { Actor } from '../access/actor.js';
import type { ExtentNeeds } from '../artifacts/find-extents.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, Forbidden, InvalidInput } from '../errors.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import { getSeat } from '../exhibitions/seats/seat-records.js';
import { panelLock, withLocks } from '../db/record-locks.js';
import type { Scoring } from './apply-operations.js';
import { beginSheet, holdsSheet, refuseErased, slotIdsOf, type ScorePorts } from './begin-sheet.js';
import { isAboutErasedMember, takenRubric } from './group-rows.js';
import { saveLate } from './late-sheet-records.js';
import { findSheet } from './score-sheet-records.js';
import {
  MAX_JOURNAL,
  problemsOfChange,
  type JournalEntry,
  type LateHandIn,
  type Operation,
  type ScoreSheet,
} from './score-sheet.js';
import { resolvePlaces } from './resolve-places.js';
import { journaledChange } from './merge-operation.js';

export interface HandedIn {
  /** Ids that the server has now. */
  applied: string[];
  sheet: ScoreSheet;
}

/**
 * @param sent changes that still wait on the phone, in their order; may be empty where a draft is on the server
 * @throws InvalidInput when one of them does not fit the rubric
 * @throws Conflict `sealed`, `still-open` while the exhibition takes scores and nothing is published,
 *   `nothing` where there is nothing to hand in
 */
export async function handInLate(
  needs: { clock: Clock } & ExtentNeeds & ScorePorts,
  scope: SchoolScope,
  actor: Actor,
  { seat: seen, exhibition: pinned, rubric }: Scoring,
  { operations: sent, note }: { operations: readonly Operation[]; note: string },
): Promise<HandedIn> {
  const taken = takenRubric(rubric, seen);
  const problems = sent.flatMap((operation, at) =>
    problemsOfChange(taken, operation).map(({ field, message }) => ({
      field: `operations.${at}.${field}`,
      message,
    })),
  );
  if (problems.length > 0) throw new InvalidInput(problems);
  return withLocks(scope, [panelLock(seen.slotId)], async (inside) => {
    const seat = await getSeat(inside, seen.id);
    const exhibition = await getExhibition(inside, seat.exhibitionId);
    if (!holdsSheet(actor, seat)) throw new Forbidden('scores.problem.begun-elsewhere');
    refuseErased(seat);
    const before = await findSheet(inside, seat.id);
    if (before?.state === 'submitted') throw new Conflict('scores.problem.sealed', {}, 'sealed');
    const isOver = exhibition.phase === 'closed' || (await needs.isPublished(inside, slotIdsOf(seat)));
    if (!isOver) throw new Conflict('scores.problem.still-open', {}, 'still-open');
    const at = needs.clock.now();
    const kept = sent.filter((each) => each.kind !== 'resolve' && !isAboutErasedMember(seat, each));
    const birth = {
      ...{ slotId: seat.slotId, exhibitionId: seat.exhibitionId, studentId: seat.studentId },
      ...{ panelistId: seat.personId, panelistName: seat.name, role: seat.role, rubric: pinned.rubric },
    };
    const settled = await resolvePlaces(needs, inside, seat.slotId, kept);
    const entries = settled.flatMap((operation): JournalEntry[] =>
      operation.kind === 'resolve'
        ? []
        : [
            {
              ...{ operationId: operation.id, at, by: actor.personId },
              ...{ change: journaledChange(operation), outcome: 'late' },
            },
          ],
    );
    let sheet = before;
    const [first] = entries;
    if (!sheet && first)
      sheet = await beginSheet(inside, actor, seat.id, birth, { entry: first, fields: {} });
    if (!sheet) throw new Conflict('scores.problem.nothing-to-hand-in', {}, 'nothing');
    const known = new Set(sheet.journal.map(({ operationId }) => operationId));
    const fresh = entries.filter(({ operationId }) => !known.has(operationId));
    // Sent again, as by a phone that has heard no answer: whatever was decided since stays decided.
    if (fresh.length === 0 && sheet.late?.note === note && !hasWrittenSince(sheet, sheet.late))
      return { applied: sent.map(({ id }) => id), sheet };
    if (sheet.revision + fresh.length > MAX_JOURNAL)
      throw new Conflict('scores.problem.too-many-changes', {}, 'too-many');
    const late: LateHandIn = {
      ...{ at, note, state: 'waiting', decidedAt: null, decidedBy: null },
      ...(sheet.late?.declined === undefined ? {} : { declined: sheet.late.declined }),
    };
    await saveLate(inside, sheet.id, late, fresh);
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'scores.hand-in-late',
      { kind: 'seat', id: seat.id },
      {
        slotId: seat.slotId,
        changes: kept.length,
      },
    );
    return { applied: sent.map(({ id }) => id), sheet: { ...sheet, late } };
  });
}

/**
 * Whether the sheet was written on after it was handed in, as where its exhibition took scores again for a
 * while. What the office admitted is written into it at the moment of the decision.
 */
function hasWrittenSince({ journal }: ScoreSheet, { at, state, decidedAt }: LateHandIn): boolean {
  const known = state === 'admitted' && decidedAt ? decidedAt : at;
  return journal.some((entry) => entry.at > known);
}
