/** What there is to be asked about before a result is published, and where something can be done about it. */
import { z } from 'zod';
import { runsSchool, type Actor } from '../access/actor.js';
import type { Call } from '../http/route.js';
import { mayDecideLate } from '../scores/late-sheet.js';
import { decisionKindsOf, type Decision } from './decision.js';
import type { SlotPanel } from './gather-result.js';
import { publishWarnings, type PublishWarning, type WarningPlace } from './publish-warnings.js';
import type { Tally } from './tally.js';
import { whenText } from './when-text.js';

/** @param of.minVoices what the school asks for */
export const warningsOfPanel = (
  { rubric, awaitedSeats, lateSeats, lateVisits, unadmittedSeats, missingElsewhere }: SlotPanel,
  tally: Tally,
  of: { decisions: readonly Decision[]; minVoices: number },
): PublishWarning[] =>
  publishWarnings(rubric, tally, {
    ...of,
    missing: awaitedSeats
      .filter(({ id }) => !lateSeats.some(({ seat }) => seat.id === id))
      .map(({ name }) => name),
    late: lateSeats.map(({ seat, at }) => ({ name: seat.name, at })),
    lateVisits,
    unadmitted: unadmittedSeats.map(({ name }) => name),
    elsewhere: missingElsewhere.map(({ name }) => name),
  });

/** Once somebody of a group is published, guests are admitted by a correction of that result. */
export function placeOfWarnings(
  call: Pick<Call, 'actor' | 'timeZone' | 'locale' | 'context'>,
  panel: SlotPanel,
): WarningPlace {
  const { actor } = call;
  const published = panel.members.find((member) => member.published);
  return {
    ...{ rubric: panel.rubric, slotId: panel.slot.id },
    mayDecide: decisionKindsOf(actor, panel).length > 0,
    when: (at) => whenText(call, at),
    lateHref:
      lateSheetViews(actor, panel).find(({ href }) => href !== null)?.href ??
      `/slots/${panel.presentation.id}`,
    lateVisitsHref: runsSchool(actor) ? '/late-visits' : `/slots/${panel.slot.id}/visits`,
    admitHref: published ? `/slots/${published.slotId}/result#correct` : `/slots/${panel.presentation.id}`,
  };
}

export const lateSheetAnswer = z.object({
  seatId: z.string(),
  name: z.string(),
  at: z.string().describe('When it was handed in.'),
  href: z
    .string()
    .nullable()
    .describe('Where the reader decides whether it counts; null for whoever does not.'),
});

/** Sheets that were handed in after closing or publishing and on which the office has not decided. */
export const lateSheetViews = (
  actor: Actor,
  { lateSeats }: Pick<SlotPanel, 'lateSeats'>,
): z.output<typeof lateSheetAnswer>[] =>
  lateSeats.map(({ seat, at }) => ({
    ...{ seatId: seat.id, name: seat.name, at: at.toISOString() },
    href: mayDecideLate(actor, seat) ? `/late-sheets?slotId=${seat.slotId}` : null,
  }));
