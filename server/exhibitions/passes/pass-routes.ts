/**
 * The door: a guest scans an address or types six characters and comes in without an account. Looking at the address
 * changes nothing; coming in is a POST. Neither is cached, handed on as a referrer, or written into a log.
 */
import { DateTime } from 'luxon';
import { z } from 'zod';
import { callerOf, type Caller } from '../../access/device.js';
import { readDeviceKey, issueDeviceKey } from '../../access/device-key.js';
import { limitAttempts } from '../../access/limit-attempts.js';
import { signInGuest } from '../../access/session.js';
import { AppError, Conflict, InvalidInput, NotFound, TooMany } from '../../errors.js';
import { setRetryAfter } from '../../http/answer.js';
import {
  done,
  page,
  routes,
  type Answer,
  type PageAnswer,
  type FeatureRoutes,
  type AnyCall,
} from '../../http/route.js';
import { comesBack } from '../../http/kept-address.js';
import { flag, text, optionalLine } from '../../http/read-input.js';
import { protectSecretAddress } from '../../http/secret-address.js';
import { getExhibition } from '../exhibition-records.js';
import { namePresenters } from '../slots/name-presenters.js';
import { getSlot } from '../slots/slot-records.js';
import { findSchool } from '../../school/school-records.js';
import { begunElsewhere, enterSeat } from './enter-seat.js';
import { passKeyOf } from '../seats/panel-routes.js';
import { roomLanding, roomLandingAnswer, seatInRoom } from './room-door.js';
import { namedRoles, seatRoles, type Seat } from '../seats/seat.js';
import { sameNames } from './sit-in-room.js';
import { findPass, usePass, type PassNeeds } from './use-pass.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

const standLandingAnswer = z.object({
  schoolName: z.string(),
  exhibitionTitle: z.string(),
  place: z.string(),
  room: z.string(),
  studentName: z.string(),
  /** Who came in on this device before, and goes on without being asked. */
  known: z.string().nullable(),
});
const visiting = z.object({ visitId: z.string(), visitHref: z.string() });

/** How often a phone says in an hour that it is a guest who is in the room already. */
export const claimsPerHour = 10;

const passParams = z.object({ code: z.string().min(1).max(64) });
const landingAnswer = z.object({
  schoolName: z.string(),
  exhibitionTitle: z.string(),
  place: z.string(),
  studentName: z.string(),
  startsAt: z.string(),
  room: z.string(),
  name: z.string(),
  role: z.enum(seatRoles),
});
const guestBody = z.object({
  name: optionalLine(120),
  role: z.enum(namedRoles).default('guest'),
  once: z.string().max(64).optional(),
  /** Not the guest who came in on this device before. */
  another: flag,
  /** Somebody of this name is there already: whether this is that person, or another one. */
  sameName: z.preprocess((value) => (value === '' ? undefined : value), z.enum(sameNames).optional()),
  /** The code that the phone shows on which the sheet was begun. */
  returning: optionalLine(40),
  /** That phone cannot be had: what was written is set aside, and the sheet begins anew. */
  anew: flag,
});
const cameIn = z.object({ seatId: z.string(), sheetHref: z.string() });

const needsOf = (call: AnyCall, { standPasses }: ExhibitionPorts): PassNeeds => ({
  standPasses,
  db: call.context.db,
  clock: call.context.clock,
  passKey: passKeyOf(call),
});
const callerOfPass = (call: AnyCall): Caller =>
  callerOf(call.request, call.response, call.context.config.keyFor('device'));

/** A pass that does not open is told calmly, with what to do; programs get the error as always. */
async function calmly(call: AnyCall, work: () => Promise<Answer>): Promise<Answer> {
  protectSecretAddress(call.response);
  try {
    return await work();
  } catch (error) {
    const told =
      !call.wantsJson &&
      error instanceof AppError &&
      !(error instanceof InvalidInput) &&
      error.messageKey.startsWith('panel.pass.');
    // Where a code was typed, the form comes again with what was typed in it.
    if (!told || (error instanceof TooMany && call.request.method === 'POST')) throw error;
    setRetryAfter(call.response, error);
    return page(
      'panel/pass-closed',
      { message: call.t(error.messageKey, error.params) },
      { title: call.t('panel.pass.closed-title'), status: error.status, layout: 'bare' },
    );
  }
}

