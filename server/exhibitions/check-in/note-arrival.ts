/**
 * The acts of the check-in desk: somebody is here, or is not after all; somebody who comes late gets the seat
 * where they are needed most.
 */
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import { inTransaction, type SchoolScope } from '../../db/database.js';
import { type AppError, Conflict, InvalidInput, NotFound } from '../../errors.js';
import { dayOf } from '../day-and-time.js';
import { isRunning } from '../exhibition.js';
import { getExhibition } from '../exhibition-records.js';
import { checkPlanner } from '../planners/planners.js';
import { overlaps, type Slot } from '../slots/slot.js';
import { findPerson } from '../../people/people-records.js';
import { requirePermission } from '../../people/person.js';
import { neediest } from './check-in.js';
import { readCheckIn } from './read-check-in.js';
import { mayManageSeats, type Seat, type SeatRole } from '../seats/seat.js';
import { listSeatsOfPersonAt, saveArrived } from '../seats/seat-records.js';
import { setSeat, type SeatNeeds, type SetSeat } from '../seats/set-seat.js';

/**
 * @throws NotFound for somebody who sits on no panel of the day
 * @throws Conflict on every other day
 */
export async function noteArrival(
  needs: SeatNeeds,
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  personId: string,
  { here, zone }: { here: boolean; zone: string },
): Promise<void> {
  requirePermission(mayManageSeats(actor));
  await inTransaction(scope, async (inside) => {
    const exhibition = await getExhibition(inside, exhibitionId);
    checkPlanner(actor, exhibition);
    const now = needs.clock.now();
    const { day, byPerson, isHere } = await readCheckIn(needs, inside, exhibition, now, zone);
    const own = byPerson.get(personId);
    if (!own) throw new NotFound();
    // Said the evening before, it would be read as having come in the morning.
    if (day !== dayOf(now, zone)) throw new Conflict('panel.check-in.problem.not-today');
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

export interface LateSeat extends SetSeat {
  /** False when the seat was theirs before. */
  isNew: boolean;
}

/**
 * Seats somebody at the presentation that was chosen, else at the one that needs them most and to which they
 * may go, and notes that they are here. Whoever sits there, and where none was chosen at that time, already
 * keeps that seat: a second tap, a second helper and an old page mean the same one.
 * @param slotId of a presentation that is still to be heard today; left out: chosen here
 * @param roleAt who they are to those who present
 * @throws InvalidInput when the school does not know them or they have left
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
): Promise<LateSeat> {
  requirePermission(mayManageSeats(actor));
  const exhibition = await getExhibition(scope, exhibitionId);
  checkPlanner(actor, exhibition);
  if (!isRunning(exhibition)) throw new Conflict('panel.check-in.problem.not-running');
  await checkPerson(scope, personId);
  const now = needs.clock.now();
  const day = await readCheckIn(needs, scope, exhibition, now, zone);
  const open = neediest(day.slots, day.presentAt, now);
  const noted = async (set: LateSeat): Promise<LateSeat> => {
    const isToday = day.day === dayOf(now, zone);
    if (isToday) await noteArrival(needs, scope, actor, exhibitionId, personId, { here: true, zone });
    return set;
  };
  /** Asked of the records each time: another helper may have been faster. */
  const seatDuring = async (slots: readonly Slot[]): Promise<LateSeat | null> => {
    const own = await listSeatsOfPersonAt(scope, exhibitionId, personId);
    const seat = own.find(
      (each) => !each.endedAt && (slotId ? each.slotId === slotId : sitsDuring(each, open, slots)),
    );
    return seat ? { seat, faces: null, isNew: false } : null;
  };
  const underWay = slotId ? null : await seatDuring(open.filter(({ startsAt }) => startsAt <= now));
  if (underWay) return noted(underWay);
  let reason: AppError = new Conflict('panel.check-in.problem.no-slot');
  let isFirst = true;
  const chosen = slotId ? open.filter(({ id }) => id === slotId) : open;
  if (slotId && chosen.length === 0) throw new Conflict('panel.check-in.problem.not-open');
  for (const slot of chosen) {
    try {
      const role = await roleAt(slot.id);
      const set = await setSeat(needs, scope, actor, slot.id, { personId, role, chair: false });
      return await noted({ ...set, isNew: true });
    } catch (error) {
      // Somewhere else at that time, or may not hear this student: the next one may do.
      if (!(error instanceof InvalidInput || error instanceof Conflict)) throw error;
      const before = await seatDuring([slot]);
      if (before) return noted(before);
      if (isFirst) reason = error;
      isFirst = false;
    }
  }
  throw reason;
}

/** @param open presentations that are not over and at which somebody presents @param slots some of them */
function sitsDuring(seat: Pick<Seat, 'slotId'>, open: readonly Slot[], slots: readonly Slot[]): boolean {
  const own = open.find(({ id }) => id === seat.slotId);
  return own !== undefined && slots.some((slot) => overlaps(own, slot));
}

/** What is wrong with the person is wrong at every presentation. */
async function checkPerson(scope: SchoolScope, personId: string): Promise<void> {
  const person = await findPerson(scope, personId);
  if (person?.active) return;
  const message = person ? 'panel.problem.person-left' : 'panel.problem.no-such-person';
  throw new InvalidInput([{ field: 'personId', message }]);
}
