/**
 * Makes the pass of a room, those of all rooms at once, or takes one away. Its two faces stand on the sign
 * that is made with it and are kept nowhere.
 */
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { Clock } from '../../clock.js';
import { inTransaction, type SchoolScope } from '../../db/database.js';
import { Conflict, NotFound } from '../../errors.js';
import { byRoomAndDay, type Door } from '../board/by-room.js';
import { dayOf, endOfDay } from '../day-and-time.js';
import { isRunning, type Exhibition } from '../exhibition.js';
import { getExhibition } from '../exhibition-records.js';
import { roomKey, slotNow, type Slot } from '../slots/slot.js';
import { listSlotsOfExhibition } from '../slots/slot-records.js';
import { newId } from '../../ids.js';
import { requirePermission } from '../../people/person.js';
import { newPassUntil, passState, type PassFaces } from './pass.js';
import type { RoomPass } from './room-pass.js';
import {
  findRoomPassOf,
  listRoomPasses,
  saveRoomPass,
  saveRoomPassRenewed,
  saveRoomPassRevoked,
} from './room-pass-records.js';
import { mayManageSeats } from '../seats/seat.js';
import { checkPlanner } from '../planners/planners.js';

export interface RoomNeeds {
  clock: Clock;
  passKey: Buffer;
  timeZone: string;
}

export interface MadeRoomPass {
  roomPass: RoomPass;
  exhibition: Exhibition;
  faces: PassFaces;
  /** What happens in the room on this day, in order. */
  slots: Slot[];
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
  requirePermission(mayManageSeats(actor));
  return inTransaction(scope, async (inside) => {
    const { exhibition, slots } = await findRoom(inside, exhibitionId, room);
    checkPlanner(actor, exhibition);
    refuseWithoutDoors(exhibition);
    const slot = slotNow(slots, needs.clock.now());
    if (!slot) throw new Conflict('panel.problem.room-over');
    const day = dayOf(slot.startsAt, needs.timeZone);
    const door = byRoomAndDay(slots, needs.timeZone).find((each) => each.day === day)!;
    return hangSign(needs, inside, actor, exhibition, door);
  });
}

/**
 * The signs of all rooms, for today and every day to come, in the order in which one walks past them.
 * @param missing only where no sign works now: those that hang already go on working
 * @throws Conflict when nobody presents any more, every door has its sign, or the exhibition is not open
 */
export async function issueAllRoomPasses(
  needs: RoomNeeds,
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  missing: boolean,
): Promise<MadeRoomPass[]> {
  requirePermission(mayManageSeats(actor));
  return inTransaction(scope, async (inside) => {
    const now = needs.clock.now();
    const exhibition = await getExhibition(inside, exhibitionId);
    checkPlanner(actor, exhibition);
    refuseWithoutDoors(exhibition);
    const slots = await listSlotsOfExhibition(inside, exhibitionId);
    const today = dayOf(now, needs.timeZone);
    const ahead = byRoomAndDay(slots, needs.timeZone).filter(
      (door) => door.day >= today && slotNow(door.slots, now) !== null,
    );
    if (ahead.length === 0) throw new Conflict('panel.problem.rooms-over');
    const hanging = missing ? await listRoomPasses(inside, exhibitionId) : [];
    const works = (door: Door<Slot>) =>
      hanging.some(
        (each) =>
          each.roomKey === door.roomKey && each.day === door.day && passState(each.pass, now) === 'valid',
      );
    const doors = ahead.filter((door) => !works(door));
    if (doors.length === 0) throw new Conflict('panel.problem.every-door-has-a-sign');
    const made: MadeRoomPass[] = [];
    for (const door of doors) made.push(await hangSign(needs, inside, actor, exhibition, door));
    return made;
  });
}

function refuseWithoutDoors(exhibition: Exhibition): void {
  if (!isRunning(exhibition)) throw new Conflict('panel.problem.room-not-open');
  // At a gallery many stand in one hall: a sign at its door could not say whom the guest hears.
  if (exhibition.format === 'gallery') throw new Conflict('panel.problem.room-of-gallery');
}

async function hangSign(
  needs: RoomNeeds,
  scope: SchoolScope,
  actor: Actor,
  exhibition: Exhibition,
  { roomKey: key, room, day, slots }: Door<Slot>,
): Promise<MadeRoomPass> {
  const now = needs.clock.now();
  const { faces, pass } = newPassUntil(needs.passKey, now, endOfDay(day, needs.timeZone));
  const before = await findRoomPassOf(scope, exhibition.id, key, day);
  const roomPass = before
    ? (await saveRoomPassRenewed(scope, before.id, pass))!
    : await saveRoomPass(scope, {
        id: newId(),
        schoolId: scope.schoolId,
        exhibitionId: exhibition.id,
        room,
        roomKey: key,
        day,
        pass,
        createdAt: now,
        createdBy: actor.personId,
      });
  await appendAudit(
    scope,
    needs.clock,
    actor,
    'room-pass.issue',
    { kind: 'room-pass', id: roomPass.id },
    { exhibitionId: exhibition.id, day, expiresAt: pass.expiresAt },
  );
  return { roomPass, exhibition, faces, slots };
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
  requirePermission(mayManageSeats(actor));
  return inTransaction(scope, async (inside) => {
    const now = needs.clock.now();
    const { exhibition, key, slots } = await findRoom(inside, exhibitionId, room);
    checkPlanner(actor, exhibition);
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
