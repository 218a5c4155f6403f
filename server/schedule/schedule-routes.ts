/** Timetables over HTTP: what is decided, asking for a proposal (a background job), the proposal, adopting it. */
import { z } from 'zod';
import { flag, idParams, several, text, wholeNumber } from '../http/read-input.js';
import { done, routes, type RoomRoutes } from '../http/route.js';
import { slotMinutesMaximum, slotMinutesMinimum, roomKey } from '../exhibition/slot.js';
import { linesOf } from '../people/hours.js';
import { adoptProposal, type ScheduleDoors } from './adopt-proposal.js';
import { keepSchedule, type ScheduleInput } from './keep-schedule.js';
import { presences } from './problem.js';
import { requestProposal } from './request-proposal.js';
import { listeningKinds, presentingKinds } from './schedule.js';
import { MAX_PANELS } from '../people/attendance.js';
import { proposalPage, schedulePage, type AnyCall } from './schedule-pages.js';
import { proposalAnswer, schedulePageAnswer, settingsAnswer, settingsView } from './schedule-view.js';

const planners = ['advisor', 'registrar', 'admin'] as const;

/** One a line in a form, a list from a program. */
const lines = (maximum: number) =>
  z.preprocess(
    (value) => (Array.isArray(value) ? value.join('\n') : value),
    z.string().max(maximum).default('').transform(linesOf),
  );
const presence = z.enum(presences).default('no');
const count = wholeNumber(0, 6).default(0);
const scheduleBody = z.object({
  rooms: lines(4000).refine((list) => list.every((name) => name.length <= 60), 'schedule.problem.long-room'),
  /** Of these rooms, those that cannot be reached without steps. */
  roomsWithSteps: lines(4000),
  days: lines(4000),
  slotMinutes: wholeNumber(slotMinutesMinimum, slotMinutesMaximum),
  breakMinutes: wholeNumber(0, 240).default(0),
  advisor: presence,
  family: presence,
  mentor: presence,
  teachers: count,
  peers: count,
  guests: count,
  presenting: z.enum(presentingKinds).default('all'),
  advisoryIds: several(z.string().max(64)),
  studentIds: several(z.string().max(64)),
  /** Groups of students and of panelists, taken with everybody who is in them now: `advisory:ID`, `teacher`, `guest`, `available` … */
  studentGroups: several(z.string().max(80)).optional(),
  panelistIds: several(z.string().max(64)),
  panelistGroups: several(z.string().max(80)).optional(),
  /** Left out: `chosen` where somebody is chosen, else `all`. */
  listening: z.enum(listeningKinds).optional(),
  maxPanels: z.preprocess(
    (value) => (value === '' ? null : value),
    wholeNumber(1, MAX_PANELS).nullable().optional(),
  ),
  /** A group in each line, names or ids separated by semicolons. */
  together: z
    .preprocess(
      (value) =>
        Array.isArray(value)
          ? value.map((each) => (Array.isArray(each) ? each.join(';') : String(each))).join('\n')
          : value,
      z.string().max(8000).default('').transform(linesOf),
    )
    .optional(),
  siblingsTogether: flag.optional(),
});

/** Settings as a GET answers them: a room with its way in, the make-up of a panel and who presents each together. */
function scheduleFields({ schedule, ...given }: Record<string, unknown>): Record<string, unknown> {
  const { rooms, panel, presenting, ...rest } = {
    ...(schedule as object | null | undefined),
    ...given,
  } as Record<string, unknown>;
  const listed = Array.isArray(rooms) ? (rooms as (string | { name: string; stepFree: boolean })[]) : null;
  const withSteps = listed?.flatMap((each) => (typeof each === 'string' || each.stepFree ? [] : [each.name]));
  const who = typeof presenting === 'object' && presenting !== null ? presenting : null;
  const { kind, ...chosen } = (who ?? {}) as Record<string, unknown>;
  return {
    ...(listed ? { rooms: listed.map((each) => (typeof each === 'string' ? each : each.name)) } : {}),
    ...(!listed && rooms !== undefined ? { rooms } : {}),
    ...(withSteps?.length ? { roomsWithSteps: withSteps } : {}),
    ...(panel as object | undefined),
    ...(who ? { presenting: kind, ...chosen } : presenting === undefined ? {} : { presenting }),
    ...rest,
  };
}

