/** Reads what a visitor sent, a form or JSON alike: `feedback.<n>` by prompt, `level.<row>`, `comment`, and `once`. */
import { z } from 'zod';
import { InvalidInput, type FieldProblem } from '../errors.js';
import { levelPosition, type Rubric } from '../rubrics/rubric.js';
import { NOT_OBSERVED_CHOICE } from '../scores/score-fields.js';
import { MAX_VISIT_WORDS, type Left, type VisitorMark } from './visit.js';

export const visitBody = z
  .object({ once: z.string().regex(/^[A-Za-z0-9_-]{8,80}$/, 'visits.problem.once') })
  .catchall(z.string());

/**
 * A half of which no field was sent is left out: it stays as it is.
 * @param prompts as they stand on this visit's form
 * @throws InvalidInput for words that are too long, and rows or levels that the rubric does not have
 */
export function readLeft(
  body: z.output<typeof visitBody>,
  prompts: readonly string[],
  rubric: Rubric | null,
): Left {
  const problems: FieldProblem[] = [];
  const wordsOf = (field: string): string => {
    const words = (body[field] ?? '').replaceAll('\r\n', '\n').trim();
    if (words.length > MAX_VISIT_WORDS)
      problems.push({ field, message: 'common.problem.too-long', params: { maximum: MAX_VISIT_WORDS } });
    return words;
  };
  const sent = (begin: string) => Object.keys(body).filter((field) => field.startsWith(begin));
  const left: Left = { operationId: body.once };
  const feedback = sent('feedback.');
  if (feedback.length > 0) {
    for (const field of feedback)
      if (!prompts[Number(field.slice(9))]) problems.push({ field, message: 'common.problem.unknown-field' });
    left.feedback = prompts
      .map((prompt, at) => ({ prompt, words: wordsOf(`feedback.${at}`) }))
      .filter(({ words }) => words !== '');
  }
  const levels = sent('level.');
  if (rubric && (levels.length > 0 || 'comment' in body)) {
    left.score = { marks: marksOf(body, levels, rubric, problems), comment: wordsOf('comment') };
  } else if (!rubric && levels.length > 0) {
    problems.push({ field: levels[0]!, message: 'visits.problem.feedback-only' });
  }
  if (problems.length > 0) throw new InvalidInput(problems);
  return left;
}

function marksOf(
  body: Record<string, string>,
  fields: readonly string[],
  rubric: Rubric,
  problems: FieldProblem[],
): Record<string, VisitorMark> {
  const marks: Record<string, VisitorMark> = {};
  for (const field of fields) {
    const row = rubric.criteria.find((each) => `level.${each.id}` === field);
    const choice = body[field] ?? '';
    if (!row) problems.push({ field, message: 'scores.problem.unknown-criterion' });
    else if (choice === NOT_OBSERVED_CHOICE) marks[row.id] = { levelId: null, notObserved: true };
    else if (choice !== '' && levelPosition(rubric, choice) < 0)
      problems.push({ field, message: 'scores.problem.unknown-level' });
    else if (choice !== '') marks[row.id] = { levelId: choice, notObserved: false };
  }
  return marks;
}
