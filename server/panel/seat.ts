/** A seat: one person on the panel of one slot, in one role, at most one of them with the chair. */
import { hasRole, runsSchool, type Actor, type Role } from '../access/actor.js';
import type { Pass } from './pass.js';

export const seatRoles = ['advisor', 'teacher', 'peer', 'family', 'mentor', 'guest'] as const;
export type SeatRole = (typeof seatRoles)[number];

export interface Seat {
  id: string;
  schoolId: string;
  slotId: string;
  exhibitionId: string;
  /** Who presents. */
  studentId: string;
  personId: string;
  name: string;
  role: SeatRole;
  chair: boolean;
  pass: Pass | null;
  /** The pass of the room by which this guest sat down; they may go on to the room's next slot. */
  roomPassId?: string | null;
  createdAt: Date;
  createdBy: string;
}

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
 */
export function seatProblem(
  person: { id: string; roles: readonly Role[]; active: boolean },
  role: SeatRole,
  slot: { studentId: string },
): string | null {
  if (person.id === slot.studentId) return 'panel.problem.own-presentation';
  if (!person.active) return 'panel.problem.person-left';
  const needed = neededRoles[role];
  if (needed && !person.roles.some((each) => needed.includes(each))) return `panel.problem.not-a-${role}`;
  if (!needed && person.roles.includes('student')) return 'panel.problem.students-are-peers';
  return null;
}

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

/** Whose seat it is: the person, or the guest who holds its pass. */
export const isOwnSeat = (actor: Actor, seat: Pick<Seat, 'id' | 'personId'>): boolean =>
  actor.seatIds ? actor.seatIds.includes(seat.id) : actor.personId === seat.personId;

export const mayManageSeats = (actor: Actor): boolean =>
  actor.seatIds === null && (runsSchool(actor) || hasRole(actor, 'advisor'));

/** A seat is emptied only while nothing was written on its sheet; afterwards its pass can be revoked, the voice stays. */
export const mayRemoveSeat = (sheet: SheetState): boolean => sheet === 'not-started';

export const sheetStates = ['not-started', 'draft', 'submitted'] as const;
export type SheetState = (typeof sheetStates)[number];
