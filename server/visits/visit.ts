/**
 * A visit: one person at one stand of a gallery, who leaves structured feedback, a short score, or both. What
 * was left may be changed for a quarter of an hour and then stands; the half that is missing may be added
 * while the stand is open. Refuses a second visit of the same person and the student's own stand.
 */
import { asSealed, type Resealed } from '../audit/frozen-record.js';
import type { Actor } from '../access/actor.js';
import { dayOf, endOfDay } from '../exhibitions/day-and-time.js';
import {
  isScoring,
  mayManageExhibitions,
  type Exhibition,
  type TypedReason,
} from '../exhibitions/exhibition.js';
import { mayActFor } from '../exhibitions/planners/planners.js';
import { endOf, type Slot } from '../exhibitions/slots/slot.js';
import type { SeatRole } from '../exhibitions/seats/seat.js';
import type { StudentFacts } from '../people/person.js';
import type { RubricRef } from '../rubrics/rubric.js';
import type { HoldRule } from '../school/school.js';
import type { LateVisit } from './late-visit.js';

/** What was said to one prompt, with the wording under which it was asked. */
export interface VisitorAnswer {
  prompt: string;
  words: string;
}

export interface VisitorMark {
  levelId: string | null;
  notObserved: boolean;
}

export interface ShortScore {
  /** By criterion id; only what was marked. */
  marks: Record<string, VisitorMark>;
  comment: string;
}

/** What somebody sent at once: the halves that were not sent are left out. */
export interface Left {
  /** Made up by the sender: sent twice, it counts once. */
  operationId: string;
  feedback?: VisitorAnswer[];
  score?: ShortScore;
}

/** The audit chain says only that there is a reason. */
export interface Hiding extends TypedReason {
  byName: string;
}

export interface Visit extends Resealed {
  id: string;
  schoolId: string;
  exhibitionId: string;
  slotId: string;
  /** Whose stand it is. */
  studentId: string;
  personId: string;
  name: string;
  role: SeatRole;
  rubric: RubricRef;
  /** Only prompts that were answered. */
  feedback: VisitorAnswer[];
  feedbackAt: Date | null;
  score: ShortScore;
  scoreAt: Date | null;
  /** When something was first left; null for somebody who only looked. */
  leftAt: Date | null;
  /** Everything that was ever left here, in the order in which the server took it. */
  journal: (Left & { at: Date })[];
  /** Number of journal entries. */
  revision: number;
  /** Set aside from what the student reads; the words stay in the record. */
  hidden: Hiding | null;
  /** When and why it was set aside before and shown again, the newest last; left out while it never was. */
  earlierHidings?: Hiding[];
  /**
   * `held`: the student reads nothing of it before somebody approves it. Left out and null: never held, also
   * those from before.
   */
  review?: 'held' | 'approved' | null;
  /** Came in without an account. Left out by visits from before: taken as true. */
  bySign?: boolean;
  /** The device that they came with, hashed; left out and null: not known. */
  device?: string | null;
  /** What arrived after the stand was over; left out and null: nothing, or taken since. */
  late?: LateVisit | null;
  openedAt: Date;
  /** A guest's way back to the visit ends here. */
  until: Date;
}

/** A visit as those who review comments read it. */
export type Comment = Pick<
  Visit,
  | 'id'
  | 'slotId'
  | 'studentId'
  | 'name'
  | 'role'
  | 'feedback'
  | 'score'
  | 'leftAt'
  | 'revision'
  | 'hidden'
  | 'earlierHidings'
  | 'review'
  | 'bySign'
  | 'device'
>;

/** How long what was left may be changed. */
const changeMinutes = 15;
export const MAX_VISIT_WORDS = 600;
/** More changes than a quarter of an hour holds. */
export const MAX_VISIT_CHANGES = 60;

/**
 * Comments that wait at one stand: beyond, new ones are asked to come later, so that nobody can bury those who review.
 */
export const MAX_HELD_AT_STAND = 60;

export const noScore: ShortScore = { marks: {}, comment: '' };

/** The day on which the stand closes is over with midnight. */
export const endOfStand = (slot: Pick<Slot, 'startsAt' | 'minutes'>, zone: string): Date =>
  endOfDay(dayOf(endOf(slot), zone), zone);

/**
 * Stands take visits while their gallery does, until the day is over: what was written without a network
 * still arrives in time. Scores of visits are seen by nobody before that.
 */
export const takesVisits = (
  exhibition: Pick<Exhibition, 'format' | 'phase'>,
  slot: Pick<Slot, 'startsAt' | 'minutes'>,
  published: boolean,
  zone: string,
  now: Date,
): boolean =>
  exhibition.format === 'gallery' && isScoring(exhibition) && !published && now <= endOfStand(slot, zone);

/**
 * Days after the day of the stand in which something may still arrive late: a phone lies in a drawer over the
 * holidays, not for years.
 */
const LATE_DAYS = 30;

