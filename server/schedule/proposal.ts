/** A proposed timetable, as it was found: it changes nothing until somebody adopts it, and is adopted once. */
import type { Cost } from './cost.js';
import type { Reason } from './impossible.js';
import type { Plan, PlannedSeat, PlannedSlot, StandingSlot } from './problem.js';
import type { BrokenRule } from './rules.js';

export const proposalStates = ['ready', 'impossible', 'not-found', 'adopted'] as const;
type ProposalState = (typeof proposalStates)[number];

export interface TimetableProposal {
  /** That of the job which found it, so that a job begun again makes no second one. */
  id: string;
  schoolId: string;
  exhibitionId: string;
  seed: number;
  state: ProposalState;
  /** The whole day, slots that stood before included. */
  slots: PlannedSlot[];
  cost: Cost | null;
  /** No timetable costs less. */
  bound: number | null;
  /** Whether `cost` is the least there is, or that there is none. */
  proven: boolean;
  reasons: Reason[];
  broken: BrokenRule[];
  seconds: number;
  createdAt: Date;
  adoptedAt: Date | null;
}

export interface Addition {
  slot: PlannedSlot;
  /** Null for a slot that is to be made. */
  standing: StandingSlot | null;
  seats: PlannedSeat[];
}

/**
 * What adopting would add to the slots that stand now; a standing slot that is gone, or was begun since, is left out.
 */
export function additionsOf(
  proposal: Pick<TimetableProposal, 'slots'>,
  standing: readonly StandingSlot[],
): Addition[] {
  const now = new Map(standing.map((slot) => [slot.id, slot]));
  return proposal.slots.flatMap((slot): Addition[] => {
    const here = now.get(slot.id) ?? null;
    if (!slot.id.startsWith('new ')) {
      const seats = here?.begun
        ? []
        : slot.seats.filter(
            (seat) => here !== null && !here.seats.some((other) => other.personId === seat.personId),
          );
      return seats.length > 0 ? [{ slot, standing: here, seats }] : [];
    }
    return [{ slot, standing: null, seats: slot.seats }];
  });
}

/** The day as it would be after adopting. */
export function planAfter(standing: readonly StandingSlot[], additions: readonly Addition[]): Plan {
  const more = new Map(additions.filter((each) => each.standing).map((each) => [each.slot.id, each.seats]));
  return {
    slots: [
      ...standing.map((slot) => ({
        ...slot,
        seats: [...slot.seats, ...(more.get(slot.id) ?? [])],
      })),
      ...additions.filter((each) => !each.standing).map((each) => each.slot),
    ],
  };
}

/** Who leads the panel's talk: the advisor, else the first teacher; nobody where somebody has a seat there already. */
export function chairOf({ standing, seats }: Addition): string | null {
  if (standing && standing.seats.length > 0) return null;
  const first = (role: string) => seats.find((seat) => seat.role === role)?.personId;
  return first('advisor') ?? first('teacher') ?? null;
}

/** What was adopted; goes into the audit chain by its hash. */
export const frozenOfProposal = ({ exhibitionId, seed, slots, adoptedAt }: TimetableProposal) => ({
  exhibitionId,
  seed,
  slots,
  adoptedAt,
});
