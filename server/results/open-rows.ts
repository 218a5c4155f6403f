/** Which rows of a result are left to talk about. Pure. */
import { decisionsOn, type Decision } from './decision.js';
import type { CriterionTally, Tally } from './tally.js';

/** Whether the panel should talk about a row: its voices are too far apart, or name no level together. */
export const wantsTalk = (row: CriterionTally): 'tie' | 'apart' | null => {
  if (row.needsTalk) return 'apart';
  return row.decision.why === 'tie' ? 'tie' : null;
};

/** Rows on which the voices differ, or name no level together, and nobody has decided. */
export const openRows = (
  tally: Pick<Tally, 'criteria'>,
  decisions: readonly Pick<Decision, 'criterionId' | 'turn'>[],
): { row: CriterionTally; kind: 'tie' | 'apart' }[] =>
  tally.criteria.flatMap((row) => {
    const kind = wantsTalk(row);
    return kind && decisionsOn(row.criterionId, decisions).length === 0 ? [{ row, kind }] : [];
  });
