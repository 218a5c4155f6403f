/** What templates and JSON may see of a timetable's settings and of a proposal. */
import { z } from 'zod';
import { listText } from '../rendering/show-lists.js';
import { connectedness } from './connectedness.js';
import { familiesAway, loadsOf, pools, weights, wishesOpen, type Cost } from './cost.js';
import { seenOfSchedule } from './keep-schedule.js';
import { presenceRules, type SchedulingProblem } from './problem.js';
import { additionsOf, proposalStates, type TimetableProposal } from './proposal.js';
import {
  listeningKinds,
  listeningOf,
  usedChoices,
  presentingKinds,
  togetherOf,
  type Schedule,
} from './schedule.js';
import type { MessageParams } from '../errors.js';

const presence = z.enum(presenceRules);
export const settingsAnswer = z.object({
  rooms: z.array(z.object({ name: z.string(), stepFree: z.boolean() })),
  days: z.array(z.string()),
  slotMinutes: z.number(),
  breakMinutes: z.number(),
  panel: z.object({
    ...{ advisor: presence, family: presence, mentor: presence },
    ...{ teachers: z.number(), peers: z.number(), guests: z.number() },
  }),
  presenting: z.object({
    kind: z.enum(presentingKinds),
    advisoryIds: z.array(z.string()),
    studentIds: z.array(z.string()),
  }),
  listening: z.enum(listeningKinds),
  panelistIds: z.array(z.string()),
  maxPanels: z.number().nullable(),
  together: z.array(z.array(z.string())).describe('Students who should present one right after another.'),
  siblingsTogether: z.boolean(),
  seen: z.string().describe('Send it when changing the settings.'),
});

export const settingsView = (schedule: Schedule): z.output<typeof settingsAnswer> => ({
  rooms: schedule.rooms,
  days: schedule.days,
  slotMinutes: schedule.slotMinutes,
  breakMinutes: schedule.breakMinutes,
  panel: schedule.panel,
  ...usedChoices(schedule),
  listening: listeningOf(schedule),
  maxPanels: schedule.maxPanels ?? null,
  together: togetherOf({ ...schedule, siblingsTogether: false }, []),
  siblingsTogether: schedule.siblingsTogether ?? false,
  seen: seenOfSchedule(schedule),
});

export const proposalLine = z.object({
  id: z.string(),
  href: z.string(),
  state: z.enum(proposalStates),
  slots: z.number(),
  cost: z.number().nullable(),
  createdAt: z.string(),
});

export const proposalLineView = (proposal: TimetableProposal): z.output<typeof proposalLine> => ({
  id: proposal.id,
  href: `/exhibitions/${proposal.exhibitionId}/schedule/proposals/${proposal.id}`,
  state: proposal.state,
  slots: proposal.slots.length,
  cost: proposal.cost?.total ?? null,
  createdAt: proposal.createdAt.toISOString(),
});

export const schedulePageAnswer = z.object({
  exhibitionId: z.string(),
  schedule: settingsAnswer.nullable(),
  proposals: z.array(proposalLine),
});

const said = z.object({ personIds: z.array(z.string()), slotIds: z.array(z.string()), words: z.string() });
export const proposalAnswer = z.object({
  id: z.string(),
  exhibitionId: z.string(),
  state: z.enum(proposalStates),
  proven: z.boolean(),
  seconds: z.number(),
  createdAt: z.string(),
  adoptedAt: z.string().nullable(),
  cost: z
    .object({
      ...{ total: z.number(), roomChanges: z.number(), loadExcess: z.number() },
      ...{ familyAway: z.number(), extraGroups: z.number() },
      ...{ idle: z.number().optional(), apart: z.number().optional(), missedWishes: z.number().optional() },
    })
    .nullable(),
  /** No timetable that keeps the rules costs less. */
  bound: z.number().nullable(),
  gap: z.number().nullable(),
  reasons: z.array(said),
  broken: z.array(said),
  adds: z.object({ slots: z.number(), seats: z.number() }),
  connected: z.boolean(),
  rooms: z.array(
    z.object({
      room: z.string(),
      slots: z.array(
        z.object({
          ...{ studentId: z.string(), studentName: z.string(), startsAt: z.string(), endsAt: z.string() },
          isNew: z.boolean(),
          seats: z.array(z.object({ personId: z.string(), name: z.string(), role: z.string() })),
        }),
      ),
    }),
  ),
});

type T = (key: string, params?: MessageParams) => string;

