/** What the pages of exhibitions share, and the form. The day itself is in `day-page.ts`. */
import type { Actor } from '../access/actor.js';
import type { SchoolScope } from '../db/database.js';
import { Forbidden, NotFound } from '../errors.js';
import { page, type PageAnswer, type AnyCall } from '../http/route.js';
import { listPeopleOfGuardians } from '../people/family-records.js';
import type { Person } from '../people/person.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { findSchool, findTerm, listTerms } from '../school/school-records.js';
import { clockPhases } from './clock/room-clock.js';
import { localMoment, whichTimeOf } from './day-and-time.js';
import {
  formats,
  visitKinds,
  mayManageExhibitions,
  maySeeExhibition,
  type Exhibition,
} from './exhibition.js';
import { findExhibition } from './exhibition-records.js';
import { seenOfSettings } from './plan-exhibition.js';
import { exhibitionView } from './exhibition-view.js';
import { presentersOf, studentsOf, memberSlotsOf } from './groups/group.js';
import { findPresenters } from './slots/name-presenters.js';
import { findEndedPanels } from './portfolios/panel-access.js';
import { slotView } from './slots/slot-face.js';
import { mayReadSlot, type Slot, type SlotFacts } from './slots/slot.js';
import { countSlotsOfExhibition, listSlotsConcerning, listSlotsOfExhibition } from './slots/slot-records.js';
import type { ExhibitionPorts } from './exhibition-ports.js';
import { listSlotIdsOfPanelist } from './seats/seat-records.js';
import { type SeatFact, bySlot, listSeatFacts } from './seats/seat-facts.js';

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

/** What is read of an exhibition for one reader. */
interface Visible {
  /** The presentations that the reader may see, by time. */
  slots: Slot[];
  seats: SeatFact[];
  students: ReadonlyMap<string, Person>;
  manages: boolean;
}

/**
 * The presentations of an exhibition that the actor may see, with their panels; each record is read once, and
 * for a reader who does not plan only what concerns them.
 * @param part of those who plan: so many after so many; everybody else gets all of theirs
 */
async function readVisibleSlots(
  call: Pick<AnyCall, 'scope' | 'actor' | 'context'>,
  ports: ExhibitionPorts,
  exhibition: Exhibition,
  part?: { skip: number; limit: number },
): Promise<Visible> {
  const { scope, actor } = call;
  const manages = mayManageExhibitions(actor);
  const slots = manages
    ? await listSlotsOfExhibition(scope, exhibition.id, part)
    : await slotsConcerning(scope, exhibition.id, actor);
  const [students, seats, ended] = await Promise.all([
    findPresenters(scope, slots),
    listSeatFacts(
      ports,
      scope,
      slots.map((slot) => slot.id),
    ),
    manages ? new Map<string, Date>() : findEndedPanels(scope, slots, [exhibition], call.context.clock.now()),
  ]);
  const seatsOf = bySlot(seats);
  const readable = slots.filter((slot) =>
    mayReadSlot(
      actor,
      readerFactsOf(slot, students, ended.has(slot.id) ? [] : seatsOf(slot.id)),
      exhibition.phase,
    ),
  );
  return { slots: readable, seats, students, manages };
}

/**
 * Who has a part in a presentation: what the rule asks about. Whoever did not come still reads when and where it was.
 */
export const readerFactsOf = (
  slot: Slot,
  students: ReadonlyMap<string, Pick<Person, 'guardianIds'>>,
  seats: readonly Pick<SeatFact, 'personId' | 'ended'>[],
): SlotFacts => {
  const studentIds = studentsOf([slot]);
  return {
    studentIds,
    guardianIds: studentIds.flatMap((id) => students.get(id)?.guardianIds ?? []),
    panelistIds: seats.filter((seat) => !seat.ended).map((seat) => seat.personId),
  };
};

/** Their own, their children's, and where they sit on the panel. */
async function slotsConcerning(
  scope: SchoolScope,
  exhibitionId: string,
  { personId }: Actor,
): Promise<Slot[]> {
  const [children, slotIds] = await Promise.all([
    listPeopleOfGuardians(scope, [personId]),
    listSlotIdsOfPanelist(scope, exhibitionId, personId),
  ]);
  const studentIds = [personId, ...children.map(({ id }) => id)];
  return listSlotsConcerning(scope, exhibitionId, { slotIds, studentIds });
}

/** The same as they are shown, with how many came to each stand of a gallery. */
export async function listVisibleSlots(
  call: AnyCall,
  ports: ExhibitionPorts,
  exhibition: Exhibition,
  part?: { skip: number; limit: number },
) {
  const { scope, actor, context } = call;
  const read = await readVisibleSlots(call, ports, exhibition, part);
  const { slots, seats, students, manages } = read;
  const gallery = exhibition.format === 'gallery';
  // Whoever plans sees how many came to each stand, a student to their own.
  const mayCount = (slot: Slot) => gallery && (manages || presentersOf(slot).includes(actor.personId));
  const counted = slots.filter(mayCount).map((slot) => slot.id);
  const visits = counted.length > 0 ? await ports.countVisits(scope, counted) : new Map<string, number>();
  // Of others nobody is told more here than whether somebody presents now.
  const published =
    manages && (exhibition.phase === 'scoring' || exhibition.phase === 'closed')
      ? await ports.listPublished(scope, slots.flatMap(memberSlotsOf))
      : undefined;
  const now = context.clock.now();
  const seatsOf = bySlot(seats);
  const views = slots.map((slot) =>
    slotView(
      slot,
      exhibition.phase,
      students,
      seatsOf(slot.id),
      manages,
      now,
      {
        gallery,
        visits: mayCount(slot) ? (visits.get(slot.id) ?? 0) : null,
      },
      published,
    ),
  );
  return { ...read, views, visits };
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
      seen: exhibition ? seenOfSettings(exhibition) : null,
      exhibition: {
        title: exhibition?.title ?? '',
        termId: exhibition?.termId ?? school?.currentTermId ?? '',
        format: exhibition?.format ?? 'panel',
        rubric: exhibition?.rubric.slug ?? '',
        startsAt: localMoment(start, timeZone),
        whichTime: whichTimeOf(start, timeZone),
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
