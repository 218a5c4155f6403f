/** Takes somebody off the panel of a slot again, while nothing is on their sheet. */
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { SchoolScope } from '../../db/database.js';
import { Conflict } from '../../errors.js';
import { mayPlan } from '../exhibition.js';
import { getExhibition } from '../exhibition-records.js';
import { checkActsFor } from '../planners/planners.js';
import { refuseUnseen } from '../refuse-stale.js';
import { getPresentation } from '../slots/slot-records.js';
import { requirePermission } from '../../people/person.js';
import { panelLock, timetableLock, withLocks } from '../../db/record-locks.js';
import { mayManageSeats, mayRemoveSeat, type Seat } from './seat.js';
import { getSeat, removeSeat } from './seat-records.js';
import { seenOfSeat } from './seat-seen.js';
import type { SeatNeeds } from './set-seat.js';

/**
 * @param seen `seenOfSeat`, as its sender has seen it
 * @throws Conflict when something was written on the sheet: the voice stays, its pass can be revoked; `stale`
 *   where somebody has come or the seat was changed since; StateMissing
 */
export async function removePanelist(
  needs: SeatNeeds,
  scope: SchoolScope,
  actor: Actor,
  seatId: string,
  seen: string | undefined,
): Promise<Seat> {
  requirePermission(mayManageSeats(actor));
  const { slotId } = await getSeat(scope, seatId);
  return withLocks(scope, [timetableLock, panelLock(slotId)], async (inside) => {
    const seat = await getSeat(inside, seatId);
    const exhibition = await getExhibition(inside, seat.exhibitionId);
    await checkActsFor(inside, actor, exhibition, [await getPresentation(inside, seat.slotId)]);
    if (!mayPlan(exhibition)) throw new Conflict('exhibition.problem.closed');
    const sheet = (await needs.listSheetStates(inside, [seatId])).get(seatId) ?? 'not-started';
    if (!mayRemoveSeat(sheet)) throw new Conflict('panel.problem.sheet-begun');
    await refuseUnseen(inside, { seen, now: seenOfSeat(seat), field: 'seen' }, [
      { kind: 'seat', id: seatId },
      { kind: 'person', id: seat.personId, isAbout: (act) => /^seat\./.test(act) },
    ]);
    await removeSeat(inside, seatId);
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'seat.remove',
      { kind: 'seat', id: seatId },
      { exhibitionId: seat.exhibitionId, slotId: seat.slotId, personId: seat.personId },
    );
    return seat;
  });
}
