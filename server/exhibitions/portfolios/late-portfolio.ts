/**
 * A portfolio that is submitted while its panel already scores does not take the place of the one that the
 * panel looks at: it is offered, and the chair, the office or a planner decides once for each version. What
 * was decided stays on the slot.
 */
import { runsSchool, type Actor } from '../../access/actor.js';
import type { SchoolScope } from '../../db/database.js';
import { listSubmitted, type SubmittedLine } from '../../portfolio/portfolio-records.js';
import { isScoring, type Exhibition } from '../exhibition.js';
import { memberSlotsOf } from '../groups/group.js';
import { isPlanner } from '../planners/planners.js';
import { listSlotsByIds } from '../slots/slot-records.js';
import type { Slot } from '../slots/slot.js';
import type { SeatFact } from '../seats/seat-facts.js';

/**
 * What the panel may look at instead: a newer version of the portfolio that it has or, where there is none,
 * another portfolio.
 */
export interface PortfolioOffer {
  /** Of whoever submitted it; of a group the member's. */
  slotId: string;
  studentId: string;
  snapshotId: string;
  title: string;
  number: number;
  submittedAt: Date;
  /** Title of the portfolio that the panel has, where this is not a version of it. */
  insteadOf: string | null;
  /** The panel has had nothing to look at so far. */
  isFirst: boolean;
}

/**
 * What the panel of a presentation is offered, its students in order.
 * @param of.isPublished the result of one of them
 */
export async function listPortfolioOffers(
  scope: SchoolScope,
  presentation: Slot,
  { exhibition, isPublished }: { exhibition: Pick<Exhibition, 'phase'>; isPublished: boolean },
): Promise<PortfolioOffer[]> {
  // What a result was made of stays what the panel looked at.
  if (!isScoring(exhibition) || isPublished) return [];
  const slots = presentation.group
    ? await listSlotsByIds(scope, memberSlotsOf(presentation))
    : [presentation];
  const submitted = await listSubmitted(
    scope,
    slots.map(({ studentId }) => studentId),
    presentation.termId,
  );
  return slots.flatMap((slot) => {
    const own = submitted.filter(({ studentId }) => studentId === slot.studentId);
    const shown = own.find(({ id }) => id === slot.snapshotId);
    const offered = offeredOf(own, shown, slot);
    if (!offered) return [];
    const { id: snapshotId, number, submittedAt, content } = offered;
    const isOther = shown && shown.portfolioId !== offered.portfolioId;
    return [
      {
        ...{ slotId: slot.id, studentId: slot.studentId, snapshotId, title: content.title },
        ...{ number, submittedAt, isFirst: !shown },
        insteadOf: isOther ? shown.content.title : null,
      },
    ];
  });
}

/**
 * Of what came after what the panel has, and after the last one on which somebody decided, the newest; a
 * version of the same portfolio first.
 */
function offeredOf(
  own: readonly SubmittedLine[],
  shown: SubmittedLine | undefined,
  { portfolioChoices = [] }: Pick<Slot, 'portfolioChoices'>,
): SubmittedLine | undefined {
  const decided = new Set([shown?.id, ...portfolioChoices.map(({ snapshotId }) => snapshotId)]);
  const last = own.findIndex(({ id }) => decided.has(id));
  const later = last < 0 ? own : own.slice(0, last);
  return later.find(({ portfolioId }) => portfolioId === shown?.portfolioId) ?? later[0];
}

/** The chair, as long as the panel has access, the office, and whoever plans the exhibition. */
export const mayChoosePortfolio = (
  actor: Actor,
  exhibition: Pick<Exhibition, 'createdBy' | 'plannerIds'>,
  seats: readonly Pick<SeatFact, 'personId' | 'chair' | 'ended'>[],
  panelEndedAt: Date | null,
): boolean =>
  actor.seatIds === null &&
  (runsSchool(actor) ||
    isPlanner(actor, exhibition) ||
    (!panelEndedAt && seats.some((seat) => seat.chair && !seat.ended && seat.personId === actor.personId)));
