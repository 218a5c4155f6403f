/** The pages of this room: the list, the day, the form. Each is also the JSON of its address. */
import type { Actor } from '../access/actor.js';
import type { SchoolScope } from '../database.js';
import { Forbidden, NotFound } from '../errors.js';
import { page, type Call, type PageAnswer } from '../http/route.js';
import { listAllStudents } from '../people/people-records.js';
import { byId } from '../people/person.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { findSchool, findTerm, listTerms } from '../school/school-records.js';
import { barView, mayChangeBar } from './bar.js';
import { boardOf } from './board.js';
import { clockPhases } from './room-clock.js';
import { localMoment, timeText } from './day-and-time.js';
import {
  formats,
  isRunning,
  visitKinds,
  mayManageExhibitions,
  mayPlan,
  maySeeExhibition,
  type Exhibition,
} from './exhibition.js';
import { findExhibition } from './exhibition-records.js';
import { exhibitionView, moveViews } from './exhibition-view.js';
import { presentersOf, studentsOf } from './group.js';
import { findPresenters } from './name-presenters.js';
import { slotView, type SlotView } from './slot-face.js';
import { factsOfDay, type PanelDoor } from './panel-door.js';
import type { DayDoors } from './rules-door.js';
import { endOf, mayReadSlot, slotNow, type Slot } from './slot.js';
import { countSlotsOfExhibition, listSlotsOfExhibition } from './slot-records.js';

export type AnyCall = Call<unknown, unknown, unknown>;

/** @throws NotFound, or Forbidden for a draft that the actor does not plan */
export async function readableExhibition(scope: SchoolScope, actor: Actor, id: string): Promise<Exhibition> {
  const exhibition = await findExhibition(scope, id);
  if (!exhibition) throw new NotFound();
  if (!maySeeExhibition(actor, exhibition)) throw new Forbidden();
  return exhibition;
}

/** The title under which a rubric is known, also when its file is gone. */
export async function rubricTitle(
  rubrics: RubricLibrary,
  exhibition: Pick<Exhibition, 'rubric'>,
): Promise<string> {
  return (await rubrics.byHash(exhibition.rubric.hash)).title;
}

export async function viewOfExhibition(call: AnyCall, exhibition: Exhibition, slotCount?: number) {
  const [term, title, counted] = await Promise.all([
    findTerm(call.scope, exhibition.termId),
    rubricTitle(call.context.rubrics, exhibition),
    slotCount ?? countSlotsOfExhibition(call.scope, exhibition.id),
  ]);
  return exhibitionView(exhibition, { termName: term?.name ?? '', rubricTitle: title, slotCount: counted });
}

/** The slots of an exhibition that the actor may see, with their panels. */
export async function listVisibleSlots(call: AnyCall, panel: PanelDoor, exhibition: Exhibition) {
  const { scope, actor, context } = call;
  const slots = await listSlotsOfExhibition(scope, exhibition.id);
  const [students, seats] = await Promise.all([
    findPresenters(scope, slots),
    panel.listSeatFacts(
      scope,
      slots.map((slot) => slot.id),
    ),
  ]);
  const manages = mayManageExhibitions(actor);
  const grouped = groupBySlot(seats);
  const ofSlot = (id: string) => grouped.get(id) ?? [];
  const visible = slots.filter((slot) =>
    mayReadSlot(
      actor,
      {
        studentIds: studentsOf([slot]),
        guardianIds: studentsOf([slot]).flatMap((id) => students.get(id)?.guardianIds ?? []),
        panelistIds: ofSlot(slot.id).map((seat) => seat.personId),
      },
      exhibition.phase,
    ),
  );
  const now = context.clock.now();
  const gallery = exhibition.format === 'gallery';
  // Whoever plans sees how many came to each stand, a student to their own.
  const mayCount = (slot: Slot) => gallery && (manages || presentersOf(slot).includes(actor.personId));
  const counted = visible.filter(mayCount).map((slot) => slot.id);
  const visits = counted.length > 0 ? await panel.countVisits(scope, counted) : new Map<string, number>();
  const views = visible.map((slot) =>
    slotView(slot, exhibition.phase, students, ofSlot(slot.id), manages, now, {
      gallery,
      visits: mayCount(slot) ? (visits.get(slot.id) ?? 0) : null,
    }),
  );
  return { slots: visible, views, seats, manages };
}

function groupBySlot<T extends { slotId: string }>(list: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of list) groups.set(each.slotId, [...(groups.get(each.slotId) ?? []), each]);
  return groups;
}

/** The day: board, list by room, what may happen next, and the form for more slots. */
export async function dayPage(call: AnyCall, panel: DayDoors, id: string): Promise<PageAnswer> {
  const { scope, actor, context, timeZone, t } = call;
  const exhibition = await readableExhibition(scope, actor, id);
  const { slots, views, seats, manages } = await listVisibleSlots(call, panel, exhibition);
  const slotIds = slots.map((slot) => slot.id);
  const facts = await factsOfDay(panel, scope, exhibition, slotIds, seats);
  const broken =
    manages && mayPlan(exhibition)
      ? (await panel.listBrokenRules(scope, exhibition)).map(({ rule, slotIds, message, params }) => ({
          rule,
          slotIds,
          message: t(message, params),
        }))
      : null;
  const head = await viewOfExhibition(call, exhibition, slots.length);
  const { bar } = exhibition;
  const view = {
    ...head,
    bar: bar ? barView(await context.rubrics.byHash(exhibition.rubric.hash), bar) : null,
    slots: views,
    counts: manages ? facts : null,
    broken,
    moves: manages
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
      manages,
      mayChangeBar: manages && mayChangeBar(exhibition.phase),
      mayPlan: manages && mayPlan(exhibition),
      zone: timeZone,
      days: boardOf(views.map(marked(broken ?? [])).map(placed), timeZone, context.clock.now()),
      rules: (broken ?? []).map((each) => ruleLine(each, views)),
      forward: view.moves.filter((move) => !move.back),
      backward: view.moves.filter((move) => move.back),
      planner: manages && mayPlan(exhibition) ? await plannerView(call, exhibition, slots) : null,
      missing: exhibition.phase === 'scoring' ? missingSheets(views) : null,
      door: manages && isRunning(exhibition) ? doorView(call, slots, views) : null,
    },
    {
      title: exhibition.title,
      crumbs: [{ href: '/exhibitions', label: t('exhibition.list.title') }],
      scripts: manages && mayPlan(exhibition) ? ['live', 'board-moves'] : ['live'],
    },
  );
}

