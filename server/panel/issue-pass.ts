/** Makes a new pass for a seat, or takes the old one away. Its two faces leave this room once and are kept nowhere. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../database.js';
import { Conflict } from '../errors.js';
import { mayPlan } from '../exhibition/exhibition.js';
import { getExhibition } from '../exhibition/exhibition-records.js';
import { endOf } from '../exhibition/slot.js';
import { getSlot } from '../exhibition/slot-records.js';
import { permit } from '../people/person.js';
import { newPass } from './pass.js';
import { mayManageSeats } from './seat.js';
import { getSeat, savePass, savePassRevoked } from './seat-records.js';
import type { SetSeat } from './set-seat.js';

/** The old pass, if there was one, stops working with this. */
export async function renewPass(
  needs: { clock: Clock; passKey: Buffer },
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
    const { faces, pass } = newPass(needs.passKey, needs.clock.now(), endOf(slot));
    const seat = (await savePass(inside, seatId, pass))!;
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
    await appendAudit(inside, needs.clock, actor, 'pass.revoke', { kind: 'seat', id: seatId });
  });
}
