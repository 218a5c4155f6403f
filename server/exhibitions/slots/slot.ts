/**
 * A slot: one student presents at one time in one room, alone or in a group (`group.ts`). Refuses what would
 * put a student, a room or a person of the panel in two places at one time. An attempt is never overwritten:
 * presenting again is another slot.
 */
import { runsSchool, hasRole, type Actor } from '../../access/actor.js';
import { isGuardianOf, isOwn, type StudentFacts } from '../../people/person.js';
import type { RoomClock } from '../clock/room-clock.js';
import { mayManageExhibitions, type Exhibition, type Phase, type TypedReason } from '../exhibition.js';
import type { Group } from '../groups/group.js';

export interface Slot {
  id: string;
  schoolId: string;
  exhibitionId: string;
  termId: string;
  /** Who presents; of a group the member whose slot this is. */
  studentId: string;
  /** A group that presents together; on the presentation, its first member's slot. */
  group?: Group | null;
  /** The presentation that this member's slot is part of; left out or null: the slot is a presentation itself. */
  partOf?: string | null;
  startsAt: Date;
  minutes: number;
  room: string;
  /** 1 for the first time in this exhibition, 2 when the student presents again. */
  attempt: number;
  /** The exhibition in which the student presented first, where this attempt is in another one. */
  attemptOf?: string | null;
  /** What was decided about versions that came after scoring had begun, the newest last; left out while none did. */
  portfolioChoices?: PortfolioChoice[];
  /** The portfolio snapshot that the panel looks at; pinned when the exhibition opens. */
  snapshotId: string | null;
  createdAt: Date;
  /** Rises with every other time, length or room; whoever moves it says which one they saw. Left out: 0. */
  revision?: number;
  /** When it last got another time, length or room. */
  movedAt?: Date | null;
  /** Why it moved against rules, the newest last; left out while it never did. */
  moveReasons?: (TypedReason & { rules: string[] })[];
  /** Since when whoever presents alone there is erased. Left out and null: nobody is; of a group its members say it. */
  presenterErasedAt?: Date | null;
  /** At a gallery: visitors are sent here before other stands. Left out: as to any other. */
  prioritized?: boolean;
  /** Whoever presents alone did not come; left out and false: nobody has said so. Of a group its members say it. */
  absent?: boolean;
  /** The clock of the room, once it was started. */
  clock?: RoomClock | null;
}

/** Whether the panel looks at a version that was submitted after it had begun to score. */
export interface PortfolioChoice {
  snapshotId: string;
  /** What the panel looked at before; null: nothing. */
  replaced: string | null;
  shown: boolean;
  at: Date;
  by: string;
}

/** Every snapshot that the panel has looked at: what was pinned in an earlier one stays readable. */
export const seenSnapshotIds = (slot: Pick<Slot, 'snapshotId' | 'portfolioChoices'>): string[] => [
  ...(slot.snapshotId === null ? [] : [slot.snapshotId]),
  ...(slot.portfolioChoices ?? []).flatMap(({ shown, replaced }) => (shown && replaced ? [replaced] : [])),
];

export const slotMinutesMinimum = 5;
export const MAX_SLOT_MINUTES = 480;

/** Time and place of something, with everybody who must be there. */
export interface Occupancy {
  slotId: string;
  exhibitionId: string;
  format: Exhibition['format'];
  startsAt: Date;
  minutes: number;
  room: string;
  studentIds: string[];
  panelistIds: string[];
}

export interface Clash {
  kind: 'room' | 'student' | 'panelist';
  /** The slot that is in the way. */
  slotId: string;
  /** Who is in two places; null for a room. */
  personId: string | null;
}

export const endOf = (slot: Pick<Slot, 'startsAt' | 'minutes'>): Date =>
  new Date(slot.startsAt.getTime() + slot.minutes * 60_000);

/** Whether a presentation has begun: by the plan, or because somebody has started the clock of its room. */
export const hasBegun = (slot: Pick<Slot, 'startsAt' | 'clock'>, now: Date): boolean =>
  slot.startsAt <= now || Boolean(slot.clock);

/** Only what is still to come changes places: of what has begun, its panel has already heard something. */
export const maySwap = (slot: Pick<Slot, 'startsAt' | 'minutes' | 'clock'>, now: Date): boolean =>
  !hasBegun(slot, now) && endOf(slot) > now;

export const revisionOf = (slot: Pick<Slot, 'revision'>): number => slot.revision ?? 0;

/** Half-open: a slot may begin in the minute in which another ends. */
export function overlaps(
  a: Pick<Slot, 'startsAt' | 'minutes'>,
  b: Pick<Slot, 'startsAt' | 'minutes'>,
): boolean {
  return a.startsAt < endOf(b) && b.startsAt < endOf(a);
}

