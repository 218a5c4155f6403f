/** Rooms of an exhibition over HTTP: their doors, the signs that hang there, and going on to the next presentation. */
import { z } from 'zod';
import { signInGuest } from '../../access/session.js';
import { Forbidden, NotFound } from '../../errors.js';
import { byRoom } from '../board/by-room.js';
import { dayOf, timeText } from '../day-and-time.js';
import { isRunning, mayManageExhibitions } from '../exhibition.js';
import { findExhibition } from '../exhibition-records.js';
import { seenField } from '../refuse-stale.js';
import { seenOfRoom } from '../clock/room-times.js';
import { endOf, roomKey, slotNow } from '../slots/slot.js';
import { presenterLine } from '../groups/group.js';
import { findPresenters } from '../slots/name-presenters.js';
import { listSlotsOfExhibition } from '../slots/slot-records.js';
import { idParams } from '../../http/read-input.js';
import { done, page, routes, type PageAnswer, type FeatureRoutes, type AnyCall } from '../../http/route.js';
import { requirePermission } from '../../people/person.js';
import { issueAllRoomPasses, issueRoomPass, revokeRoomPass } from './issue-room-pass.js';
import { slotPage } from '../seats/panel-pages.js';
import { passKeyOf } from '../seats/panel-routes.js';
import { passState, passStates } from './pass.js';
import { listRoomPasses } from './room-pass-records.js';
import { isOwnSeat, mayManageSeats } from '../seats/seat.js';
import { getSeat } from '../seats/seat-records.js';
import { signAnswer, signsPage, signView } from './sign-pages.js';
import { moveOn } from './sit-in-room.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import { delayRoom } from '../clock/delay-room.js';

const planners = ['advisor', 'registrar', 'admin'] as const;
const everybody = ['student', 'guardian', 'panelist', 'guest', ...planners] as const;
const roomParams = idParams.extend({ room: z.string().trim().min(1).max(60) });

/** Minutes; a longer delay is another plan. */
const MAX_LATE_MINUTES = 120;

const roomAnswer = z.object({
  room: z.string(),
  left: z.number(),
  underWay: z.boolean(),
  studentName: z.string().nullable(),
  startsAt: z.string().nullable(),
  seen: z.string().nullable().describe('Send it with the minutes when the room runs late.'),
  pass: z.enum(passStates),
  expiresAt: z.string().nullable(),
});

/** @param needs what the score sheets and the people's room answer */
export function makeRoomRoutes(needs: ExhibitionPorts): FeatureRoutes {
  const router = routes('panel');
  const doors = '/exhibitions/:id/rooms/:room/pass';

  router.get(
    '/exhibitions/:id/rooms',
    {
      summary: 'The rooms of an exhibition: who presents there, and how the sign at the door stands',
      who: planners,
      params: idParams,
      answer: z.object({ rooms: z.array(roomAnswer) }),
    },
    (call) => roomsPage(call, call.params.id),
  );

  router.post(
    doors,
    {
      summary: 'Make the pass of a room for the day: a sign for the door; an older one stops working',
      who: planners,
      params: roomParams,
      status: 201,
      answer: signAnswer,
      again: (call) => roomsPage(call, call.params.id),
    },
    async (call) => {
      const { params } = call;
      const any = call;
      const made = await issueRoomPass(
        { clock: call.context.clock, passKey: passKeyOf(any), timeZone: call.timeZone },
        call.scope,
        call.actor,
        params.id,
        params.room,
      );
      return signsPage(any, [made], signView(any, made));
    },
  );

  router.post(
    '/exhibitions/:id/signs',
    {
      summary:
        'Make the signs of all rooms for today and the days to come; with {only: "missing"} those that hang stay',
      who: planners,
      params: idParams,
      body: z.object({ only: z.enum(['missing']).optional() }),
      status: 201,
      answer: z.object({ signs: z.array(signAnswer) }),
      again: (call) => roomsPage(call, call.params.id),
    },
    async (call) => {
      const any = call;
      const made = await issueAllRoomPasses(
        { clock: call.context.clock, passKey: passKeyOf(any), timeZone: call.timeZone },
        call.scope,
        call.actor,
        call.params.id,
        call.body.only === 'missing',
      );
      return signsPage(any, made, { signs: made.map((each) => signView(any, each)) });
    },
  );

  router.post(
    `${doors}/revoke`,
    {
      summary: 'The sign of a room lets nobody in any more; whoever sits already stays',
      who: planners,
      params: roomParams,
      answer: z.object({ revoked: z.string() }),
      again: (call) => roomsPage(call, call.params.id),
    },
    async (call) => {
      const { params, timeZone, context } = call;
      const needed = { clock: context.clock, timeZone };
      const gone = await revokeRoomPass(needed, call.scope, call.actor, params.id, params.room);
      return done(
        `/exhibitions/${params.id}/rooms`,
        { revoked: gone.id },
        { notice: 'panel.notice.room-pass-revoked', noticeParams: { room: gone.room } },
      );
    },
  );

  router.post(
    '/exhibitions/:id/rooms/:room/late',
    {
      summary:
        'The room runs late: what follows there today moves by so many minutes; negative when it has caught up',
      who: everybody,
      params: roomParams,
      body: z.object({
        minutes: z.coerce
          .number()
          .int()
          .min(-MAX_LATE_MINUTES)
          .max(MAX_LATE_MINUTES)
          .refine((minutes) => minutes !== 0, 'exhibition.problem.no-minutes'),
        seen: seenField(
          '`seen` of the room in GET /exhibitions/{id}/rooms, or `roomSeen` of GET /slots/{id}',
        ),
      }),
      answer: z.object({
        room: z.string(),
        slotId: z.string(),
        moved: z.number(),
        clashes: z.array(z.string()),
      }),
      again: (call) => lateAgain(call, needs, call.params),
    },
    async (call) => {
      const { scope, actor, context, params, body, timeZone, t } = call;
      const late = await delayRoom(
        { ...needs, clock: context.clock, timeZone },
        scope,
        actor,
        params.id,
        params.room,
        { minutes: body.minutes, seen: body.seen },
      );
      const clashes = late.clashes.map((clash) => t(clash.message, clash.params));
      return done(
        mayManageExhibitions(actor) ? `/exhibitions/${params.id}/rooms` : `/slots/${late.slotId}`,
        { ...late, clashes },
        {
          notice: clashes.length > 0 ? 'panel.notice.room-late-clash' : 'panel.notice.room-late',
          noticeParams: { room: late.room, clashes: clashes.join(' ') },
        },
      );
    },
  );

  router.post(
    '/seats/:id/next',
    {
      summary: 'A guest who came by the pass of a room goes on to the next presentation there',
      who: everybody,
      params: idParams,
      answer: z.object({ seatId: z.string(), sheetHref: z.string() }),
    },
    async (call) => {
      const { scope, actor, context, params } = call;
      if (actor.seatIds === null) throw new Forbidden();
      if (!isOwnSeat(actor, { id: params.id, personId: '' })) throw new Forbidden();
      await getSeat(scope, params.id);
      const passKey = passKeyOf(call);
      const seat = await moveOn({ ...needs, clock: context.clock, passKey }, scope, params.id);
      const { id: seatId, personId, schoolId } = seat;
      await signInGuest(call.request, { personId, schoolId, seatId, hand: actor.deviceKey ?? '' });
      const sheetHref = `/seats/${seat.id}/sheet`;
      return done(sheetHref, { seatId: seat.id, sheetHref }, { notice: 'panel.notice.moved-on' });
    },
  );
  return router;
}

