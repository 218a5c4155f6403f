/** A guest sits down by the pass of a room: by name the first time, as the person they are from then on. */
import { listPeopleWithAccount } from '../../access/account-records.js';
import { slowDown } from '../../access/limit-attempts.js';
import { appendAudit } from '../../audit/append-audit.js';
import { inTransaction, type SchoolScope } from '../../db/database.js';
import { AppError, Conflict, Forbidden, InvalidInput, NotFound } from '../../errors.js';
import { isRunning, isScoring } from '../exhibition.js';
import { getExhibition } from '../exhibition-records.js';
import { memberSlotsOf } from '../groups/group.js';
import type { Slot } from '../slots/slot.js';
import { getSlot, listSlotsOfExhibition } from '../slots/slot-records.js';
import { findSchool } from '../../school/school-records.js';
import { newId } from '../../ids.js';
import { findSeatConflicts } from '../seats/seat-conflicts.js';
import { isSameName } from '../../people/name-key.js';
import { findPerson } from '../../people/people-records.js';
import { roomPassLock, withLocks } from '../../db/record-locks.js';
import { admissionFor } from '../counting/ask-admission.js';
import { askedAgain } from '../counting/counted-seats.js';
import { passState } from './pass.js';
import {
  guestIdOf,
  guestsPerHour,
  slotAfter,
  slotForNewcomer,
  slotsBehind,
  type RoomPass,
} from './room-pass.js';
import { findRoomPass, saveRoomPassUsed } from './room-pass-records.js';
import { isAboutErased, presentedAt, type Seat, type SeatRole } from '../seats/seat.js';
import {
  getSeat,
  listSeatsOfExhibition,
  listSeatsOfSlots,
  saveSeatsAdmitted,
} from '../seats/seat-records.js';
import { seatInside, type SeatNeeds } from '../seats/set-seat.js';
import { conflictAtSign } from '../seats/check-conflict.js';
import { takeExpectedSeat, takeSeat } from './take-expected-seat.js';
import { passClosed } from './use-pass.js';

export interface Newcomer {
  name: string;
  role: SeatRole;
  /** Random words of the form: sent twice they mean one guest. */
  once?: string | undefined;
  /** Where somebody of this name is there already: whether this is that person, or another one. Left out: asked. */
  sameName?: SameName | undefined;
}
export const sameNames = ['same-person', 'namesake'] as const;
export type SameName = (typeof sameNames)[number];

/** What a room's pass leads to now. */
export interface RoomNow {
  /** All of the room's presentations on that day, in order. */
  behind: Slot[];
  slot: Slot;
}

/**
 * @throws AppError 410 when the pass has ended or the day in this room is over; 409 while the exhibition is not open
 */
export async function findRoomNow(
  needs: Pick<SeatNeeds, 'clock' | 'isPublished'>,
  scope: SchoolScope,
  roomPass: RoomPass,
): Promise<RoomNow> {
  const state = passState(roomPass.pass, needs.clock.now());
  if (state === 'expired' || state === 'revoked') throw passClosed(state);
  const [exhibition, slots, school] = await Promise.all([
    getExhibition(scope, roomPass.exhibitionId),
    listSlotsOfExhibition(scope, roomPass.exhibitionId),
    findSchool(scope, scope.schoolId),
  ]);
  if (!isRunning(exhibition)) throw new AppError(409, 'room-not-open', 'panel.pass.room-not-open');
  const behind = slotsBehind(roomPass, slots, school?.timeZone ?? 'UTC');
  const published = await Promise.all(behind.map((each) => needs.isPublished(scope, memberSlotsOf(each))));
  const closed = behind.filter(
    (each, at) => published[at] || each.absent || isAboutErased(presentedAt(each)),
  );
  const slot = slotForNewcomer(
    behind,
    new Set(closed.map(({ id }) => id)),
    needs.clock.now(),
    isScoring(exhibition),
  );
  if (!slot) throw new AppError(410, 'room-over', 'panel.pass.room-over');
  return { behind, slot };
}

/**
 * Somebody who has not been here yet. Whom the plan expects by this name, and has no pass of their own, takes
 * the seats that wait.
 * @throws InvalidInput on `sameName` when somebody of this name sits on a panel of the exhibition, until it
 *   is said who this is; TooMany; as findRoomNow
 */
