import {
  fieldOf as fieldOfChange,
  NOT_OBSERVED_CHOICE as NOT_OBSERVED,
  valueAt,
  valueOf as valueOfChange,
} from '../../../server/scores/score-fields.js';
import type { ShownPin } from './pin-line.js';

/** A change of the sheet as the page makes it, and the field that it belongs to, named as the input. */
export type QueuedChange =
  | { kind: 'set-level'; criterionId: string; levelId: string }
  | { kind: 'not-observed'; criterionId: string; notObserved: boolean }
  | { kind: 'set-comment'; criterionId: string; comment: string; levelId?: string }
  | { kind: 'set-overall'; comment: string }
  | { kind: 'add-pin'; criterionId: string; pin: ShownPin }
  | { kind: 'remove-pin'; criterionId: string; pinId: string }
  | { kind: 'resolve'; conflict: string; keep: 'mine' | 'theirs' };

export interface FieldConflict {
  operationId: string;
  field: string;
  mine: string;
  theirs: string;
  device: string | null;
}

/** What the server answers to operations. */
export interface FieldAnswer {
  applied: string[];
  revision: number;
  savedAt: string | null;
  progress: { done: number; total: number };
  conflicts: FieldConflict[];
  sheet: {
    responses: Record<
      string,
      {
        levelId: string | null;
        notObserved: boolean;
        comment: string;
        notes: Record<string, string>;
        pins?: Record<string, ShownPin>;
      }
    >;
    overallComment: string;
  };
}

export { NOT_OBSERVED };

/** The change that makes a field hold this value. */
export function changeTo(field: string, value: string): QueuedChange | null {
  const [kind, criterionId = '', levelId] = field.split('.');
  if (kind === 'overall') return { kind: 'set-overall', comment: value };
  if (kind === 'comment') return { kind: 'set-comment', criterionId, comment: value };
  if (kind === 'note' && levelId !== undefined)
    return { kind: 'set-comment', criterionId, levelId, comment: value };
  if (kind === 'resolve' && (value === 'mine' || value === 'theirs'))
    return { kind: 'resolve', conflict: criterionId, keep: value };
  if (kind !== 'level') return null;
  return value === NOT_OBSERVED
    ? { kind: 'not-observed', criterionId, notObserved: true }
    : { kind: 'set-level', criterionId, levelId: value };
}

export const queuedField = (change: QueuedChange): string =>
  change.kind === 'resolve' ? `resolve.${change.conflict}` : fieldOfChange(change);

export const queuedValue = (change: QueuedChange): string =>
  change.kind === 'resolve' ? change.keep : valueOfChange(change);

/** What a field holds in the server's answer. */
export const valueIn = (sheet: FieldAnswer['sheet'], field: string): string => valueAt(sheet, field);
