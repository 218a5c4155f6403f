/**
 * To which stands a visitor could go next: those that the gallery puts first, then those that few people have
 * visited. Only reads.
 */
import { createHash } from 'node:crypto';
import type { Actor } from '../access/actor.js';
import type { SchoolScope } from '../db/database.js';
import type { Exhibition } from '../exhibitions/exhibition.js';
import { presenterLine, presentersOf } from '../exhibitions/groups/group.js';
import { findPresenters } from '../exhibitions/slots/name-presenters.js';
import { listSlotsOfExhibition } from '../exhibitions/slots/slot-records.js';
import type { Slot } from '../exhibitions/slots/slot.js';
import { listStops } from './stand-stop-records.js';
import { takesVisits } from './visit.js';
import { countVisits, listVisitsByIds, listVisitsOfPersonAt } from './visit-records.js';

export interface SuggestedStand {
  slotId: string;
  room: string;
  studentName: string;
  /** Visits in which something was left so far. */
  visits: number;
  prioritized: boolean;
}

const MAX_SUGGESTED = 3;

type Countable = Pick<Slot, 'id' | 'prioritized'>;

/**
 * Fewest visits first, stands that are put first before all others. Among equals everybody gets another
 * order, so that a hall full of visitors is not sent to one stand.
 * @param visitor who asks
 */
export function orderStands<T extends Countable>(
  stands: readonly T[],
  visitsOf: (slotId: string) => number,
  visitor: string,
): T[] {
  const turnOf = ({ id }: T) => createHash('sha256').update(`${visitor} ${id}`).digest('hex');
  return [...stands].sort(
    (a, b) =>
      Number(b.prioritized ?? false) - Number(a.prioritized ?? false) ||
      visitsOf(a.id) - visitsOf(b.id) ||
      turnOf(a).localeCompare(turnOf(b)),
  );
}

/** @param published which of the stands have a published result: they take no visits any more */
export async function suggestStands(
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'visitIds'>,
  exhibition: Exhibition,
  {
    now,
    zone,
    published,
  }: { now: Date; zone: string; published: (ids: string[]) => Promise<ReadonlySet<string>> },
): Promise<SuggestedStand[]> {
  const all = await listSlotsOfExhibition(scope, exhibition.id);
  const ids = all.map(({ id }) => id);
  const [done, stops, counts, own, ownByPass] = await Promise.all([
    published(ids),
    listStops(scope, exhibition.id),
    countVisits(scope, ids),
    listVisitsOfPersonAt(scope, actor.personId, ids),
    listVisitsByIds(scope, actor.visitIds ?? []),
  ]);
  const been = new Set([...own, ...ownByPass].map(({ slotId }) => slotId));
  const stopped = new Set(stops.map(({ slotId }) => slotId));
  // The whole gallery takes nothing.
  if (stopped.has(null)) return [];
  const open = all.filter(
    (slot) =>
      !been.has(slot.id) &&
      !stopped.has(slot.id) &&
      !slot.presenterErasedAt &&
      !slot.absent &&
      slot.startsAt <= now &&
      !presentersOf(slot).includes(actor.personId) &&
      takesVisits(exhibition, slot, done.has(slot.id), zone, now),
  );
  const next = orderStands(open, (id) => counts.get(id) ?? 0, actor.personId).slice(0, MAX_SUGGESTED);
  const people = await findPresenters(scope, next);
  return next.map((slot) => ({
    slotId: slot.id,
    room: slot.room,
    studentName: presenterLine(slot, people),
    visits: counts.get(slot.id) ?? 0,
    prioritized: slot.prioritized ?? false,
  }));
}
