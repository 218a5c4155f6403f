/**
 * The result of one slot: every sealed sheet and the tally by the rubric's policy. Publishing freezes it; a
 * published result never changes. Revisions and decisions stand in it beside the sheets as they were sealed
 * and replace nothing.
 */
import { asSealed, type Resealed } from '../audit/frozen-record.js';
import { runsSchool, type Actor } from '../access/actor.js';
import type { PasswordLinkMark } from '../access/password-link.js';
import { hashOf } from '../canonical.js';
import type { NotCounted } from '../exhibitions/counting/counted-seats.js';
import { isOwnSeat, type SheetRestart, type Seat, type SeatRole } from '../exhibitions/seats/seat.js';
import { isAdvisorOf, type StudentFacts } from '../people/person.js';
import type { RubricRef } from '../rubrics/rubric.js';
import type { ScoreResponse } from '../scores/score-sheet.js';
import type { Attainment } from './attainment.js';
import type { Decision } from './decision.js';
import type { Revision } from './revision.js';
import type { VisitorAnswer } from '../visits/visit.js';
import type { Tally } from './tally.js';

/** A sealed sheet as the result keeps it. */
export interface FrozenSheet {
  seatId: string;
  panelistId: string;
  panelistName: string;
  role: SeatRole;
  chair: boolean;
  /** A visitor's score at a stand; `seatId` is the visit's id. */
  visit?: true;
  /** By criterion id; only what was answered or said. */
  responses: Record<string, ScoreResponse>;
  overallComment: string;
  submittedAt: Date;
  /** Left out where the panelist's password was not chosen by a link within the day before submitting. */
  passwordLink?: PasswordLinkMark;
  /** Left out where the sheet never began anew on another phone. */
  anew?: SheetRestart[];
  /** Why the voice counts in no tally; left out: it counts. */
  notCounted?: NotCountedVoice;
  /** The seal of the sheet itself; of a group's it covers what was said about the other members, too. */
  hash: string;
}

/**
 * A voice that stays in the record and counts nowhere: set aside with a reason, or of a guest whom nobody has admitted.
 */
export interface NotCountedVoice {
  why: NotCounted;
  /** When it was set aside; why is said beside the seat. */
  at?: Date;
}

/**
 * The voices that every tally reads: those that were set aside, and guests whom nobody has admitted, are not
 * among them.
 */
export const countedSheets = <S extends Pick<FrozenSheet, 'notCounted'>>(sheets: readonly S[]): S[] =>
  sheets.filter(({ notCounted }) => !notCounted);

/** What a visitor wrote, as the result keeps it. */
export interface FrozenVisit {
  visitId: string;
  personId: string;
  name: string;
  role: SeatRole;
  feedback: VisitorAnswer[];
  leftAt: Date;
}

interface SlotFacts {
  startsAt: Date;
  minutes: number;
  room: string;
  attempt: number;
  /** The exhibition of the first attempt; left out where it is this one. */
  attemptOf?: string;
  exhibitionTitle: string;
  /** How many presented together; left out where somebody presented alone. */
  together?: number;
}

/**
 * Why a published result says something else than before. What it said before stays beside it as a version of its own.
 */
interface Correction {
  /** Of the result as it is with this correction; what was published first is version 1. */
  version: number;
  reason: string;
  at: Date;
  by: string;
  byName: string;
  /** Seal of the version before. */
  previousHash: string;
  passwordLink?: PasswordLinkMark;
}

export interface Result extends Resealed {
  /** The slot's id. */
  id: string;
  schoolId: string;
  studentId: string;
  exhibitionId: string;
  termId: string;
  rubric: RubricRef;
  /** Of the sheets with their revisions. */
  tally: Tally;
  /** As they were sealed. */
  sheets: FrozenSheet[];
  /** Left out where there are none, as in results from before there were any. */
  revisions?: Revision[];
  decisions?: Decision[];
  /** Met or not yet; left out where nobody said, as in results from before it could be said. */
  attainment?: Attainment;
  /** At a gallery: what visitors wrote. */
  visits?: FrozenVisit[];
  slot: SlotFacts;
  /** Whether student and family see names, as the school had decided on the day of publishing. */
  voices: 'named' | 'by-role';
  publishedAt: Date;
  publishedBy: string;
  /** Left out by what was published first. */
  correction?: Correction;
  /** Of the account that published; left out where there is none. */
  passwordLink?: PasswordLinkMark;
  hash: string;
  /**
   * Hash of what the result says since the name of an erased person was taken out; `hash` stays that of what
   * was published.
   */
  unnamedHash?: string;
}

/** What every result has; what may be left out is named where it is hashed. */
const hashed = [
  'id',
  'studentId',
  'exhibitionId',
  'termId',
  'rubric',
  'tally',
  'sheets',
  'slot',
  'voices',
  'publishedAt',
  'publishedBy',
] as const;

/** SHA-256 of everything but the hash itself. What may be left out hashes as if it had never been there. */
export function resultHash(found: Omit<Result, 'hash'>): string {
  const result = asSealed(found);
  const { revisions = [], decisions = [], attainment, visits = [] } = result;
  return hashOf({
    ...Object.fromEntries(hashed.map((field) => [field, result[field]])),
    ...(revisions.length > 0 ? { revisions } : {}),
    ...(decisions.length > 0 ? { decisions } : {}),
    ...(attainment ? { attainment } : {}),
    ...(visits.length > 0 ? { visits } : {}),
    ...(result.passwordLink ? { passwordLink: result.passwordLink } : {}),
    ...(result.correction ? { correction: result.correction } : {}),
  });
}

/** 1: as it was published first. */
export const versionOf = ({ correction }: Pick<Result, 'correction'>): number => correction?.version ?? 1;

/** As the audit chain calls it: the first version by the slot's id alone, a later one with its number. */
export const nameOfResult = (result: Pick<Result, 'id' | 'correction'>): string =>
  versionOf(result) === 1 ? result.id : `${result.id} ${versionOf(result)}`;

/** When what it says was frozen. */
export const frozenAt = ({ correction, publishedAt }: Pick<Result, 'correction' | 'publishedAt'>): Date =>
  correction?.at ?? publishedAt;

/** Whether a published result still is what was frozen. */
export const resultHolds = (result: Result): boolean =>
  resultHash(result) === (result.unnamedHash ?? result.hash);

/**
 * Registrar, admin, the student's advisor and the panel's chair; what must have happened before is `publishObstacle`.
 */
export const mayPublish = (
  actor: Actor,
  facts: {
    student: StudentFacts;
    seats: Pick<Seat, 'id' | 'personId' | 'chair'>[];
    panelEndedAt?: Date | null;
  },
): boolean =>
  (actor.seatIds === null && (runsSchool(actor) || isAdvisorOf(actor, facts.student))) ||
  (!facts.panelEndedAt && facts.seats.some((seat) => seat.chair && isOwnSeat(actor, seat)));

/**
 * Message key of what stands before publishing, or null. That sheets are missing is asked about (`publishWarnings`).
 */
export function publishObstacle(facts: {
  submitted: number;
  takesVisits: boolean;
  absent: boolean;
}): string | null {
  if (facts.absent) return 'results.problem.absent';
  if (facts.takesVisits) return 'results.problem.stand-open';
  if (facts.submitted === 0) return 'results.problem.no-sheets';
  return null;
}
