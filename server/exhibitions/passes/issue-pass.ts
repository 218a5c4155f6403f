/**
 * Makes a new pass for a guest's seat, or takes the old one away. Its two faces leave this room once and are
 * kept nowhere. Somebody with an account signs in: a pass of theirs would be a second key to their sheet in
 * somebody else's hand.
 */
import { findAccountOfPerson } from '../../access/account-records.js';
import type { Actor } from '../../access/actor.js';
import { endGuestSessions } from '../../access/session.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { Clock } from '../../clock.js';
import { inTransaction, type SchoolScope } from '../../db/database.js';
import { Conflict } from '../../errors.js';
import { mayPlan, type Exhibition } from '../exhibition.js';
import { getExhibition } from '../exhibition-records.js';
import { endOf } from '../slots/slot.js';
import { findPresenters } from '../slots/name-presenters.js';
import { getSlot } from '../slots/slot-records.js';
import { requirePermission } from '../../people/person.js';
import { newPass } from './pass.js';
import { mayHandlePass, mayManageSeats, type Seat } from '../seats/seat.js';
import { getSeat, savePass, savePassRevoked } from '../seats/seat-records.js';
import type { SetSeat } from '../seats/set-seat.js';

/**
 * The old pass, if there was one, stops working with this, also for those who are in already.
 * @throws Forbidden for whoever has nothing to do with this presentation or this guest (`mayHandlePass`)
 * @throws Conflict for the seat of somebody who has an account
 */
export async function renewPass(
  needs: { clock: Clock; passKey: Buffer },
  scope: SchoolScope,
  actor: Actor,
  seatId: string,
): Promise<SetSeat> {
  requirePermission(mayManageSeats(actor));
  return inTransaction(scope, async (inside) => {
    const before = await getSeat(inside, seatId);
    const slot = await getSlot(inside, before.slotId);
    const exhibition = await checkHandler(inside, actor, before);
    // Whoever was in before may still have changes on their phone, to be handed in to the office.
    const wasIn = before.hands !== undefined || Boolean(before.pass?.usedAt) || Boolean(before.roomPassId);
    if (!mayPlan(exhibition) && !wasIn) throw new Conflict('exhibition.problem.closed');
    if (await findAccountOfPerson(inside, before.personId)) throw new Conflict('panel.problem.has-account');
    const { faces, pass } = newPass(needs.passKey, needs.clock.now(), endOf(slot));
    const renewedBy = { personId: actor.personId, name: actor.name };
    const seat = (await savePass(inside, seatId, { ...pass, renewedBy }))!;
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

/** @throws Forbidden */
async function checkHandler(scope: SchoolScope, actor: Actor, seat: Seat): Promise<Exhibition> {
  const [exhibition, people] = await Promise.all([
    getExhibition(scope, seat.exhibitionId),
    findPresenters(scope, [await getSlot(scope, seat.slotId)]),
  ]);
  requirePermission(
    mayHandlePass(actor, { exhibition, students: [...people.values()], seat }),
    'panel.problem.not-your-guest',
  );
  return exhibition;
}

/** @throws Conflict when there is nothing to revoke */
export async function revokePass(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  seatId: string,
): Promise<void> {
  requirePermission(mayManageSeats(actor));
  await inTransaction(scope, async (inside) => {
    await checkHandler(inside, actor, await getSeat(inside, seatId));
    if (!(await savePassRevoked(inside, seatId, needs.clock.now())))
      throw new Conflict('panel.problem.no-pass');
    await endGuestSessions(inside, seatId);
    await appendAudit(inside, needs.clock, actor, 'pass.revoke', { kind: 'seat', id: seatId });
  });
}
