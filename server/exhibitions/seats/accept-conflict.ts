/**
 * A planner says why somebody sits on a panel although they must not score whoever presents: of a conflict
 * that became known after they were seated.
 */
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { Clock } from '../../clock.js';
import type { SchoolScope } from '../../db/database.js';
import { Conflict } from '../../errors.js';
import { getExhibition } from '../exhibition-records.js';
import { checkActsFor } from '../planners/planners.js';
import { refuseUnseen, seenOf } from '../refuse-stale.js';
import { findSeatConflicts, seatedWithConflict } from './seat-conflicts.js';
import { getPresentation, saveSlotReason } from '../slots/slot-records.js';
import { requirePermission } from '../../people/person.js';
import { panelLock, withLocks } from '../../db/record-locks.js';
import { mayManageSeats, type Seat } from './seat.js';
import { getSeat, saveConflictAccepted } from './seat-records.js';

/**
 * @param seen names the conflicts as the sender has seen them: one that was recorded since is asked about again
 * @throws Conflict `no-conflict` where nothing is left to accept, `stale` where another conflict is known by
 *   now; StateMissing
 */
export async function acceptConflict(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  seatId: string,
  { reason, seen }: { reason: string; seen: string | undefined },
): Promise<Seat> {
  requirePermission(mayManageSeats(actor));
  const { slotId } = await getSeat(scope, seatId);
  return withLocks(scope, [panelLock(slotId)], async (inside) => {
    const [seat, slot] = await Promise.all([getSeat(inside, seatId), getPresentation(inside, slotId)]);
    await checkActsFor(inside, actor, await getExhibition(inside, seat.exhibitionId), [slot]);
    const conflict = (await findSeatConflicts(inside, [slot], [seat])).get(seatId);
    if (!conflict?.open) throw new Conflict('panel.problem.no-conflict', { name: seat.name }, 'no-conflict');
    await refuseUnseen(inside, { seen, now: seenOf(conflict.keys), field: 'seen' }, [
      { kind: 'person', id: seat.personId },
    ]);
    const at = needs.clock.now();
    await saveConflictAccepted(inside, seatId, conflict.keys, at);
    await saveSlotReason(inside, slot.id, {
      ...{ at, by: actor.personId, rules: [seatedWithConflict], reason },
    });
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'seat.accept-conflict',
      { kind: 'seat', id: seatId },
      { slotId, personId: seat.personId, accepted: conflict.keys, withReason: true },
    );
    return { ...seat, conflictAcceptedAt: at, acceptedConflicts: conflict.keys };
  });
}
