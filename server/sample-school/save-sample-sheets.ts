/** Stores sheets of the sample school as the app would: whoever submits one leaves an entry in the audit chain. */
import { appendAudit } from '../audit/append-audit.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { saveSheets } from '../scores/score-sheet-records.js';
import type { ScoreSheet } from '../scores/score-sheet.js';
import { clockAt } from './sample-world.js';

export async function saveSampleSheets(scope: SchoolScope, sheets: ScoreSheet[]): Promise<void> {
  await inTransaction(scope, async (inside) => {
    await saveSheets(inside, sheets);
    for (const { id, panelistId, slotId, revision, submittedAt, hash } of sheets)
      if (submittedAt)
        await appendAudit(
          inside,
          clockAt(submittedAt),
          { personId: panelistId, via: 'script' },
          'scores.submit',
          { kind: 'score-sheet', id },
          { slotId, revision, hash },
        );
  });
}
