/**
 * What becomes of one operation, decided from the sheet alone: it counts, it is set aside because a later one
 * of its device is here already, or it waits as a conflict because another device answered the same field
 * without either knowing of the other. Whatever the order of arrival, the answers that remain for a field
 * (the one that stands and those in conflict) are the same.
 */
import { fieldOf, valueAt, valueOf } from './score-fields.js';
import {
  MAX_CONFLICTS,
  fieldsOfChange,
  type SheetChange,
  type JournalEntry,
  type Operation,
  type Origin,
  type OperationOutcome,
  type Resolution,
  type ScoreSheet,
  type SheetConflict,
} from './score-sheet.js';
import { isPinChange, resolvePin } from './sheet-pins.js';

export interface MergedOperation {
  change: SheetChange;
  outcome?: OperationOutcome;
  /** What is written into the sheet. */
  fields: Record<string, unknown>;
  conflicts: SheetConflict[];
}

type Known = Pick<ScoreSheet, 'responses' | 'overallComment' | 'journal' | 'conflicts' | 'revision'>;
type ChangeFrom = SheetChange & Origin & { id: string };

/** The conflicts that still ask for a decision; one whose two sides have become the same does not. */
export function openConflicts(sheet: Known | null): SheetConflict[] {
  return (sheet?.conflicts ?? []).filter(({ change, field }) => valueOf(change) !== valueAt(sheet, field));
}

/**
 * How much of the journal was set aside when the sheet began anew; nothing of it may come back, not even as a conflict.
 */
const anewAt = ({ journal }: Known): number => journal.findLastIndex(({ outcome }) => outcome === 'anew') + 1;

/** Answers of others to this field that the maker of an operation cannot have seen. */
function rivalsOf(sheet: Known, field: string, { device, seen = 0, after = [] }: Origin): JournalEntry[] {
  return sheet.journal.slice(Math.max(seen, anewAt(sheet))).filter(
    (entry) =>
      entry.outcome === undefined &&
      (entry.device === undefined || entry.device !== device) &&
      !after.includes(entry.operationId) &&
      fieldOf(entry.change) === field &&
      // Whoever has changed their mind since is no rival by what they said before.
      !isOvertaken(sheet, field, { ...entry, id: entry.operationId }),
  );
}

type Maker = Pick<Origin, 'device' | 'sequence'> & { id: string };

/** Whether the same hand has said something later about this field. */
function isOvertaken(sheet: Known, field: string, { id, device, sequence = Infinity }: Maker): boolean {
  return sheet.journal.some(
    (entry) =>
      entry.outcome !== 'kept' &&
      fieldOf(entry.change) === field &&
      (entry.after?.includes(id) === true ||
        (device !== undefined && entry.device === device && (entry.sequence ?? 0) > sequence)),
  );
}

/** The change alone, as the journal keeps it. */
export const journaledChange = (operation: ChangeFrom): SheetChange => {
  switch (operation.kind) {
    case 'set-level':
      return { kind: operation.kind, criterionId: operation.criterionId, levelId: operation.levelId };
    case 'not-observed':
      return { kind: operation.kind, criterionId: operation.criterionId, notObserved: operation.notObserved };
    case 'set-overall':
      return { kind: operation.kind, comment: operation.comment };
    case 'set-comment': {
      const { kind, criterionId, comment, levelId } = operation;
      return { kind, criterionId, comment, ...(levelId === undefined ? {} : { levelId }) };
    }
    case 'add-pin':
      return { kind: operation.kind, criterionId: operation.criterionId, pin: operation.pin };
    case 'remove-pin':
      return { kind: operation.kind, criterionId: operation.criterionId, pinId: operation.pinId };
  }
};

/** @returns null when it cannot be taken: too many answers wait for a decision, or there is nothing to decide */
export function mergeOperation(sheet: Known, operation: Operation, at: Date): MergedOperation | null {
  return operation.kind === 'resolve' ? resolve(sheet, operation) : mergeChange(sheet, operation, at);
}

function mergeChange(sheet: Known, operation: ChangeFrom, at: Date): MergedOperation | null {
  const { id: operationId, device, seen = 0, after = [] } = operation;
  const change = journaledChange(operation);
  const field = fieldOf(change);
  const open = sheet.conflicts ?? [];
  if (isPinChange(change)) return { change, conflicts: open, ...resolvePin(sheet, change) };
  if (isOvertaken(sheet, field, operation))
    return { change, outcome: 'set-aside', fields: {}, conflicts: open };

  const value = valueOf(change);
  const isOwn = (conflict: SheetConflict): boolean =>
    conflict.field === field && (conflict.device === device || after.includes(conflict.operationId));
  if (value !== valueAt(sheet, field) && rivalsOf(sheet, field, operation).length > 0) {
    const conflict = { operationId, field, change, device: device ?? null, revision: sheet.revision + 1, at };
    const conflicts = [...open.filter((other) => !isOwn(other)), conflict];
    return conflicts.length > MAX_CONFLICTS ? null : { change, outcome: 'conflict', fields: {}, conflicts };
  }
  // Who answers after having seen a conflict has decided it. One of the same words only rests: its maker may
  // still change.
  const decided = (conflict: SheetConflict): boolean =>
    conflict.field === field && (isOwn(conflict) || conflict.revision <= seen);
  return { change, fields: fieldsOfChange(change), conflicts: open.filter((other) => !decided(other)) };
}

/** A choice between answers of which one has changed meanwhile changes nothing: both are shown again. */
function resolve(
  sheet: Known,
  { conflict: id, keep, ...origin }: Resolution & Origin,
): MergedOperation | null {
  const known = sheet.conflicts?.find(({ operationId }) => operationId === id);
  const entry = sheet.journal.find(({ operationId }) => operationId === id);
  if (!entry) return null;
  const { change } = entry;
  const open = sheet.conflicts ?? [];
  const stale = origin.seen !== undefined && rivalsOf(sheet, fieldOf(change), origin).length > 0;
  if (!known || stale) return { change, outcome: 'set-aside', fields: {}, conflicts: open };
  const conflicts = open.filter(({ operationId }) => operationId !== id);
  return keep === 'theirs'
    ? { change, outcome: 'kept', fields: {}, conflicts }
    : { change, fields: fieldsOfChange(change), conflicts };
}
