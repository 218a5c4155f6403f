import type { ShownPin } from './pin-line.js';

/** A change of the sheet as the page makes it, and the field that it belongs to, named as the input. */
export type Change =
  | { kind: 'set-level'; criterionId: string; levelId: string }
  | { kind: 'not-observed'; criterionId: string; notObserved: boolean }
  | { kind: 'set-comment'; criterionId: string; comment: string; levelId?: string }
  | { kind: 'set-overall'; comment: string }
  | { kind: 'add-pin'; criterionId: string; pin: ShownPin }
  | { kind: 'remove-pin'; criterionId: string; pinId: string }
  | { kind: 'resolve'; conflict: string; keep: 'mine' | 'theirs' };

export interface Conflict {
  operationId: string;
  field: string;
  mine: string;
  theirs: string;
  device: string | null;
}

/** What the server answers to operations. */
export interface Answer {
  applied: string[];
  revision: number;
  savedAt: string | null;
  progress: { done: number; total: number };
  conflicts: Conflict[];
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

export const NOT_OBSERVED = ':not-observed';

/** The change that makes a field hold this value. */
export function changeTo(field: string, value: string): Change | null {
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

export function fieldOf(change: Change): string {
  switch (change.kind) {
    case 'set-overall':
      return 'overall';
    case 'resolve':
      return `resolve.${change.conflict}`;
    case 'set-comment':
      return change.levelId === undefined
        ? `comment.${change.criterionId}`
        : `note.${change.criterionId}.${change.levelId}`;
    case 'add-pin':
      return `pin.${change.criterionId}.${change.pin.id}`;
    case 'remove-pin':
      return `pin.${change.criterionId}.${change.pinId}`;
    default:
      return `level.${change.criterionId}`;
  }
}

export function valueOf(change: Change): string {
  switch (change.kind) {
    case 'set-level':
      return change.levelId;
    case 'not-observed':
      return change.notObserved ? NOT_OBSERVED : '';
    case 'resolve':
      return change.keep;
    case 'add-pin':
      return change.pin.id;
    case 'remove-pin':
      return '';
    default:
      return change.comment;
  }
}

/** What a field holds in the server's answer. */
export function valueIn({ responses, overallComment }: Answer['sheet'], field: string): string {
  const [kind, criterionId = '', levelId = ''] = field.split('.');
  if (kind === 'overall') return overallComment;
  const response = responses[criterionId];
  if (kind === 'comment') return response?.comment ?? '';
  if (kind === 'note') return response?.notes[levelId] ?? '';
  return response?.notObserved ? NOT_OBSERVED : (response?.levelId ?? '');
}
