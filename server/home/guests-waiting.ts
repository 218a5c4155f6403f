/**
 * Guests who came by the sign of a room and whom nobody has admitted yet: for the chair of their panel, and
 * for the office.
 */
import { isRunning, type Exhibition } from '../exhibitions/exhibition.js';
import { findEndedPanels } from '../exhibitions/portfolios/panel-access.js';
import { listSlotsByIds } from '../exhibitions/slots/slot-records.js';
import type { SchoolScope } from '../db/database.js';
import { listSeatsToAdmit } from '../exhibitions/seats/seat-records.js';
import { isOwnSeat, type Seat } from '../exhibitions/seats/seat.js';
import { byId } from '../people/people-view.js';
import { listPublishedSlotIds } from '../results/result-records.js';
import { listSheetStates } from '../scores/score-sheet-records.js';
import type { SchoolHomeNeeds, Task } from './home.js';

/** Panels named one by one. */
const PANELS = 12;

/**
 * @param exhibitions of those that are closed, guests whose sheet waits for nothing but this, until the
 *   result is published
 * @param chaired panels that the reader chairs; null: all of them
 * @returns one task for each panel with such guests
 */
export async function admissionTasks(
  { actor, scope, t, context }: SchoolHomeNeeds,
  exhibitions: readonly Exhibition[],
  chaired: ReadonlySet<string> | null,
): Promise<Task[]> {
  const places = byId(exhibitions.filter((each) => isRunning(each) || each.phase === 'closed'));
  const asked = (await listSeatsToAdmit(scope, [...places.keys()])).filter(
    (seat) => !isOwnSeat(actor, seat) && (chaired?.has(seat.slotId) ?? true),
  );
  const isOver = ({ exhibitionId }: Seat): boolean => places.get(exhibitionId)!.phase === 'closed';
  const after = await openAfterClosing(scope, asked.filter(isOver), {
    ...{ places, now: context.clock.now(), asChair: chaired !== null },
  });
  const waiting = new Map<string, Seat[]>();
  for (const seat of asked)
    if (!isOver(seat) || after.has(seat.id))
      waiting.set(seat.slotId, [...(waiting.get(seat.slotId) ?? []), seat]);
  return [...waiting].slice(0, PANELS).map(([slotId, guests]): Task => {
    const [first] = guests;
    return {
      kind: 'admit',
      title: t('home.admit.title', { count: guests.length, name: first!.name }),
      line: places.get(first!.exhibitionId)!.title,
      href: `/slots/${slotId}`,
      action: t('home.admit.action'),
      at: isOver(first!) ? null : first!.createdAt.toISOString(),
    };
  });
}

/**
 * Ids of those seats of closed exhibitions whose sheet is in and not published yet; for a chair only while
 * they may still admit.
 */
async function openAfterClosing(
  scope: SchoolScope,
  seats: readonly Seat[],
  { places, now, asChair }: { places: ReadonlyMap<string, Exhibition>; now: Date; asChair: boolean },
): Promise<ReadonlySet<string>> {
  if (seats.length === 0) return new Set();
  const slotsOf = ({ slotId, members }: Seat): string[] =>
    members?.map((member) => member.slotId) ?? [slotId];
  const [states, published, slots] = await Promise.all([
    listSheetStates(
      scope,
      seats.map(({ id }) => id),
    ),
    listPublishedSlotIds(scope, seats.flatMap(slotsOf)),
    listSlotsByIds(scope, [...new Set(seats.map(({ slotId }) => slotId))]),
  ]);
  const left = seats.filter(
    (seat) => states.get(seat.id) === 'submitted' && !slotsOf(seat).some((id) => published.has(id)),
  );
  if (!asChair) return new Set(left.map(({ id }) => id));
  const ended = await findEndedPanels(scope, slots, [...places.values()], now);
  return new Set(left.filter(({ slotId }) => !ended.has(slotId)).map(({ id }) => id));
}
