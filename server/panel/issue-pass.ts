/** Makes a new pass for a seat, or takes the old one away. Its two faces leave this room once and are kept nowhere. */
import type { Actor } from '../access/actor.js';
import { endGuestSessions } from '../access/session.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../database.js';
import { Conflict, Forbidden } from '../errors.js';
import { mayPlan } from '../exhibition/exhibition.js';
import { getExhibition } from '../exhibition/exhibition-records.js';
import { endOf } from '../exhibition/slot.js';
import { getSlot } from '../exhibition/slot-records.js';
import { permit } from '../people/person.js';
import { newPass } from './pass.js';
import type { PanelNeeds } from './doors.js';
import { isOwnSeat, mayManageSeats, type Seat } from './seat.js';
import { getSeat, listSeatsOfSlot, savePass, savePassRevoked } from './seat-records.js';
import type { SetSeat } from './set-seat.js';

/**
 * The old pass, if there was one, stops working with this, also for those who are in already.
 * @throws Forbidden for somebody of the panel who could read another's sheet by it before their own is in
 */
export async function renewPass(
  needs: Pick<PanelNeeds, 'listSheetStates'> & { clock: Clock; passKey: Buffer },
  scope: SchoolScope,
  actor: Actor,
  seatId: string,
): Promise<SetSeat> {
  permit(mayManageSeats(actor));
  return inTransaction(scope, async (inside) => {
    const before = await getSeat(inside, seatId);
    const slot = await getSlot(inside, before.slotId);
    if (!mayPlan(await getExhibition(inside, before.exhibitionId)))
      throw new Conflict('exhibition.problem.closed');
    await checkSeal(needs, inside, actor, before);
    const { faces, pass } = newPass(needs.passKey, needs.clock.now(), endOf(slot));
    const seat = (await savePass(inside, seatId, pass))!;
    await endGuestSessions(inside, seatId);
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'pass.renew',
      { kind: 'seat', id: seatId },
      { expiresAt: pass.expiresAt },
    );
    return { seat, faces };
  });
}

/** A pass opens its seat's sheet to whoever holds it, so the seal asks here as well. */
async function checkSeal(
  { listSheetStates }: Pick<PanelNeeds, 'listSheetStates'>,
  scope: SchoolScope,
  actor: Actor,
  seat: Seat,
): Promise<void> {
  const own = (await listSeatsOfSlot(scope, seat.slotId)).find((each) => isOwnSeat(actor, each));
  if (!own || own.id === seat.id) return;
  const states = await listSheetStates(scope, [own.id, seat.id]);
  if (states.has(seat.id) && states.get(own.id) !== 'submitted')
    throw new Forbidden('access.problem.own-sheet-first');
}

/** @throws Conflict when there is nothing to revoke */
export async function revokePass(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  seatId: string,
): Promise<void> {
  permit(mayManageSeats(actor));
  await inTransaction(scope, async (inside) => {
    await getSeat(inside, seatId);
    if (!(await savePassRevoked(inside, seatId, needs.clock.now())))
      throw new Conflict('panel.problem.no-pass');
    await endGuestSessions(inside, seatId);
    await appendAudit(inside, needs.clock, actor, 'pass.revoke', { kind: 'seat', id: seatId });
  });
}
