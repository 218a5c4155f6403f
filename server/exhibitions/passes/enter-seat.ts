/**
 * Lets a guest's phone onto a seat. A pass opens the door; what is written on the sheet is shown to the phone
 * that wrote it. Another phone needs the code that the first one shows, or begins anew: whoever makes or
 * renews a pass reads nothing by it.
 */
import { findAccountOfPerson } from '../../access/account-records.js';
import { guardAttempts } from '../../access/limit-attempts.js';
import { appendAudit } from '../../audit/append-audit.js';
import { inTransaction, type SchoolScope } from '../../db/database.js';
import { Conflict, Forbidden, InvalidInput } from '../../errors.js';
import { findPerson } from '../../people/people-records.js';
import { conflictAtSign, isStoppedByConflict } from '../seats/check-conflict.js';
import { askedAgain } from '../counting/counted-seats.js';
import { readCode, returnCode } from './pass.js';
import { isOpenTo, type SheetRestart, type Seat } from '../seats/seat.js';
import { getSeat, saveHand, saveHandAnew, saveSeatsAdmitted } from '../seats/seat-records.js';
import type { PassNeeds } from './use-pass.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

/** Wrong return codes of one seat in an hour: with a billion codes nobody guesses one. */
export const wrongReturnsPerHour = 10;

export interface Entering {
  /** `handOf` the phone. */
  hand: string;
  /** The code that the first phone shows. */
  returning?: string | undefined;
  /** The first phone cannot be had: begin anew. */
  anew: boolean;
  /**
   * By the sign of the room, which everybody in it can read: a name said there proves nobody, so a sheet that
   * was begun is not begun anew by it. Whoever has lost their phone gets a pass of their own from somebody
   * who knows them.
   */
  bySign: boolean;
}

/** The error that asks for one of the two. */
export const begunElsewhere = 'begun-elsewhere';

/**
 * @throws Conflict `conflict-of-interest` where they must not score whoever presents; `begun-elsewhere` when
 *   another phone holds the sheet; InvalidInput on `returning` for a wrong code
 * @throws Forbidden for somebody who has an account: they sign in; TooMany instead of it after too many wrong codes
 */
export async function enterSeat(
  needs: PassNeeds & Pick<ExhibitionPorts, 'listSheetStates' | 'restartSheet'>,
  seat: Seat,
  { hand, returning, anew, bySign }: Entering,
): Promise<void> {
  const scope = { db: needs.db, schoolId: seat.schoolId };
  if (!seat.hands?.length && (await findAccountOfPerson(needs.db, seat.personId)))
    throw new Forbidden('panel.pass.has-account');
  const sheet = (await needs.listSheetStates(scope, [seat.id])).get(seat.id);
  if (sheet !== 'submitted' && (await isStoppedByConflict(scope, seat))) throw conflictAtSign();
  if (isOpenTo({ hands: seat.hands ?? [] }, hand)) return;
  if (sheet === undefined && seat.hands === undefined) return;
  if (returning) await goOn(needs, scope, seat, hand, returning);
  else if (anew && !bySign && sheet !== 'submitted') await startAnew(needs, scope, seat.id, hand);
  else {
    const begun = bySign ? 'panel.pass.begun-by-sign' : 'panel.pass.begun-elsewhere';
    const key = sheet === 'submitted' ? 'panel.pass.sealed-elsewhere' : begun;
    throw new Conflict(key, {}, begunElsewhere);
  }
}

async function goOn(
  needs: PassNeeds,
  scope: SchoolScope,
  seat: Seat,
  hand: string,
  typed: string,
): Promise<void> {
  const source = { whom: seat.id, slowFrom: wrongReturnsPerHour / 2, refuseFrom: wrongReturnsPerHour };
  const guard = { what: 'return-code', seconds: 3600, sources: [source], lane: seat.id, caller: hand };
  await guardAttempts({ db: needs.db, now: needs.clock.now() }, guard, async () => {
    const code = readCode(typed);
    if (!seat.hands?.some((each) => returnCode(needs.passKey, seat.id, each) === code))
      throw new InvalidInput([{ field: 'returning', message: 'panel.problem.return-code' }]);
  });
  await inTransaction(scope, async (inside) => {
    await saveHand(inside, seat.id, hand);
    const by = { personId: seat.personId, via: 'pass' as const };
    await appendAudit(inside, needs.clock, by, 'pass.return', { kind: 'seat', id: seat.id });
  });
}

async function startAnew(
  needs: PassNeeds & Pick<ExhibitionPorts, 'restartSheet'>,
  scope: SchoolScope,
  seatId: string,
  hand: string,
): Promise<void> {
  await inTransaction(scope, async (inside) => {
    const seat = await getSeat(inside, seatId);
    const anew: SheetRestart = {
      at: needs.clock.now(),
      passAt: seat.pass?.createdAt ?? seat.createdAt,
      passBy: await makerOf(inside, seat),
    };
    if (!(await needs.restartSheet(inside, seat, anew)))
      throw new Conflict('panel.pass.sealed-elsewhere', {}, begunElsewhere);
    await saveHandAnew(inside, seatId, hand, anew);
    // Admitted, or seen by whoever is about to admit them, was whoever held the phone before.
    if (seat.roomPassId && seat.admission) await saveSeatsAdmitted(inside, [seatId], askedAgain(anew.at));
    const by = { personId: seat.personId, via: 'pass' as const };
    await appendAudit(
      inside,
      needs.clock,
      by,
      'sheet.begin-anew',
      { kind: 'seat', id: seatId },
      { slotId: seat.slotId, passAt: anew.passAt, passBy: seat.pass?.renewedBy?.personId ?? seat.createdBy },
    );
  });
}

/** Null when nobody handed the pass out: the guest sat down by the sign of the room. */
async function makerOf(scope: SchoolScope, seat: Seat): Promise<string | null> {
  if (seat.pass?.renewedBy) return seat.pass.renewedBy.name;
  if (seat.createdBy === seat.personId) return null;
  return (await findPerson(scope, seat.createdBy))?.displayName ?? null;
}
