/** A seat: one person on the panel of one slot, in one role, at most one of them with the chair. */
import { hasRole, runsSchool, type Actor, type Role } from '../../access/actor.js';
import { isAdvisorOf, type StudentFacts } from '../../people/person.js';
import type { GroupMember } from '../groups/group.js';
import type { Slot } from '../slots/slot.js';
import type { Pass } from '../passes/pass.js';
import type { Admission } from '../counting/counted-seats.js';
import { isPlanner } from '../planners/planners.js';

export const seatRoles = ['advisor', 'teacher', 'peer', 'family', 'mentor', 'guest'] as const;
export type SeatRole = (typeof seatRoles)[number];

export interface Seat {
  id: string;
  schoolId: string;
  slotId: string;
  exhibitionId: string;
  /** Who presents; of a group its first member. */
  studentId: string;
  /** Of a group all members, kept as the presentation has them; left out where somebody presents alone. */
  members?: GroupMember[];
  personId: string;
  name: string;
  role: SeatRole;
  chair: boolean;
  pass: Pass | null;
  /** The pass of the room by which this guest sat down; they may go on to the room's next slot. */
  roomPassId?: string | null;
  /**
   * Of a guest whom the plan expected and who came by that sign: from which form, so that sent twice it means
   * one guest.
   */
  takenBy?: string | null;
  /**
   * The phones (`handOf`) that the sheet belongs to, once something is written on it; empty when an account began it.
   * Left out while nothing is: then whoever comes in by the pass may begin.
   */
  hands?: string[];
  anew?: SheetRestart[];
  /**
   * Since when whoever presents alone there is erased: nothing is said about them any more. Left out and
   * null: nobody is.
   */
  presenterErasedAt?: Date | null;
  /**
   * Since when its sheet is set aside; what was said about it is in `set-aside-records.ts`. Left out and
   * null: it is not.
   */
  setAsideAt?: Date | null;
  /**
   * Of a guest who came by the sign of the room, where the school asks for it; left out and null: nobody
   * needs to admit them.
   */
  admission?: Admission | null;
  /**
   * From when on it opens nothing to its person any more, because they are no longer the student's guardian;
   * the voice stays.
   */
  endedAt?: Date | null;
  /**
   * When the check-in desk noted that they are here; left out and null: not yet, or they said so by beginning
   * their sheet.
   */
  arrivedAt?: Date | null;
  /**
   * When the desk noted that they are not here after all: what was seen of them before says nothing. Left out
   * and null: never.
   */
  notHereAt?: Date | null;
  /**
   * When a planner seated them with a reason although they must not score whoever presents; the reason is the slot's.
   */
  conflictAcceptedAt?: Date;
  /** Which conflicts that was (`conflictKeys`): what is recorded later is asked about again. Left out: none. */
  acceptedConflicts?: string[];
  /** When somebody last came in by its pass; left out where nobody has since this is written down. */
  seenAt?: Date;
  createdAt: Date;
  createdBy: string;
}

/**
 * A sheet began anew on another phone, because the one it was begun on could not be had. Stands in the record for good.
 */
export interface SheetRestart {
  at: Date;
  /**
   * When the pass was made that opened the door to it, and by whom; null for a guest who came by the sign of the room.
   */
  passAt: Date;
  passBy: string | null;
}

/** As pages and programs are told. */
export const restartViews = (list: readonly SheetRestart[] = []) =>
  list.map(({ at, passAt, passBy }) => ({ at: at.toISOString(), passAt: passAt.toISOString(), passBy }));

/** Whether this phone may write and read on the seat, as far as other phones go. */
export const isOpenTo = (seat: Pick<Seat, 'hands'>, hand: string): boolean =>
  seat.hands === undefined || seat.hands.includes(hand);

/**
 * Who hands out, renews and revokes the passes of a seat that somebody has: the office, whoever coordinates
 * the exhibition, the student's own advisor, and whoever let this guest in. To let somebody in is every
 * planner's (`mayManageSeats`).
 */
export const mayHandlePass = (
  actor: Actor,
  facts: {
    /** Whoever presents. */
    students: readonly StudentFacts[];
    exhibition: { createdBy: string; plannerIds?: string[] };
    seat: Pick<Seat, 'createdBy'>;
  },
): boolean =>
  mayManageSeats(actor) &&
  (runsSchool(actor) ||
    facts.students.some((student) => isAdvisorOf(actor, student)) ||
    isPlanner(actor, facts.exhibition) ||
    facts.seat.createdBy === actor.personId);

