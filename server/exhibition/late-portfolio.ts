/**
 * A portfolio that is submitted while its panel already scores does not take the place of the one that the panel looks at: it is
 * offered, and the chair, the office or a planner decides once for each version. What was decided stays on the slot.
 */
import { runsSchool, type Actor } from '../access/actor.js';
import type { SchoolScope } from '../database.js';
import { listNewestSnapshots, listSnapshotsByIds } from '../portfolio/portfolio-records.js';
import { isScoring, type Exhibition } from './exhibition.js';
import { memberSlotsOf } from './group.js';
import type { SeatFact } from './panel-door.js';
import { isPlanner } from './planners.js';
import { listSlotsByIds } from './slot-records.js';
import type { Slot } from './slot.js';

/** A version that the panel may look at instead. */
export interface PortfolioOffer {
  /** Of whoever submitted it; of a group the member's. */
  slotId: string;
  studentId: string;
  snapshotId: string;
  number: number;
  submittedAt: Date;
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
  const [newest, shown] = await Promise.all([
    listNewestSnapshots(
      scope,
      slots.map(({ studentId }) => studentId),
      presentation.termId,
    ),
    listSnapshotsByIds(
      scope,
      slots.flatMap(({ snapshotId }) => snapshotId ?? []),
    ),
  ]);
  return slots.flatMap((slot) => {
    const offered = newest.find(({ studentId }) => studentId === slot.studentId);
    const now = shown.find(({ id }) => id === slot.snapshotId);
    const isDecided = slot.portfolioChoices?.some(({ snapshotId }) => snapshotId === offered?.id);
    if (!offered || isDecided || offered.id === slot.snapshotId) return [];
    if (now && now.submittedAt >= offered.submittedAt) return [];
    const { id: snapshotId, number, submittedAt } = offered;
    return [{ slotId: slot.id, studentId: slot.studentId, snapshotId, number, submittedAt, isFirst: !now }];
  });
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