/** @param nameOf people as they are called today */
export function proposalView(
  proposal: TimetableProposal,
  problem: SchedulingProblem,
  nameOf: (id: string) => string,
  t: T,
): z.output<typeof proposalAnswer> {
  const additions = additionsOf(proposal, problem.standing);
  const rooms = new Map<string, TimetableProposal['slots']>();
  for (const slot of proposal.slots) rooms.set(slot.room, [...(rooms.get(slot.room) ?? []), slot]);
  const { cost, bound } = proposal;
  return {
    id: proposal.id,
    exhibitionId: proposal.exhibitionId,
    state: proposal.state,
    proven: proposal.proven,
    seconds: Math.round(proposal.seconds * 10) / 10,
    createdAt: proposal.createdAt.toISOString(),
    adoptedAt: proposal.adoptedAt?.toISOString() ?? null,
    cost,
    bound,
    gap: cost && bound !== null ? cost.total - bound : null,
    reasons: proposal.reasons.map((each) => ({
      personIds: each.personIds,
      slotIds: [],
      words: t(each.message, withPool(each.params, t)),
    })),
    broken: proposal.broken.map((each) => ({
      personIds: each.personId ? [each.personId] : [],
      slotIds: each.slotIds,
      words: t(each.message, each.params),
    })),
    adds: {
      slots: additions.filter((each) => !each.standing).length,
      seats: additions.reduce((sum, each) => sum + each.seats.length, 0),
    },
    connected: connectedness(proposal).connected,
    rooms: [...rooms]
      .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
      .map(([room, slots]) => ({
        room,
        slots: slots.map((slot) => ({
          studentId: slot.studentId,
          studentName: nameOf(slot.studentId),
          startsAt: new Date(slot.startsAt).toISOString(),
          endsAt: new Date(slot.startsAt + slot.minutes * 60_000).toISOString(),
          isNew: slot.id.startsWith('new '),
          seats: slot.seats.map((seat) => ({ ...seat, name: nameOf(seat.personId) })),
        })),
      })),
  };
}

const withPool = (params: MessageParams, t: T) =>
  typeof params['pool'] === 'string' ? { ...params, pool: t(`schedule.pool.${params['pool']}`) } : params;

/** What the plan costs, in sentences; the proven bound is told as what it is. */
export function costWords(
  proposal: TimetableProposal,
  problem: SchedulingProblem,
  nameOf: (id: string) => string,
  { t, locale }: { t: T; locale: string },
): { kind: 'ok' | 'warn'; words: string }[] {
  const { cost } = proposal;
  if (!cost) return [];
  const links = connectedness(proposal);
  const namesOf = (ids: readonly string[]) => listed([...new Set(ids)].map(nameOf), MAX_NAMED, { t, locale });
  const raters = links.groups.reduce((sum, group) => sum + group.personIds.length, 0);
  return [
    { kind: 'ok', words: t('schedule.cost.room-changes', { count: cost.roomChanges }) },
    ...loadWords(proposal, problem, t),
    { kind: 'ok', words: t('schedule.cost.idle', { count: cost.idle ?? 0 }) },
    ...wishWords(cost, problem, t),
    ...wishesOpen(problem, proposal)
      .slice(0, MAX_WISHES_NAMED)
      .map(({ studentId, ids }) => ({
        kind: 'warn' as const,
        words: t('schedule.cost.missed-wish', {
          student: nameOf(studentId),
          names: namesOf(ids),
        }),
      })),
    {
      kind: cost.familyAway === 0 ? 'ok' : 'warn',
      words:
        cost.familyAway === 0
          ? t('schedule.cost.family-all')
          : t('schedule.cost.family-away', {
              count: cost.familyAway,
              names: namesOf(familiesAway(problem, proposal)),
            }),
    },
    links.connected
      ? { kind: 'ok', words: t('schedule.cost.connected', { count: raters, links: links.links.length }) }
      : { kind: 'warn', words: t('schedule.cost.apart', { count: links.groups.length }) },
    ...(links.connected ? [] : links.groups.slice(0, 6)).map(({ personIds, rooms }) => ({
      kind: 'warn' as const,
      words: t('schedule.cost.group', {
        rooms: listed(rooms, 4, { t, locale }),
        names: namesOf(personIds),
        count: personIds.length,
      }),
    })),
    { kind: 'ok', words: boundWords(cost, proposal, t) },
  ];
}

/** More of them nobody reads one by one; their number is told. */
const MAX_WISHES_NAMED = 12;

/** What was wished for and is not there; nothing is said of what nobody wished. */
function wishWords({ apart = 0, missedWishes = 0 }: Cost, { panel, together = [] }: SchedulingProblem, t: T) {
  const wishes = [panel.advisor, panel.family, panel.mentor].includes('wish');
  const told = (key: string, count: number) => ({
    kind: count === 0 ? ('ok' as const) : ('warn' as const),
    words: t(`schedule.cost.${key}`, { count }),
  });
  return [
    ...(wishes ? [told('missed-wishes', missedWishes)] : []),
    ...(together.length > 0 ? [told('not-in-a-row', apart)] : []),
  ];
}

/** People named in one sentence; of more, their number is told. */
const MAX_NAMED = 6;

/** The first of them by name, and how many more there are. */
const listed = (items: readonly string[], most: number, { t, locale }: { t: T; locale: string }): string => {
  const more = items.length - most;
  return listText(
    more > 0 ? [...items.slice(0, most), t('schedule.cost.more', { count: more })] : items,
    locale,
  );
};

/** The bound counts weights; what people can picture is a change of rooms. */
function boundWords(cost: Cost, { bound, proven }: TimetableProposal, t: T): string {
  if (proven) return t('schedule.cost.proven');
  const gap = cost.total - (bound ?? 0);
  return t('schedule.cost.gap', { count: Math.ceil(gap / weights.roomChange) });
}

function loadWords(proposal: TimetableProposal, problem: SchedulingProblem, t: T) {
  const loads = loadsOf(proposal);
  return pools.flatMap((pool) => {
    const own = problem.people.filter((each) => each.pool === pool).map((each) => loads.get(each.id) ?? 0);
    const most = Math.max(0, ...own);
    if (most === 0 || pool === 'peer') return [];
    const least = Math.min(...own);
    const params = { pool: t(`schedule.pool.${pool}`), least, most, count: own.length };
    return [{ kind: 'ok' as const, words: t('schedule.cost.load', params) }];
  });
}