export async function sitDown(
  needs: SeatNeeds,
  scope: SchoolScope,
  pass: RoomPass,
  who: Newcomer,
): Promise<Seat> {
  const now = needs.clock.now();
  const pace = { what: 'room-guest', whom: pass.id, slowFrom: guestsPerHour, seconds: 3600 };
  await slowDown({ db: scope.db, now }, pace);
  const guestId = who.once ? guestIdOf(needs.passKey, who.once) : newId();
  return withLocks(scope, [roomPassLock(pass.id)], async (inside) => {
    const { behind, slot } = await findRoomNow(needs, inside, await fresh(inside, pass.id));
    const seated = await listSeatsOfSlots(
      inside,
      behind.map((each) => each.id),
    );
    const before = seated.find((seat) => seat.personId === guestId || seat.takenBy === guestId);
    if (before) return before;
    await refuseErasedGuest(inside, guestId);
    // Of the whole exhibition: whoever sits in the next room has their name as well.
    const everybody = await listSeatsOfExhibition(inside, pass.exhibitionId);
    const sameName = everybody.filter((seat) => isSameName(seat.name, who.name));
    const waiting = waitingFor(who, seated, sameName);
    const expected = await takeExpectedSeat(needs, inside, pass, behind, waiting, who);
    if (expected) {
      await saveRoomPassUsed(inside, pass.id, now);
      return expected;
    }
    const claimed = await askWhoThisIs(inside, sameName, slot, who);
    await saveRoomPassUsed(inside, pass.id, now);
    if (claimed) return claimSeat(needs, inside, await sitOn(needs, inside, pass, claimed, slot));
    const input = { name: who.name, role: who.role, chair: false };
    const by = { personId: guestId, via: 'pass' as const };
    const admission = await admissionFor(inside, pass.exhibitionId, guestId, false, now);
    const door = { roomPassId: pass.id, guestId, admission, isNamesake: sameName.length > 0 };
    return (await seatInside(needs, inside, by, slot.id, input, door)).seat;
  });
}

/**
 * The seats that this guest may take because the plan expects their name. Where somebody of the name has come
 * in or has a pass, it is asked first who this is: the seats that wait for that person are taken by nobody
 * else.
 * @throws InvalidInput on `sameName`
 */
function waitingFor(
  { sameName: said }: Newcomer,
  seated: readonly Seat[],
  sameName: readonly Seat[],
): readonly Seat[] {
  const here = new Set(
    sameName.filter(({ roomPassId, pass }) => roomPassId ?? pass).map(({ personId }) => personId),
  );
  if (here.size === 0) return seated;
  if (said === undefined) throw asksWho();
  return seated.filter(({ personId }) => here.has(personId) === (said === 'same-person'));
}

const asksWho = () =>
  new InvalidInput([{ field: 'sameName', message: 'panel.problem.same-name' }], 'panel.problem.same-name');

/**
 * Another phone says that it is somebody who is here: until their sheet is begun, whoever admitted them is
 * asked once more.
 */
async function claimSeat(needs: Pick<SeatNeeds, 'clock'>, inside: SchoolScope, seat: Seat): Promise<Seat> {
  // Also of somebody who waits: whoever admits them has seen the phone that came in first.
  const asks = seat.admission && seat.hands === undefined;
  const admission = askedAgain(needs.clock.now());
  if (asks) await saveSeatsAdmitted(inside, [seat.id], admission);
  const by = { personId: seat.personId, via: 'pass' as const };
  const subject = { kind: 'seat', id: seat.id };
  await appendAudit(inside, needs.clock, by, 'seat.claim', subject, { slotId: seat.slotId });
  return asks ? { ...seat, admission } : seat;
}

/**
 * Somebody of this name is here already, in this room or another. Nobody takes their name unasked.
 * @returns the person whom this guest says they are; null for another of the name, and where nobody has it
 * @throws InvalidInput on `sameName` until it is said; on `name` where that person has a pass or an account
 *   of their own
 */
