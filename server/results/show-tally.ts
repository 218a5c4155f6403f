/** Lets a panel see what the rule makes of its voices, after it has talked about them. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, Forbidden } from '../errors.js';
import { getPresentation } from '../exhibitions/slots/slot-records.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { gatherPanel } from './gather-result.js';
import { mayLeadTalk } from './chair.js';
import { saveTallyShown } from './reveal-records.js';
import { withPanelLock } from './with-panel-lock.js';

/**
 * Showing what is shown changes nothing. Of a group it is shown for everybody in it.
 * @throws Forbidden for anybody but chair, registrar and admin, and for them while their own sheet is awaited
 * @throws Conflict before the reveal
 */
export async function showTally(
  needs: { clock: Clock; rubrics: RubricLibrary },
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
): Promise<void> {
  const { id } = await getPresentation(scope, slotId);
  await withPanelLock(scope, id, async (inside) => {
    const panel = await gatherPanel(inside, needs.rubrics, slotId, needs.clock.now());
    if (!mayLeadTalk(actor, panel)) throw new Forbidden('results.problem.may-not-show-tally');
    if (!panel.revealed) throw new Conflict('results.problem.not-revealed', {}, 'not-revealed');
    if (panel.tallyShown) return;
    await saveTallyShown(inside, id, { at: needs.clock.now(), by: actor.personId });
    await appendAudit(inside, needs.clock, actor, 'results.show-tally', { kind: 'slot', id });
  });
}
