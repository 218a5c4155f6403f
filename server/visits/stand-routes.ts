/**
 * The stands of a gallery over HTTP: how their signs stand, making them one by one or all in one go, and
 * taking one away.
 */
import { z } from 'zod';
import { NotFound } from '../errors.js';
import { timeText } from '../exhibitions/day-and-time.js';
import { isRunning, isScoring } from '../exhibitions/exhibition.js';
import { findExhibition } from '../exhibitions/exhibition-records.js';
import { getSlot, listSlotsOfExhibition } from '../exhibitions/slots/slot-records.js';
import { originOf } from '../http/origin.js';
import { flag, idParams } from '../http/read-input.js';
import { done, page, routes, type PageAnswer, type FeatureRoutes, type AnyCall } from '../http/route.js';
import { passState, passStates } from '../exhibitions/passes/pass.js';
import { facesView, printedPage, withQr } from '../exhibitions/passes/printed-pass.js';
import { mayManageSeats } from '../exhibitions/seats/seat.js';
import { listPeopleByIds } from '../people/people-records.js';
import { byId, requirePermission } from '../people/person.js';
import { issueStandPasses, revokeStandPass, type Wanted } from './issue-stand-pass.js';
import { listStandPasses } from './stand-pass-records.js';
import { listStops } from './stand-stop-records.js';
import { endOfStand } from './visit.js';
import { countVisits } from './visit-records.js';

const planners = ['advisor', 'registrar', 'admin'] as const;

const standAnswer = z.object({
  slotId: z.string(),
  room: z.string(),
  studentName: z.string(),
  startsAt: z.string(),
  pass: z.enum(passStates),
  expiresAt: z.string().nullable(),
  visits: z.number(),
  stopped: z.boolean().describe('Takes nothing for the moment.'),
  prioritized: z.boolean().describe('Visitors are sent here before other stands.'),
});
const signsAnswer = z.object({
  signs: z.array(
    z.object({
      slotId: z.string(),
      room: z.string(),
      studentName: z.string(),
      passUrl: z.string(),
      code: z.string(),
      expiresAt: z.string(),
    }),
  ),
});

export const standRoutes: FeatureRoutes = routes('visits');

standRoutes.get(
  '/exhibitions/:id/stands',
  {
    summary: 'The stands of a gallery: who stands there, how the sign stands, how many came',
    who: planners,
    params: idParams,
    answer: z.object({ stands: z.array(standAnswer) }),
  },
  (call) => standsPage(call, call.params.id),
);

standRoutes.post(
  '/exhibitions/:id/stands/signs',
  {
    summary:
      'Make the signs of all stands that have none; with {all} of every stand: older ones stop working',
    who: planners,
    params: idParams,
    body: z.object({ all: flag }),
    status: 201,
    answer: signsAnswer,
    again: (call) => standsPage(call, call.params.id),
  },
  (call) => makeSigns(call, call.params.id, call.body.all ? 'all' : 'missing'),
);

standRoutes.post(
  '/slots/:id/stand-pass',
  {
    summary: 'Make the sign of one stand; an older one stops working',
    who: planners,
    params: idParams,
    status: 201,
    answer: signsAnswer,
    again: async (call) => {
      const slot = await getSlot(call.scope, call.params.id);
      return standsPage(call, slot.exhibitionId);
    },
  },
  async (call) => {
    requirePermission(mayManageSeats(call.actor));
    const slot = await getSlot(call.scope, call.params.id);
    return makeSigns(call, slot.exhibitionId, { slotId: slot.id });
  },
);

standRoutes.post(
  '/slots/:id/stand-pass/revoke',
  {
    summary: 'The sign of a stand lets nobody in any more; whoever is there may finish',
    who: planners,
    params: idParams,
    answer: z.object({ revoked: z.string() }),
    again: async (call) => {
      const slot = await getSlot(call.scope, call.params.id);
      return standsPage(call, slot.exhibitionId);
    },
  },
  async (call) => {
    const slot = await revokeStandPass(call.context, call.scope, call.actor, call.params.id);
    return done(
      `/exhibitions/${slot.exhibitionId}/stands`,
      { revoked: slot.id },
      { notice: 'visits.notice.sign-revoked', noticeParams: { room: slot.room } },
    );
  },
);

