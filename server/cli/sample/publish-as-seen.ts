/** Publishes a result of the sample school as its advisor does who has read it, and looked at what is asked about first. */
import type { Actor } from '../../access/actor.js';
import type { SchoolScope } from '../../database.js';
import type { AskedAttainment } from '../../results/attainment.js';
import { gatherPanel } from '../../results/gather-result.js';
import { gatherSeen } from '../../results/gather-seen.js';
import { publishResult, type PublishNeeds } from '../../results/publish-result.js';
import { stateOf } from '../../results/result-state.js';
import { isTallyOpen } from '../../results/reveal.js';
import { revisedSheets } from '../../results/revision.js';
import { showTally } from '../../results/show-tally.js';
import { tallySheets } from '../../results/tally.js';

export async function publishAsSeen(
  needs: PublishNeeds,
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
  asked: AskedAttainment = {},
): Promise<void> {
  const panel = await gatherPanel(scope, needs.rubrics, slotId, needs.clock.now());
  const seen = await gatherSeen(scope, panel);
  const tally = tallySheets(panel.rubric, revisedSheets(seen.sheets, seen.talk.revisions));
  // The panel has talked; its chair shows what the rule makes of the voices.
  if (!isTallyOpen(panel, tally, seen.talk.decisions)) await showTally(needs, scope, actor, slotId);
  await publishResult(needs, scope, actor, slotId, {
    ...asked,
    state: stateOf(panel, seen),
    confirmed: true,
  });
}