async function askWhoThisIs(
  inside: SchoolScope,
  sameName: readonly Seat[],
  slot: Slot,
  { sameName: said }: Newcomer,
): Promise<Seat | null> {
  if (sameName.length === 0 || said === 'namesake') return null;
  if (said === undefined) throw asksWho();
  const accounts = await listPeopleWithAccount(
    inside,
    sameName.map(({ personId }) => personId),
  );
  const bySign = sameName.filter((seat) => seat.roomPassId && !accounts.has(seat.personId));
  const people = [...new Set(bySign.map(({ personId }) => personId))];
  if (people.length !== 1)
    throw new InvalidInput([{ field: 'name', message: 'panel.problem.name-has-own-pass' }]);
  return bySign.find((seat) => seat.slotId === slot.id) ?? bySign[0]!;
}

/**
 * A phone may send the form of a guest again who was erased since.
 * @throws Conflict
 */
async function refuseErasedGuest(inside: SchoolScope, guestId: string): Promise<void> {
  if ((await findPerson(inside, guestId))?.erasedAt)
    throw new Conflict('panel.problem.guest-erased', {}, 'erased');
}

/** A guest who has been here: the same person on the presentation under way. */
export async function sitAgain(
  needs: SeatNeeds,
  scope: SchoolScope,
  pass: RoomPass,
  guest: { personId: string; role: SeatRole },
): Promise<Seat> {
  return withLocks(scope, [roomPassLock(pass.id)], async (inside) => {
    const { slot } = await findRoomNow(needs, inside, await fresh(inside, pass.id));
    return sitOn(needs, inside, pass, guest, slot);
  });
}

/**
 * Somebody who is known from the stands of a gallery, or whose seats open no more, sits down as the person they are.
 * @throws InvalidInput on `sameName` when somebody else of the name sits on a panel: who this is was never
 *   asked; as findRoomNow
 */
export async function sitFirst(
  needs: SeatNeeds,
  scope: SchoolScope,
  pass: RoomPass,
  guest: { personId: string; name: string; role: SeatRole },
): Promise<Seat> {
  const seated = await listSeatsOfExhibition(scope, pass.exhibitionId);
  if (
    !seated.some(({ personId }) => personId === guest.personId) &&
    seated.some(({ name }) => isSameName(name, guest.name))
  )
    throw asksWho();
  return sitAgain(needs, scope, pass, guest);
}

/**
 * One tap: on to the room's next presentation.
 * @param seat of a guest who came by a room's pass
 * @throws Forbidden for any other seat; as findRoomNow
 */
export async function moveOn(needs: SeatNeeds, scope: SchoolScope, seatId: string): Promise<Seat> {
  return inTransaction(scope, async (inside) => {
    const seat = await getSeat(inside, seatId);
    if (!seat.roomPassId) throw new Forbidden();
    const pass = await fresh(inside, seat.roomPassId);
    const { behind } = await findRoomNow(needs, inside, pass);
    const next = slotAfter(behind, await getSlot(inside, seat.slotId), needs.clock.now());
    if (!next) throw new AppError(409, 'room-over', 'panel.problem.nothing-next');
    return sitOn(needs, inside, pass, seat, next);
  });
}

async function sitOn(
  needs: SeatNeeds,
  inside: SchoolScope,
  pass: RoomPass,
  guest: { personId: string; role: SeatRole },
  slot: Slot,
): Promise<Seat> {
  const now = needs.clock.now();
  const admission = await admissionFor(inside, pass.exhibitionId, guest.personId, true, now);
  const here = (await listSeatsOfSlots(inside, [slot.id])).find((seat) => seat.personId === guest.personId);
  if (here) {
    if (passState(here.pass, now) === 'revoked') throw passClosed('revoked');
    if (here.pass === null) {
      const conflicts = await findSeatConflicts(inside, [slot], [here]);
      if (conflicts.get(here.id)?.open === 'declared') throw conflictAtSign();
      await takeSeat(needs, inside, pass, { seat: here, slot, admission });
    }
    return here;
  }
  const by = { personId: guest.personId, via: 'pass' as const };
  const input = { personId: guest.personId, role: guest.role, chair: false, pass: true };
  const door = { roomPassId: pass.id, guestId: guest.personId, admission };
  return (await seatInside(needs, inside, by, slot.id, input, door)).seat;
}

async function fresh(scope: SchoolScope, id: string): Promise<RoomPass> {
  const pass = await findRoomPass(scope, id);
  if (!pass) throw new NotFound('panel.pass.unknown');
  return pass;
}
