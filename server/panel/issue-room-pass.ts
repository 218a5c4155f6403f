/** Makes the pass of a room, or takes it away. Its two faces stand on the sign that is made with it and are kept nowhere. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../database.js';
import { Conflict, NotFound } from '../errors.js';
import { dayOf, endOfDay } from '../exhibition/day-and-time.js';
import { isRunning, type Exhibition } from '../exhibition/exhibition.js';
import { getExhibition } from '../exhibition/exhibition-records.js';
import { roomKey, slotNow } from '../exhibition/slot.js';
import { listSlotsOfExhibition } from '../exhibition/slot-records.js';
import { newId } from '../ids.js';
import { permit } from '../people/person.js';
import { newPass, type PassFaces } from './pass.js';
import type { RoomPass } from './room-pass.js';
import {
  findRoomPassOf,
  saveRoomPass,
  saveRoomPassRenewed,
  saveRoomPassRevoked,
} from './room-pass-records.js';
import { mayManageSeats } from './seat.js';

export interface RoomNeeds {
  clock: Clock;
  passKey: Buffer;
  timeZone: string;
}

export interface MadeRoomPass {
  roomPass: RoomPass;
  exhibition: Exhibition;
  faces: PassFaces;
}

/**
 * For today's presentations in the room, else for the next day that has some. An older sign stops working.
 * @throws NotFound for a room without presentations; Conflict when they are all over, or the exhibition is not open
 */
export async function issueRoomPass(
  needs: RoomNeeds,
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  room: string,
): Promise<MadeRoomPass> {
  permit(mayManageSeats(actor));
  return inTransaction(scope, async (inside) => {
    const now = needs.clock.now();
    const { exhibition, key, slots } = await findRoom(inside, exhibitionId, room);
    if (!isRunning(exhibition)) throw new Conflict('panel.problem.room-not-open');
    // At a gallery many stand in one hall: a sign at its door could not say whom the guest hears.
    if (exhibition.format === 'gallery') throw new Conflict('panel.problem.room-of-gallery');
    const slot = slotNow(slots, now);
    if (!slot) throw new Conflict('panel.problem.room-over');
    const day = dayOf(slot.startsAt, needs.timeZone);
    const { faces, pass } = newPass(needs.passKey, now, now);
    const dated = { ...pass, expiresAt: endOfDay(day, needs.timeZone) };
    const before = await findRoomPassOf(inside, exhibitionId, key, day);
    const roomPass = before
      ? (await saveRoomPassRenewed(inside, before.id, dated))!
      : await saveRoomPass(inside, {
          id: newId(),
          schoolId: scope.schoolId,
          exhibitionId,
          room: slot.room,
          roomKey: key,
          day,
          pass: dated,
          createdAt: now,
          createdBy: actor.personId,
        });
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'room-pass.issue',
      {
        kind: 'room-pass',
        id: roomPass.id,
      },
      { exhibitionId, day, expiresAt: dated.expiresAt },
    );
    return { roomPass, exhibition, faces };
  });
}

/**
 * Nobody new comes in by the sign. Whoever sits already stays: each seat has a pass of its own.
 * @throws Conflict when there is nothing to revoke
 */
export async function revokeRoomPass(
  needs: Omit<RoomNeeds, 'passKey'>,
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  room: string,
): Promise<RoomPass> {
  permit(mayManageSeats(actor));
  return inTransaction(scope, async (inside) => {
    const now = needs.clock.now();
    const { key, slots } = await findRoom(inside, exhibitionId, room);
    const today = dayOf((slotNow(slots, now) ?? slots.at(-1)!).startsAt, needs.timeZone);
    const found = await findRoomPassOf(inside, exhibitionId, key, today);
    const revoked = found ? await saveRoomPassRevoked(inside, found.id, now) : null;
    if (!revoked) throw new Conflict('panel.problem.no-room-pass');
    await appendAudit(inside, needs.clock, actor, 'room-pass.revoke', { kind: 'room-pass', id: revoked.id });
    return revoked;
  });
}

async function findRoom(scope: SchoolScope, exhibitionId: string, room: string) {
  const exhibition = await getExhibition(scope, exhibitionId);
  const key = roomKey(room);
  const slots = (await listSlotsOfExhibition(scope, exhibitionId)).filter(
    (slot) => roomKey(slot.room) === key,
  );
  if (slots.length === 0) throw new NotFound();
  return { exhibition, key, slots };
}
