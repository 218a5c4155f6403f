/**
 * Approves comments that wait for review, or sets many aside at once. Approving is of what was read: a
 * comment that its visitor has changed since keeps waiting. Scores count whatever is decided here.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { InvalidInput } from '../errors.js';
import { checkPlanner } from '../exhibitions/planners/planners.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import { listSeatsOfSlots } from '../exhibitions/seats/seat-records.js';
import { isOwnSeat } from '../exhibitions/seats/seat.js';
import { listSealedStudentIds } from '../people/people-records.js';
import { listSheetStates } from '../scores/score-sheet-records.js';
import { listSlotsOfExhibition } from '../exhibitions/slots/slot-records.js';
import { getVisit, listCommentIds, saveApproved, saveHidden, type CommentFilter } from './visit-records.js';

/** Comments that one request decides about. */
export const MAX_COMMENTS_AT_ONCE = 500;

/** A comment as it was read. */
export interface ReadComment {
  id: string;
  revision: number;
}

/**
 * Stands whose comments this person does not read: they sit on the panel there and owe their own sheet, and
 * comments carry opinions; or the record of the student is sealed from this school.
 * @returns ids of slots
 */
export async function findClosedStands(
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
): Promise<string[]> {
  const slots = await listSlotsOfExhibition(scope, exhibitionId);
  const seats = (
    await listSeatsOfSlots(
      scope,
      slots.map((slot) => slot.id),
    )
  ).filter((seat) => isOwnSeat(actor, seat));
  const states = await listSheetStates(
    scope,
    seats.map((seat) => seat.id),
  );
  const sealed = await listSealedStudentIds(scope);
  return [
    ...seats.filter((seat) => states.get(seat.id) !== 'submitted').map((seat) => seat.slotId),
    ...slots.filter(({ studentId }) => sealed.has(studentId)).map(({ id }) => id),
  ];
}

/**
 * The student reads these comments from now on.
 * @returns how many were approved; the others were changed since they were read, or do not wait
 * @throws InvalidInput when none was chosen
 */
export async function approveComments(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  read: readonly ReadComment[],
): Promise<number> {
  checkPlanner(actor, await getExhibition(scope, exhibitionId));
  if (read.length === 0) throw new InvalidInput([{ field: 'ids', message: 'visits.problem.none-chosen' }]);
  const exceptSlotIds = await findClosedStands(scope, actor, exhibitionId);
  return inTransaction(scope, async (inside) => {
    const visitIds: string[] = [];
    for (const { id, revision } of read) {
      const after = await saveApproved(inside, exhibitionId, { id, revision, exceptSlotIds });
      if (after) visitIds.push(id);
    }
    if (visitIds.length > 0) {
      const subject = { kind: 'exhibition', id: exhibitionId };
      await appendAudit(inside, clock, actor, 'comments.approve', subject, { visitIds });
    }
    return visitIds.length;
  });
}

/** Comments by their ids, or all that fit a filter. */
export type Chosen = { ids: readonly string[] } | { filter: Omit<CommentFilter, 'exceptSlotIds'> };

/**
 * Sets comments aside with one reason.
 * @returns how many; those that were set aside before keep their own reason
 * @throws InvalidInput without a reason, or when none was chosen
 */
export async function hideComments(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  chosen: Chosen,
  reason: string,
): Promise<number> {
  const exhibition = await getExhibition(scope, exhibitionId);
  checkPlanner(actor, exhibition);
  const exceptSlotIds = await findClosedStands(scope, actor, exhibitionId);
  const ids =
    'ids' in chosen
      ? chosen.ids
      : await listCommentIds(scope, { ...chosen.filter, exceptSlotIds }, MAX_COMMENTS_AT_ONCE);
  const problems = [
    ...(reason === '' ? [{ field: 'reason', message: 'visits.problem.reason' }] : []),
    ...(ids.length === 0 ? [{ field: 'ids', message: 'visits.problem.none-chosen' }] : []),
  ];
  if (problems.length > 0) throw new InvalidInput(problems);
  return inTransaction(scope, async (inside) => {
    const hidden = { at: clock.now(), by: actor.personId, byName: actor.name, reason };
    const visitIds: string[] = [];
    for (const id of ids) {
      const visit = await getVisit(inside, id);
      if (visit.exhibitionId !== exhibition.id || exceptSlotIds.includes(visit.slotId)) continue;
      if (await saveHidden(inside, id, hidden)) visitIds.push(id);
    }
    if (visitIds.length > 0) {
      const subject = { kind: 'exhibition', id: exhibitionId };
      await appendAudit(inside, clock, actor, 'comments.hide', subject, { visitIds, withReason: true });
    }
    return visitIds.length;
  });
}
