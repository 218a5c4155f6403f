/**
 * A rehearsal: a student presents to a few peers, with their advisor when wanted, who answer on a sheet of
 * the same rubric. Their advisors may read the comments, never a level, and everybody who takes part is told
 * so. It lies in a collection of its own that nothing which counts ever reads, it freezes nothing, and the
 * student may remove it.
 */
import { panelAccessEnd } from '../exhibitions/portfolios/panel-access.js';
import type { Actor } from '../access/actor.js';
import type { RoomClock } from '../exhibitions/clock/room-clock.js';
import { isAdvisorOf, isOwn, type Person } from '../people/person.js';
import { isRequired, type Rubric, type RubricRef } from '../rubrics/rubric.js';
import { isAnswered, responseTo, type ScoreResponse } from '../scores/score-sheet.js';

export interface RehearsalSeat {
  id: string;
  personId: string;
  name: string;
  role: 'peer' | 'advisor';
  responses: Record<string, Partial<ScoreResponse>>;
  overallComment: string;
  /** Sending by which the sheet was saved last: sent twice, it counts once. */
  once: string | null;
  savedAt: Date | null;
  submittedAt: Date | null;
}

export interface Rehearsal {
  id: string;
  schoolId: string;
  studentId: string;
  studentName: string;
  title: string;
  rubric: RubricRef;
  /** What is shown: the newest portfolio that was handed in, or nothing. */
  snapshotId: string | null;
  minutes: number;
  clock: RoomClock | null;
  seats: RehearsalSeat[];
  /**
   * Its page says that the student's advisors can read the comments. Left out by those from before, of which
   * nobody was told.
   */
  advisorsRead?: boolean;
  createdAt: Date;
  createdBy: string;
}

export const MAX_LISTENERS = 8;
export const rehearsalMinutes = 30;

/** Days after which a rehearsal is over; from then on listeners read the work as long as a panel would. */
export const REHEARSAL_DAYS = 14;

/** When those who were asked to listen read nothing of the student's any more, whatever they said themselves. */
export const listenersEnd = (rehearsal: Pick<Rehearsal, 'createdAt'>, days: number, zone: string): Date =>
  panelAccessEnd(new Date(rehearsal.createdAt.getTime() + REHEARSAL_DAYS * 86_400_000), days, zone);

export const mayStart = (actor: Actor, student: Person): boolean =>
  isOwn(actor, student) || (actor.seatIds === null && isAdvisorOf(actor, student));

export const presentsRehearsal = (actor: Actor, rehearsal: Pick<Rehearsal, 'studentId'>): boolean =>
  isOwn(actor, { id: rehearsal.studentId });

export const seatIn = (actor: Actor, rehearsal: Rehearsal): RehearsalSeat | null =>
  actor.seatIds === null ? (rehearsal.seats.find((seat) => seat.personId === actor.personId) ?? null) : null;

/** Advisors look after what is said to their own students: the comments alone. Who listens reads as listeners do. */
export const mayReadComments = (
  actor: Actor,
  rehearsal: Rehearsal,
  student: Pick<Person, 'advisoryId' | 'guardianIds' | 'id'>,
): boolean =>
  actor.seatIds === null &&
  rehearsal.advisorsRead === true &&
  seatIn(actor, rehearsal) === null &&
  isAdvisorOf(actor, student);

/**
 * Who presents and who was asked to come. Beside `mayReadComments` nobody else, whatever office they hold: it
 * is no record of the school.
 */
export const mayReadRehearsal = (actor: Actor, rehearsal: Rehearsal): boolean =>
  presentsRehearsal(actor, rehearsal) || seatIn(actor, rehearsal) !== null;

/**
 * The sheets that somebody may read: the student each as soon as it is in, a peer the others' once their own is in.
 * Drafts are read by those who write them alone.
 * @param ended the time of those who listened is over: they read what they said themselves
 */
export function readableSheets(actor: Actor, rehearsal: Rehearsal, ended = false): RehearsalSeat[] {
  const own = seatIn(actor, rehearsal);
  if (ended && !presentsRehearsal(actor, rehearsal)) return own?.submittedAt ? [own] : [];
  if (!presentsRehearsal(actor, rehearsal) && !own?.submittedAt) return [];
  return submittedSheets(rehearsal);
}

export const submittedSheets = (rehearsal: Rehearsal): RehearsalSeat[] =>
  rehearsal.seats.filter((seat) => seat.submittedAt !== null);

export const missingRows = (rubric: Rubric, seat: Pick<RehearsalSeat, 'responses'>): string[] =>
  rubric.criteria
    .filter((row) => isRequired(row) && !isAnswered(responseTo(seat, row.id)))
    .map((row) => row.id);
