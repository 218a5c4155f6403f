/** Seals a score sheet: from here on it never changes, and it counts. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { isScoring } from '../exhibition/exhibition.js';
import { findCriterion } from '../rubrics/rubric.js';
import type { Scoring } from './apply-operations.js';
import { missingCriteria, sheetHash, type ScoreSheet } from './score-sheet.js';
import { findSheet, saveSeal } from './score-sheet-records.js';
import { conflictsOf } from './settle-operation.js';

/**
 * The sealed sheet; submitting again answers the same sheet.
 * @throws InvalidInput naming each required criterion without an answer (`criteria.<id>`)
 * @throws Conflict when the exhibition takes no scores, or a change came in at the same moment
 */
export async function submitSheet(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  { seat, exhibition, rubric }: Scoring,
): Promise<ScoreSheet> {
  return inTransaction(scope, async (inside) => {
    const sheet = await findSheet(inside, seat.id);
    if (sheet?.state === 'submitted') return sheet;
    if (!isScoring(exhibition)) throw new Conflict('scores.problem.not-open', {}, 'not-open');
    const undecided = conflictsOf(sheet).length;
    if (undecided > 0) throw new Conflict('scores.problem.conflicts-open', { count: undecided }, 'conflicts');
    const missing = missingCriteria(rubric, sheet);
    if (missing.length > 0 || !sheet) {
      throw new InvalidInput(
        missing.map((id) => ({
          field: `criteria.${id}`,
          message: 'scores.problem.unanswered',
          params: { row: findCriterion(rubric, id)?.name ?? id },
        })),
        'scores.problem.incomplete',
      );
    }
    const submittedAt = needs.clock.now();
    const hash = sheetHash(sheet, submittedAt);
    const sealed = await saveSeal(inside, sheet, submittedAt, hash);
    if (!sealed) throw new Conflict('scores.problem.changed-while-submitting', {}, 'changed');
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'scores.submit',
      { kind: 'score-sheet', id: seat.id },
      {
        slotId: seat.slotId,
        revision: sealed.revision,
        hash,
      },
    );
    return sealed;
  });
}
