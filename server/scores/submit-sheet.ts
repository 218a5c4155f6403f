/**
 * Seals a score sheet: from here on it never changes, and it counts. Exhibition, seat and result are read
 * inside the transaction, and the panel's lock is held: publishing, and taking the seat or the presentation
 * away, come before or after.
 */
import type { Actor } from '../access/actor.js';
import { passwordLinkMark } from '../access/password-link.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { askingTogether, type SchoolScope } from '../db/database.js';
import { Conflict, Forbidden, InvalidInput } from '../errors.js';
import { isScoring } from '../exhibitions/exhibition.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import { membersOf } from '../exhibitions/groups/group.js';
import { findPresenters } from '../exhibitions/slots/name-presenters.js';
import { hasBegun } from '../exhibitions/slots/slot.js';
import { getSlot } from '../exhibitions/slots/slot-records.js';
import { passState } from '../exhibitions/passes/pass.js';
import { conflictAtSign, isStoppedByConflict } from '../exhibitions/seats/check-conflict.js';
import { getSeat } from '../exhibitions/seats/seat-records.js';
import type { Seat } from '../exhibitions/seats/seat.js';
import { panelLock, sharedBy, withLocks } from '../db/record-locks.js';
import type { Rubric } from '../rubrics/rubric.js';
import type { Scoring } from './apply-operations.js';
import { holdsSheet, refuseErased, type ScorePorts } from './begin-sheet.js';
import { rowLabel, shownRubric, type SheetRubric } from './group-rows.js';
import { hasPinnable } from './resolve-places.js';
import { missingCriteria, sheetHash, type ScoreSheet } from './score-sheet.js';
import { findSheet, saveSeal } from './score-sheet-records.js';
import { openConflicts } from './merge-operation.js';
import { rowsWithoutPin } from './sheet-pins.js';

/**
 * The sealed sheet; submitting again answers the same sheet.
 * @param isEarlyMeant the panelist has confirmed that they submit before the presentation has begun
 * @throws InvalidInput naming each required criterion without an answer or without the pin it asks for
 *   (`criteria.<id>`); on `early` before the presentation has begun, until that is confirmed
 * @throws Conflict when the exhibition takes no scores, the result is published, whoever presents is erased,
 *   or a change came in at the same moment; `conflict-of-interest` when the panelist must not score whoever
 *   presents
 * @throws Forbidden when the pass was taken back meanwhile, or the sheet began anew on another phone
 */
export async function submitSheet(
  needs: { clock: Clock } & Pick<ScorePorts, 'isPublished'>,
  scope: SchoolScope,
  actor: Actor,
  { seat: known, rubric: pinned }: Scoring,
  isEarlyMeant = false,
): Promise<ScoreSheet> {
  const { id: seatId, slotId, exhibitionId } = known;
  // Panelists of one panel submit at the same moment; whoever publishes, or changes the panel, waits for all of them.
  return withLocks(scope, [sharedBy(panelLock(slotId), seatId)], async (inside) => {
    const together = askingTogether(inside);
    const sheet = await findSheet(inside, seatId);
    const [seat, slot, exhibition, isPublished] = await Promise.all([
      getSeat(together, seatId),
      getSlot(together, slotId),
      getExhibition(together, exhibitionId),
      needs.isPublished(together, slotIdsOf(known)),
    ]);
    if (!holdsSheet(actor, seat)) throw new Forbidden('scores.problem.begun-elsewhere');
    if (sheet?.state === 'submitted') return sheet;
    refuseErased(seat);
    // Recorded since the request began, it counts all the same.
    if (await isStoppedByConflict(inside, seat)) throw conflictAtSign();
    const now = needs.clock.now();
    if (actor.via === 'pass' && passState(seat.pass, now) !== 'valid') throw new Forbidden();
    if (!isScoring(exhibition)) throw new Conflict('scores.problem.not-open', {}, 'not-open');
    const late = slotIdsOf(seat).filter((id) => !slotIdsOf(known).includes(id));
    if (isPublished || (late.length > 0 && (await needs.isPublished(inside, late))))
      throw new Conflict('scores.problem.published', {}, 'published');
    const rubric = shownRubric(pinned, seat);
    const undecided = openConflicts(sheet).length;
    if (undecided > 0) throw new Conflict('scores.problem.conflicts-open', { count: undecided }, 'conflicts');
    const missing = missingCriteria(rubric, sheet);
    const unproven = await rowsToPin(inside, seat.slotId, rubric, sheet);
    if (missing.length > 0 || unproven.length > 0 || !sheet) {
      const labelOf = await rowLabels(inside, seat, rubric);
      const problem = (message: string) => (id: string) => ({
        field: `criteria.${id}`,
        message,
        params: { row: labelOf(id) },
      });
      throw new InvalidInput(
        [
          ...missing.map(problem('scores.problem.unanswered')),
          ...unproven.map(problem('scores.problem.no-pin')),
        ],
        missing.length > 0 || !sheet ? 'scores.problem.incomplete' : 'scores.problem.unproven',
      );
    }
    if (slot.absent) throw new Conflict('scores.problem.absent', {}, 'absent');
    if (!isEarlyMeant && !hasBegun(slot, now))
      throw new InvalidInput(
        [{ field: 'early', message: 'scores.problem.not-begun' }],
        'scores.problem.not-begun',
      );
    const submittedAt = now;
    const { members } = seat;
    const mark = passwordLinkMark(actor);
    const hash = sheetHash({ ...sheet, ...(members ? { members } : {}), ...mark }, submittedAt);
    const sealed = await saveSeal(inside, sheet, members, submittedAt, hash, mark);
    if (!sealed) throw new Conflict('scores.problem.changed-while-submitting', {}, 'changed');
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'scores.submit',
      { kind: 'score-sheet', id: seat.id },
      {
        slotId: seat.slotId,
        revision: sealed.revision,
        hash,
      },
    );
    return sealed;
  });
}

/** Of a group all members': with the first published result, what is about the whole group stands. */
const slotIdsOf = ({ slotId, members }: Seat): string[] => members?.map((each) => each.slotId) ?? [slotId];

/** The rows by name, about a member of a group with theirs. */
async function rowLabels(scope: SchoolScope, seat: Seat, rubric: SheetRubric) {
  const slot = await getSlot(scope, seat.slotId);
  const people = await findPresenters(scope, [slot]);
  return (rowId: string): string => {
    const row = rubric.criteria.find(({ id }) => id === rowId);
    const member = membersOf(slot).find(({ slotId }) => slotId === row?.about);
    return row ? rowLabel(row, people.get(member?.studentId ?? '')?.displayName) : rowId;
  };
}

/** Rows that lack the pin they ask for; none where no work lies before the panel that anything could be pinned to. */
export async function rowsToPin(
  scope: SchoolScope,
  slotId: string,
  rubric: Rubric,
  sheet: ScoreSheet | null,
): Promise<string[]> {
  const rows = rowsWithoutPin(rubric, sheet);
  if (rows.length === 0) return [];
  return (await hasPinnable(scope, await getSlot(scope, slotId))) ? rows : [];
}
