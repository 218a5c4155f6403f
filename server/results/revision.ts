/**
 * A revision: a panelist names another level on one row after the reveal, and says why. The sealed sheet
 * stays as it is; the revision stands beside it, and the tally reads the latest one.
 */
import { asSealed, type Resealed } from '../audit/frozen-record.js';
import type { PasswordLinkMark } from '../access/password-link.js';
import type { ScoreResponse } from '../scores/score-sheet.js';
import { countedSheets, type NotCountedVoice } from './result.js';

export type RowAnswer = Pick<ScoreResponse, 'levelId' | 'notObserved'>;

export interface Revision extends Resealed {
  /** `revisionId`, made from the seat and the id that the sender made up. */
  id: string;
  schoolId: string;
  slotId: string;
  seatId: string;
  studentId: string;
  panelistId: string;
  criterionId: string;
  /** The id that the sender made up: sent again, it counts once. */
  operationId: string;
  /** Later revisions of a panel have larger turns. */
  turn: number;
  before: RowAnswer;
  after: RowAnswer;
  reason: string;
  at: Date;
  passwordLink?: PasswordLinkMark;
}

export const MAX_CORRECTION_REASON = 2000;

export const revisionId = (seatId: string, operationId: string): string => `${seatId}:${operationId}`;

export const isSameAnswer = (a: RowAnswer, b: RowAnswer): boolean =>
  a.levelId === b.levelId && a.notObserved === b.notObserved;

/** The levels of one voice, whatever else was said. */
export interface VoiceRows {
  seatId: string;
  responses: Readonly<Record<string, Partial<RowAnswer> | undefined>>;
  notCounted?: NotCountedVoice;
}
type SaidLater = Pick<Revision, 'seatId' | 'criterionId' | 'turn' | 'after'>;

/** What a voice says about a row now: its latest revision, else the sealed sheet. */
export function answerNow(sheet: VoiceRows, criterionId: string, revisions: readonly SaidLater[]): RowAnswer {
  const own = revisions.filter((one) => one.seatId === sheet.seatId && one.criterionId === criterionId);
  const latest = own.reduce<SaidLater | null>(
    (last, one) => (last && last.turn > one.turn ? last : one),
    null,
  );
  const sealed = sheet.responses[criterionId];
  return latest?.after ?? { levelId: sealed?.levelId ?? null, notObserved: sealed?.notObserved ?? false };
}

/**
 * What the tally reads: every sheet that counts, with its revisions applied. The sheets that were given stay
 * as they are.
 */
export function revisedSheets(
  sheets: readonly VoiceRows[],
  revisions: readonly SaidLater[],
): { seatId: string; responses: Record<string, RowAnswer> }[] {
  return countedSheets(sheets).map((sheet) => {
    const touched = revisions.filter((one) => one.seatId === sheet.seatId).map((one) => one.criterionId);
    const rows = [...new Set([...Object.keys(sheet.responses), ...touched])];
    return {
      seatId: sheet.seatId,
      responses: Object.fromEntries(rows.map((row) => [row, answerNow(sheet, row, revisions)])),
    };
  });
}

/** What never changes of it; goes into the audit chain by its hash. */
export const frozenOfRevision = (revision: Revision) => {
  const { slotId, seatId, studentId, panelistId, criterionId, operationId, turn, before, after, reason, at } =
    asSealed(revision);
  return { slotId, seatId, studentId, panelistId, criterionId, operationId, turn, before, after, reason, at };
};