function readSchedule(body: z.output<typeof scheduleBody>): ScheduleInput {
  const steps = new Set(body.roomsWithSteps.map(roomKey));
  const { advisor, family, mentor, teachers, peers, guests } = body;
  const chosen = body.panelistIds.length + (body.panelistGroups ?? []).length;
  return {
    rooms: body.rooms
      .filter((name, at, all) => all.findIndex((other) => roomKey(other) === roomKey(name)) === at)
      .map((name) => ({ name, stepFree: !steps.has(roomKey(name)) })),
    days: body.days,
    slotMinutes: body.slotMinutes,
    breakMinutes: body.breakMinutes,
    panel: { advisor, family, mentor, teachers, peers, guests },
    presenting: { kind: body.presenting, advisoryIds: body.advisoryIds, studentIds: body.studentIds },
    listening: body.listening ?? (chosen > 0 ? 'chosen' : 'all'),
    panelistIds: body.panelistIds,
    maxPanels: body.maxPanels ?? null,
    siblingsTogether: body.siblingsTogether ?? false,
    studentGroups: body.studentGroups ?? [],
    panelistGroups: body.panelistGroups ?? [],
    togetherLines: body.together ?? [],
  };
}

const proposalParams = idParams.extend({ proposalId: text(64) });

/** @param doors the acts that add slots and set seats, and who sits where */
export function makeScheduleRoutes(doors: ScheduleDoors): RoomRoutes {
  const room = routes('schedule');

  room.get(
    '/exhibitions/:id/schedule',
    {
      summary: 'What is decided for the timetable of an exhibition, and what was proposed',
      who: planners,
      params: idParams,
      answer: schedulePageAnswer,
    },
    (call) => schedulePage(call as unknown as AnyCall, doors.panel, call.params.id),
  );

  room.put(
    '/exhibitions/:id/schedule',
    {
      summary: 'Decide rooms, hours, the make-up of a panel, who presents and who may listen',
      who: planners,
      params: idParams,
      body: scheduleBody,
      fromAnswer: scheduleFields,
      answer: settingsAnswer,
      alsoPost: true,
      again: (call) => schedulePage(call as unknown as AnyCall, doors.panel, call.params.id),
    },
    async (call) => {
      const { scope, actor, params, context } = call;
      const kept = await keepSchedule(context, scope, actor, params.id, readSchedule(call.body));
      return done(`/exhibitions/${params.id}/schedule`, settingsView(kept), {
        notice: 'schedule.notice.kept',
      });
    },
  );

  room.post(
    '/exhibitions/:id/schedule/proposals',
    {
      summary: 'Propose a timetable as a background job; nothing changes before it is adopted',
      who: planners,
      params: idParams,
      status: 202,
      answer: z.object({ jobId: z.string() }),
      again: (call) => schedulePage(call as unknown as AnyCall, doors.panel, call.params.id),
    },
    async (call) => {
      const job = await requestProposal(call.context, call.scope, call.actor, call.params.id);
      return done(`/jobs/${job.id}`, { jobId: job.id }, { status: 202 });
    },
  );

  room.get(
    '/exhibitions/:id/schedule/proposals/:proposalId',
    {
      summary: 'A proposed timetable, room by room, with what it costs and the proven bound',
      who: planners,
      params: proposalParams,
      answer: proposalAnswer,
    },
    (call) => proposalPage(call as unknown as AnyCall, doors.panel, call.params.id, call.params.proposalId),
  );

  room.post(
    '/exhibitions/:id/schedule/proposals/:proposalId/adopt',
    {
      summary: 'Add the slots and seats of a proposal, all or none; a second time changes nothing',
      who: planners,
      params: proposalParams,
      answer: z.object({ state: z.literal('adopted'), slots: z.number(), seats: z.number() }),
      again: (call) =>
        proposalPage(call as unknown as AnyCall, doors.panel, call.params.id, call.params.proposalId),
    },
    async (call) => {
      const { scope, actor, params, context } = call;
      const needs = { ...doors, clock: context.clock };
      const { slots, seats } = await adoptProposal(needs, scope, actor, params.id, params.proposalId);
      return done(
        `/exhibitions/${params.id}`,
        { state: 'adopted', slots, seats },
        { notice: 'schedule.notice.adopted', noticeParams: { slots, seats } },
      );
    },
  );
  return room;
}
