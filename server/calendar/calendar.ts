/**
 * What stands in somebody's calendar: their own presentations, those of their children and of the students
 * they advise, and the panels they sit on. Never a draft, never a score. One presentation is one entry, in
 * the nearest of one's capacities.
 */
import type { Actor } from '../access/actor.js';
import { hasRole } from '../access/actor.js';
import { endOf, revisionOf, type Slot } from '../exhibitions/slots/slot.js';

/** Nearest first: a mother who sits on her child's panel is there as the panel. */
export const capacities = ['presenter', 'panel', 'family', 'advisor'] as const;
export type Capacity = (typeof capacities)[number];

/** `day`: the whole exhibition, for those who plan it. */
export type As = Capacity | 'day';

export interface CalendarEntry {
  slotId: string;
  as: As;
  studentName: string;
  exhibitionTitle: string;
  place: string;
  room: string;
  startsAt: Date;
  endsAt: Date;
  attempt: number;
  /** Rises with every move. */
  revision: number;
  changedAt: Date;
}

/** Whom a calendar is for: taken from whoever asks, or from the records for a subscribed address. */
export type CalendarReader = Pick<Actor, 'personId' | 'roles' | 'advisoryIds' | 'childIds' | 'seatIds'>;

export const isGuest = (reader: CalendarReader): boolean => reader.seatIds !== null;
export const presentsAs = (reader: CalendarReader): Capacity[] => [
  ...(!isGuest(reader) && reader.roles.includes('student') ? (['presenter'] as const) : []),
  ...(!isGuest(reader) && reader.childIds.length > 0 ? (['family'] as const) : []),
  ...(!isGuest(reader) && reader.advisoryIds.length > 0 ? (['advisor'] as const) : []),
];

/** An address for subscribing stays good for years: guests come for a day and take a file. */
export const maySubscribe = (actor: Actor): boolean =>
  actor.seatIds === null && actor.schoolId !== null && !hasRole(actor, 'network');

/** How long a presentation that is over stays in a calendar, in days. */
export const daysKept = 120;

/** Stable for the life of the slot, whoever's calendar it stands in. */
export const uidOf = (slotId: string): string => `slot-${slotId}@vitrine`;

/** @param seatedAt when the reader was set on the panel; an entry is as new as the later of the two */
export function entryOf(
  slot: Slot,
  as: As,
  words: { studentName: string; exhibitionTitle: string; place: string },
  seatedAt: Date | null,
): CalendarEntry {
  const changes = [slot.createdAt, slot.movedAt ?? slot.createdAt, seatedAt ?? slot.createdAt];
  return {
    slotId: slot.id,
    as,
    ...words,
    room: slot.room,
    startsAt: slot.startsAt,
    endsAt: endOf(slot),
    attempt: slot.attempt,
    revision: revisionOf(slot),
    changedAt: new Date(Math.max(...changes.map((each) => each.getTime()))),
  };
}

export const byTime = (a: CalendarEntry, b: CalendarEntry): number =>
  a.startsAt.getTime() - b.startsAt.getTime() || a.slotId.localeCompare(b.slotId);
