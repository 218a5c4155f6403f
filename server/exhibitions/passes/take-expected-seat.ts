/**
 * A guest whom the plan expects and who has no pass of their own scans the sign of the room and says their
 * name: then the seats that wait for them behind this door are theirs, and nobody is written down twice. Null
 * where nobody is expected by that name.
 */
import { listPeopleWithAccount } from '../../access/account-records.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { SchoolScope } from '../../db/database.js';
import { findSeatConflicts } from '../seats/seat-conflicts.js';
import { endOf, type Slot } from '../slots/slot.js';
import { isSameName } from '../../people/name-key.js';
import { admissionFor } from '../counting/ask-admission.js';
import { conflictAtSign } from '../seats/check-conflict.js';
import type { Admission } from '../counting/counted-seats.js';
import { newPass } from './pass.js';
import { guestIdOf, type RoomPass } from './room-pass.js';
import { namedRoles, type Seat } from '../seats/seat.js';
import { saveSeatTaken } from '../seats/seat-records.js';
import type { SeatNeeds } from '../seats/set-seat.js';

/** Waits for somebody without an account: nothing is written on it, and no pass of its own was handed out. */
const isWaiting = (seat: Seat): boolean =>
  seat.pass === null && seat.hands === undefined && (namedRoles as readonly string[]).includes(seat.role);

/**
 * @throws Conflict where they must not score any of those whom they were seated to hear
 * @param behind the presentations behind this door, in order; `seated` everybody's seats on them
 * @param once random words of the form: sent twice they mean one guest
 */
export async function takeExpectedSeat(
  needs: Pick<SeatNeeds, 'clock' | 'passKey'>,
  inside: SchoolScope,
  roomPass: RoomPass,
  behind: readonly Slot[],
  seated: readonly Seat[],
  who: { name: string; once?: string | undefined },
): Promise<Seat | null> {
  const now = needs.clock.now();
  const slots = new Map(behind.map((slot) => [slot.id, slot]));
  const waiting = seated.filter((seat) => isWaiting(seat) && isSameName(seat.name, who.name));
  const people = [...new Set(waiting.map((seat) => seat.personId))];
  const accounts = await listPeopleWithAccount(inside, people);
  const free = people.filter((personId) => !accounts.has(personId));
  // Two people of one name: a person has to say which of them this is.
  if (free.length !== 1) return null;
  const own = waiting
    .filter((seat) => seat.personId === free[0])
    .sort((a, b) => slots.get(a.slotId)!.startsAt.getTime() - slots.get(b.slotId)!.startsAt.getTime());
  // Named since they were seated: a planner sees it on the board, and nobody scores by the sign meanwhile.
  const conflicts = await findSeatConflicts(inside, behind, own);
  const isRefused = (seat: Seat) => conflicts.get(seat.id)?.open === 'declared';
  if (own.every(isRefused)) throw conflictAtSign();
  // Late for all of them, they still score the last one.
  const coming = own.filter((seat) => !isRefused(seat) && !slots.get(seat.slotId)!.absent);
  const first =
    coming.find((seat) => endOf(slots.get(seat.slotId)!) > now) ??
    coming.at(-1) ??
    own.filter((seat) => !isRefused(seat)).at(-1);
  if (!first) return null;
  const admission = await admissionFor(inside, first.exhibitionId, first.personId, false, now);
  for (const seat of own.filter((each) => !isRefused(each)))
    await takeSeat(needs, inside, roomPass, { seat, slot: slots.get(seat.slotId)!, admission }, who.once);
  return first;
}

/**
 * The pass is known to nobody: it keeps the door open to whoever is in already, and can be taken back like any other.
 */
export async function takeSeat(
  needs: Pick<SeatNeeds, 'clock' | 'passKey'>,
  inside: SchoolScope,
  roomPass: Pick<RoomPass, 'id'>,
  { seat, slot, admission }: { seat: Seat; slot: Slot; admission: Admission | null },
  once?: string,
): Promise<void> {
  const { pass } = newPass(needs.passKey, needs.clock.now(), endOf(slot));
  const takenBy = once ? guestIdOf(needs.passKey, once) : null;
  if (!(await saveSeatTaken(inside, seat.id, { pass, roomPassId: roomPass.id, takenBy, admission }))) return;
  const by = { personId: seat.personId, via: 'pass' as const };
  await appendAudit(
    inside,
    needs.clock,
    by,
    'seat.take',
    { kind: 'seat', id: seat.id },
    {
      slotId: seat.slotId,
      roomPassId: roomPass.id,
    },
  );
}