interface Told {
  rule: string;
  slotIds: string[];
  message: string;
}

/** Each slot with the number of rules that it breaks. */
const marked =
  (broken: readonly Told[]) =>
  (slot: SlotView): SlotView & { broken: number } => ({
    ...slot,
    broken: broken.filter(({ slotIds }) => slotIds.includes(slot.id)).length,
  });

const ruleLine = ({ slotIds, message }: Told, views: readonly SlotView[]) => ({
  message,
  slots: views.filter((slot) => slotIds.includes(slot.id)),
});

/** Presentations that are over, with those of the panel whose sheets are not in; only planners see whose. */
const missingSheets = (views: readonly SlotView[]) =>
  views
    .filter((slot) => slot.state === 'waiting')
    .map((slot) => ({
      slotId: slot.id,
      studentName: slot.studentName,
      room: slot.room,
      startsAt: slot.startsAt,
      people: slot.seats.filter((seat) => seat.sheet !== null && seat.sheet !== 'submitted'),
    }));

/** Somebody who comes late sits down where somebody presents now, else where somebody is next. */
function doorView(call: AnyCall, slots: readonly Slot[], views: readonly SlotView[]) {
  const now = call.context.clock.now();
  const names = byId(views);
  const open = slots.filter((slot) => endOf(slot) > now);
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

/** What the form for new slots offers: everybody who has none yet, the next free time, the rooms in use. */
async function plannerView(call: AnyCall, exhibition: Exhibition, slots: readonly Slot[]) {
  const taken = new Set(studentsOf(slots));
  const { scope, actor } = call;
  const students = (await listAllStudents(scope)).filter((student) => !taken.has(student.id));
  const isMine = (advisoryId: string | null) => advisoryId !== null && actor.advisoryIds.includes(advisoryId);
  const last = slots.at(-1);
  return {
    students: [...students]
      .sort((a, b) => Number(isMine(b.advisoryId)) - Number(isMine(a.advisoryId)))
      .map((student) => ({ value: student.id, label: student.displayName })),
    startsAt: localMoment(last ? endOf(last) : exhibition.startsAt, call.timeZone),
    room: last?.room ?? '',
    rooms: [...new Set(slots.map((slot) => slot.room))],
    minutes: exhibition.slotMinutes,
  };
}

/** @param id null for a new exhibition */
export async function formPage(call: AnyCall, id: string | null): Promise<PageAnswer> {
  const { scope, context, timeZone, t } = call;
  const exhibition = id ? await readableExhibition(scope, call.actor, id) : null;
  const [terms, school] = await Promise.all([listTerms(scope), findSchool(scope, scope.schoolId)]);
  const start =
    exhibition?.startsAt ?? new Date(Math.ceil(context.clock.now().getTime() / 3_600_000) * 3_600_000);
  return page(
    'exhibition/form',
    {
      action: exhibition ? `/exhibitions/${exhibition.id}` : '/exhibitions',
      back: exhibition ? `/exhibitions/${exhibition.id}` : '/exhibitions',
      isNew: !exhibition,
      exhibition: {
        title: exhibition?.title ?? '',
        termId: exhibition?.termId ?? school?.currentTermId ?? '',
        format: exhibition?.format ?? 'panel',
        rubric: exhibition?.rubric.slug ?? '',
        startsAt: localMoment(start, timeZone),
        place: exhibition?.place ?? '',
        slotMinutes: exhibition?.slotMinutes ?? 50,
        visitPrompts: exhibition?.visitPrompts?.join('\n') ?? '',
        visitorsLeave: exhibition?.visitorsLeave ?? 'feedback-and-score',
      },
      visitKinds: visitKinds.map((kind) => ({ value: kind, label: t(`exhibition.form.leave-${kind}`) })),
      clock: clockPhases.map((phase) => ({
        name: `clock${phase[0]!.toUpperCase()}${phase.slice(1)}`,
        label: t(`exhibition.form.clock-${phase}`),
        value: exhibition?.clockMinutes?.[phase] ?? '',
      })),
      terms: [...terms].reverse().map((term) => ({ value: term.id, label: term.name })),
      rubrics: context.rubrics.list().map((rubric) => ({ value: rubric.slug, label: rubric.title })),
      formats: formats.map((format) => ({
        value: format,
        label: t(`exhibition.format.${format}`),
        help: t(`exhibition.format.${format}-help`),
      })),
    },
    {
      title: exhibition
        ? t('exhibition.form.edit-title', { title: exhibition.title })
        : t('exhibition.form.new-title'),
      crumbs: [
        { href: '/exhibitions', label: t('exhibition.list.title') },
        ...(exhibition ? [{ href: `/exhibitions/${exhibition.id}`, label: exhibition.title }] : []),
      ],
    },
  );
}

/** Advisors and those who run the school see drafts, everybody else what has opened. */
export const visiblePhases = (actor: Actor) =>
  mayManageExhibitions(actor) ? undefined : (['open', 'scoring', 'closed'] as const);
