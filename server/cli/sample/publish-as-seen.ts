/** Publishes a result of the sample school as its advisor does who has read it, and looked at what is asked about first. */
import type { Actor } from '../../access/actor.js';
import type { SchoolScope } from '../../database.js';
import { gatherPanel, gatherSheets, gatherTalk } from '../../results/gather-result.js';
import { publishResult, type PublishNeeds } from '../../results/publish-result.js';
import type { AskedAttainment } from '../../results/attainment.js';
import { stateOf } from '../../results/result-state.js';

export async function publishAsSeen(
  needs: PublishNeeds,
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
  asked: AskedAttainment = {},
): Promise<void> {
  const panel = await gatherPanel(scope, needs.rubrics, slotId, needs.clock.now());
  const [sheets, talk] = await Promise.all([gatherSheets(scope, panel), gatherTalk(scope, panel)]);
  const state = stateOf(panel, { sheets, talk });
  await publishResult(needs, scope, actor, slotId, { ...asked, state, confirmed: true });
}
