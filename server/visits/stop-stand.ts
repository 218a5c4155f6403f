/**
 * Stops a stand, or all stands of a gallery, for new visits and comments at once, and opens them again. Loses
 * nothing that was left.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../db/database.js';
import { Conflict, NotFound } from '../errors.js';
import { checkActsFor } from '../exhibitions/planners/planners.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import { getSlot } from '../exhibitions/slots/slot-records.js';
import { requirePermission } from '../people/person.js';
import { findStopRecord, saveStop, saveStopChange } from './stand-stop-records.js';
import { mayStopStands } from './visit.js';

export interface WhatToStop {
  exhibitionId: string;
  /** Null: the whole gallery. */
  slotId: string | null;
  /** False: opens it again. */
  stopped: boolean;
}

/**
 * Said twice, it is done once.
 * @throws Conflict when it is no gallery; NotFound for a stand of another exhibition
 */
export async function stopStand(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  what: WhatToStop,
): Promise<void> {
  requirePermission(mayStopStands(actor));
  const { exhibitionId, slotId, stopped } = what;
  const exhibition = await getExhibition(scope, exhibitionId);
  if (exhibition.format !== 'gallery') throw new Conflict('visits.problem.no-stands');
  if (slotId !== null && (await getSlot(scope, slotId)).exhibitionId !== exhibitionId) throw new NotFound();
  // To let visitors in again takes whoever answers for the gallery or the student.
  if (!stopped)
    await checkActsFor(scope, actor, exhibition, slotId === null ? [] : [await getSlot(scope, slotId)]);
  const id = slotId ?? exhibitionId;
  const change = { stopped, at: clock.now(), by: actor.personId, byName: actor.name };
  const work = () =>
    inTransaction(scope, async (inside) => {
      const before = await findStopRecord(inside, id);
      if (!before && !stopped) return;
      const after = before
        ? await saveStopChange(inside, id, change)
        : await saveStop(inside, { id, schoolId: scope.schoolId, exhibitionId, slotId, ...change });
      if (!after) return;
      const subject = slotId ? { kind: 'slot', id: slotId } : { kind: 'exhibition', id: exhibitionId };
      await appendAudit(inside, clock, actor, stopped ? 'stand.stop' : 'stand.reopen', subject);
    });
  try {
    await work();
  } catch (error) {
    // Two people tap in the same moment.
    if (!isDuplicate(error)) throw error;
    await work();
  }
}
