/**
 * Admits a guest who came by the sign of a room: from then on what they score counts, on every panel of the exhibition.
 */
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { Clock } from '../../clock.js';
import type { SchoolScope } from '../../db/database.js';
import { Conflict, Forbidden, StateMissing } from '../../errors.js';
import { timeText } from '../day-and-time.js';
import { getExhibition } from '../exhibition-records.js';
import { memberSlotsOf } from '../groups/group.js';
import { findPanelEnd } from '../portfolios/panel-access.js';
import type { Slot } from '../slots/slot.js';
import { getPresentation } from '../slots/slot-records.js';
import { panelLock, withLocks } from '../../db/record-locks.js';
import { findSchool } from '../../school/school-records.js';
import { awaitsAdmission, lastAskedBy, mayAdmit, type Admission } from './counted-seats.js';
import { isOwnSeat, type Seat } from '../seats/seat.js';
import { getSeat, listSeatsOfPersonAt, listSeatsOfSlot, saveSeatsAdmitted } from '../seats/seat-records.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

/**
 * The seat afterwards; admitted again, nothing changes. Where a result is published the guest's sheet stays
 * left out of it.
 * @throws Forbidden for anybody but the panel's chair, the office and whoever plans the exhibition, and for
 *   the guest themselves
 * @param seen `askedAt` as its sender has seen it
 * @throws StateMissing; Conflict `stale` where another phone has come in as this guest since
 * @throws Conflict for a seat that nobody needs to be admitted to, and when the result of this presentation
 *   is published
 */
export async function admitGuest(
  needs: { clock: Clock } & Pick<ExhibitionPorts, 'isPublished'>,
  scope: SchoolScope,
  actor: Actor,
  seatId: string,
  seen: string | undefined,
): Promise<Seat> {
  const before = await getSeat(scope, seatId);
  const asked = await listSeatsOfPersonAt(scope, before.exhibitionId, before.personId);
  const slotIds = [...new Set([before.slotId, ...asked.map(({ slotId }) => slotId)])].sort();
  return withLocks(scope, slotIds.map(panelLock), async (inside) => {
    const now = needs.clock.now();
    const { seat, slot } = await seatToAdmit(inside, actor, seatId, now);
    if (!seat.admission) throw new Conflict('panel.problem.nobody-to-admit', { name: seat.name });
    if (!awaitsAdmission(seat)) return seat;
    if (await needs.isPublished(inside, memberSlotsOf(slot)))
      throw new Conflict('panel.problem.admit-published', {}, 'published');
    const ofPerson = await listSeatsOfPersonAt(inside, seat.exhibitionId, seat.personId);
    await refuseAskedSince(inside, seat, lastAskedBy(seat.personId, ofPerson), seen);
    const admission = admissionBy(actor, seat.admission, now);
    const ids = [seatId];
    for (const other of ofPerson) {
      if (other.id === seatId || !awaitsAdmission(other) || !slotIds.includes(other.slotId)) continue;
      const presented = await getPresentation(inside, other.slotId);
      if (!(await needs.isPublished(inside, memberSlotsOf(presented)))) ids.push(other.id);
    }
    await saveSeatsAdmitted(inside, ids, admission);
    for (const id of ids)
      await appendAudit(inside, needs.clock, actor, 'seat.admit', { kind: 'seat', id }, { slotId: slot.id });
    return { ...seat, admission };
  });
}

/** The phone that was seen is admitted, no other one that says to be them. @throws StateMissing; Conflict `stale` */
async function refuseAskedSince(
  inside: SchoolScope,
  { name }: Seat,
  last: Date | null,
  seen: string | undefined,
): Promise<void> {
  if (!seen) throw new StateMissing('common.problem.state-missing', { field: 'askedAt' });
  if (!last || last.getTime() === new Date(seen).getTime()) return;
  const school = await findSchool(inside, inside.schoolId);
  const at = timeText(last, school?.timeZone ?? 'UTC', school?.locale ?? 'en');
  const changes = [{ who: name, at: last.toISOString() }];
  throw new Conflict('panel.problem.asked-since', { name, at }, 'stale', { changes });
}

/**
 * The same for one seat of a presentation whose result is published: a correction of the result takes the
 * sheet over, in the transaction that holds the panel's lock.
 * @throws as admitGuest, but for the published result
 */
export async function admitAfterPublishing(
  { clock }: { clock: Clock },
  inside: SchoolScope,
  actor: Actor,
  seatId: string,
): Promise<Seat> {
  const now = clock.now();
  const { seat, slot } = await seatToAdmit(inside, actor, seatId, now);
  if (!seat.admission || !awaitsAdmission(seat))
    throw new Conflict('panel.problem.nobody-to-admit', { name: seat.name });
  const admission = admissionBy(actor, seat.admission, now);
  await saveSeatsAdmitted(inside, [seatId], admission);
  await appendAudit(inside, clock, actor, 'seat.admit', { kind: 'seat', id: seatId }, { slotId: slot.id });
  return { ...seat, admission };
}

const admissionBy = (actor: Actor, { askedAt }: Admission, admittedAt: Date): Admission => ({
  ...{ askedAt, admittedAt },
  ...{ by: actor.personId, byName: actor.name },
});

/**
 * The seat and its presentation. @throws Forbidden where this person may not admit anybody there, or would
 * admit themselves
 */
async function seatToAdmit(
  inside: SchoolScope,
  actor: Actor,
  seatId: string,
  now: Date,
): Promise<{ seat: Seat; slot: Slot }> {
  const seat = await getSeat(inside, seatId);
  const [slot, exhibition] = await Promise.all([
    getPresentation(inside, seat.slotId),
    getExhibition(inside, seat.exhibitionId),
  ]);
  const [seats, panelEndedAt] = await Promise.all([
    listSeatsOfSlot(inside, slot.id),
    findPanelEnd(inside, slot, exhibition, now),
  ]);
  if (!mayAdmit(actor, { seats, panelEndedAt }, exhibition))
    throw new Forbidden('panel.problem.may-not-admit');
  if (isOwnSeat(actor, seat)) throw new Forbidden('panel.problem.admits-oneself');
  return { seat, slot };
}
