/** Reads who sits where on the day of the check-in, and who is here. Only reads. */
import type { SchoolScope } from '../../db/database.js';
import type { Exhibition } from '../exhibition.js';
import { dayOf } from '../day-and-time.js';
import { listSlotsOfExhibition } from '../slots/slot-records.js';
import type { Slot } from '../slots/slot.js';
import { dayToCheckIn, isHere } from './check-in.js';
import type { Seat } from '../seats/seat.js';
import { listSeatsOfSlots } from '../seats/seat-records.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import { bySlot } from '../seats/seat-facts.js';

export interface CheckInDay {
  /** `YYYY-MM-DD`; null while nobody presents. */
  day: string | null;
  slots: Slot[];
  seats: Seat[];
  /** The seats of each person on that day, by time. */
  byPerson: Map<string, { seat: Seat; slot: Slot }[]>;
  isHere: (personId: string) => boolean;
  /** How many of a panel are here. */
  presentAt: (slotId: string) => number;
}

export async function readCheckIn(
  needs: Pick<ExhibitionPorts, 'listLastWrites'>,
  scope: SchoolScope,
  exhibition: Pick<Exhibition, 'id'>,
  now: Date,
  zone: string,
): Promise<CheckInDay> {
  const all = await listSlotsOfExhibition(scope, exhibition.id);
  const day = dayToCheckIn(all, now, zone);
  const slots = all.filter(({ startsAt }) => dayOf(startsAt, zone) === day);
  const seats = (
    await listSeatsOfSlots(
      scope,
      slots.map(({ id }) => id),
    )
  ).filter((seat) => !seat.endedAt);
  const writes = await needs.listLastWrites(
    scope,
    seats.map(({ id }) => id),
  );
  const seatsOf = bySlot(seats);
  const byPerson: CheckInDay['byPerson'] = new Map();
  for (const slot of slots)
    for (const seat of seatsOf(slot.id)) {
      const own = byPerson.get(seat.personId);
      if (own) own.push({ seat, slot });
      else byPerson.set(seat.personId, [{ seat, slot }]);
    }
  const here = new Set(
    [...byPerson].flatMap(([id, own]) =>
      own.some(({ seat }) => isHere(seat, writes.get(seat.id) ?? null, day ?? '', zone)) ? [id] : [],
    ),
  );
  return {
    ...{ day, slots, seats, byPerson },
    isHere: (personId) => here.has(personId),
    presentAt: (slotId) => seatsOf(slotId).filter((seat) => here.has(seat.personId)).length,
  };
}
