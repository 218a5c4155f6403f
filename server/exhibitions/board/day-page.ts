/**
 * The page of an exhibition: board, list by room, what may happen next, and the forms of those who plan. Also
 * the JSON of its address.
 */
import { runsSchool } from '../../access/actor.js';
import type { SchoolScope } from '../../db/database.js';
import { pagerOf } from '../../http/pager.js';
import { firstPage } from '../../http/read-input.js';
import { hasRole } from '../../access/actor.js';
import { page, type PageAnswer, type AnyCall } from '../../http/route.js';
import { listStudentNames } from '../../people/people-records.js';
import { byId } from '../../people/person.js';
import { barView, mayChangeBar } from '../bar/bar.js';
import { boardOf } from './board.js';
import { localMoment, timeText } from '../day-and-time.js';
import { isRunning, mayManageExhibitions, mayPlan, type Exhibition } from '../exhibition.js';
import { listVisibleSlots, readableExhibition, viewOfExhibition } from '../exhibition-pages.js';
import { moveViews } from '../exhibition-view.js';
import { studentsOf } from '../groups/group.js';
import { findMissingPortfolios } from '../portfolios/missing-portfolios.js';
import { viewReasons } from '../move-reasons.js';
import { findSeatConflicts, type SeatConflict } from '../seats/seat-conflicts.js';
import type { SlotView } from '../slots/slot-face.js';
import { endOf, slotNow, type Slot } from '../slots/slot.js';
import { countSlotsOfExhibition } from '../slots/slot-records.js';
import { isPlanner } from '../planners/planners.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import { type SeatFact, dayFacts, countSheets, countSheetsOfDay } from '../seats/seat-facts.js';

/** More presentations than a school holds on one day are shown page by page. */
const MAX_BOARD_SLOTS = 300;

/** @param number of the page, where there are more presentations than one board shows; 1 is the first */
export async function dayPage(
  call: AnyCall,
  ports: ExhibitionPorts,
  id: string,
  number = 1,
): Promise<PageAnswer> {
  const { scope, actor, context, timeZone, t } = call;
  const exhibition = await readableExhibition(scope, actor, id);
  const { slots, views, shown, seats, facts, manages } = await readDay(call, ports, exhibition, number);
  const planner = isPlanner(actor, exhibition);
  const plans = planner && mayPlan(exhibition);
  const [broken, head, bar, moveReasons, waitingSignUps] = await Promise.all([
    plans ? brokenOf(call, ports, exhibition, { slots, seats }) : null,
    viewOfExhibition(call, exhibition, shown.total),
    exhibition.bar ? context.rubrics.byHash(exhibition.rubric.hash) : null,
    planner ? viewReasons(call, exhibition.moveReasons) : null,
    plans && exhibition.format === 'panel' ? ports.countWaitingSignUps(scope, id) : null,
  ]);
  const { total, page: at, pages } = shown;
  const view = {
    ...head,
    bar: bar && exhibition.bar ? barView(bar, exhibition.bar) : null,
    slots: shown.items,
    pages: { page: at, pages, perPage: shown.perPage, total },
    counts: manages ? facts : null,
    broken,
    moveReasons,
    waitingSignUps,
    moves: planner
      ? moveViews(exhibition.phase, facts).map((move) => ({
          ...move,
          missing: move.missing ? t(move.missing) : null,
        }))
      : [],
  };
  if (call.wantsJson) return page('exhibition/day', view, { title: exhibition.title });
  return page(
    'exhibition/day',
    {
      ...view,
      manages: planner,
      readsResults: hasRole(actor, 'registrar', 'admin', 'advisor'),
      mayChangeBar: planner && mayChangeBar(exhibition.phase),
      mayPlan: plans,
      zone: timeZone,
      downloadsHref:
        runsSchool(actor) && exhibition.phase !== 'draft' ? `/exhibitions/${id}/downloads` : null,
      days: boardOf(shown.items.map(marked(broken ?? [])).map(placed), timeZone, context.clock.now()),
      pager: pagerOf({ ...shown, perPage: firstPage.perPage }, `/exhibitions/${id}`),
      rules: rulesOf(broken ?? [], views),
      forward: view.moves.filter((move) => !move.back),
      backward: view.moves.filter((move) => move.back),
      planner: plans ? await plannerView(call, exhibition, slots) : null,
      missing: exhibition.phase === 'scoring' ? missingSheets(views) : null,
      toCome: exhibition.phase === 'scoring' ? countToCome(slots, context.clock.now()) : 0,
      withoutPortfolio: planner ? await findMissingPortfolios(call.scope, exhibition) : null,
      door: planner && isRunning(exhibition) ? doorView(call, slots, views) : null,
    },
    {
      title: exhibition.title,
      crumbs: [{ href: '/exhibitions', label: t('exhibition.list.title') }],
      scripts: plans ? ['live', 'board-names', 'board-moves', 'students-search'] : ['live', 'board-names'],
    },
  );
}

