/** Starts the clock of a room, moves it on to the next phase, or sets it back to before it began. */
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { Clock } from '../../clock.js';
import { inTransaction, type SchoolScope } from '../../db/database.js';
import { Conflict, Forbidden } from '../../errors.js';
import { isRunning } from '../exhibition.js';
import { getExhibition } from '../exhibition-records.js';
import { mayRunClock, phaseAfter, type RoomClock } from './room-clock.js';
import type { Slot } from '../slots/slot.js';
import { getPresentation, saveSlotClock } from '../slots/slot-records.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import { listSeatFacts } from '../seats/seat-facts.js';

/**
 * @param from the phase that whoever taps has seen: of two who tap at once one moves it on, the other is told
 * @param back set it to before it began
 * @throws Forbidden for everybody but planners and the chair; Conflict when it stands elsewhere or all is over
 */
export async function advanceClock(
  needs: ExhibitionPorts & { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
  from: RoomClock['phase'] | null,
  back: boolean,
): Promise<Slot> {
  return inTransaction(scope, async (inside) => {
    const slot = await getPresentation(inside, slotId);
    const seats = await listSeatFacts(needs, inside, [slot.id]);
    const exhibition = await getExhibition(inside, slot.exhibitionId);
    if (!mayRunClock(actor, exhibition, seats)) throw new Forbidden();
    if (!isRunning(exhibition)) throw new Conflict('exhibition.problem.no-clock');
    const now = needs.clock.now();
    const phase = back ? null : phaseAfter(from);
    if (!back && phase === null) throw new Conflict('exhibition.problem.clock-over');
    const clock = phase ? { phase, since: now, startedAt: slot.clock?.startedAt ?? now } : null;
    const after = await saveSlotClock(inside, slot.id, from, clock);
    if (!after) throw new Conflict('exhibition.problem.clock-moved');
    const subject = { kind: 'slot', id: slot.id };
    await appendAudit(inside, needs.clock, actor, back ? 'clock.reset' : 'clock.move', subject, {
      from,
      to: phase,
    });
    return after;
  });
}
