/** The acts of the check-in desk: somebody is here, or is not after all; somebody who comes late gets the seat where they are needed most. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import { inTransaction, type SchoolScope } from '../database.js';
import { type AppError, Conflict, InvalidInput, NotFound } from '../errors.js';
import { isRunning } from '../exhibition/exhibition.js';
import { getExhibition } from '../exhibition/exhibition-records.js';
import { checkPlanner } from '../exhibition/planners.js';
import { permit } from '../people/person.js';
import { neediest } from './check-in.js';
import { readCheckIn } from './read-check-in.js';
import { mayManageSeats, type SeatRole } from './seat.js';
import { saveArrived } from './seat-records.js';
import { setSeat, type SeatNeeds, type SetSeat } from './set-seat.js';

/** @throws NotFound for somebody who sits on no panel of the day */
export async function noteArrival(
  needs: SeatNeeds,
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  personId: string,
  { here, zone }: { here: boolean; zone: string },
): Promise<void> {
  permit(mayManageSeats(actor));
  await inTransaction(scope, async (inside) => {
    const exhibition = await getExhibition(inside, exhibitionId);
    checkPlanner(actor, exhibition);
    const now = needs.clock.now();
    const { byPerson, isHere } = await readCheckIn(needs, inside, exhibition, now, zone);
    const own = byPerson.get(personId);
    if (!own) throw new NotFound();
    const said = own.every(({ seat }) => (here ? seat.arrivedAt && !seat.notHereAt : seat.notHereAt));
    if (said && isHere(personId) === here) return;
    await saveArrived(
      inside,
      own.map(({ seat }) => seat.id),
      here ? { arrivedAt: now, notHereAt: null } : { arrivedAt: null, notHereAt: now },
    );
    const subject = { kind: 'person', id: personId };
    await appendAudit(inside, needs.clock, actor, here ? 'seat.arrive' : 'seat.not-arrived', subject, {
      exhibitionId,
    });
  });
}

/**
 * Seats somebody at the presentation that was chosen, else at the one that needs them most and to which they may go, and notes that they are
 * here.
 * @param slotId of a presentation that is still to be heard today; left out: chosen here
 * @param roleAt who they are to those who present
 * @throws Conflict when there is none, with the reason of the neediest one
 */
export async function seatLateJudge(
  needs: SeatNeeds,
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  personId: string,
  {
    zone,
    slotId,
    roleAt,
  }: { zone: string; slotId?: string | undefined; roleAt: (slotId: string) => Promise<SeatRole> },
): Promise<SetSeat> {
  permit(mayManageSeats(actor));
  const exhibition = await getExhibition(scope, exhibitionId);
  checkPlanner(actor, exhibition);
  if (!isRunning(exhibition)) throw new Conflict('panel.check-in.problem.not-running');
  const now = needs.clock.now();
  const day = await readCheckIn(needs, scope, exhibition, now, zone);
  let reason: AppError = new Conflict('panel.check-in.problem.no-slot');
  let isFirst = true;
  const left = neediest(day.slots, day.presentAt, now);
  const chosen = slotId ? left.filter(({ id }) => id === slotId) : left;
  if (slotId && chosen.length === 0) throw new Conflict('panel.check-in.problem.not-open');
  for (const slot of chosen) {
    try {
      const role = await roleAt(slot.id);
      const set = await setSeat(needs, scope, actor, slot.id, { personId, role, chair: false });
      await noteArrival(needs, scope, actor, exhibitionId, personId, { here: true, zone });
      return set;
    } catch (error) {
      // Somewhere else at that time, or may not hear this student: the next one may do.
      if (!(error instanceof InvalidInput || error instanceof Conflict)) throw error;
      if (isFirst) reason = error;
      isFirst = false;
    }
  }
  throw reason;
}
