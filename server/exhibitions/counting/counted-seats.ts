/**
 * Whose voice counts: a sheet may be set aside with a reason, and a guest who came by the sign of a room
 * counts once they are admitted. Every tally, every number of sheets and everything that waits for a panel
 * asks here. Pure.
 */
import { runsSchool, type Actor } from '../../access/actor.js';
import { isPlanner } from '../planners/planners.js';
import { isOwnSeat, type Seat, type SheetState } from '../seats/seat.js';

/** What is asked of a guest who came by the sign of a room, as the school had decided when they came. */
export interface Admission {
  askedAt: Date;
  /** Null while nobody has admitted them. */
  admittedAt: Date | null;
  by: string | null;
  byName: string | null;
}

/** Of a guest whom nobody has admitted, or not as the one who came in now. */
export const askedAgain = (askedAt: Date): Admission => ({
  askedAt,
  admittedAt: null,
  by: null,
  byName: null,
});

/** When this person, or a phone that says to be them, last came in unadmitted; null: nobody needs to admit them. */
export function lastAskedBy(
  personId: string,
  seats: readonly Pick<Seat, 'personId' | 'admission'>[],
): Date | null {
  const times = seats.flatMap((seat) =>
    seat.personId === personId && awaitsAdmission(seat) ? seat.admission!.askedAt.getTime() : [],
  );
  return times.length > 0 ? new Date(Math.max(...times)) : null;
}

export const notCountedReasons = ['set-aside', 'not-admitted'] as const;
export type NotCounted = (typeof notCountedReasons)[number];

type Counted = Pick<Seat, 'setAsideAt' | 'admission'>;

export const awaitsAdmission = ({ admission }: Pick<Seat, 'admission'>): boolean =>
  admission != null && admission.admittedAt === null;

/** Why the voice of this seat counts nowhere; null: it counts. */
export function notCountedBecause(seat: Counted): NotCounted | null {
  if (seat.setAsideAt) return 'set-aside';
  return awaitsAdmission(seat) ? 'not-admitted' : null;
}

export const isCounted = (seat: Counted): boolean => notCountedBecause(seat) === null;

/**
 * Seats whose sheet the panel waits for: nothing submitted, it would count, and no pass was taken back.
 * @param isOver the presentation has ended: then nobody waits for walk-ins who have not begun
 */
export function awaitedSeats<S extends Pick<Seat, 'id' | 'pass' | 'roomPassId'> & Counted>(
  seats: readonly S[],
  states: ReadonlyMap<string, SheetState>,
  isOver: boolean,
): S[] {
  return seats.filter((seat) => {
    const state = states.get(seat.id) ?? 'not-started';
    if (state === 'submitted' || seat.pass?.revokedAt || !isCounted(seat)) return false;
    return !(isOver && seat.roomPassId && state === 'not-started');
  });
}

/** Guests whom nobody has admitted and who have something on their sheet: it is left out of what is published. */
export const unadmittedSeats = <S extends Pick<Seat, 'id'> & Counted>(
  seats: readonly S[],
  states: ReadonlyMap<string, SheetState>,
): S[] => seats.filter((seat) => notCountedBecause(seat) === 'not-admitted' && states.has(seat.id));

interface PanelOf {
  seats: readonly Pick<Seat, 'id' | 'personId' | 'chair' | 'endedAt'>[];
  /** When the panel's access ended; null while it lasts. */
  panelEndedAt: Date | null;
}

const isChair = (actor: Actor, { seats, panelEndedAt }: PanelOf): boolean =>
  !panelEndedAt && seats.some((seat) => seat.chair && isOwnSeat(actor, seat));

/** The chair of the panel, and the office. */
export const maySetAside = (actor: Actor, panel: PanelOf): boolean =>
  isChair(actor, panel) || (actor.seatIds === null && runsSchool(actor));

/** The chair of the panel, the office, and whoever plans the exhibition. */
export const mayAdmit = (
  actor: Actor,
  panel: PanelOf,
  exhibition: { createdBy: string; plannerIds?: string[] },
): boolean => isChair(actor, panel) || isPlanner(actor, exhibition);
