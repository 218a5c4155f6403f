/** Guests who came by the sign of a room and whom nobody has admitted yet: for the chair of their panel, and for the office. */
import { isRunning, type Exhibition } from '../exhibition/exhibition.js';
import { awaitsAdmission } from '../panel/counted-seats.js';
import { listUncountedSeats } from '../panel/seat-records.js';
import { isOwnSeat, type Seat } from '../panel/seat.js';
import type { SchoolHomeNeeds, Task } from './home.js';

/** Panels named one by one. */
const PANELS = 12;

/**
 * @param slotIds panels that the reader chairs; null: all of them
 * @returns one task for each panel with such guests
 */
export async function admissionTasks(
  { actor, scope, t }: SchoolHomeNeeds,
  exhibitions: readonly Exhibition[],
  slotIds: ReadonlySet<string> | null,
): Promise<Task[]> {
  const running = exhibitions.filter(isRunning);
  const found = await Promise.all(running.map(({ id }) => listUncountedSeats(scope, id)));
  return found.flatMap((seats, at) => {
    const waiting = new Map<string, Seat[]>();
    for (const seat of seats)
      if (awaitsAdmission(seat) && !isOwnSeat(actor, seat) && (slotIds?.has(seat.slotId) ?? true))
        waiting.set(seat.slotId, [...(waiting.get(seat.slotId) ?? []), seat]);
    return [...waiting].slice(0, PANELS).map(([slotId, guests]): Task => ({
      kind: 'admit',
      title: t('home.admit.title', { count: guests.length, name: guests[0]!.name }),
      line: running[at]!.title,
      href: `/slots/${slotId}`,
      action: t('home.admit.action'),
      at: guests[0]!.createdAt.toISOString(),
    }));
  });
}
