/**
 * Publishes a result of the sample school as its advisor does who has read it, and looked at what is asked about first.
 */
import type { Actor } from '../access/actor.js';
import type { AskedAttainment } from '../results/attainment.js';
import { gatherPanel } from '../results/gather-result.js';
import { gatherSeen } from '../results/gather-seen.js';
import { publishResult, type PublishNeeds } from '../results/publish-result.js';
import { resultStateOf } from '../results/result-state.js';
import { mayLeadTalk } from '../results/chair.js';
import { isTallyOpen } from '../results/reveal.js';
import { revisedSheets } from '../results/revision.js';
import { showTally } from '../results/show-tally.js';
import { tallySheets } from '../results/tally.js';
import { registrarOf, type SampleWorld } from './sample-world.js';

export async function publishAsSeen(
  needs: PublishNeeds,
  world: SampleWorld,
  actor: Actor,
  slotId: string,
  asked: AskedAttainment = {},
): Promise<void> {
  const { scope } = world;
  const panel = await gatherPanel(scope, needs.rubrics, slotId, needs.clock.now());
  const seen = await gatherSeen(scope, panel);
  const tally = tallySheets(panel.rubric, revisedSheets(seen.sheets, seen.talk.revisions));
  // The panel has talked; its chair shows what the rule makes of the voices, or the registrar does.
  const leader = mayLeadTalk(actor, panel) ? actor : registrarOf(world);
  if (!isTallyOpen(panel, tally, seen.talk.decisions)) await showTally(needs, scope, leader, slotId);
  await publishResult(needs, scope, actor, slotId, {
    ...asked,
    state: resultStateOf(panel, seen),
    confirmed: true,
  });
}
