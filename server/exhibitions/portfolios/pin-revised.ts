/**
 * What becomes of a portfolio that is submitted while exhibitions are under way. Until scoring starts a panel
 * gets the newest; after that what it looks at stays, and a newer version is offered to it, but for a further
 * attempt that lies ahead.
 */
import type { Clock } from '../../clock.js';
import type { SchoolScope } from '../../db/database.js';
import { byId } from '../../people/person.js';
import { listExhibitionsByIds } from '../exhibition-records.js';
import { exhibitionLock, sharedBy, takeLocks } from '../../db/record-locks.js';
import { presentationIdOf } from '../groups/group.js';
import { pinSnapshots } from '../move-exhibition.js';
import { endOf } from '../slots/slot.js';
import { listSlotsOfStudent } from '../slots/slot-records.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import { listSeatFacts } from '../seats/seat-facts.js';

/**
 * In the transaction of the submission: opening an exhibition pins as well, and must not miss what is
 * submitted at that moment.
 * @returns whether a panel of an exhibition under way keeps what it has: the chair and the office are asked
 */
export async function pinRevised(
  needs: ExhibitionPorts & { clock: Clock },
  scope: SchoolScope,
  { studentId, termId }: { studentId: string; termId: string },
): Promise<{ isKept: boolean }> {
  const now = needs.clock.now();
  const slots = await listSlotsOfStudent(scope, studentId, termId);
  if (slots.length === 0) return { isKept: false };
  const exhibitionIds = [...new Set(slots.map((slot) => slot.exhibitionId))];
  await takeLocks(
    scope,
    exhibitionIds.map((id) => sharedBy(exhibitionLock(id), studentId)),
  );
  const presentations = slots.map(presentationIdOf);
  const [exhibitions, seats, visits] = await Promise.all([
    listExhibitionsByIds(scope, exhibitionIds).then(byId),
    listSeatFacts(needs, scope, presentations),
    needs.countVisits(scope, presentations),
  ]);
  let isKept = false;
  for (const slot of slots) {
    const phase = exhibitions.get(slot.exhibitionId)?.phase;
    const begun =
      visits.has(presentationIdOf(slot)) ||
      seats.some((seat) => seat.slotId === presentationIdOf(slot) && seat.sheet !== 'not-started');
    // While an exhibition is scored, a phone without network may have begun; only a further attempt that lies
    // ahead is surely not read yet.
    const isAhead = phase !== 'scoring' || (slot.attempt > 1 && slot.startsAt > now);
    if (phase && isAhead && !begun && endOf(slot) > now) await pinSnapshots(scope, [slot], phase);
    else if (phase === 'scoring' && !slot.absent && !(await needs.isPublished(scope, [slot.id])))
      isKept = true;
  }
  return { isKept };
}
