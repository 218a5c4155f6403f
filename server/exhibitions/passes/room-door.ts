/**
 * What a guest meets who scans the sign of a room: where they are, whom they hear, and the one question for their name.
 */
import { z } from 'zod';
import { InvalidInput } from '../../errors.js';
import { getExhibition } from '../exhibition-records.js';
import { namePresenters } from '../slots/name-presenters.js';
import { timeText } from '../day-and-time.js';
import { page, type PageAnswer, type AnyCall } from '../../http/route.js';
import { newId } from '../../ids.js';
import { findSchool } from '../../school/school-records.js';
import { passKeyOf } from '../seats/panel-routes.js';
import type { RoomPass } from './room-pass.js';
import { namedRoles, type Seat, type SeatRole } from '../seats/seat.js';
import { listSeatsByIds } from '../seats/seat-records.js';
import { findRoomNow, sitAgain, sitFirst, sameNames, sitDown, type SameName } from './sit-in-room.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

export const roomLandingAnswer = z.object({
  schoolName: z.string(),
  exhibitionTitle: z.string(),
  place: z.string(),
  room: z.string(),
  day: z.string(),
  studentName: z.string(),
  startsAt: z.string(),
  underWay: z.boolean(),
  /** Who came in on this device before, and goes on without being asked. */
  known: z.string().nullable(),
});

/** @param typed the code, when it was typed instead of scanned: the form must say it once more */
export async function roomLanding(
  needs: Pick<ExhibitionPorts, 'isPublished'>,
  call: AnyCall,
  pass: RoomPass,
  typed: string | null,
): Promise<PageAnswer> {
  const { context } = call;
  const scope = { db: context.db, schoolId: pass.schoolId };
  const { slot } = await findRoomNow({ clock: context.clock, isPublished: needs.isPublished }, scope, pass);
  const [exhibition, studentName, school] = await Promise.all([
    getExhibition(scope, pass.exhibitionId),
    namePresenters(scope, slot),
    findSchool(scope, pass.schoolId),
  ]);
  const guest = guestOf(call, pass);
  const view = {
    schoolName: school?.name ?? '',
    exhibitionTitle: exhibition.title,
    place: exhibition.place,
    room: pass.room,
    day: pass.day,
    studentName,
    startsAt: slot.startsAt.toISOString(),
    underWay: slot.startsAt <= context.clock.now(),
    known: guest ? guest.name : null,
  };
  const title = call.t('panel.room-pass.title', { room: pass.room });
  if (call.wantsJson) return page('panel/room-pass', view, { title, layout: 'bare' });
  return page(
    'panel/room-pass',
    {
      ...view,
      at: timeText(slot.startsAt, school?.timeZone ?? 'UTC', call.locale),
      code: typed,
      once: newId(),
      other: call.maybeActor && !guest ? call.maybeActor.name : null,
      sameNames: sameNames.map((value) => ({
        value,
        label: call.t(`panel.room-pass.${value}`),
        help: call.t(`panel.room-pass.${value}-help`),
      })),
      roles: namedRoles.map((role) => ({ value: role, label: call.t(`common.role.${role}`) })),
    },
    { title, layout: 'bare' },
  );
}

/** A guest of this school who is in already, by whatever pass: of a visitor to stands no seat is open. */
const guestOf = ({ maybeActor: visitor }: AnyCall, pass: RoomPass) =>
  visitor?.seatIds && visitor.schoolId === pass.schoolId ? { ...visitor, seatIds: visitor.seatIds } : null;

export async function seatInRoom(
  needs: ExhibitionPorts,
  call: AnyCall,
  pass: RoomPass,
  body: {
    name: string;
    role: SeatRole;
    once?: string | undefined;
    another: boolean;
    sameName?: SameName | undefined;
  },
): Promise<Seat> {
  const scope = { db: call.context.db, schoolId: pass.schoolId };
  const seatNeeds = { ...needs, clock: call.context.clock, passKey: passKeyOf(call) };
  const guest = guestOf(call, pass);
  if (guest && !body.another) {
    const last = (await listSeatsByIds(scope, guest.seatIds)).at(-1);
    if (last) return sitAgain(seatNeeds, scope, pass, last);
    const role = (await needs.lastRoleOf(scope, guest.personId)) ?? 'guest';
    return sitFirst(seatNeeds, scope, pass, { personId: guest.personId, name: guest.name, role });
  }
  if (body.name === '') throw new InvalidInput([{ field: 'name', message: 'common.problem.required' }]);
  const { name, role, once, sameName } = body;
  return sitDown(seatNeeds, scope, pass, { name, role, once, sameName });
}