/** Presentations that are not over, without those whose presenter did not come. */
const countToCome = (slots: readonly Slot[], now: Date): number =>
  slots.filter((slot) => !slot.absent && endOf(slot) > now).length;

/**
 * Of a past exhibition the page alone is read; of one that is planned or under way everything, because rules
 * and counts need it.
 */
async function readDay(call: AnyCall, ports: ExhibitionPorts, exhibition: Exhibition, number: number) {
  const past = exhibition.phase === 'closed' && mayManageExhibitions(call.actor);
  const [total, sheets] = past ? await countDay(call.scope, ports, exhibition.id) : [0, null];
  const skip = (number - 1) * MAX_BOARD_SLOTS;
  const read = await listVisibleSlots(
    call,
    ports,
    exhibition,
    past ? { skip, limit: MAX_BOARD_SLOTS } : undefined,
  );
  const count = past ? total : read.views.length;
  return {
    ...read,
    facts: dayFacts(exhibition, count, sheets ?? countSheets(read.seats, read.slots), read.visits),
    shown: {
      items: past ? read.views : read.views.slice(skip, skip + MAX_BOARD_SLOTS),
      page: number,
      pages: Math.max(1, Math.ceil(count / MAX_BOARD_SLOTS)),
      perPage: MAX_BOARD_SLOTS,
      total: count,
    },
  };
}

const countDay = (scope: SchoolScope, ports: ExhibitionPorts, exhibitionId: string) =>
  Promise.all([countSlotsOfExhibition(scope, exhibitionId), countSheetsOfDay(ports, scope, exhibitionId)]);

export interface BrokenOnBoard {
  rule: string;
  slotIds: string[];
  message: string;
}

/** The rules of the timetable that the slots break, in words. */
async function brokenOf(
  call: AnyCall,
  ports: ExhibitionPorts,
  exhibition: Exhibition,
  known: Parameters<ExhibitionPorts['listBrokenRules']>[2],
): Promise<BrokenOnBoard[]> {
  const [found, conflicts] = await Promise.all([
    ports.listBrokenRules(call.scope, exhibition, known),
    known ? findSeatConflicts(call.scope, known.slots, known.seats) : new Map<string, SeatConflict>(),
  ]);
  const told = found.map(({ rule, slotIds, message, params }) => ({
    rule,
    slotIds,
    message: call.t(message, params),
  }));
  // No rule of the timetable: nobody knows yet whom they mean.
  const unsettled = new Map<string, SeatFact[]>();
  for (const seat of known?.seats ?? [])
    if (conflicts.get(seat.id)?.state === 'unsettled')
      unsettled.set(seat.personId, [...(unsettled.get(seat.personId) ?? []), seat]);
  return [
    ...told,
    ...[...unsettled.values()].map((seats) => ({
      rule: 'unsettled-conflict',
      slotIds: seats.map(({ slotId }) => slotId),
      message: call.t('exhibition.board.unsettled-conflict', { name: seats[0]!.name }),
    })),
  ];
}

