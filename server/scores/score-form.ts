/**
 * The score sheet as a plain form, for browsers without JavaScript: turns what was posted into operations.
 * Only what this form changed since it was shown becomes an operation, so a page that was open elsewhere
 * cannot undo newer answers.
 */
import { createHash } from 'node:crypto';
import type { FieldProblem } from '../errors.js';
import type { Rubric } from '../rubrics/rubric.js';
import { NOT_OBSERVED_CHOICE, valueAt } from './score-fields.js';
import { MAX_COMMENT, responseTo, type SheetChange, type Operation, type ScoreSheet } from './score-sheet.js';
import { openConflicts } from './merge-operation.js';
import { isPinChange } from './sheet-pins.js';

export type PostedForm = Record<string, unknown> & {
  /** Revision of the sheet that the form showed. */
  base: number;
  /** Made up for each showing of the form: the same form sent twice counts once. */
  nonce: string;
  /** What its page says has changed elsewhere, by `toldOf`. */
  told?: string;
};

type Answers = Pick<ScoreSheet, 'responses' | 'overallComment'>;

/** The answers as they stood at a revision, replayed from the journal. */
export function answersAt(sheet: Pick<ScoreSheet, 'journal'> | null, revision: number): Answers {
  const answers: Answers = { responses: {}, overallComment: '' };
  for (const { change, outcome } of sheet?.journal.slice(0, revision) ?? []) {
    if (outcome === 'anew') {
      answers.responses = {};
      answers.overallComment = '';
    }
    if (outcome !== undefined) continue;
    if (change.kind === 'set-overall') {
      answers.overallComment = change.comment;
      continue;
    }
    // Pins have no field of the form: each is an act of its own.
    if (isPinChange(change)) continue;
    const response = responseTo(answers, change.criterionId);
    answers.responses[change.criterionId] = response;
    if (change.kind === 'set-comment') {
      if (change.levelId === undefined) response.comment = change.comment;
      else response.notes = { ...response.notes, [change.levelId]: change.comment };
    } else {
      response.levelId = change.kind === 'set-level' ? change.levelId : null;
      response.notObserved = change.kind === 'not-observed' && change.notObserved;
    }
  }
  return answers;
}

interface FormField {
  /** Name of the input. */
  name: string;
  /** Where a problem with it is shown. */
  problemAt: string;
  change(value: string): SheetChange;
}

/** Every input that the form of a rubric has. */
function fieldsOf(rubric: Rubric): FormField[] {
  const rows = rubric.criteria.flatMap(({ id: criterionId }): FormField[] => [
    {
      name: `level.${criterionId}`,
      problemAt: `criteria.${criterionId}`,
      change: (value) =>
        value === NOT_OBSERVED_CHOICE
          ? { kind: 'not-observed', criterionId, notObserved: true }
          : { kind: 'set-level', criterionId, levelId: value },
    },
    {
      name: `comment.${criterionId}`,
      problemAt: `comment.${criterionId}`,
      change: (comment) => ({ kind: 'set-comment', criterionId, comment }),
    },
    ...rubric.levels
      .filter((level) => level.freeText)
      .map(({ id: levelId }): FormField => ({
        name: `note.${criterionId}.${levelId}`,
        problemAt: `note.${criterionId}.${levelId}`,
        change: (comment) => ({ kind: 'set-comment', criterionId, levelId, comment }),
      })),
  ]);
  return [
    ...rows,
    {
      name: 'overall',
      problemAt: 'overall',
      change: (comment) => ({ kind: 'set-overall', comment }),
    },
  ];
}

const CHANGED_ELSEWHERE = 'scores.problem.changed-elsewhere';

/**
 * What the page that shows a refused form tells of changes elsewhere, for the form to send again: what was
 * typed into these fields counts then, unless they have changed once more. The form keeps its base: fields of
 * which nothing was said must not be undone by it.
 * @param revision of the sheet that the page shows
 */
export function toldOf(problems: readonly FieldProblem[], revision: number): string | null {
  const fields = problems.filter(({ message }) => message === CHANGED_ELSEWHERE).map(({ field }) => field);
  return fields.length > 0 ? [revision, ...fields].join(' ') : null;
}

/** The answers of which the sender was told, and in which fields. */
function readTold(sheet: ScoreSheet | null, told: string | undefined) {
  const [revision = '', ...fields] = (told ?? '').split(' ');
  const answers = answersAt(sheet, /^\d{1,9}$/.test(revision) ? Number(revision) : 0);
  return { answers, fields: new Set(fields) };
}

const idOf = (nonce: string, name: string, value: string): string =>
  `form-${createHash('sha256').update(`${nonce}\n${name}\n${value}`).digest('hex').slice(0, 40)}`;

/**
 * @returns the operations, and the fields that cannot be taken: too long, or changed elsewhere to something
 *   else meanwhile, untold
 */
export function operationsOfForm(
  rubric: Rubric,
  sheet: ScoreSheet | null,
  form: PostedForm,
): { operations: Operation[]; problems: FieldProblem[] } {
  const [shown, now] = [answersAt(sheet, form.base), answersAt(sheet, sheet?.revision ?? 0)];
  const told = readTold(sheet, form.told);
  const operations: Operation[] = [];
  const problems: FieldProblem[] = [];
  for (const field of fieldsOf(rubric)) {
    const posted = form[field.name];
    if (typeof posted !== 'string') continue;
    const value = posted.replaceAll('\r\n', '\n').trimEnd();
    const [before, current] = [valueAt(shown, field.name), valueAt(now, field.name)];
    if (value === before || value === current) continue;
    const isTold = told.fields.has(field.problemAt) && valueAt(told.answers, field.name) === current;
    if (value.length > MAX_COMMENT) {
      problems.push({
        field: field.problemAt,
        message: 'common.problem.too-long',
        params: { maximum: MAX_COMMENT },
      });
    } else if (current !== before && !isTold) {
      problems.push({ field: field.problemAt, message: CHANGED_ELSEWHERE });
    } else {
      operations.push({ id: idOf(form.nonce, field.name, value), ...field.change(value) });
    }
  }
  return { operations: [...operations, ...resolutionsOf(sheet, form)], problems };
}

/** Which of two answers was picked, `resolve.<operationId>`; what changed after the form was shown is asked again. */
function resolutionsOf(sheet: ScoreSheet | null, form: PostedForm): Operation[] {
  return openConflicts(sheet).flatMap(({ operationId }) => {
    const keep = form[`resolve.${operationId}`];
    if (keep !== 'mine' && keep !== 'theirs') return [];
    const id = idOf(form.nonce, operationId, keep);
    return [{ id, kind: 'resolve' as const, conflict: operationId, keep, seen: form.base }];
  });
}
