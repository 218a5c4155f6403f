/**
 * Sets the sheet of a seat aside, or lets it count again. The sheet itself stays as it is, and who sits there
 * stays, too.
 */
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import { frozen } from '../../audit/frozen-record.js';
import type { Clock } from '../../clock.js';
import type { SchoolScope } from '../../db/database.js';
import { Conflict, Forbidden } from '../../errors.js';
import { getExhibition } from '../exhibition-records.js';
import { memberSlotsOf } from '../groups/group.js';
import { findPanelEnd } from '../portfolios/panel-access.js';
import { getPresentation } from '../slots/slot-records.js';
import { newId } from '../../ids.js';
import { panelLock, withLocks } from '../../db/record-locks.js';
import { maySetAside } from './counted-seats.js';
import { isOwnSeat, type Seat } from '../seats/seat.js';
import { getSeat, listSeatsOfSlot, saveSeatSetAside } from '../seats/seat-records.js';
import { appendSetAside } from './set-aside-records.js';
import { frozenOfSetAside, type SetAside, type SetAsideKind } from './set-aside.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

/**
 * The seat afterwards. Also for a seat on whose sheet nothing is written: then nobody waits for it.
 * @param reason kept beside the sheet; the audit record has its hash alone
 * @throws Forbidden for anybody but the panel's chair and the office; for them about what somebody wrote
 *   while they owe a sheet here
 * @throws Conflict when it is so already, or the result of the presentation is published
 */
export async function setSheetAside(
  needs: { clock: Clock } & Pick<ExhibitionPorts, 'isPublished' | 'listSheetStates'>,
  scope: SchoolScope,
  actor: Actor,
  seatId: string,
  kind: SetAsideKind,
  reason: string,
): Promise<Seat> {
  const { slotId } = await getSeat(scope, seatId);
  return withLocks(scope, [panelLock(slotId)], async (inside) => {
    const [seat, slot] = await Promise.all([getSeat(inside, seatId), getPresentation(inside, slotId)]);
    const exhibition = await getExhibition(inside, seat.exhibitionId);
    const at = needs.clock.now();
    const [seats, panelEndedAt] = await Promise.all([
      listSeatsOfSlot(inside, slotId),
      findPanelEnd(inside, slot, exhibition, at),
    ]);
    if (!maySetAside(actor, { seats, panelEndedAt })) throw new Forbidden('panel.problem.may-not-set-aside');
    if (kind === 'count' && isOwnSeat(actor, seat)) throw new Forbidden('panel.problem.counts-own');
    await refuseBeforeOwnSheet(needs, inside, actor, { seat, seats });
    if (await needs.isPublished(inside, memberSlotsOf(slot)))
      throw new Conflict('panel.problem.set-aside-published', {}, 'published');
    if (Boolean(seat.setAsideAt) === (kind === 'set-aside'))
      throw new Conflict(`panel.problem.already-${kind}`, { name: seat.name }, `already-${kind}`);
    const act: SetAside = {
      ...{ id: newId(), schoolId: scope.schoolId, slotId, exhibitionId: seat.exhibitionId, seatId },
      ...{ kind, reason, at, by: actor.personId, byName: actor.name },
    };
    await appendSetAside(inside, act);
    await saveSeatSetAside(inside, seatId, kind === 'set-aside' ? at : null);
    await appendAudit(
      inside,
      needs.clock,
      actor,
      `sheet.${kind}`,
      { kind: 'seat', id: seatId },
      { slotId, ...frozen('set-aside', act.id, frozenOfSetAside(act)) },
    );
    return { ...seat, setAsideAt: kind === 'set-aside' ? at : null };
  });
}

/**
 * Nobody who still scores here takes another voice away, or lets one back in. A seat on which nothing is
 * written says nothing.
 */
async function refuseBeforeOwnSheet(
  { listSheetStates }: Pick<ExhibitionPorts, 'listSheetStates'>,
  inside: SchoolScope,
  actor: Actor,
  { seat, seats }: { seat: Seat; seats: readonly Seat[] },
): Promise<void> {
  const own = seats.filter((each) => isOwnSeat(actor, each)).map(({ id }) => id);
  if (own.length === 0 || own.includes(seat.id)) return;
  const states = await listSheetStates(inside, [...own, seat.id]);
  if (states.has(seat.id) && own.some((id) => states.get(id) !== 'submitted'))
    throw new Forbidden('panel.problem.own-sheet-first');
}
