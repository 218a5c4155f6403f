/** Records what the panel decided on one row, beside its voices. */
import type { Actor } from '../access/actor.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, Forbidden } from '../errors.js';
import { getPresentation } from '../exhibitions/slots/slot-records.js';
import { isGroupRow } from '../scores/group-rows.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { appendRowDecision } from './append-row-decision.js';
import { decisionKindsOf, decisionsOn, type Decision } from './decision.js';
import { gatherPanel, gatherSheets, gatherTalk, refuseErasedStudent } from './gather-result.js';
import { refusePublished } from './refuse-published.js';
import { requireSeen } from './result-state.js';
import { mayLeadTalk } from './chair.js';
import { requireRow } from './revise-score.js';
import { withPanelLock } from './with-panel-lock.js';

export type AskedDecision = Pick<Decision, 'criterionId' | 'kind' | 'levelId' | 'reason'> & {
  /** What its sender has seen (`stateOf`). */
  state?: string | undefined;
};

/**
 * The decision; the same one sent again is the one that stands.
 * @throws Forbidden for anybody who may not record this kind of decision here
 * @throws InvalidInput for an unknown row or level
 * @throws StateMissing, StaleResult where something was said about the row that its sender has not seen
 * @throws Conflict before the reveal and after publishing
 */
export async function decideRow(
  needs: { clock: Clock; rubrics: RubricLibrary },
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
  asked: AskedDecision,
): Promise<{ decision: Decision; fresh: boolean }> {
  const { id: presentationId } = await getPresentation(scope, slotId);
  return withPanelLock(scope, presentationId, async (inside, turn) => {
    const panel = await gatherPanel(inside, needs.rubrics, slotId, needs.clock.now());
    if (!mayLeadTalk(actor, panel)) throw new Forbidden('results.problem.may-not-decide');
    if (!decisionKindsOf(actor, panel).includes(asked.kind))
      throw new Forbidden('results.problem.consensus-by-chair');
    refuseErasedStudent(panel);
    await refusePublished(inside, panel, asked.state);
    if (!panel.revealed) throw new Conflict('results.problem.not-revealed', {}, 'not-revealed');
    const { row } = requireRow(panel, asked);
    if (panel.groupFixed && isGroupRow(row))
      throw new Conflict('results.problem.group-published', {}, 'published');
    const talk = await gatherTalk(inside, panel);
    const standing = decisionsOn(asked.criterionId, talk.decisions).at(-1);
    const repeated = standing?.decidedBy === actor.personId && isSame(standing, asked);
    if (standing && repeated) return { decision: standing, fresh: false };
    const sheets = await gatherSheets(inside, panel);
    requireSeen(panel, { sheets, talk }, asked.state, asked.criterionId);
    const decision = await appendRowDecision(needs, inside, actor, panel, asked, turn);
    return { decision, fresh: true };
  });
}

const isSame = (a: AskedDecision, b: AskedDecision): boolean =>
  a.kind === b.kind && a.levelId === b.levelId && a.reason === b.reason;
