/**
 * Sets many people of the school on many panels of one exhibition, all or none: one entry in the audit chain,
 * one look at who is where.
 */
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { Clock } from '../../clock.js';
import { isDuplicate, type SchoolScope } from '../../db/database.js';
import { Conflict, InvalidInput, type FieldProblem } from '../../errors.js';
import { mayPlan } from '../exhibition.js';
import { getExhibition } from '../exhibition-records.js';
import { checkClashes, occupancyOf } from '../slots/occupancies.js';
import { studentsOf } from '../groups/group.js';
import { conflictOf } from './seat-conflicts.js';
import { listSlotsByIds } from '../slots/slot-records.js';
import { newId } from '../../ids.js';
import { listPeopleByIds } from '../../people/people-records.js';
import { byId, requirePermission } from '../../people/person.js';
import { panelLock, timetableLock, withLocks } from '../../db/record-locks.js';
import {
  isAboutErased,
  mayChair,
  mayManageSeats,
  presentedAt,
  seatProblem,
  type Seat,
  type SeatRole,
} from './seat.js';
import { listSeatsOfSlots, saveSeats } from './seat-records.js';
import { checkActsFor, isPlanner } from '../planners/planners.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import { bySlot } from './seat-facts.js';

export interface SeatWish {
  slotId: string;
  personId: string;
  role: SeatRole;
  chair: boolean;
}

/**
 * Nobody gets a pass here; who needs one is given it on the slot's page.
 * @throws InvalidInput (`seats.3.personId`) for people who may not sit there or are elsewhere; Conflict when
 *   the exhibition is closed
 */
export async function setSeats(
  needs: ExhibitionPorts & { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  wishes: readonly SeatWish[],
): Promise<Seat[]> {
  requirePermission(mayManageSeats(actor));
  const panels = [...new Set(wishes.map((wish) => wish.slotId))].map(panelLock);
  return withLocks(scope, [timetableLock, ...panels], async (inside) => {
    const exhibition = await getExhibition(inside, exhibitionId);
    if (!mayPlan(exhibition)) throw new Conflict('exhibition.problem.closed');
    if (!isPlanner(actor, exhibition))
      await checkActsFor(
        inside,
        actor,
        exhibition,
        await listSlotsByIds(inside, [...new Set(wishes.map((wish) => wish.slotId))]),
      );
    const slotIds = [...new Set(wishes.map((wish) => wish.slotId))];
    const [slots, people, seated] = await Promise.all([
      listSlotsByIds(inside, slotIds).then(byId),
      listPeopleByIds(inside, [...new Set(wishes.map((wish) => wish.personId))]).then(byId),
      listSeatsOfSlots(inside, slotIds),
    ]);
    const sheets = await needs.listSheetStates(
      inside,
      seated.map((seat) => seat.id),
    );
    // The seal: who may have read a sheet that is in is asked one by one (`set-seat.ts`), never for many at once.
    const read = new Set(
      seated.filter((seat) => sheets.get(seat.id) === 'submitted').map((seat) => seat.slotId),
    );
    const field = (at: number) => `seats.${at}.personId`;
    const place = ({ slotId, personId }: Pick<SeatWish, 'slotId' | 'personId'>) => `${slotId} ${personId}`;
    const sits = new Set(seated.map(place));
    const firstAt = new Map<string, number>();
    wishes.forEach((wish, at) => {
      if (!firstAt.has(place(wish))) firstAt.set(place(wish), at);
    });
    const problems = wishes.flatMap((wish, at): FieldProblem[] => {
      const [slot, person] = [slots.get(wish.slotId), people.get(wish.personId)];
      if (!slot || slot.exhibitionId !== exhibitionId || !person)
        return [{ field: field(at), message: 'panel.problem.no-such-person' }];
      const wrong = isAboutErased(presentedAt(slot))
        ? 'panel.problem.presenter-erased'
        : slot.absent
          ? 'panel.problem.presenter-absent'
          : sits.has(place(wish)) || firstAt.get(place(wish)) !== at
            ? 'panel.problem.sits-here'
            : read.has(slot.id)
              ? 'panel.problem.sheets-in'
              : wish.chair && !mayChair(wish.role)
                ? 'panel.problem.chair-of-school'
                : (seatProblem(person, wish.role, studentsOf([slot])) ??
                  // Words that nobody has settled are told where the panels are planned (`availability/conflicts`).
                  (conflictOf(person, studentsOf([slot])) === 'declared'
                    ? 'panel.problem.conflict-declared'
                    : null));
      return wrong ? [{ field: field(at), message: wrong, params: { name: person.displayName } }] : [];
    });
    if (problems.length > 0) throw new InvalidInput(problems);
    const now = needs.clock.now();
    const fresh = wishes.map((wish): Seat => ({
      ...{ id: newId(), schoolId: scope.schoolId, exhibitionId, slotId: wish.slotId },
      ...presentedAt(slots.get(wish.slotId)!),
      personId: wish.personId,
      name: people.get(wish.personId)!.displayName,
      ...{ role: wish.role, chair: wish.chair, pass: null, roomPassId: null },
      ...{ createdAt: now, createdBy: actor.personId },
    }));
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'seat.set-several',
      { kind: 'exhibition', id: exhibitionId },
      {
        seats: fresh.map(({ id, slotId, personId, role, chair }) => ({ id, slotId, personId, role, chair })),
      },
    );
    const seatsOf = bySlot([...seated, ...fresh]);
    const wanted = slotIds.map((id) => occupancyOf(slots.get(id)!, exhibition.format, seatsOf(id)));
    await checkClashes(inside, wanted, (at, { personId }) =>
      field(firstAt.get(place({ slotId: wanted[at]!.slotId, personId: personId ?? '' })) ?? 0),
    );
    try {
      await saveSeats(inside, fresh);
    } catch (error) {
      if (isDuplicate(error)) throw new Conflict('common.problem.stale');
      throw error;
    }
    return fresh;
  });
}
