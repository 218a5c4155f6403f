/**
 * A sheet by its fields: `level.<row>`, `comment.<row>`, `note.<row>.<level>`, `overall`, and `pin.<row>.<id>`, named as the inputs of the page.
 * A field has one value as text, so that two answers to it can be compared and shown side by side.
 */
import { responseTo, type Change, type ScoreSheet } from './score-sheet.js';

/** Stands for "not observed" among the levels; no level can be called so. */
export const NOT_OBSERVED_CHOICE = ':not-observed';

export type Answers = Pick<ScoreSheet, 'responses' | 'overallComment'>;

export function fieldOf(change: Change): string {
  switch (change.kind) {
    case 'set-overall':
      return 'overall';
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

/** What the field holds after this change. */
export function valueOf(change: Change): string {
  switch (change.kind) {
    case 'set-level':
      return change.levelId ?? '';
    case 'not-observed':
      return change.notObserved ? NOT_OBSERVED_CHOICE : '';
    case 'add-pin':
      return change.pin.id;
    case 'remove-pin':
      return '';
    default:
      return change.comment;
  }
}

export function valueAt(answers: Answers | null, field: string): string {
  const [kind, criterionId = '', levelId = ''] = field.split('.');
  if (kind === 'overall') return answers?.overallComment ?? '';
  const response = responseTo(answers, criterionId);
  if (kind === 'comment') return response.comment;
  if (kind === 'pin') return response.pins?.[levelId]?.id ?? '';
  if (kind === 'note') return response.notes[levelId] ?? '';
  return response.notObserved ? NOT_OBSERVED_CHOICE : (response.levelId ?? '');
}
