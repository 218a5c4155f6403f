/**
 * Where somebody who comes late could sit now: the presentations of the day that still take them, where they
 * are needed most first. Only reads; who is put there is checked again in the moment of it.
 */
import type { SchoolScope } from '../../db/database.js';
import { type AppError, Conflict, InvalidInput } from '../../errors.js';
import { isRunning, type Exhibition } from '../exhibition.js';
import type { Slot } from '../slots/slot.js';
import { findPerson } from '../../people/people-records.js';
import type { Person } from '../../people/person.js';
import { neediest } from './check-in.js';
import type { CheckInDay } from './read-check-in.js';
import type { SeatRole } from '../seats/seat.js';
import { checkSeat } from '../seats/check-seat.js';
import type { SeatNeeds } from '../seats/set-seat.js';

/** As many as one looks at on a phone. */
const MAX_OPEN = 12;

export interface OpenSeats {
  person: Person;
  open: { slot: Slot; role: SeatRole }[];
  /** Why they cannot sit where they are needed most; null where they can sit somewhere. */
  reason: AppError | null;
}

/**
 * @param roleAt who they are to those who present
 * @throws InvalidInput for somebody whom the school does not know; Conflict while the exhibition is not running
 */
export async function findOpenSeats(
  needs: SeatNeeds,
  scope: SchoolScope,
  exhibition: Exhibition,
  day: CheckInDay,
  personId: string,
  roleAt: (slotId: string) => Promise<SeatRole>,
): Promise<OpenSeats> {
  if (!isRunning(exhibition)) throw new Conflict('panel.check-in.problem.not-running');
  const person = await findPerson(scope, personId);
  if (!person) throw new InvalidInput([{ field: 'personId', message: 'panel.problem.no-such-person' }]);
  const open: OpenSeats['open'] = [];
  let reason: AppError | null = null;
  for (const slot of neediest(day.slots, day.presentAt, needs.clock.now())) {
    try {
      const role = await roleAt(slot.id);
      await checkSeat(needs, scope, exhibition, slot, person, role);
      open.push({ slot, role });
      if (open.length === MAX_OPEN) break;
    } catch (error) {
      // Somewhere else at that time, or may not hear this student: the next one may do.
      if (!(error instanceof InvalidInput || error instanceof Conflict)) throw error;
      reason ??= error;
    }
  }
  if (open.length > 0) return { person, open, reason: null };
  return { person, open, reason: reason ?? new Conflict('panel.check-in.problem.no-slot') };
}
