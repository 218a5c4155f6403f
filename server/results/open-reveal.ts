/** Opens the sheets that are in to those who wrote them, before the last one has come. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import { frozen } from '../audit/frozen-record.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, Forbidden } from '../errors.js';
import { getPresentation } from '../exhibitions/slots/slot-records.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { gatherPanel, type SlotPanel } from './gather-result.js';
import { mayLeadTalk } from './chair.js';
import { saveOpening } from './reveal-records.js';
import { withPanelLock } from './with-panel-lock.js';

/**
 * The panel as it stands afterwards; opening what is open changes nothing.
 * @throws Forbidden for anybody but chair, registrar and admin, and for them while their own sheet is awaited
 * @throws Conflict when there is no sheet to open
 */
export async function openReveal(
  needs: { clock: Clock; rubrics: RubricLibrary },
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
): Promise<SlotPanel> {
  const { id } = await getPresentation(scope, slotId);
  return withPanelLock(scope, id, async (inside) => {
    const panel = await gatherPanel(inside, needs.rubrics, slotId, needs.clock.now());
    if (!mayLeadTalk(actor, panel)) throw new Forbidden('results.problem.may-not-open');
    if (panel.revealed) return panel;
    if (panel.submitted === 0) throw new Conflict('results.problem.no-sheets');
    const opened = { at: needs.clock.now(), by: actor.personId, byName: actor.name };
    await saveOpening(inside, id, opened);
    const { submitted, awaited } = panel;
    const subject = { kind: 'slot', id };
    await appendAudit(inside, needs.clock, actor, 'results.reveal', subject, {
      ...{ submitted, awaited },
      ...frozen('reveal', id, opened),
    });
    return gatherPanel(inside, needs.rubrics, slotId, needs.clock.now());
  });
}
