/**
 * A room runs late: what is under way there ends later, and all that follows on this day begins later, by the
 * same minutes.
 */
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { Clock } from '../../clock.js';
import type { SchoolScope } from '../../db/database.js';
import { timetableLock, withLocks } from '../../db/record-locks.js';
import { Conflict, Forbidden, InvalidInput, NotFound, type FieldProblem } from '../../errors.js';
import { isRunning } from '../exhibition.js';
import { getExhibition } from '../exhibition-records.js';
import { findClashes, occupancyOf } from '../slots/occupancies.js';
import { slotChangesSeen, listPublished } from '../slots/change-slot.js';
import { endOf, lateBy, roomKey, slotNow, type Slot } from '../slots/slot.js';
import { listSlotsOfExhibition, saveSlotMove } from '../slots/slot-records.js';
import { isPlanner } from '../planners/planners.js';
import { refuseUnseen } from '../refuse-stale.js';
import { onDayOf, seenOfTimes } from './room-times.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import { bySlot, listSeatFacts, slotMoved } from '../seats/seat-facts.js';

export interface LateRoom {
  room: string;
  /** The presentation in the room now, or the next one. */
  slotId: string;
  /** How many presentations have another time. */
  moved: number;
  /** Who is needed in two places now; the delay is a fact, so it is told and not refused. */
  clashes: FieldProblem[];
}

/**
 * @param asked.seen `seenOfRoom`: minutes count from there, so two people who say the same at once do not say it twice
 * @param asked.minutes later; negative when the room has caught up, which is refused where it would put
 *   anybody in two places
 * @throws Forbidden for everybody but planners and the chair of the panel in this room
 * @throws Conflict when nothing is left to move, `stale` where the room has other times by now; StateMissing;
 *   InvalidInput on `minutes`
 */
export async function delayRoom(
  needs: ExhibitionPorts & { clock: Clock; timeZone: string },
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  room: string,
  { minutes, seen }: { minutes: number; seen: string | undefined },
): Promise<LateRoom> {
  return withLocks(scope, [timetableLock], async (inside) => {
    const now = needs.clock.now();
    const exhibition = await getExhibition(inside, exhibitionId);
    const inRoom = (await listSlotsOfExhibition(inside, exhibitionId)).filter(
      (slot) => roomKey(slot.room) === roomKey(room),
    );
    if (inRoom.length === 0) throw new NotFound();
    const here = slotNow(inRoom, now);
    const seats = here ? await listSeatFacts(needs, inside, [here.id]) : [];
    const chairs = seats.some((seat) => seat.chair && seat.personId === actor.personId);
    if (!isPlanner(actor, exhibition) && !chairs) throw new Forbidden();
    if (!isRunning(exhibition)) throw new Conflict('exhibition.problem.not-running');
    if (!here) throw new Conflict('exhibition.problem.nothing-later');
    const ofDay = onDayOf(here, inRoom, needs.timeZone);
    await refuseUnseen(
      inside,
      { seen, now: seenOfTimes(ofDay), field: 'seen' },
      ofDay.flatMap(slotChangesSeen),
    );
    // When and where it took place stands in a published result.
    const published = await listPublished(needs, inside, ofDay);
    const today = ofDay.filter(({ id }) => !published.has(id));
    if (!today.some((slot) => endOf(slot) > now)) throw new Conflict('exhibition.problem.nothing-later');
    const changed = lateBy(today, minutes, now);
    if (!changed) throw new InvalidInput([{ field: 'minutes', message: 'exhibition.problem.too-early' }]);
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'room.late',
      { kind: 'exhibition', id: exhibitionId },
      { minutes, slotIds: changed.map((slot) => slot.id) },
    );
    const clashes = await clashesOfLate(needs, inside, changed, exhibition.format);
    if (minutes < 0 && clashes.length > 0) throw new InvalidInput(clashes);
    for (const { id, startsAt, minutes: length } of changed) {
      const after = await saveSlotMove(inside, id, { startsAt, minutes: length }, now);
      if (after) await slotMoved(needs, inside, after, now);
    }
    return { room: here.room, slotId: here.id, moved: changed.length, clashes };
  });
}

async function clashesOfLate(
  ports: ExhibitionPorts,
  scope: SchoolScope,
  changed: readonly Slot[],
  format: 'panel' | 'gallery',
): Promise<FieldProblem[]> {
  const seats = await listSeatFacts(
    ports,
    scope,
    changed.map((slot) => slot.id),
  );
  const seatsOf = bySlot(seats);
  const wanted = changed.map((slot) => occupancyOf(slot, format, seatsOf(slot.id)));
  return findClashes(scope, wanted, () => 'minutes');
}
