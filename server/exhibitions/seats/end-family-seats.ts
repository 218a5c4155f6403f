/**
 * When somebody is no longer a student's guardian, their seats as family on that student's panels end with
 * it: an empty seat is removed, one whose sheet was begun keeps its voice and opens nothing to them any more.
 */
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { Clock } from '../../clock.js';
import type { SchoolScope } from '../../db/database.js';
import { panelLock, takeLocks, timetableLock } from '../../db/record-locks.js';
import { listFamilySeats, removeSeat, saveSeatEnded } from './seat-records.js';
import { mayRemoveSeat, type SheetState } from './seat.js';

interface Needs {
  clock: Clock;
  listSheetStates(scope: SchoolScope, seatIds: readonly string[]): Promise<Map<string, SheetState>>;
}

/** Inside the transaction that ends the tie. */
export async function endFamilySeats(
  needs: Needs,
  inside: SchoolScope,
  actor: Pick<Actor, 'personId' | 'via'>,
  studentId: string,
  personId: string,
): Promise<void> {
  const seats = await listFamilySeats(inside, studentId, personId);
  if (seats.length === 0) return;
  await takeLocks(inside, [timetableLock, ...seats.map(({ slotId }) => panelLock(slotId))]);
  const states = await needs.listSheetStates(
    inside,
    seats.map(({ id }) => id),
  );
  for (const seat of seats) {
    const { id, exhibitionId, slotId } = seat;
    const empty = mayRemoveSeat(states.get(id) ?? 'not-started');
    if (empty) await removeSeat(inside, id);
    else await saveSeatEnded(inside, id, needs.clock.now());
    await appendAudit(
      inside,
      needs.clock,
      actor,
      empty ? 'seat.remove' : 'seat.end',
      { kind: 'seat', id },
      { exhibitionId, slotId, personId },
    );
  }
}
