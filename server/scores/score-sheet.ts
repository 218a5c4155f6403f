/**
 * A score sheet: what one seat of a panel says about one presentation. It is a draft that takes operations
 * until its owner submits it; then it is sealed, hashed and never changes. A score names a level by id; "not
 * observed" is no score.
 */
import { asSealed, type Resealed } from '../audit/frozen-record.js';
import type { PasswordLinkMark } from '../access/password-link.js';
import { hashOf } from '../canonical.js';
import type { Pin } from '../artifacts/pin.js';
import type { GroupMember } from '../exhibitions/groups/group.js';
import type { SheetRestart, SeatRole } from '../exhibitions/seats/seat.js';
import { findCriterion, isRequired, levelPosition, type Rubric, type RubricRef } from '../rubrics/rubric.js';

export interface ScoreResponse {
  levelId: string | null;
  notObserved: boolean;
  comment: string;
  /** Words under a level that takes free text (single-point rubrics), by level id. */
  notes: Record<string, string>;
  /** Places in the work that prove it, by pin id; absent where none was ever set. */
  pins?: Record<string, Pin>;
}

export type SheetChange =
  | { kind: 'set-level'; criterionId: string; levelId: string | null }
  | { kind: 'not-observed'; criterionId: string; notObserved: boolean }
  | { kind: 'set-comment'; criterionId: string; comment: string; levelId?: string | undefined }
  | { kind: 'set-overall'; comment: string }
  | { kind: 'add-pin'; criterionId: string; pin: Omit<Pin, 'criterionId'> }
  | { kind: 'remove-pin'; criterionId: string; pinId: string };

/** Picks one of two answers: `mine` is what the operation in conflict said, `theirs` what stands in the sheet. */
export interface Resolution {
  kind: 'resolve';
  /** operationId of the conflict. */
  conflict: string;
  keep: 'mine' | 'theirs';
}

/** Where a change comes from and what its maker had before their eyes; without it a change simply counts. */
export interface Origin {
  /** Random id of the open page that made it. */
  device?: string | undefined;
  /** Revision of the sheet that the page showed. */
  seen?: number | undefined;
  /** Grows with every change of the same device. */
  sequence?: number | undefined;
  /** Operations to the same field that the page showed although the server had not acknowledged them yet. */
  after?: string[] | undefined;
}

/** A change with the id that its sender made up: sent twice, it counts once. */
export type Operation = (SheetChange | Resolution) & Origin & { id: string };

/**
 * Why an entry did not change the sheet as it says: it is in conflict, a later one came before it, or the
 * other answer was kept. `anew`: everything before it was set aside, because the sheet begins anew on another
 * phone. `late`: it was handed in after closing and waits for the office.
 */
export type OperationOutcome = 'conflict' | 'set-aside' | 'kept' | 'anew' | 'late';

/** A sheet that its panelist has handed in after the exhibition was closed, or the result published. */
export interface LateHandIn {
  at: Date;
  /** To the office; may be empty. */
  note: string;
  state: 'waiting' | 'admitted' | 'declined';
  decidedAt: Date | null;
  decidedBy: string | null;
  /**
   * So many entries of the journal were there when it was declined last: changes among them never count. Left
   * out: never.
   */
  declined?: number;
}

export const MAX_LATE_NOTE = 1000;

export interface JournalEntry extends Pick<Origin, 'device' | 'sequence' | 'after'> {
  operationId: string;
  at: Date;
  /** personId */
  by: string;
  change: SheetChange;
  /** Absent when the change stands in the sheet from here on. */
  outcome?: OperationOutcome;
}

/** A change that another device's answer stood against. It waits for the panelist to pick one. */
export interface SheetConflict {
  operationId: string;
  field: string;
  change: SheetChange;
  device: string | null;
  /** The revision that recorded it. */
  revision: number;
  at: Date;
}

export interface ScoreSheet extends Resealed {
  /** The seat's id. */
  id: string;
  schoolId: string;
  slotId: string;
  exhibitionId: string;
  studentId: string;
  panelistId: string;
  panelistName: string;
  role: SeatRole;
  rubric: RubricRef;
  /** By criterion id; only what was touched. */
  responses: Record<string, Partial<ScoreResponse>>;
  overallComment: string;
  /** Number of changes so far: the n-th journal entry made revision n. */
  revision: number;
  /** Every change that was ever made, in the order in which the server took them. */
  journal: JournalEntry[];
  /** Answers that wait for a decision; absent in sheets that never had one. */
  conflicts?: SheetConflict[];
  /** Who was in the group when it was sealed; left out of drafts, and where somebody presents alone. */
  members?: GroupMember[];
  /** When it began anew on another phone, and who had made the pass for that. */
  anew?: SheetRestart[];
  /** Left out where it was never handed in late. The seal does not cover it. */
  late?: LateHandIn;
  state: 'draft' | 'submitted';
  submittedAt: Date | null;
  /** Left out where the panelist's password was not chosen by a link within the day before submitting. */
  passwordLink?: PasswordLinkMark;
  hash: string | null;
  /**
   * Hash of what was sealed since the name of an erased person was taken out; `hash` stays that of what was submitted.
   */
  unnamedHash?: string;
}

