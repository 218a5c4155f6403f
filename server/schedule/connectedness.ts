/**
 * Whether severity could be estimated from this plan later: raters can only be compared with each other where
 * a chain of presentations heard together leads from one to the other (Eckes, Introduction to Many-Facet
 * Rasch Measurement, chapter 9).
 */
import { roomKey } from '../exhibitions/slots/slot.js';
import type { Plan } from './problem.js';

interface Group {
  personIds: string[];
  rooms: string[];
  slotIds: string[];
}

export interface Connectedness {
  /** True with at most one group. */
  connected: boolean;
  /** Largest first. */
  groups: Group[];
  /** Raters who hear presentations in more than one room: the links. */
  links: string[];
}

/** Family hear their own child: that says nothing of how severe they are with others, so they link nothing. */
const isRater = (seat: { role: string }): boolean => seat.role !== 'family';

export function connectedness(plan: Plan): Connectedness {
  const heard = plan.slots
    .map((slot) => ({ slot, raters: slot.seats.filter(isRater).map((seat) => seat.personId) }))
    .filter(({ raters }) => raters.length > 0);
  const parent = new Map<string, string>();
  const rootOf = (id: string): string => {
    let at = id;
    while (parent.get(at) !== at) at = parent.get(at)!;
    return at;
  };
  for (const { raters } of heard) {
    for (const rater of raters) if (!parent.has(rater)) parent.set(rater, rater);
    for (const rater of raters) parent.set(rootOf(rater), rootOf(raters[0]!));
  }
  const groups = new Map<string, Group>();
  const roomsOf = new Map<string, Set<string>>();
  for (const { slot, raters } of heard) {
    const root = rootOf(raters[0]!);
    const group = groups.get(root) ?? { personIds: [], rooms: [], slotIds: [] };
    groups.set(root, group);
    group.slotIds.push(slot.id);
    if (!group.rooms.some((room) => roomKey(room) === roomKey(slot.room))) group.rooms.push(slot.room);
    for (const rater of raters) {
      if (!group.personIds.includes(rater)) group.personIds.push(rater);
      roomsOf.set(rater, (roomsOf.get(rater) ?? new Set()).add(roomKey(slot.room)));
    }
  }
  const inOrder = [...groups.values()].sort((a, b) => b.slotIds.length - a.slotIds.length);
  return {
    connected: inOrder.length <= 1,
    groups: inOrder,
    links: [...roomsOf].filter(([, rooms]) => rooms.size > 1).map(([rater]) => rater),
  };
}
