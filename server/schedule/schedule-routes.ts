/** Timetables over HTTP: what is decided, asking for a proposal (a background job), the proposal, adopting it. */
import { z } from 'zod';
import { flag, idParams, text, wholeNumber } from '../http/read-input.js';
import { InvalidInput } from '../errors.js';
import { done, routes, type FeatureRoutes } from '../http/route.js';
import { seenField } from '../exhibitions/refuse-stale.js';
import { MAX_SLOT_MINUTES, slotMinutesMinimum, roomKey } from '../exhibitions/slots/slot.js';
import { linesOf } from '../people/hours.js';
import { adoptProposal } from './adopt-proposal.js';
import { keepSchedule, type ScheduleInput } from './keep-schedule.js';
import { presenceRules } from './problem.js';
import { requestProposal } from './request-proposal.js';
import { listeningKinds, presentingKinds, type ListeningKind, type PresentingKind } from './schedule.js';
import { MAX_PANELS } from '../people/attendance.js';
import { proposalPage, schedulePage } from './schedule-pages.js';
import { proposalAnswer, schedulePageAnswer, settingsAnswer, settingsView } from './schedule-view.js';
import type { ExhibitionPorts } from '../exhibitions/exhibition-ports.js';

const planners = ['advisor', 'registrar', 'admin'] as const;

/** One a line in a form, a list from a program. */
const lines = (maximum: number) =>
  z.preprocess(
    (value) => (Array.isArray(value) ? value.join('\n') : value),
    z.string().max(maximum).default('').transform(linesOf),
  );
const presence = z.enum(presenceRules).default('no');
const count = wholeNumber(0, 6).default(0);
/** Undefined where nothing was sent: an empty list says that nobody is chosen. */
const chosen = (maximum: number) =>
  z.preprocess(
    (value) => (value === undefined ? undefined : value === '' ? [] : Array.isArray(value) ? value : [value]),
    z.array(z.string().max(maximum)).max(2000).optional(),
  );
