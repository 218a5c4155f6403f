/**
 * Two presentations of one exhibition change their times and rooms in one act, so that it can be done on a
 * day without a free place. Each keeps its length and its panel. Refuses double bookings, and a swap by
 * somebody who has not seen the last move of either.
 */
import type { Actor } from '../../access/actor.js';
import { appendAudits } from '../../audit/append-audit.js';
import type { SchoolScope } from '../../db/database.js';
import { Conflict, InvalidInput, StateMissing, type FieldProblem } from '../../errors.js';
import { requirePermission } from '../../people/person.js';
import { timetableLock, withLocks } from '../../db/record-locks.js';
import { refusePublishedSlots, refuseStale, type MoveSlotNeeds } from './change-slot.js';
import { mayManageExhibitions } from '../exhibition.js';
import { getExhibition } from '../exhibition-records.js';
import { findClashes, occupancyOf } from './occupancies.js';
import { checkActsFor } from '../planners/planners.js';
import { endOf, mayChangeSlot, maySwap, type Slot } from './slot.js';
import { findSlot, getPresentation, saveSlotMove } from './slot-records.js';
import { bySlot, listSeatFacts, slotMoved } from '../seats/seat-facts.js';

export interface SwapWords {
  /** The revisions that the planner has seen. */
  seen?: number | undefined;
  seenOther?: number | undefined;
  /** Why a rule may be broken; stays with both slots. */
  reason?: string;
}

/**
 * @returns both as they are afterwards, the one named first in front
 * @throws Conflict when the exhibition is closed, or one of them has begun, is over, published or has been moved since
 * @throws StateMissing where it is not said what the planner has seen
 * @throws InvalidInput beside `withSlotId`, and on `reason` for rules that are broken without one
 */
export async function swapSlots(
  needs: MoveSlotNeeds,
  scope: SchoolScope,
  actor: Actor,
  id: string,
  otherId: string,
  { seen, seenOther, reason = '' }: SwapWords = {},
): Promise<[Slot, Slot]> {
  requirePermission(mayManageExhibitions(actor));
  return withLocks(scope, [timetableLock], async (inside) => {
    const slot = await getPresentation(inside, id);
    const exhibition = await getExhibition(inside, slot.exhibitionId);
    await checkActsFor(inside, actor, exhibition, [slot]);
    const found = await findSlot(inside, otherId);
    const other = found && (await getPresentation(inside, found.id));
    if (!other || other.id === slot.id || other.exhibitionId !== slot.exhibitionId)
      throw new InvalidInput([{ field: 'withSlotId', message: 'exhibition.problem.swap-with-whom' }]);
    await checkActsFor(inside, actor, exhibition, [other]);
    if (!mayChangeSlot(exhibition.phase)) throw new Conflict('exhibition.problem.closed');
    if (seen === undefined || seenOther === undefined)
      throw new StateMissing('exhibition.problem.revision-missing');
    await refuseStale(inside, slot, seen);
    await refuseStale(inside, other, seenOther);
    for (const each of [slot, other]) {
      // One would come to a time at which the other was held already.
      if (endOf(each) <= needs.clock.now())
        throw new Conflict('exhibition.problem.swap-over', {}, 'slot-over');
      if (!maySwap(each, needs.clock.now()))
        throw new Conflict('exhibition.problem.swap-begun', {}, 'slot-begun');
      await refusePublishedSlots(needs, inside, each);
    }

    const after = [
      { ...slot, startsAt: other.startsAt, room: other.room },
      { ...other, startsAt: slot.startsAt, room: slot.room },
    ];
    const seatsOf = bySlot(await listSeatFacts(needs, inside, [slot.id, other.id]));
    const wanted = after.map((each) => occupancyOf(each, exhibition.format, seatsOf(each.id)));
    const problems = await findClashes(inside, wanted, () => 'withSlotId');
    if (problems.length > 0) throw new InvalidInput(problems);
    const warnings = await needs.listRulesBrokenBy(inside, exhibition, after);
    if (warnings.length > 0 && reason === '')
      throw new InvalidInput([
        ...warnings.map(({ message, params }): FieldProblem => ({ field: 'withSlotId', message, params })),
        { field: 'reason', message: 'exhibition.problem.reason-for-rules' },
      ]);

    const now = needs.clock.now();
    const rules = warnings.map(({ rule }) => rule);
    const accepted = rules.length > 0 ? { accepted: rules, withReason: true } : {};
    const placeOf = ({ startsAt, room }: Slot) => ({ startsAt, room });
    await appendAudits(
      inside,
      needs.clock,
      actor,
      'slot.swap',
      [
        [slot, other],
        [other, slot],
      ].map(([one, another]) => ({
        subject: { kind: 'slot', id: one!.id },
        detail: { withSlotId: another!.id, from: placeOf(one!), to: placeOf(another!), ...accepted },
      })),
    );
    const save = async (before: Slot, place: { startsAt: Date; room: string }): Promise<Slot> => {
      const told = rules.length > 0 ? { at: now, by: actor.personId, rules, reason } : null;
      const reasons = told ? [...(before.moveReasons ?? []), told] : undefined;
      const moved = (await saveSlotMove(inside, before.id, place, now, reasons))!;
      await slotMoved(needs, inside, moved, now);
      return moved;
    };
    return [await save(slot, placeOf(other)), await save(other, placeOf(slot))];
  });
}
