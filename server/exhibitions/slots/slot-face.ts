/** What may be seen of one slot, on the day's page as on its own: pure, so that the panel room can show it too. */
import { z } from 'zod';
import { distinctInitials } from '../../people/distinct-initials.js';
import type { Person } from '../../people/person.js';
import type { Phase } from '../exhibition.js';
import { hasPresenter, membersOf, presenterLine } from '../groups/group.js';
import { endOf, revisionOf, type Slot } from './slot.js';
import type { SeatFact } from '../seats/seat-facts.js';

const seatAnswer = z.object({
  id: z.string(),
  personId: z.string(),
  name: z.string(),
  initials: z.string(),
  role: z.string(),
  chair: z.boolean(),
  sheet: z.enum(['not-started', 'draft', 'submitted']).nullable(),
  uncounted: z
    .enum(['set-aside', 'not-admitted'])
    .nullable()
    .describe('For those who plan: why the sheet counts nowhere.'),
});

const slotStates = ['no-panel', 'planned', 'presenting', 'waiting', 'all-in', 'published', 'over'] as const;

export const slotAnswer = z.object({
  id: z.string(),
  exhibitionId: z.string(),
  studentId: z.string(),
  /** Who presents, in one line; of a group its title, or all names. */
  studentName: z.string(),
  /** The members of a group, each with a slot of their own; null for somebody who presents alone. */
  group: z
    .object({
      title: z.string(),
      members: z.array(
        z.object({ slotId: z.string(), studentId: z.string(), name: z.string(), absent: z.boolean() }),
      ),
    })
    .nullable(),
  startsAt: z.string(),
  endsAt: z.string(),
  minutes: z.number(),
  room: z.string(),
  attempt: z.number(),
  /** Say it when moving the slot: then a move that somebody else made meanwhile is not undone. */
  revision: z.number(),
  snapshotId: z.string().nullable(),
  absent: z.boolean().describe('Whoever presents alone did not come.'),
  state: z.enum(slotStates),
  sheetsIn: z.number().nullable(),
  sheetsOf: z.number().describe('Seats whose sheets count.'),
  /** At a gallery: how many left something at this stand. */
  visits: z.number().nullable(),
  seats: z.array(seatAnswer),
});

export type SlotView = z.output<typeof slotAnswer>;
type SlotState = (typeof slotStates)[number];

/** In one word what a planner looks for. */
function slotState(
  phase: Phase,
  slot: Slot,
  seats: readonly SeatFact[],
  now: Date,
  gallery = false,
): SlotState {
  if (seats.length === 0 && phase !== 'closed' && !gallery) return 'no-panel';
  if (phase === 'draft' || phase === 'open') return 'planned';
  const counted = seats.filter((seat) => !seat.uncounted);
  if (counted.length > 0 && counted.every((seat) => seat.sheet === 'submitted')) return 'all-in';
  if (phase === 'closed' || slot.absent) return 'over';
  if (now < slot.startsAt) return 'planned';
  if (now < endOf(slot)) return 'presenting';
  return seats.length > 0 ? 'waiting' : 'over';
}

/**
 * @param people at least those who present, by id
 * @param seesSheets whether the reader is told whose sheets are in: planners are, the panel and the student are not
 * @param stand of a gallery, and how many came, for those who may know
 * @param published slots whose result is published; of a group each member's
 */
export function slotView(
  slot: Slot,
  phase: Phase,
  people: ReadonlyMap<string, Pick<Person, 'displayName'>>,
  seats: readonly SeatFact[],
  seesSheets: boolean,
  now: Date,
  stand: { gallery: boolean; visits: number | null } = { gallery: false, visits: null },
  published: ReadonlySet<string> = new Set(),
): SlotView {
  const heard = membersOf(slot).filter(({ absent }) => !absent);
  const isPublished = heard.length > 0 && heard.every(({ slotId }) => published.has(slotId));
  const state = isPublished ? 'published' : slotState(phase, slot, seats, now, stand.gallery);
  // Nobody scores somebody who did not come.
  const counted = hasPresenter(slot) ? seats.filter((seat) => !seat.uncounted) : [];
  const initials = distinctInitials(seats.map((seat) => seat.name));
  return {
    id: slot.id,
    exhibitionId: slot.exhibitionId,
    studentId: slot.studentId,
    studentName: presenterLine(slot, people),
    group: groupView(slot, people),
    startsAt: slot.startsAt.toISOString(),
    endsAt: endOf(slot).toISOString(),
    minutes: slot.minutes,
    room: slot.room,
    attempt: slot.attempt,
    revision: revisionOf(slot),
    snapshotId: slot.snapshotId,
    absent: slot.absent ?? false,
    state: seesSheets ? state : calmState(state, slot, now),
    visits: stand.visits,
    sheetsIn: seesSheets ? counted.filter((seat) => seat.sheet === 'submitted').length : null,
    sheetsOf: counted.length,
    seats: seats.map((seat, at) => ({
      id: seat.id,
      personId: seat.personId,
      name: seat.name,
      initials: initials[at]!,
      role: seat.role,
      chair: seat.chair,
      sheet: seesSheets ? seat.sheet : null,
      uncounted: seesSheets ? (seat.uncounted ?? null) : null,
    })),
  };
}

const groupView = (
  slot: Slot,
  people: ReadonlyMap<string, Pick<Person, 'displayName'>>,
): SlotView['group'] =>
  slot.group
    ? {
        title: slot.group.title,
        members: slot.group.members.map((member) => ({
          ...member,
          name: people.get(member.studentId)?.displayName ?? '',
        })),
      }
    : null;

/** What everybody in the room can see by themselves: whether somebody is presenting now. */
function calmState(state: SlotState, slot: Slot, now: Date): SlotState {
  if (state === 'no-panel' || state === 'planned' || state === 'presenting')
    return state === 'no-panel' ? 'planned' : state;
  if ((state === 'all-in' || state === 'published') && now < endOf(slot))
    return now < slot.startsAt ? 'planned' : 'presenting';
  return 'over';
}
