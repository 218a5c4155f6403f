/**
 * The door: a guest scans an address or types six characters and comes in without an account. Looking at the address
 * changes nothing; coming in is a POST. Neither is cached, handed on as a referrer, or written into a log.
 */
import { DateTime } from 'luxon';
import { z } from 'zod';
import { signInGuest } from '../access/session.js';
import { AppError } from '../errors.js';
import { done, page, routes, type Answer } from '../http/route.js';
import { text } from '../http/read-input.js';
import { getExhibition } from '../exhibition/exhibition-records.js';
import { getSlot } from '../exhibition/slot-records.js';
import { findPerson } from '../people/people-records.js';
import { findSchool } from '../school/school-records.js';
import type { AnyCall } from './panel-pages.js';
import { passKeyOf } from './panel-routes.js';
import { seatRoles, type Seat } from './seat.js';
import { findPass, passClosed, usePass, type PassNeeds } from './use-pass.js';

export const passRoutes = routes('panel');

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
const cameIn = z.object({ seatId: z.string(), sheetHref: z.string() });

const needsOf = (call: AnyCall): PassNeeds => ({
  db: call.context.db,
  clock: call.context.clock,
  passKey: passKeyOf(call),
});
const addressOf = (call: AnyCall): string => call.request.ip ?? '';

function keepQuiet(call: AnyCall): void {
  call.response.setHeader('Referrer-Policy', 'no-referrer');
  call.response.setHeader('Cache-Control', 'private, no-store');
  call.response.setHeader('X-Robots-Tag', 'noindex');
}

/** A pass that does not open is told calmly, with what to do; programs get the error as always. */
async function calmly(call: AnyCall, work: () => Promise<Answer>): Promise<Answer> {
  keepQuiet(call);
  try {
    return await work();
  } catch (error) {
    if (call.wantsJson || !(error instanceof AppError) || !error.messageKey.startsWith('panel.pass.'))
      throw error;
    return page(
      'panel/pass-closed',
      { message: call.t(error.messageKey) },
      { title: call.t('panel.pass.closed-title'), status: error.status, layout: 'bare' },
    );
  }
}

passRoutes.get('/pass', { summary: 'Type the six characters of a pass', who: 'anyone' }, async (call) => {
  keepQuiet(call as unknown as AnyCall);
  return page('panel/pass-code', {}, { title: call.t('panel.pass.code-title'), layout: 'bare' });
});

passRoutes.post(
  '/pass',
  {
    summary: 'Come in with the six characters; sets the session cookie of a guest',
    who: 'anyone',
    body: z.object({ code: text(40) }),
    answer: cameIn,
    again: async (call) =>
      page('panel/pass-code', {}, { title: call.t('panel.pass.code-title'), layout: 'bare' }),
  },
  (call) => calmly(call as unknown as AnyCall, () => comeIn(call as unknown as AnyCall, call.body.code)),
);

passRoutes.get(
  '/pass/:code',
  { summary: 'What a pass opens; changes nothing', who: 'anyone', params: passParams, answer: landingAnswer },
  (call) =>
    calmly(call as unknown as AnyCall, async () => {
      const { seat, state } = await findPass(
        needsOf(call as unknown as AnyCall),
        call.params.code,
        addressOf(call as unknown as AnyCall),
      );
      if (state === 'expired' || state === 'revoked') throw passClosed(state);
      return landing(call as unknown as AnyCall, seat);
    }),
);

passRoutes.post(
  '/pass/:code',
  {
    summary: 'Come in with a pass; sets the session cookie of a guest',
    who: 'anyone',
    params: passParams,
    answer: cameIn,
  },
  (call) => calmly(call as unknown as AnyCall, () => comeIn(call as unknown as AnyCall, call.params.code)),
);

async function landing(call: AnyCall, seat: Seat): Promise<Answer> {
  const scope = { db: call.context.db, schoolId: seat.schoolId };
  const slot = await getSlot(scope, seat.slotId);
  const [exhibition, student, school] = await Promise.all([
    getExhibition(scope, slot.exhibitionId),
    findPerson(scope, slot.studentId),
    findSchool(scope, scope.schoolId),
  ]);
  const view = {
    schoolName: school?.name ?? '',
    exhibitionTitle: exhibition.title,
    place: exhibition.place,
    studentName: student?.displayName ?? '',
    startsAt: slot.startsAt.toISOString(),
    room: slot.room,
    name: seat.name,
    role: seat.role,
  };
  const other = call.visitor && call.visitor.personId !== seat.personId ? call.visitor.name : null;
  // Nobody is signed in yet, so the page does not know the school's zone by itself.
  const when = DateTime.fromJSDate(slot.startsAt, { zone: school?.timeZone ?? 'UTC' })
    .setLocale(call.locale)
    .toLocaleString({ weekday: 'long', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' });
  const shown = call.wantsJson ? view : { ...view, when, other };
  return page('panel/pass', shown, { title: call.t('panel.pass.title'), layout: 'bare' });
}

async function comeIn(call: AnyCall, code: string): Promise<Answer> {
  const seat = await usePass(needsOf(call), code, addressOf(call));
  const isSelf = call.visitor?.personId === seat.personId && call.visitor.seatIds === null;
  if (!isSelf)
    await signInGuest(call.request, { personId: seat.personId, schoolId: seat.schoolId, seatId: seat.id });
  const sheetHref = `/seats/${seat.id}/sheet`;
  return done(sheetHref, { seatId: seat.id, sheetHref });
}
