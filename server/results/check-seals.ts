/**
 * Whatever was done to a sealed sheet or a published result past this program is noticed before anything new
 * is made of it.
 */
import type { SchoolScope } from '../db/database.js';
import { AppError } from '../errors.js';
import type { Log } from '../log.js';
import { sealHolds } from '../scores/score-sheet.js';
import { listSubmittedSheets } from '../scores/score-sheet-records.js';
import { resultHolds, type Result } from './result.js';

/**
 * @param slotId of a group the first member's slot
 * @throws AppError `seal-broken` when a sealed sheet is not what was sealed
 */
export async function checkSheetSeals(log: Log, scope: SchoolScope, slotId: string): Promise<void> {
  for (const sheet of await listSubmittedSheets(scope, slotId)) {
    if (sealHolds(sheet)) continue;
    log.error(
      { schoolId: scope.schoolId, slotId, seatId: sheet.id },
      'the seal of a score sheet does not hold',
    );
    throw new AppError(500, 'seal-broken', 'results.problem.seal-broken', { name: sheet.panelistName });
  }
}

/**
 * @throws AppError `seal-broken` when it no longer is what was published: a new version would seal what
 *   somebody has tampered with
 */
export function checkResultSeal(log: Log, result: Result): void {
  if (resultHolds(result)) return;
  log.error({ schoolId: result.schoolId, slotId: result.id }, 'the seal of a published result does not hold');
  throw new AppError(500, 'seal-broken', 'results.problem.result-seal-broken');
}