export const MAX_COMMENT = 5000;
/** More changes than any evening holds; keeps a runaway script from filling a document. */
export const MAX_JOURNAL = 2000;
/** Open conflicts of one sheet: at most one for each field and device anyway. */
export const MAX_CONFLICTS = 60;

const blank: ScoreResponse = { levelId: null, notObserved: false, comment: '', notes: {} };

/** The answer to a criterion with everything that was left out filled in. */
export function responseTo(sheet: Pick<ScoreSheet, 'responses'> | null, criterionId: string): ScoreResponse {
  return { ...blank, ...sheet?.responses[criterionId] };
}

export function isAnswered(response: Pick<ScoreResponse, 'levelId' | 'notObserved'>): boolean {
  return response.levelId !== null || response.notObserved;
}

/** What speaks against a change, by field; empty when it fits the rubric. */
export function problemsOfChange(
  rubric: Rubric,
  change: SheetChange | Resolution,
): { field: string; message: string }[] {
  if (change.kind === 'set-overall' || change.kind === 'resolve') return [];
  const row = findCriterion(rubric, change.criterionId);
  if (!row) return [{ field: 'criterionId', message: 'scores.problem.unknown-criterion' }];
  if (change.kind === 'add-pin' || change.kind === 'remove-pin') return [];
  if (change.kind === 'not-observed' || change.levelId === null || change.levelId === undefined) return [];
  const position = levelPosition(rubric, change.levelId);
  if (position < 0) return [{ field: 'levelId', message: 'scores.problem.unknown-level' }];
  if (change.kind === 'set-comment' && !rubric.levels[position]?.freeText) {
    return [{ field: 'levelId', message: 'scores.problem.level-takes-no-words' }];
  }
  return [];
}

/**
 * The fields of a stored sheet that a change sets, or with `undefined` takes away; ids are checked before, so
 * the paths are safe.
 */
export function fieldsOfChange(change: SheetChange): Record<string, unknown> {
  if (change.kind === 'set-overall') return { overallComment: change.comment };
  const at = `responses.${change.criterionId}`;
  switch (change.kind) {
    case 'set-level':
      return { [`${at}.levelId`]: change.levelId, [`${at}.notObserved`]: false };
    case 'not-observed':
      // "Not observed" replaces a level; taking it back leaves the row without an answer.
      return { [`${at}.levelId`]: null, [`${at}.notObserved`]: change.notObserved };
    case 'set-comment':
      return {
        [change.levelId === undefined ? `${at}.comment` : `${at}.notes.${change.levelId}`]: change.comment,
      };
    case 'add-pin':
      return { [`${at}.pins.${change.pin.id}`]: { ...change.pin, criterionId: change.criterionId } };
    case 'remove-pin':
      return { [`${at}.pins.${change.pinId}`]: undefined };
  }
}

/** Required criteria that still have neither a level nor "not observed". */
export function missingCriteria(rubric: Rubric, sheet: Pick<ScoreSheet, 'responses'> | null): string[] {
  return rubric.criteria
    .filter((row) => isRequired(row) && !isAnswered(responseTo(sheet, row.id)))
    .map((row) => row.id);
}

/**
 * What the seal covers: who said what about whom by which words, and when. The journal is history and stands outside.
 */
function sealedContent(found: Omit<ScoreSheet, 'journal'>, submittedAt: Date): object {
  const sheet = asSealed(found);
  return {
    seatId: sheet.id,
    slotId: sheet.slotId,
    exhibitionId: sheet.exhibitionId,
    studentId: sheet.studentId,
    panelistId: sheet.panelistId,
    panelistName: sheet.panelistName,
    role: sheet.role,
    rubric: sheet.rubric,
    responses: sheet.responses,
    overallComment: sheet.overallComment,
    revision: sheet.revision,
    ...(sheet.anew?.length ? { anew: sheet.anew } : {}),
    ...(sheet.members?.length ? { members: sheet.members } : {}),
    ...(sheet.passwordLink ? { passwordLink: sheet.passwordLink } : {}),
    submittedAt,
  };
}

/** SHA-256 of the sealed content. */
export const sheetHash = (sheet: Omit<ScoreSheet, 'journal'>, submittedAt: Date): string =>
  hashOf(sealedContent(sheet, submittedAt));

/** Whether a submitted sheet still is what was sealed. */
export const sealHolds = (sheet: Omit<ScoreSheet, 'journal'>): boolean =>
  sheet.submittedAt !== null && (sheet.unnamedHash ?? sheet.hash) === sheetHash(sheet, sheet.submittedAt);