/**
 * @param ports what the score sheets and the people's room answer
 */
export function makePassRoutes(ports: ExhibitionPorts): FeatureRoutes {
  const router = routes('panel');

  router.get('/pass', { summary: 'Type the six characters of a pass', who: 'anyone' }, async (call) => {
    protectSecretAddress(call.response);
    callerOfPass(call);
    return codePage(call);
  });

  router.post(
    '/pass',
    {
      summary:
        'Come in with the six characters; by the pass of a room with a name; sets the session cookie of a guest',
      who: 'anyone',
      body: guestBody.extend({ code: text(40) }),
      answer: cameIn.or(visiting),
      again: (call, problem) => formAgain(ports, call, problem),
    },
    (call) => calmly(call, () => comeIn(ports, call, call.body.code, call.body).catch(wrongCode)),
  );

  router.get(
    '/pass/:code',
    {
      summary: 'What a pass opens; changes nothing',
      who: 'anyone',
      params: passParams,
      answer: z.union([landingAnswer, roomLandingAnswer, standLandingAnswer]),
    },
    (call) =>
      calmly(call, async () => {
        const any = call;
        const opened = await findPass(needsOf(any, ports), call.params.code, callerOfPass(any));
        if (opened.kind === 'stand') return ports.standPasses.landing(any, opened.holder, null);
        return opened.kind === 'seat'
          ? landing(any, opened.holder)
          : roomLanding(ports, any, opened.holder, null);
      }),
  );

  router.post(
    '/pass/:code',
    {
      summary: 'Come in with a pass, by the pass of a room with a name; sets the session cookie of a guest',
      who: 'anyone',
      params: passParams,
      body: guestBody,
      answer: cameIn.or(visiting),
      again: (call, problem) => formAgain(ports, call, problem),
    },
    (call) => calmly(call, () => comeIn(ports, call, call.params.code, call.body)),
  );
  return router;
}

const codePage = (call: AnyCall) =>
  page(
    'panel/pass-code',
    { kept: comesBack(call.request) },
    { title: call.t('panel.pass.code-title'), layout: 'bare' },
  );

/** What was typed is no code: said beside the field, with what was typed still in it. */
function wrongCode(error: unknown): never {
  if (error instanceof NotFound && error.messageKey === 'panel.pass.unknown')
    throw new InvalidInput([{ field: 'code', message: error.messageKey }], error.messageKey);
  throw error;
}

/** The form again that was sent: of a room's or a stand's pass the one with the name. */
async function formAgain(ports: ExhibitionPorts, call: AnyCall, problem: AppError) {
  if (problem.messageKey === 'panel.pass.unknown' || problem instanceof TooMany) return codePage(call);
  const params = call.params as { code?: string };
  const typed = (call.body ?? {}) as { code?: unknown };
  const code = params.code ?? (typeof typed.code === 'string' ? typed.code : '');
  if (code === '') return codePage(call);
  const opened = await findPass(needsOf(call, ports), code, callerOfPass(call));
  const asTyped = params.code ? null : code;
  if (opened.kind === 'stand') return ports.standPasses.landing(call, opened.holder, asTyped);
  const { returning, name = '' } = typed as { returning?: string; name?: string };
  if (opened.kind === 'room')
    return returning ? returnPage(call, name, null) : roomLanding(ports, call, opened.holder, asTyped);
  return params.code || returning ? returnPage(call, opened.holder.name, null) : codePage(call);
}

/** Known again by its word; another guest on the same phone gets a word of their own. */
function phoneOf(call: AnyCall, seat: Seat): string {
  const brought = readDeviceKey(call.request);
  const isTheirs = call.request.session.guest?.personId === seat.personId;
  return brought !== null && (isTheirs || seat.hands?.includes(brought))
    ? brought
    : issueDeviceKey(call.request, call.response);
}

/**
 * The sheet was begun on another phone: type the code that it shows, or begin anew. By the sign of a room it
 * says again who this is.
 */
