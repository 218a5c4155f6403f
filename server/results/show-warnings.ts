/** What there is to be asked about before a result is published, and where something can be done about it. */
import type { Actor } from '../access/actor.js';
import { decisionKindsOf, type Decision } from './decision.js';
import type { SlotPanel } from './gather-result.js';
import { publishWarnings, type PublishWarning, type WarningPlace } from './publish-warnings.js';
import type { Tally } from './tally.js';

/** @param of.minVoices what the school asks for */
export const warningsOfPanel = (
  { rubric, awaitedSeats, unadmittedSeats }: SlotPanel,
  tally: Tally,
  of: { decisions: readonly Decision[]; minVoices: number },
): PublishWarning[] =>
  publishWarnings(rubric, tally, {
    ...of,
    missing: awaitedSeats.map(({ name }) => name),
    unadmitted: unadmittedSeats.map(({ name }) => name),
  });

/** Once somebody of a group is published, guests are admitted by a correction of that result. */
export function placeOfWarnings(actor: Actor, panel: SlotPanel): WarningPlace {
  const published = panel.members.find((member) => member.published);
  return {
    ...{ rubric: panel.rubric, slotId: panel.slot.id },
    mayDecide: decisionKindsOf(actor, panel).length > 0,
    admitHref: published ? `/slots/${published.slotId}/result#correct` : `/slots/${panel.presentation.id}`,
  };
}