/** Where the form stood: among the rooms, or for the chair on the page of the presentation. */
async function lateAgain(call: AnyCall, needs: ExhibitionPorts, { id, room }: { id: string; room: string }) {
  if (mayManageSeats(call.actor)) return roomsPage(call, id);
  const inRoom = (await listSlotsOfExhibition(call.scope, id)).filter(
    (slot) => roomKey(slot.room) === roomKey(room),
  );
  const slot = slotNow(inRoom, call.context.clock.now()) ?? inRoom.at(-1);
  if (!slot) throw new NotFound();
  return slotPage(call, needs, slot.id);
}

async function roomsPage(call: AnyCall, id: string): Promise<PageAnswer> {
  const { scope, context, timeZone, t } = call;
  requirePermission(mayManageSeats(call.actor));
  const exhibition = await findExhibition(scope, id);
  if (!exhibition) throw new NotFound();
  const [slots, passes] = await Promise.all([listSlotsOfExhibition(scope, id), listRoomPasses(scope, id)]);
  const people = await findPresenters(scope, slots);
  const now = context.clock.now();
  const rooms = [...byRoom(slots)].map(([key, inRoom]) => {
    const slot = slotNow(inRoom, now);
    const day = dayOf((slot ?? inRoom.at(-1)!).startsAt, timeZone);
    const pass = passes.find((each) => each.roomKey === key && each.day === day)?.pass ?? null;
    return {
      room: inRoom[0]!.room,
      left: inRoom.filter((each) => endOf(each) > now).length,
      underWay: slot !== null && slot.startsAt <= now,
      studentName: slot ? presenterLine(slot, people) : null,
      seen: seenOfRoom(inRoom, now, timeZone),
      startsAt: slot?.startsAt.toISOString() ?? null,
      pass: passState(pass, now),
      expiresAt: pass?.expiresAt.toISOString() ?? null,
    };
  });
  rooms.sort((a, b) => a.room.localeCompare(b.room, 'en', { numeric: true }));
  const title = t('panel.rooms.title');
  const crumbs = [
    { href: '/exhibitions', label: t('exhibition.list.title') },
    { href: `/exhibitions/${id}`, label: exhibition.title },
  ];
  if (call.wantsJson) return page('panel/rooms', { rooms }, { title });
  const shown = rooms.map((each) => ({
    ...each,
    href: `/exhibitions/${id}/rooms/${encodeURIComponent(each.room)}/pass`,
    lateHref: `/exhibitions/${id}/rooms/${encodeURIComponent(each.room)}/late`,
    at: each.startsAt ? timeText(new Date(each.startsAt), timeZone, call.locale) : '',
  }));
  const makes = isRunning(exhibition) && exhibition.format === 'panel';
  const why = makes ? null : t(`panel.problem.room-${isRunning(exhibition) ? 'of-gallery' : 'not-open'}`);
  const ahead = rooms.filter((each) => each.startsAt !== null);
  const hanging = ahead.filter((each) => each.pass === 'valid').length;
  return page(
    'panel/rooms',
    {
      id,
      rooms: shown,
      makes,
      why,
      running: isRunning(exhibition),
      signs: makes ? { doors: ahead.length, hanging, missing: ahead.length - hanging } : null,
    },
    { title, crumbs },
  );
}
