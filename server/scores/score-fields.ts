/**
 * A sheet by its fields: `level.<row>`, `comment.<row>`, `note.<row>.<level>`, `overall`, and
 * `pin.<row>.<id>`, named as the inputs of the page. A field has one value as text, so that two answers to it
 * can be compared and shown side by side. The page's script reads this file, too, so it imports nothing.
 */

/** Stands for "not observed" among the levels; no level can be called so. */
export const NOT_OBSERVED_CHOICE = ':not-observed';

/** A change of a sheet, as far as it says what it changes and to what. */
type FieldChange =
  | { kind: 'set-level'; criterionId: string; levelId: string | null }
  | { kind: 'not-observed'; criterionId: string; notObserved: boolean }
  | { kind: 'set-comment'; criterionId: string; comment: string; levelId?: string | undefined }
  | { kind: 'set-overall'; comment: string }
  | { kind: 'add-pin'; criterionId: string; pin: { id: string } }
  | { kind: 'remove-pin'; criterionId: string; pinId: string };

/** What stands in a sheet, by row; only what was touched. */
interface Answers {
  responses: Record<
    string,
    {
      levelId?: string | null;
      notObserved?: boolean;
      comment?: string;
      notes?: Record<string, string>;
      pins?: Record<string, { id: string }>;
    }
  >;
  overallComment: string;
}

export function fieldOf(change: FieldChange): string {
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
export function valueOf(change: FieldChange): string {
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
  const response = answers?.responses[criterionId];
  if (kind === 'comment') return response?.comment ?? '';
  if (kind === 'pin') return response?.pins?.[levelId]?.id ?? '';
  if (kind === 'note') return response?.notes?.[levelId] ?? '';
  return response?.notObserved ? NOT_OBSERVED_CHOICE : (response?.levelId ?? '');
}