/** Which of the school's roles somebody needs to sit in a seat; guests may be typed in at the door. */
const neededRoles: Record<SeatRole, readonly Role[] | null> = {
  advisor: ['advisor'],
  teacher: ['advisor', 'panelist', 'registrar', 'admin'],
  peer: ['student'],
  family: null,
  mentor: null,
  guest: null,
};

/** Seats for somebody without an account, made with a name alone. */
export const namedRoles = ['guest', 'mentor', 'family'] as const satisfies readonly SeatRole[];

/**
 * What is wrong with this person in this seat, as a message key; null when nothing is.
 * @param person who is to sit there
 * @param studentIds who presents; of a group also who did not come: they may come after all
 */
export function seatProblem(
  person: { id: string; roles: readonly Role[]; active: boolean },
  role: SeatRole,
  studentIds: readonly string[],
): string | null {
  if (studentIds.includes(person.id)) return 'panel.problem.own-presentation';
  if (!person.active) return 'panel.problem.person-left';
  const needed = neededRoles[role];
  if (needed && !person.roles.some((each) => needed.includes(each))) return `panel.problem.not-a-${role}`;
  if (!needed && person.roles.includes('student')) return 'panel.problem.students-are-peers';
  return null;
}

/**
 * Whether this person sees the sheets of a panel they do not sit on as soon as one is in: the office, the
 * student's advisors.
 */
export const mayReadSheets = (
  person: { id: string; roles: readonly Role[] },
  advisorIds: readonly string[],
): boolean =>
  person.roles.some((role) => role === 'registrar' || role === 'admin') || advisorIds.includes(person.id);

/** The role that goes without saying: who this person is to the one who presents. */
export function usualRole(
  person: { id: string; roles: readonly Role[] },
  student: { guardianIds: readonly string[] },
  leadsAdvisory: boolean,
): SeatRole {
  if (student.guardianIds.includes(person.id)) return 'family';
  if (person.roles.includes('student')) return 'peer';
  if (leadsAdvisory) return 'advisor';
  if (person.roles.some((each) => each === 'advisor' || each === 'registrar' || each === 'admin'))
    return 'teacher';
  return 'guest';
}

/** The chair leads the panel's talk and is somebody of the school. */
export const mayChair = (role: SeatRole): boolean => role === 'advisor' || role === 'teacher';

/** Whether nobody is left about whom this seat could say anything: whoever presents there is erased. */
export const isAboutErased = ({
  presenterErasedAt,
  members,
}: Pick<Seat, 'presenterErasedAt' | 'members'>): boolean =>
  Boolean(presenterErasedAt) ||
  (members !== undefined && members.length > 0 && members.every(({ erased }) => erased));

/** Whose seat it is: the person, or the guest who holds its pass. */
export const isOwnSeat = (actor: Actor, seat: Pick<Seat, 'id' | 'personId' | 'endedAt'>): boolean =>
  !seat.endedAt && (actor.seatIds ? actor.seatIds.includes(seat.id) : actor.personId === seat.personId);

export const mayManageSeats = (actor: Actor): boolean =>
  actor.seatIds === null && (runsSchool(actor) || hasRole(actor, 'advisor'));

/**
 * A seat is emptied only while nothing was written on its sheet; afterwards its pass can be revoked, the voice stays.
 */
export const mayRemoveSeat = (sheet: SheetState): boolean => sheet === 'not-started';

export const sheetStates = ['not-started', 'draft', 'submitted'] as const;
export type SheetState = (typeof sheetStates)[number];

/** Who presents at a slot, as its seats keep it. */
export const presentedAt = (
  slot: Pick<Slot, 'studentId' | 'group' | 'presenterErasedAt'>,
): Pick<Seat, 'studentId' | 'members' | 'presenterErasedAt'> => ({
  studentId: slot.studentId,
  ...(slot.presenterErasedAt ? { presenterErasedAt: slot.presenterErasedAt } : {}),
  ...(slot.group ? { members: slot.group.members } : {}),
});
