/** Takes the changes that a panelist's phone sends, each exactly once, in any number of attempts. */
import type { Actor } from '../access/actor.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { isScoring, type Exhibition } from '../exhibition/exhibition.js';
import type { Seat } from '../panel/seat.js';
import type { Rubric } from '../rubrics/rubric.js';
import { appendOperation, findSheet } from './score-sheet-records.js';
import { JOURNAL_MAXIMUM, problemsOfChange, type Operation, type ScoreSheet } from './score-sheet.js';

export interface Scoring {
  seat: Seat;
  exhibition: Exhibition;
  rubric: Rubric;
}

export interface Applied {
  /** Ids that stand in the sheet now, also those that did before. */
  applied: string[];
  sheet: ScoreSheet | null;
}

/**
 * Applies operations in their order; sent again they change nothing and are reported as applied all the same.
 * @throws InvalidInput when one of them does not fit the rubric; then none is applied
 * @throws Conflict `sealed`, `not-open` or `too-many` for a new operation; those before it are applied
 */
export async function applyOperations(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  { seat, exhibition, rubric }: Scoring,
  operations: Operation[],
): Promise<Applied> {
  const problems = operations.flatMap((operation, at) =>
    problemsOfChange(rubric, operation).map(({ field, message }) => ({
      field: `operations.${at}.${field}`,
      message,
    })),
  );
  if (problems.length > 0) throw new InvalidInput(problems);

  const birth = {
    slotId: seat.slotId,
    exhibitionId: seat.exhibitionId,
    studentId: seat.studentId,
    panelistId: seat.personId,
    panelistName: seat.name,
    role: seat.role,
    rubric: exhibition.rubric,
  };
  const applied: string[] = [];
  let sheet: ScoreSheet | null = null;
  for (const operation of operations) {
    const after = isScoring(exhibition)
      ? await appendOperation(scope, seat.id, birth, operation, { at: needs.clock.now(), by: actor.personId })
      : null;
    sheet = after ?? (await requireTaken(scope, seat.id, operation.id));
    applied.push(operation.id);
  }
  return { applied, sheet: sheet ?? (await findSheet(scope, seat.id)) };
}

/** An operation that changed nothing is fine when it was taken before; else it says why it cannot be taken. */
async function requireTaken(scope: SchoolScope, seatId: string, operationId: string): Promise<ScoreSheet> {
  const sheet = await findSheet(scope, seatId);
  if (sheet?.journal.some((entry) => entry.operationId === operationId)) return sheet;
  if (sheet?.state === 'submitted') throw new Conflict('scores.problem.sealed', {}, 'sealed');
  if (sheet && sheet.revision >= JOURNAL_MAXIMUM)
    throw new Conflict('scores.problem.too-many-changes', {}, 'too-many');
  throw new Conflict('scores.problem.not-open', {}, 'not-open');
}
