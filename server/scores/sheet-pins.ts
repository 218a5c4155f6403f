/**
 * Pins on a score sheet. A pin is there or it is gone for good: its id is never used again, so additions and
 * removals end in the same state in any order and any number, and two devices cannot disagree about one.
 * Pure.
 */
import type { Pin } from '../artifacts/pin.js';
import type { Rubric } from '../rubrics/rubric.js';
import { fieldOf, valueAt } from './score-fields.js';
import {
  fieldsOfChange,
  responseTo,
  type SheetChange,
  type JournalEntry,
  type OperationOutcome,
  type ScoreSheet,
} from './score-sheet.js';

export type PinChange = Extract<SheetChange, { kind: 'add-pin' | 'remove-pin' }>;

export const isPinChange = <C extends { kind: string }>(
  change: C,
): change is Extract<C, { kind: 'add-pin' | 'remove-pin' }> =>
  change.kind === 'add-pin' || change.kind === 'remove-pin';

/** What one voice has pinned to a row, in the order in which ids sort: the same for everybody. */
export const pinsOn = (sheet: Pick<ScoreSheet, 'responses'> | null, criterionId: string): Pin[] =>
  Object.values(responseTo(sheet, criterionId).pins ?? {});

/** @returns what is written; `set-aside` for a pin that was taken away before it came, or that is there already */
export function resolvePin(
  sheet: Pick<ScoreSheet, 'responses' | 'overallComment'> & { journal: JournalEntry[] },
  change: PinChange,
): { fields: Record<string, unknown>; outcome?: OperationOutcome } {
  const field = fieldOf(change);
  const isThere = valueAt(sheet, field) !== '';
  if (change.kind === 'remove-pin') return { fields: isThere ? fieldsOfChange(change) : {} };
  const wasRemoved = sheet.journal.some(
    (entry) => entry.change.kind === 'remove-pin' && fieldOf(entry.change) === field,
  );
  return isThere || wasRemoved ? { fields: {}, outcome: 'set-aside' } : { fields: fieldsOfChange(change) };
}

/** Rows that were given a level without the pin that the rubric asks for. */
export function rowsWithoutPin(rubric: Rubric, sheet: Pick<ScoreSheet, 'responses'> | null): string[] {
  return rubric.criteria
    .filter((row) => row.evidence === 'pin' && responseTo(sheet, row.id).levelId !== null)
    .filter((row) => pinsOn(sheet, row.id).length === 0)
    .map((row) => row.id);
}

/** What was marked in the work are the student's own words. */
export function withoutPins(sheet: ScoreSheet | null): ScoreSheet | null {
  if (!sheet) return null;
  const responses = Object.entries(sheet.responses).map(([id, response]) => {
    const kept = { ...response };
    delete kept.pins;
    return [id, kept] as const;
  });
  return { ...sheet, responses: Object.fromEntries(responses) };
}