const scheduleBody = z.object({
  rooms: lines(4000).refine((list) => list.every((name) => name.length <= 60), 'schedule.problem.long-room'),
  /** Of these rooms, those that cannot be reached without steps. */
  roomsWithSteps: lines(4000),
  days: lines(4000),
  slotMinutes: wholeNumber(slotMinutesMinimum, MAX_SLOT_MINUTES),
  breakMinutes: wholeNumber(0, 240).default(0),
  advisor: presence,
  family: presence,
  mentor: presence,
  teachers: count,
  peers: count,
  guests: count,
  /** Left out: what was sent of `advisoryIds`, `studentIds` and `studentGroups`, else `all`. */
  presenting: z.enum(presentingKinds).optional(),
  advisoryIds: chosen(64),
  studentIds: chosen(64),
  /**
   * Groups of students and of panelists, taken with everybody who is in them now: `advisory:ID`, `teacher`,
   * `guest`, `available` …
   */
  studentGroups: chosen(80),
  panelistIds: chosen(64),
  panelistGroups: chosen(80),
  /** Left out: `chosen` where it is said who, also where that is nobody, else `all`. */
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
  seen: seenField('once something is decided, `schedule.seen` of GET /exhibitions/{id}/schedule'),
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

/**
 * Who presents and who may listen. Whoever ticks people and leaves "everybody" chosen has said two things:
 * which one is meant, only they know.
 * @throws InvalidInput beside the people
 */
function choicesIn(body: z.output<typeof scheduleBody>): {
  presenting: PresentingKind;
  listening: ListeningKind;
} {
  const some = (list: readonly string[] | undefined) => (list?.length ?? 0) > 0;
  const [students, advisories] = [some(body.studentIds) || some(body.studentGroups), some(body.advisoryIds)];
  const wasSent = body.studentIds !== undefined || body.studentGroups !== undefined;
  const presenting =
    body.presenting ??
    (students
      ? 'chosen'
      : advisories
        ? 'advisories'
        : wasSent
          ? 'chosen'
          : body.advisoryIds
            ? 'advisories'
            : 'all');
  const panelists = some(body.panelistIds) || some(body.panelistGroups);
  const asksWho = body.panelistIds !== undefined || body.panelistGroups !== undefined;
  const listening = body.listening ?? (asksWho ? 'chosen' : 'all');
  const problems = [
    students && presenting !== 'chosen' ? { field: 'studentIds', message: 'chosen-not-used' } : null,
    advisories && presenting !== 'advisories'
      ? { field: 'advisoryIds', message: 'advisories-not-used' }
      : null,
    panelists && listening !== 'chosen' ? { field: 'panelistIds', message: 'panelists-not-used' } : null,
  ].flatMap((each) => (each ? [{ field: each.field, message: `schedule.problem.${each.message}` }] : []));
  if (problems.length > 0) throw new InvalidInput(problems);
  return { presenting, listening };
}

function readSchedule(body: z.output<typeof scheduleBody>): ScheduleInput {
  const steps = new Set(body.roomsWithSteps.map(roomKey));
  const { advisor, family, mentor, teachers, peers, guests } = body;
  const { presenting, listening } = choicesIn(body);
  return {
    rooms: body.rooms
      .filter((name, at, all) => all.findIndex((other) => roomKey(other) === roomKey(name)) === at)
      .map((name) => ({ name, stepFree: !steps.has(roomKey(name)) })),
    days: body.days,
    slotMinutes: body.slotMinutes,
    breakMinutes: body.breakMinutes,
    panel: { advisor, family, mentor, teachers, peers, guests },
    presenting: {
      kind: presenting,
      advisoryIds: body.advisoryIds ?? [],
      studentIds: body.studentIds ?? [],
    },
    listening,
    panelistIds: body.panelistIds ?? [],
    maxPanels: body.maxPanels ?? null,
    siblingsTogether: body.siblingsTogether ?? false,
    studentGroups: body.studentGroups ?? [],
    panelistGroups: body.panelistGroups ?? [],
    togetherLines: body.together ?? [],
  };
}

const proposalParams = idParams.extend({ proposalId: text(64) });

export function makeScheduleRoutes(ports: ExhibitionPorts): FeatureRoutes {
  const router = routes('schedule');

  router.get(
    '/exhibitions/:id/schedule',
    {
      summary: 'What is decided for the timetable of an exhibition, and what was proposed',
      who: planners,
      params: idParams,
      answer: schedulePageAnswer,
    },
    (call) => schedulePage(call, ports, call.params.id),
  );

  router.put(
    '/exhibitions/:id/schedule',
    {
      summary: 'Decide rooms, hours, the make-up of a panel, who presents and who may listen',
      who: planners,
      params: idParams,
      body: scheduleBody,
      fromAnswer: scheduleFields,
      answer: settingsAnswer,
      alsoPost: true,
      again: (call) => schedulePage(call, ports, call.params.id),
    },
    async (call) => {
      const { scope, actor, params, context } = call;
      const kept = await keepSchedule(
        ...([context, scope, actor, params.id, readSchedule(call.body), call.body.seen] as const),
      );
      return done(`/exhibitions/${params.id}/schedule`, settingsView(kept), {
        notice: 'schedule.notice.kept',
      });
    },
  );

  router.post(
    '/exhibitions/:id/schedule/proposals',
    {
      summary: 'Propose a timetable as a background job; nothing changes before it is adopted',
      who: planners,
      params: idParams,
      status: 202,
      answer: z.object({ jobId: z.string() }),
      again: (call) => schedulePage(call, ports, call.params.id),
    },
    async (call) => {
      const job = await requestProposal(call.context, call.scope, call.actor, call.params.id);
      return done(`/jobs/${job.id}`, { jobId: job.id }, { status: 202 });
    },
  );

  router.get(
    '/exhibitions/:id/schedule/proposals/:proposalId',
    {
      summary: 'A proposed timetable, room by room, with what it costs and the proven bound',
      who: planners,
      params: proposalParams,
      answer: proposalAnswer,
    },
    (call) => proposalPage(call, ports, call.params.id, call.params.proposalId),
  );

  router.post(
    '/exhibitions/:id/schedule/proposals/:proposalId/adopt',
    {
      summary: 'Add the slots and seats of a proposal, all or none; a second time changes nothing',
      who: planners,
      params: proposalParams,
      answer: z.object({ state: z.literal('adopted'), slots: z.number(), seats: z.number() }),
      again: (call) => proposalPage(call, ports, call.params.id, call.params.proposalId),
    },
    async (call) => {
      const { scope, actor, params, context } = call;
      const needs = { ...ports, clock: context.clock };
      const { slots, seats } = await adoptProposal(needs, scope, actor, params.id, params.proposalId);
      return done(
        `/exhibitions/${params.id}`,
        { state: 'adopted', slots, seats },
        { notice: 'schedule.notice.adopted', noticeParams: { slots, seats } },
      );
    },
  );
  return router;
}
