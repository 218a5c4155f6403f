/** A peer fills in the sheet of a rehearsal and submits it; from then on the student reads it. */
import type { Actor } from '../access/actor.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, Forbidden, InvalidInput, type FieldProblem } from '../errors.js';
import { findCriterion, levelPosition, type Rubric } from '../rubrics/rubric.js';
import { NOT_OBSERVED_CHOICE } from '../scores/score-fields.js';
import { MAX_COMMENT, type ScoreResponse } from '../scores/score-sheet.js';
import { missingRows, seatIn, type Rehearsal, type RehearsalSeat } from './rehearsal.js';
import { openRehearsal } from './open-rehearsal.js';
import { saveRehearsalSheet } from './rehearsal-records.js';

/** @throws InvalidInput for rows and levels that the rubric does not have, and for too many words */
function readSheet(
  body: Record<string, string | undefined>,
  rubric: Rubric,
): Pick<RehearsalSeat, 'responses' | 'overallComment'> {
  const problems: FieldProblem[] = [];
  const wordsOf = (field: string): string => {
    const words = (body[field] ?? '').replaceAll('\r\n', '\n').trim();
    if (words.length > MAX_COMMENT)
      problems.push({ field, message: 'common.problem.too-long', params: { maximum: MAX_COMMENT } });
    return words;
  };
  const responses: Record<string, ScoreResponse> = {};
  for (const row of rubric.criteria) {
    const choice = body[`level.${row.id}`] ?? '';
    const notObserved = choice === NOT_OBSERVED_CHOICE;
    const levelId = notObserved || choice === '' ? null : choice;
    if (levelId && levelPosition(rubric, levelId) < 0)
      problems.push({ field: `criteria.${row.id}`, message: 'scores.problem.unknown-level' });
    const notes = Object.fromEntries(
      rubric.levels
        .filter((level) => level.freeText)
        .map((level) => [level.id, wordsOf(`note.${row.id}.${level.id}`)])
        .filter(([, words]) => words !== ''),
    ) as Record<string, string>;
    const comment = wordsOf(`comment.${row.id}`);
    if (levelId || notObserved || comment || Object.keys(notes).length > 0)
      responses[row.id] = { levelId, notObserved, comment, notes };
  }
  const overallComment = wordsOf('overall');
  if (problems.length > 0) throw new InvalidInput(problems);
  return { responses, overallComment };
}

/**
 * The rehearsal afterwards. The same sending once more changes nothing.
 * @throws Forbidden for somebody without a seat; Conflict when the sheet is in; InvalidInput when it is
 *   submitted with rows open
 */
export async function fillSheet(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  id: string,
  rubric: Rubric,
  sent: { once: string; submit: boolean; body: Record<string, string | undefined> },
): Promise<Rehearsal> {
  const rehearsal = await openRehearsal(scope, id);
  const seat = seatIn(actor, rehearsal);
  if (!seat) throw new Forbidden('rehearsals.problem.not-asked');
  if (seat.once === sent.once) return rehearsal;
  if (seat.submittedAt) throw new Conflict('rehearsals.problem.is-in');
  const now = clock.now();
  const filled = { ...seat, ...readSheet(sent.body, rubric), once: sent.once, savedAt: now };
  const missing = sent.submit ? missingRows(rubric, filled) : [];
  if (missing.length > 0) {
    throw new InvalidInput(
      missing.map((row) => ({
        field: `criteria.${row}`,
        message: 'scores.problem.unanswered',
        params: { row: findCriterion(rubric, row)?.name ?? row },
      })),
    );
  }
  const after = await saveRehearsalSheet(scope, id, { ...filled, submittedAt: sent.submit ? now : null });
  if (!after) throw new Conflict('rehearsals.problem.is-in');
  return after;
}
