/**
 * Appends one decision on a row, with its entry in the audit chain; who may, and when, the actions say that call it.
 */
import type { Actor } from '../access/actor.js';
import { passwordLinkMark } from '../access/password-link.js';
import { appendAudit } from '../audit/append-audit.js';
import { frozen } from '../audit/frozen-record.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { newId } from '../ids.js';
import { appendDecision } from './decision-records.js';
import { decidedAs, frozenOfDecision, type Decision } from './decision.js';
import type { SlotPanel } from './gather-result.js';
import { appendTurn } from './reveal-records.js';
import { requireRow } from './revise-score.js';

/**
 * The decision under the rubric's own criterion, also where the record names the row of a group.
 * @param inside holds the panel's lock
 * @param turn of the action; null takes the next one
 * @throws InvalidInput for an unknown row or level
 */
export async function appendRowDecision(
  { clock }: { clock: Clock },
  inside: SchoolScope,
  actor: Actor,
  panel: SlotPanel,
  { criterionId, kind, levelId, reason }: Pick<Decision, 'criterionId' | 'kind' | 'levelId' | 'reason'>,
  turn: number | null,
): Promise<Decision> {
  const { rowId } = requireRow(panel, { criterionId, levelId });
  const decision = await appendDecision(inside, {
    ...{ id: newId(), schoolId: inside.schoolId, slotId: panel.presentation.id },
    ...{ studentId: panel.slot.studentId, criterionId: rowId, kind, levelId, reason },
    turn: turn ?? (await appendTurn(inside, panel.presentation.id, panel.exhibition.id)),
    at: clock.now(),
    ...{ decidedBy: actor.personId, decidedByName: actor.name, decidedAs: decidedAs(actor, panel) },
    ...passwordLinkMark(actor),
  });
  await appendAudit(
    inside,
    clock,
    actor,
    'results.decide',
    { kind: 'slot', id: panel.slot.id },
    {
      ...{ criterionId, kind, turn: decision.turn },
      ...frozen('decision', decision.id, frozenOfDecision(decision)),
    },
  );
  return { ...decision, criterionId };
}
