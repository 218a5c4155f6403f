/** Sends visitors of a gallery to a stand before others, or no longer. Refuses presentations before a panel. */
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { Clock } from '../../clock.js';
import { inTransaction, type SchoolScope } from '../../db/database.js';
import { Conflict } from '../../errors.js';
import { requirePermission } from '../../people/person.js';
import { mayManageExhibitions } from '../exhibition.js';
import { getExhibition } from '../exhibition-records.js';
import { checkPlanner } from '../planners/planners.js';
import type { Slot } from './slot.js';
import { getPresentation, saveSlotPrioritized } from './slot-records.js';

/**
 * Said twice, it is done once.
 * @throws Conflict when the slot is no stand of a gallery
 */
export async function prioritizeStand(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
  prioritized: boolean,
): Promise<Slot> {
  requirePermission(mayManageExhibitions(actor));
  return inTransaction(scope, async (inside) => {
    const slot = await getPresentation(inside, slotId);
    const exhibition = await getExhibition(inside, slot.exhibitionId);
    checkPlanner(actor, exhibition);
    if (exhibition.format !== 'gallery') throw new Conflict('visits.problem.no-stands');
    if (Boolean(slot.prioritized) === prioritized) return slot;
    await saveSlotPrioritized(inside, slot.id, prioritized);
    await appendAudit(
      inside,
      clock,
      actor,
      'stand.prioritize',
      { kind: 'slot', id: slot.id },
      { prioritized },
    );
    return { ...slot, prioritized };
  });
}