/** `Room 12`, `room 12` and ` ROOM  12 ` are one room. */
export const roomKey = (room: string): string => room.trim().replace(/\s+/g, ' ').toLocaleLowerCase('en');

/** Stands of one gallery share the hall, and its visitors walk from stand to stand. */
const sameGallery = (a: Occupancy, b: Occupancy): boolean =>
  a.exhibitionId === b.exhibitionId && a.format === 'gallery';

/** Everything in which `wanted` would collide with `taken`; `wanted` itself in the list is passed over. */
export function clashesOf(wanted: Occupancy, taken: readonly Occupancy[]): Clash[] {
  return taken
    .filter((other) => other.slotId !== wanted.slotId && overlaps(wanted, other))
    .flatMap((other) => {
      const free = sameGallery(wanted, other);
      const clashes: Clash[] = [];
      if (!free && roomKey(wanted.room) === roomKey(other.room))
        clashes.push({ kind: 'room', slotId: other.slotId, personId: null });
      const here = [...wanted.studentIds, ...wanted.panelistIds];
      const presents = (personId: string) =>
        wanted.studentIds.includes(personId) || other.studentIds.includes(personId);
      for (const personId of [...other.studentIds, ...other.panelistIds]) {
        if (!here.includes(personId) || (free && !presents(personId))) continue;
        clashes.push({
          kind: wanted.studentIds.includes(personId) ? 'student' : 'panelist',
          slotId: other.slotId,
          personId,
        });
      }
      return clashes;
    });
}

/**
 * The slot on which somebody who comes in at `now` sits down: the one under way, in a break the next one.
 * Null when all are over. Where whoever presents did not come, nobody sits down.
 * @param slots of one room, or of several: then the one that began last
 */
export function slotNow<T extends Pick<Slot, 'startsAt' | 'minutes' | 'absent'>>(
  slots: readonly T[],
  now: Date,
): T | null {
  const left = slots
    .filter((slot) => endOf(slot) > now && !slot.absent)
    .sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
  return left.filter((slot) => slot.startsAt <= now).at(-1) ?? left[0] ?? null;
}

/**
 * The slots of a room that change when it runs late: the one under way ends later, those to come begin later.
 * Null when a negative delay would end or begin something before now.
 */
export function lateBy<T extends Pick<Slot, 'startsAt' | 'minutes'>>(
  slots: readonly T[],
  minutes: number,
  now: Date,
): T[] | null {
  const after = slots
    .filter((slot) => endOf(slot) > now)
    .map((slot) =>
      slot.startsAt <= now
        ? { ...slot, minutes: Math.min(MAX_SLOT_MINUTES, slot.minutes + minutes) }
        : { ...slot, startsAt: new Date(slot.startsAt.getTime() + minutes * 60_000) },
    );
  const before = slots.filter((slot) => endOf(slot) > now);
  const early = after.some(
    (slot, at) =>
      endOf(slot) <= now ||
      (before[at]!.startsAt > now && slot.startsAt <= now) ||
      slot.minutes < Math.min(slotMinutesMinimum, before[at]!.minutes),
  );
  return early ? null : after;
}

/** Time, room and length may change until the exhibition closes; results freeze their own copy. */
export const mayChangeSlot = (phase: Phase): boolean => phase !== 'closed';

/** A slot goes only while nobody has written a sheet for it: what was acknowledged is never lost. */
export const mayRemoveSlot = (phase: Phase, sheetsBegun: number): boolean =>
  phase !== 'closed' && sheetsBegun === 0;

/** What the rule below needs to know of a slot beyond itself. */
export interface SlotFacts {
  /** Whoever presents. */
  studentIds: string[];
  guardianIds: string[];
  panelistIds: string[];
}

/** Their own presentation, their child's, where they sit on the panel, and those who plan. */
export const mayReadSlot = (actor: Actor, slot: SlotFacts, phase: Phase): boolean =>
  runsSchool(actor) ||
  hasRole(actor, 'advisor') ||
  (phase !== 'draft' &&
    (slot.studentIds.includes(actor.personId) ||
      slot.guardianIds.includes(actor.personId) ||
      slot.panelistIds.includes(actor.personId)));

/** What visitors left at a stand: the student, the family, and those who plan. */
export const mayReadVisits = (actor: Actor, student: StudentFacts): boolean =>
  actor.seatIds === null &&
  (mayManageExhibitions(actor) || isOwn(actor, student) || isGuardianOf(actor, student));