/**
 * Whether what arrives now is late: the gallery is closed, the day of the stand is over, or its result is published.
 */
export const takesLateVisits = (
  exhibition: Pick<Exhibition, 'format' | 'phase'>,
  slot: Pick<Slot, 'startsAt' | 'minutes'>,
  published: boolean,
  zone: string,
  now: Date,
): boolean =>
  exhibition.format === 'gallery' &&
  now.getTime() <= endOfStand(slot, zone).getTime() + LATE_DAYS * 24 * 60 * 60_000 &&
  (exhibition.phase === 'closed' || (isScoring(exhibition) && (published || now > endOfStand(slot, zone))));

/**
 * `stopped`: takes nothing for the moment, and may open again. `late`: what arrives goes to the office.
 * `over`: takes nothing, as before the day and where whoever presented is erased.
 */
export type StandTakes = 'visits' | 'stopped' | 'late' | 'over';

export const isOwnVisit = (actor: Actor, visit: Pick<Visit, 'id' | 'personId'>): boolean =>
  actor.seatIds ? (actor.visitIds ?? []).includes(visit.id) : actor.personId === visit.personId;

/**
 * Offensive words are set aside by the office and whoever plans the gallery, at the stand of their own
 * advisee by an advisor as well.
 */
export const mayHideVisits = (
  actor: Actor,
  exhibition: Pick<Exhibition, 'createdBy' | 'plannerIds'>,
  student: StudentFacts,
): boolean => mayActFor(actor, exhibition, [student]);

/** To stop a stand is every staff member's who sees something go wrong. */
export const mayStopStands = (actor: Actor): boolean => actor.seatIds === null && mayManageExhibitions(actor);

/** Until when a half may be changed; null when it was not left yet or stands already. */
export function changeableUntil(leftAt: Date | null, now: Date): Date | null {
  if (!leftAt) return null;
  const until = new Date(leftAt.getTime() + changeMinutes * 60_000);
  return now < until ? until : null;
}

/** A half takes something while it is empty, and for a while after. */
export const mayLeave = (leftAt: Date | null, now: Date): boolean =>
  leftAt === null || changeableUntil(leftAt, now) !== null;

export const isHeld = (visit: Pick<Visit, 'review'>): boolean => visit.review === 'held';

/** Whether what this visitor writes is looked at before the student reads it. */
export const holdsWordsOf = (rule: HoldRule, visit: Pick<Visit, 'bySign'>): boolean =>
  rule === 'all' || (rule === 'visitors' && visit.bySign !== false);

/** A visitor's name is words too, so what is left first counts as new words even without a comment. */
export const bringsWords = (before: Visit, fields: Partial<Visit>): boolean =>
  before.leftAt === null ||
  fields.feedback !== undefined ||
  (fields.score !== undefined && fields.score.comment !== before.score.comment);

export const isScored = (score: ShortScore): boolean => Object.keys(score.marks).length > 0;
const saysScore = (score: ShortScore): boolean => isScored(score) || score.comment !== '';

export type VisitEdit = { fields: Partial<Visit> } | { problem: 'nothing' | 'stands' | 'comment-alone' };

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const inOrder = ({ marks, comment }: ShortScore): ShortScore => ({
  marks: Object.fromEntries(Object.entries(marks).sort(([a], [b]) => (a < b ? -1 : 1))),
  comment,
});

/**
 * What the visit becomes by what was sent; no fields at all when nothing is new.
 * `stands`: the time for changes is over. `nothing`: nothing would be left. `comment-alone`: a comment without any row.
 */
export function applyVisitEdit(visit: Visit, left: Left, now: Date): VisitEdit {
  const fields: Partial<Visit> = {};
  if (left.feedback && !same(left.feedback, visit.feedback)) {
    if (!mayLeave(visit.feedbackAt, now)) return { problem: 'stands' };
    fields.feedback = left.feedback;
    fields.feedbackAt = visit.feedbackAt ?? (left.feedback.length > 0 ? now : null);
  }
  if (left.score && !same(inOrder(left.score), inOrder(visit.score))) {
    if (!mayLeave(visit.scoreAt, now)) return { problem: 'stands' };
    if (saysScore(left.score) && !isScored(left.score)) return { problem: 'comment-alone' };
    fields.score = left.score;
    fields.scoreAt = visit.scoreAt ?? (isScored(left.score) ? now : null);
  }
  const after = { ...visit, ...fields };
  if (after.feedback.length === 0 && !isScored(after.score)) return { problem: 'nothing' };
  if (Object.keys(fields).length > 0) fields.leftAt = visit.leftAt ?? now;
  return { fields };
}

/** What is on record of a visit; goes into the audit chain by its hash each time something is left. */
export const frozenOfVisit = (visit: Visit) => {
  const { slotId, studentId, personId, name, role, rubric, feedback, score, leftAt, journal, revision } =
    asSealed(visit);
  return { slotId, studentId, personId, name, role, rubric, feedback, score, leftAt, journal, revision };
};
