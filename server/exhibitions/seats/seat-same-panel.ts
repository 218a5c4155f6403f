/** Sets the people of one slot's panel on another slot's: a student presents again before those who heard it first. */
import type { Actor } from '../../access/actor.js';
import { InvalidInput } from '../../errors.js';
import type { SchoolScope } from '../../db/database.js';
import type { Slot } from '../slots/slot.js';
import { studentsOf } from '../groups/group.js';
import { getPresentation } from '../slots/slot-records.js';
import { listPeopleByIds } from '../../people/people-records.js';
import { byId } from '../../people/person.js';
import { panelLock, takeLocks, timetableLock } from '../../db/record-locks.js';
import { conflictProblems, conflictReasonMissing } from './check-conflict.js';
import { isCounted } from '../counting/counted-seats.js';
import { listSeatsOfSlot } from './seat-records.js';
import { seatProblem } from './seat.js';
import { seatInside, type SeatNeeds } from './set-seat.js';

/**
 * Who has left the school, whose pass was taken back or whose sheet does not count is passed over; guests get
 * their new pass from the slot's page.
 * @param inside a transaction
 * @returns how many were seated
 * @param conflictReason why those may sit there who must not score whoever presents; '' where none was given
 * @throws InvalidInput on `samePanel`, naming who is elsewhere at that time, and all who must not score
 *   whoever presents; for them on `conflictReason` as well
 */
export async function seatSamePanel(
  needs: SeatNeeds,
  inside: SchoolScope,
  actor: Actor,
  fromSlotId: string,
  slot: Slot,
  conflictReason: string,
): Promise<number> {
  await takeLocks(inside, [timetableLock, panelLock(slot.id)]);
  const from = await getPresentation(inside, fromSlotId);
  const before = (await listSeatsOfSlot(inside, from.id)).filter(
    (seat) => !seat.pass?.revokedAt && isCounted(seat),
  );
  const people = byId(
    await listPeopleByIds(
      inside,
      before.map((seat) => seat.personId),
    ),
  );
  const able = before.filter((seat) => {
    const person = people.get(seat.personId);
    return person && seatProblem(person, seat.role, studentsOf([slot])) === null;
  });
  // One reason is about all of them, so all are named before it is given.
  const refused = able.flatMap(({ personId }) =>
    conflictProblems(slot, people.get(personId)!, { field: 'samePanel', reason: conflictReason }),
  );
  if (refused.length > 0) throw new InvalidInput([...refused, conflictReasonMissing]);
  for (const { personId, role, chair } of able) {
    try {
      await seatInside(needs, inside, actor, slot.id, { personId, role, chair, conflictReason });
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      throw new InvalidInput(error.fields.map((each) => ({ ...each, field: 'samePanel' })));
    }
  }
  return able.length;
}
