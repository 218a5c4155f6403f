/** Records what the panel decided on one row, beside its voices. */
import type { Actor } from '../access/actor.js';
import { markOf } from '../access/password-link.js';
import { appendAudit } from '../audit/append-audit.js';
import { frozen } from '../audit/frozen-record.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../database.js';
import { Conflict, Forbidden } from '../errors.js';
import { getPresentation } from '../exhibition/slot-records.js';
import { isGroupRow } from '../scores/group-rows.js';
import { newId } from '../ids.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { appendDecision } from './decision-records.js';
import { decidedAs, decisionKindsOf, decisionsOn, frozenOfDecision, type Decision } from './decision.js';
import { gatherPanel, gatherTalk, refuseErasedStudent } from './gather-result.js';
import { mayLeadTalk } from './reveal.js';
import { requireRow } from './revise-score.js';
import { withPanelLock } from './with-panel-lock.js';

export type AskedDecision = Pick<Decision, 'criterionId' | 'kind' | 'levelId' | 'reason'>;

/**
 * The decision; the same one sent again is the one that stands.
 * @throws Forbidden for anybody who may not record this kind of decision here
 * @throws InvalidInput for an unknown row or level
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
    if (panel.result) throw new Conflict('results.problem.published', {}, 'published');
    if (!panel.revealed) throw new Conflict('results.problem.not-revealed', {}, 'not-revealed');
    const { row, rowId } = requireRow(panel, asked);
    if (panel.groupFixed && isGroupRow(row))
      throw new Conflict('results.problem.group-published', {}, 'published');
    const standing = decisionsOn(asked.criterionId, (await gatherTalk(inside, panel)).decisions).at(-1);
    if (standing && isSame(standing, asked)) return { decision: standing, fresh: false };
    const decision = await appendDecision(inside, {
      id: newId(),
      schoolId: scope.schoolId,
      slotId: presentationId,
      studentId: panel.slot.studentId,
      criterionId: rowId,
      kind: asked.kind,
      levelId: asked.levelId,
      reason: asked.reason,
      turn,
      at: needs.clock.now(),
      decidedBy: actor.personId,
      decidedByName: actor.name,
      decidedAs: decidedAs(actor, panel),
      ...markOf(actor),
    });
    const { criterionId, kind } = asked;
    const subject = { kind: 'slot', id: slotId };
    await appendAudit(inside, needs.clock, actor, 'results.decide', subject, {
      ...{ criterionId, kind, turn },
      ...frozen('decision', decision.id, frozenOfDecision(decision)),
    });
    return { decision: { ...decision, criterionId }, fresh: true };
  });
}

const isSame = (a: AskedDecision, b: AskedDecision): boolean =>
  a.kind === b.kind && a.levelId === b.levelId && a.reason === b.reason;
