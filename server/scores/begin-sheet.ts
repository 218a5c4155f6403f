/**
 * The first change of a seat brings its sheet into being, in one transaction with the seat: no sheet for a
 * seat that was emptied at the same moment, and the phone that begins is the one that the sheet belongs to.
 * Every later change is a single update.
 */
import type { Actor } from '../access/actor.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { Conflict, Forbidden, NotFound } from '../errors.js';
import { isAboutErased, isOpenTo, type Seat } from '../exhibitions/seats/seat.js';
import { claimSeat } from '../exhibitions/seats/seat-records.js';
import { isAboutErasedMember } from './group-rows.js';
import { appendFirstOperation, findSheet, type SheetBirth, type SheetWrite } from './score-sheet-records.js';
import type { ScoreSheet } from './score-sheet.js';

/** Slots of everybody whom the sheet of this seat is about. */
export const slotIdsOf = ({ members, slotId }: Pick<Seat, 'members' | 'slotId'>): string[] =>
  members?.map((each) => each.slotId) ?? [slotId];

/** What scores ask of the results, which come later in the order of the data. */
export interface ScorePorts {
  /** Whether the result of one of these slots has been published. */
  isPublished(scope: SchoolScope, slotIds: readonly string[]): Promise<boolean>;
}

/**
 * The new sheet; null when there is one already.
 * @throws NotFound when the seat is gone; Forbidden when another phone has begun on it; Conflict when whoever
 *   presents is erased
 */
export async function beginSheet(
  scope: SchoolScope,
  actor: Pick<Actor, 'seatIds' | 'deviceKey'>,
  seatId: string,
  birth: SheetBirth,
  write: SheetWrite,
): Promise<ScoreSheet | null> {
  return inTransaction(scope, async (inside) => {
    const seat = await claimSeat(inside, seatId, actor.deviceKey ?? null);
    if (!seat) throw new NotFound();
    if (!holdsSheet(actor, seat)) throw new Forbidden('scores.problem.begun-elsewhere');
    refuseErased(seat);
    // Erased since the phone's seat was read: sent again, what it says about them is left out.
    if (isAboutErasedMember(seat, write.entry.change)) throw new Conflict('common.problem.stale');
    if (await findSheet(inside, seatId)) return null;
    return appendFirstOperation(inside, seatId, birth, write);
  });
}

/** @throws Conflict `erased` where nobody is left whom the sheet could be about */
export function refuseErased(seat: Pick<Seat, 'presenterErasedAt' | 'members'>): void {
  if (isAboutErased(seat)) throw new Conflict('scores.problem.erased', {}, 'erased');
}

/**
 * A guest's phone opens what was begun on it; an account what was begun without a phone. Whose seat it is, is
 * asked besides.
 */
export const holdsSheet = (
  actor: Pick<Actor, 'seatIds' | 'deviceKey'>,
  seat: Pick<Seat, 'hands'>,
): boolean => (actor.seatIds === null ? !seat.hands?.length : isOpenTo(seat, actor.deviceKey ?? ''));
