/** A student who presents again revises the portfolio first: the next panel sees what was submitted last before it sits down. */
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../database.js';
import { listExhibitionsByIds } from './exhibition-records.js';
import { exhibitionLock, sharedBy, takeLocks } from '../record-locks.js';
import { presentationIdOf } from './group.js';
import { pinSnapshots } from './move-exhibition.js';
import type { PanelDoor } from './panel-door.js';
import { listSlotsOfStudent } from './slot-records.js';

/**
 * In the transaction of the submission: opening an exhibition pins as well, and must not miss what is submitted at that moment.
 * Pins the newest snapshots to the student's further attempts that lie ahead and on whose sheets nobody has written.
 */
export async function pinRevised(
  needs: { clock: Clock; panel: PanelDoor },
  scope: SchoolScope,
  studentId: string,
): Promise<void> {
  const now = needs.clock.now();
  const again = (await listSlotsOfStudent(scope, studentId)).filter(
    (slot) => slot.attempt > 1 && slot.startsAt > now,
  );
  if (again.length === 0) return;
  const exhibitionIds = [...new Set(again.map((slot) => slot.exhibitionId))];
  await takeLocks(
    scope,
    exhibitionIds.map((id) => sharedBy(exhibitionLock(id), studentId)),
  );
  const [exhibitions, seats] = await Promise.all([
    listExhibitionsByIds(scope, exhibitionIds),
    needs.panel.listSeatFacts(scope, again.map(presentationIdOf)),
  ]);
  for (const slot of again) {
    const phase = exhibitions.find((each) => each.id === slot.exhibitionId)?.phase;
    const begun = seats.some(
      (seat) => seat.slotId === presentationIdOf(slot) && seat.sheet !== 'not-started',
    );
    if (phase && !begun) await pinSnapshots(scope, [slot], phase);
  }
}