async function standsPage(call: AnyCall, id: string): Promise<PageAnswer> {
  const { scope, context, timeZone, t } = call;
  requirePermission(mayManageSeats(call.actor));
  const exhibition = await findExhibition(scope, id);
  if (!exhibition) throw new NotFound();
  const [slots, passes, stops] = await Promise.all([
    listSlotsOfExhibition(scope, id),
    listStandPasses(scope, id),
    listStops(scope, id),
  ]);
  const allStopped = stops.find((stop) => stop.slotId === null) ?? null;
  const stoppedSlots = new Set(stops.map((stop) => stop.slotId));
  const [people, visits] = await Promise.all([
    listPeopleByIds(scope, [...new Set(slots.map((slot) => slot.studentId))]).then(byId),
    countVisits(
      scope,
      slots.map((slot) => slot.id),
    ),
  ]);
  const passOf = new Map(passes.map((each) => [each.slotId, each.pass]));
  const now = context.clock.now();
  const stands = slots.map((slot) => {
    const pass = passOf.get(slot.id) ?? null;
    return {
      slotId: slot.id,
      room: slot.room,
      studentName: people.get(slot.studentId)?.displayName ?? '',
      startsAt: slot.startsAt.toISOString(),
      pass: passState(pass, now),
      expiresAt: pass?.expiresAt.toISOString() ?? null,
      visits: visits.get(slot.id) ?? 0,
      stopped: allStopped !== null || stoppedSlots.has(slot.id),
      prioritized: slot.prioritized ?? false,
    };
  });
  const title = t('visits.stands.title');
  if (call.wantsJson) return page('visits/stands', { stands }, { title });
  const gallery = exhibition.format === 'gallery';
  const ahead = slots.filter((slot) => endOfStand(slot, timeZone) > now).map((slot) => slot.id);
  const makes = gallery && isRunning(exhibition) && ahead.length > 0;
  const works = stands.filter((stand) => stand.pass === 'valid').length;
  return page(
    'visits/stands',
    {
      id,
      makes,
      stops: gallery && isScoring(exhibition),
      allStopped: allStopped && { byName: allStopped.byName, at: allStopped.at.toISOString() },
      works,
      missing:
        ahead.length - stands.filter((each) => ahead.includes(each.slotId) && each.pass === 'valid').length,
      why: makes ? null : whyNot(call, gallery, isRunning(exhibition)),
      stands: stands.map((stand) => ({
        ...stand,
        ahead: ahead.includes(stand.slotId),
        at: timeText(new Date(stand.startsAt), timeZone, call.locale),
      })),
    },
    {
      title,
      crumbs: [
        { href: '/exhibitions', label: t('exhibition.list.title') },
        { href: `/exhibitions/${id}`, label: exhibition.title },
      ],
    },
  );
}

function whyNot({ t }: AnyCall, gallery: boolean, running: boolean): string {
  if (!gallery) return t('visits.problem.not-a-gallery');
  return running ? t('visits.problem.day-over') : t('visits.problem.not-open');
}

async function makeSigns(call: AnyCall, id: string, wanted: Wanted): Promise<PageAnswer> {
  const needs = {
    clock: call.context.clock,
    passKey: call.context.config.keyFor('pass'),
    timeZone: call.timeZone,
  };
  const { exhibition, signs: made } = await issueStandPasses(needs, call.scope, call.actor, id, wanted);
  const people = byId(
    await listPeopleByIds(call.scope, [...new Set(made.map(({ slot }) => slot.studentId))]),
  );
  const signs = made.map(({ slot, faces, expiresAt }) => ({
    slotId: slot.id,
    room: slot.room,
    studentName: people.get(slot.studentId)?.displayName ?? '',
    ...facesView(originOf(call), faces),
    expiresAt: expiresAt.toISOString(),
  }));
  const title = call.t('visits.signs.title', { count: signs.length });
  if (call.wantsJson) return page('visits/signs', { signs }, { title, status: 201 });
  return printedPage(
    call,
    'visits/signs',
    {
      exhibition: { id: exhibition.id, title: exhibition.title, place: exhibition.place },
      signs: await Promise.all(signs.map(withQr)),
    },
    title,
  );
}