function returnPage(call: AnyCall, name: string, problem: AppError | null): PageAnswer {
  const params = call.params as { code?: string };
  const typed = (call.body ?? {}) as { code?: unknown; name?: string; sameName?: string; once?: string };
  const sealed = problem?.messageKey === 'panel.pass.sealed-elsewhere';
  const said = typed.name ? { name: typed.name, sameName: typed.sameName, once: typed.once } : null;
  const bySign = said !== null || problem?.messageKey === 'panel.pass.begun-by-sign';
  return page(
    'panel/pass-return',
    { name, sealed, said, bySign, code: params.code ? null : String(typed.code ?? '') },
    { title: call.t('panel.return.title'), status: 409, layout: 'bare' },
  );
}

async function landing(call: AnyCall, seat: Seat): Promise<Answer> {
  const scope = { db: call.context.db, schoolId: seat.schoolId };
  const slot = await getSlot(scope, seat.slotId);
  const [exhibition, studentName, school] = await Promise.all([
    getExhibition(scope, slot.exhibitionId),
    namePresenters(scope, slot),
    findSchool(scope, scope.schoolId),
  ]);
  const view = {
    schoolName: school?.name ?? '',
    exhibitionTitle: exhibition.title,
    place: exhibition.place,
    studentName,
    startsAt: slot.startsAt.toISOString(),
    room: slot.room,
    name: seat.name,
    role: seat.role,
  };
  const other = call.maybeActor && call.maybeActor.personId !== seat.personId ? call.maybeActor.name : null;
  // Nobody is signed in yet, so the page does not know the school's zone by itself.
  const when = DateTime.fromJSDate(slot.startsAt, { zone: school?.timeZone ?? 'UTC' })
    .setLocale(call.locale)
    .toLocaleString({ weekday: 'long', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' });
  const shown = call.wantsJson ? view : { ...view, when, other };
  return page('panel/pass', shown, { title: call.t('panel.pass.title'), layout: 'bare' });
}

/**
 * @throws TooMany for a device, or for devices of one network that keep no cookie, that claim to be one guest
 *   after the other
 */
async function limitClaims(call: AnyCall): Promise<void> {
  const { device, subnet } = callerOfPass(call);
  const whom = device === null ? `no device\n${subnet}` : `device\n${device}`;
  const limit = { what: 'room-claim', whom, most: claimsPerHour, seconds: 3600 };
  await limitAttempts(call.context.db, limit, call.context.clock.now());
}

async function comeIn(
  ports: ExhibitionPorts,
  call: AnyCall,
  code: string,
  body: z.output<typeof guestBody>,
): Promise<Answer> {
  const opened = await findPass(needsOf(call, ports), code, callerOfPass(call));
  // Typed: the code alone is no name yet, so the form for it comes next.
  const typed = (call.params as { code?: string }).code === undefined;
  const nameless = typed && !call.wantsJson && !('name' in (call.request.body as object));
  if (opened.kind === 'stand') return ports.standPasses.comeIn(call, opened.holder, body, nameless);
  if (opened.kind === 'room' && nameless) return roomLanding(ports, call, opened.holder, code);
  if (opened.kind === 'room' && body.sameName === 'same-person') await limitClaims(call);
  const seat = opened.kind === 'seat' ? opened.holder : await seatInRoom(ports, call, opened.holder, body);
  const sheetHref = `/seats/${seat.id}/sheet`;
  const isSelf = call.maybeActor?.personId === seat.personId && call.maybeActor.seatIds === null;
  if (!isSelf) {
    const hand = phoneOf(call, seat);
    try {
      await enterSeat({ ...ports, ...needsOf(call, ports) }, seat, {
        ...{ hand, returning: body.returning, anew: body.anew },
        bySign: opened.kind === 'room',
      });
    } catch (error) {
      const asks = error instanceof Conflict && error.code === begunElsewhere;
      if (!asks || call.wantsJson) throw error;
      return returnPage(call, seat.name, error);
    }
    await usePass(needsOf(call, ports), seat);
    await signInGuest(call.request, {
      personId: seat.personId,
      schoolId: seat.schoolId,
      seatId: seat.id,
      hand,
    });
  }
  return done(sheetHref, { seatId: seat.id, sheetHref });
}