/** Each slot with the number of rules that it breaks. */
function marked(broken: readonly BrokenOnBoard[]): (slot: SlotView) => SlotView & { broken: number } {
  const counts = new Map<string, number>();
  for (const { slotIds } of broken) for (const id of slotIds) counts.set(id, (counts.get(id) ?? 0) + 1);
  return (slot) => ({ ...slot, broken: counts.get(slot.id) ?? 0 });
}

/** More slots of one rule than anybody reads are counted instead of named. */
const MAX_NAMED_SLOTS = 12;

/** Each broken rule with the presentations that it names. */
export function rulesOf(broken: readonly BrokenOnBoard[], views: readonly SlotView[]) {
  const known = byId(views);
  return broken.map(({ message, slotIds }) => ({
    message,
    slots: slotIds.slice(0, MAX_NAMED_SLOTS).flatMap((id) => known.get(id) ?? []),
    more: Math.max(0, slotIds.length - MAX_NAMED_SLOTS),
  }));
}

/** Presentations that are over, with those of the panel whose sheets are not in; only planners see whose. */
export const missingSheets = (views: readonly SlotView[]) =>
  views
    .filter((slot) => slot.state === 'waiting')
    .map((slot) => ({
      slotId: slot.id,
      studentName: slot.studentName,
      room: slot.room,
      startsAt: slot.startsAt,
      // A title alone says nothing of who presents.
      members: slot.group?.title
        ? slot.group.members.filter(({ absent }) => !absent).map(({ name }) => name)
        : [],
      people: slot.seats.filter(
        (seat) => seat.sheet !== null && seat.sheet !== 'submitted' && seat.uncounted === null,
      ),
    }));

/** Somebody who comes late sits down where somebody presents now, else where somebody is next. */
function doorView(call: AnyCall, slots: readonly Slot[], views: readonly SlotView[]) {
  const now = call.context.clock.now();
  const names = byId(views);
  const open = slots.filter((slot) => endOf(slot) > now && !slot.absent);
  if (open.length === 0) return null;
  const clock = (moment: Date) => timeText(moment, call.timeZone, call.locale);
  return {
    slotId: slotNow(open, now)?.id ?? '',
    slots: open.map((slot) => ({
      value: slot.id,
      label: `${slot.room} · ${clock(slot.startsAt)} · ${names.get(slot.id)?.studentName ?? ''}`,
    })),
    roles: ['guest', 'mentor', 'family'].map((role) => ({
      value: role,
      label: call.t(`common.role.${role}`),
    })),
  };
}

const placed = <T extends SlotView>(slot: T) => ({ ...slot, startsAt: new Date(slot.startsAt) });

/** So many are found with the eye. */
const MAX_STUDENTS_WITHOUT_SEARCH = 30;

/** What the form for new slots offers: everybody who has none yet, the next free time, the rooms in use. */
async function plannerView(call: AnyCall, exhibition: Exhibition, slots: readonly Slot[]) {
  const taken = new Set(studentsOf(slots));
  const { scope, actor } = call;
  const students = (await listStudentNames(scope)).filter((student) => !taken.has(student.id));
  const isMine = (advisoryId: string | null) => advisoryId !== null && actor.advisoryIds.includes(advisoryId);
  const last = slots.at(-1);
  return {
    students: [...students]
      .sort((a, b) => Number(isMine(b.advisoryId)) - Number(isMine(a.advisoryId)))
      .map((student) => ({ value: student.id, label: student.displayName })),
    searches: students.length > MAX_STUDENTS_WITHOUT_SEARCH,
    startsAt: localMoment(last ? endOf(last) : exhibition.startsAt, call.timeZone),
    room: last?.room ?? '',
    rooms: [...new Set(slots.map((slot) => slot.room))],
    minutes: exhibition.slotMinutes,
  };
}
