/**
 * The pages of this room: a slot with its panel, a pass to hand out, my seats. Each is also the JSON of its address.
 */
import { listPeopleWithAccount } from '../../access/account-records.js';
import { runsSchool, type Actor } from '../../access/actor.js';
import { accessEnded } from '../../http/access-ended.js';
import { originOf } from '../../http/origin.js';
import type { TypedFields } from '../../forms/typed-fields.js';
import { page, type PageAnswer, type AnyCall } from '../../http/route.js';
import { Forbidden } from '../../errors.js';
import type { Exhibition } from '../exhibition.js';
import { isRunning, mayManageExhibitions, mayPlan } from '../exhibition.js';
import { findPanelEnd } from '../portfolios/panel-access.js';
import { getExhibition } from '../exhibition-records.js';
import { listPortfolioOffers, mayChoosePortfolio } from '../portfolios/late-portfolio.js';
import { viewReasons } from '../move-reasons.js';
import { findSeatConflicts } from './seat-conflicts.js';
import { slotView } from '../slots/slot-face.js';
import { swapChoices } from '../slots/swap-choices.js';
import { localMoment, whichTimeOf } from '../day-and-time.js';
import { seenOfRoom } from '../clock/room-times.js';
import { endOf, mayReadSlot, mayReadVisits, roomKey, type Slot } from '../slots/slot.js';
import { memberSlotsOf, presenterLine, presentersOf } from '../groups/group.js';
import { findPresenters } from '../slots/name-presenters.js';
import { getPresentation, listSlotsOfExhibition, listSlotsOfStudent } from '../slots/slot-records.js';
import { isSameName } from '../../people/name-key.js';
import { byId, checkNotSealed, isAdvisorOf, mayReadStudent } from '../../people/person.js';
import type { Person } from '../../people/person.js';
import { awaitsAdmission, lastAskedBy, mayAdmit, maySetAside } from '../counting/counted-seats.js';
import { groupPart, joiningView, ownMember } from '../groups/group-part.js';
import { madePassView, seatView } from './panel-view.js';
import { printedPage, withQr } from '../passes/printed-pass.js';
import { seatingView } from './seating-choices.js';
import { listShownPortfolios } from '../portfolios/shown-portfolios.js';
import { isOwnSeat, mayHandlePass, type Seat, type SheetState } from './seat.js';
import { listSeatsOfPersonAt, listSeatsOfSlot } from './seat-records.js';
import { listSetAsides } from '../counting/set-aside-records.js';
import type { SetSeat } from './set-seat.js';
import { mayActFor } from '../planners/planners.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import { listSeatFacts } from './seat-facts.js';

export interface SlotPageFacts {
  slot: Slot;
  exhibition: Exhibition;
  /** Everybody planned to present, by id; `students` those of them who do. */
  people: Map<string, Person>;
  students: Person[];
  seats: Seat[];
  /** The reader's own, as long as their access lasts. */
  mine: Seat | undefined;
}

/** @throws NotFound, or Forbidden for somebody who has no part in it */
export async function readableSlot(call: AnyCall, id: string): Promise<SlotPageFacts> {
  const { scope, actor } = call;
  const slot = await getPresentation(scope, id);
  const [exhibition, people, seats] = await Promise.all([
    getExhibition(scope, slot.exhibitionId),
    findPresenters(scope, [slot]),
    listSeatsOfSlot(scope, slot.id),
  ]);
  const own = seats.find((seat) => isOwnSeat(actor, seat));
  const endedAt = own ? await findPanelEnd(scope, slot, exhibition, call.context.clock.now()) : null;
  const students = presentersOf(slot).flatMap((each) => people.get(each) ?? []);
  // Of a group the others are still read.
  if (students.length > 0 && students.every(({ sealedAt }) => sealedAt)) checkNotSealed(students[0]!);
  const facts = {
    // Whoever did not come still reads when and where it was.
    studentIds: [...people.keys()],
    guardianIds: [...people.values()].flatMap((student) => student.guardianIds),
    panelistIds: endedAt ? [] : seats.filter((seat) => !seat.endedAt).map((seat) => seat.personId),
  };
  if (!mayReadSlot(actor, facts, exhibition.phase))
    throw endedAt ? accessEnded(call, endedAt) : new Forbidden();
  return { slot, exhibition, people, students, seats, mine: endedAt ? undefined : own };
}

/**
 * A slot: when and where, the panel, and for those who plan the forms to set it.
 * @param typed forms in which somebody may be chosen whom the page would not list
 */
export async function slotPage(
  call: AnyCall,
  needs: ExhibitionPorts,
  id: string,
  typed: readonly TypedFields[] = [],
): Promise<PageAnswer> {
  const { scope, actor, context, timeZone, t } = call;
  const facts = await readableSlot(call, id);
  const { slot, exhibition, people, students, seats, mine } = facts;
  const now = context.clock.now();
  const manages = mayManageExhibitions(actor);
  const [seatFacts, attempts, setAsides, isPublished, panelEndedAt, withAccount, late, conflicts] =
    await Promise.all([
      listSeatFacts(needs, scope, [slot.id]),
      slot.group ? [] : listSlotsOfStudent(scope, slot.studentId),
      listSetAsides(scope, slot.id),
      needs.isPublished(scope, memberSlotsOf(slot)),
      findPanelEnd(scope, slot, exhibition, now),
      listPeopleWithAccount(
        scope,
        seats.map((seat) => seat.personId),
      ),
      needs.listWaitingLate(
        scope,
        seats.map(({ id }) => id),
      ),
      manages ? findSeatConflicts(scope, [slot], seats) : null,
    ]);
  const sheets = byId(seatFacts);
  const acts = mayActFor(actor, exhibition, students);
  // Of all their panels: admitted is the person, and another phone may have come in as them at another one.
  const waiting = (
    await Promise.all(
      seats.filter(awaitsAdmission).map((seat) => listSeatsOfPersonAt(scope, exhibition.id, seat.personId)),
    )
  ).flat();
  const gallery = exhibition.format === 'gallery';
  const head = slotView(slot, exhibition.phase, people, seatFacts, manages, now, {
    gallery,
    visits:
      gallery && (manages || presentersOf(slot).includes(actor.personId))
        ? ((await needs.countVisits(scope, [slot.id])).get(slot.id) ?? 0)
        : null,
  });
  const { slug, hash } = exhibition.rubric;
  const { title: rubricTitle } = await context.rubrics.byHash(hash);
  const rubric = { title: rubricTitle, href: `/rubrics/${slug}?hash=${hash}` };
  const setsAside = !isPublished && maySetAside(actor, { seats, panelEndedAt });
  const owes = seats.some((seat) => isOwnSeat(actor, seat) && sheets.get(seat.id)?.sheet !== 'submitted');
  const begun = seatFacts.some(({ sheet }) => sheet !== 'not-started');
  const view = {
    ...head,
    rubric,
    portfolios: await listShownPortfolios(scope, actor, facts, begun),
    exhibition: {
      id: exhibition.id,
      title: exhibition.title,
      phase: exhibition.phase,
      place: exhibition.place,
    },
    seats: seats.map((seat) => {
      const isOwn = isOwnSeat(actor, seat);
      const sheet = sheets.get(seat.id)?.sheet ?? 'not-started';
      const reader = {
        planner: manages,
        onPanel: mine !== undefined,
        // Nobody lets their own sheet count, or says whose counts while they still owe one here.
        mayAdmit: !isPublished && !isOwn && mayAdmit(actor, { seats, panelEndedAt }, exhibition),
        maySetAside: setsAside && (isOwn ? !seat.setAsideAt : !owes || sheet === 'not-started'),
        handlesPass: !withAccount.has(seat.personId) && mayHandlePass(actor, { students, exhibition, seat }),
      };
      const tells = manages || seat === mine || setsAside;
      const sharesName = seats.some((one) => one !== seat && isSameName(one.name, seat.name));
      const asked = reader.mayAdmit ? lastAskedBy(seat.personId, waiting) : null;
      return seatView(seat, tells ? sheet : null, reader, now, {
        ...{ setAsides, sharesName, asked },
        lateAt: late.get(seat.id) ?? null,
        conflict: conflicts?.get(seat.id) ?? null,
      });
    }),
    resultHref: `/slots/${ownMember(actor, facts)}/result`,
    roomSeen: mine?.chair || acts ? await roomSeenAt(call, slot) : null,
    moveReasons: acts ? await viewReasons(call, slot.moveReasons) : null,
  };
  const title = t('panel.slot.title', { name: view.studentName });
  if (call.wantsJson) return page('panel/slot', view, { title });
  const plans = acts && mayPlan(exhibition);
  const tries = attempts.filter((each) => each.exhibitionId === exhibition.id);
  return page(
    'panel/slot',
    {
      ...view,
      manages: acts,
      ...(await offersPart(facts, call, { isPublished, panelEndedAt })),
      marksAbsent: acts && !gallery && !slot.group && !isPublished && exhibition.phase !== 'draft',
      plans,
      settlesConflicts: runsSchool(actor),
      scored: exhibition.phase === 'scoring' || exhibition.phase === 'closed',
      showsResult: await offersResult(call, needs, facts, seatFacts),
      lateHref:
        mine?.chair && isRunning(exhibition) && endOf(slot) > now
          ? `/exhibitions/${exhibition.id}/rooms/${encodeURIComponent(slot.room)}/late`
          : null,
      sheetHref: mine ? `/seats/${mine.id}/sheet` : null,
      visitsHref:
        gallery && students.some((student) => mayReadVisits(actor, student))
          ? `/slots/${slot.id}/visits`
          : null,
      standsHref: gallery && plans ? `/exhibitions/${exhibition.id}/stands` : null,
      hasClock: isRunning(exhibition) && !gallery,
      standsInGallery: gallery,
      ...ownPage(actor, facts),
      startsAtLocal: localMoment(slot.startsAt, timeZone),
      whichTime: whichTimeOf(slot.startsAt, timeZone),
      otherAttempts: tries
        .filter((each) => each.id !== slot.id)
        .map((each) => ({ id: each.id, attempt: each.attempt, startsAt: each.startsAt })),
      nextAttempt: Math.max(slot.attempt, ...tries.map((each) => each.attempt)) + 1,
      seating: plans ? await seatingView(call, facts, typed) : null,
      swaps: plans ? await swapChoices(call, needs, slot) : [],
      groupPart: groupPart(call, facts, seatFacts),
      joining:
        plans && seatFacts.every(({ sheet }) => sheet === 'not-started')
          ? await joiningView(call, facts, typed)
          : null,
    },
    {
      title,
      scripts: ['live', ...(plans ? ['people-choice'] : [])],
      ...(plans ? { alsoFor: (forms) => slotPage(call, needs, id, forms) } : {}),
      crumbs: [
        { href: '/exhibitions', label: t('exhibition.list.title') },
        { href: `/exhibitions/${exhibition.id}`, label: exhibition.title },
      ],
    },
  );
}

/** What whoever says that the room runs late has seen of it. */
async function roomSeenAt({ scope, context, timeZone }: AnyCall, slot: Slot): Promise<string | null> {
  const inRoom = (await listSlotsOfExhibition(scope, slot.exhibitionId)).filter(
    (each) => roomKey(each.room) === roomKey(slot.room),
  );
  return seenOfRoom(inRoom, context.clock.now(), timeZone);
}

/** Versions of the portfolio that came after scoring had begun: panel and planners are told, the chair decides. */
async function offersPart(
  { slot, exhibition, people, seats, mine }: SlotPageFacts,
  { scope, actor }: AnyCall,
  { isPublished, panelEndedAt }: { isPublished: boolean; panelEndedAt: Date | null },
) {
  const mayChoose = mayChoosePortfolio(actor, exhibition, seats, panelEndedAt);
  if (!mayChoose && !mine) return {};
  const offers = await listPortfolioOffers(scope, slot, { exhibition, isPublished });
  const shown = offers.map((offer) => ({
    ...offer,
    name: people.get(offer.studentId)?.displayName ?? '',
  }));
  return { offers: shown, mayChoose };
}

/** The page of whoever presents alone, for those who may read it; members of a group are linked one by one. */
function ownPage(actor: Actor, { slot, students }: SlotPageFacts) {
  const student = slot.group ? undefined : students[0];
  return {
    studentHref: student && mayReadStudent(actor, student) ? `/students/${student.id}` : null,
    own: student?.id === actor.personId,
  };
}

/**
 * The result is offered to whoever finds something there: from the first sheet to panel and staff, to the
 * others when published.
 */
async function offersResult(
  { scope, actor }: AnyCall,
  needs: ExhibitionPorts,
  facts: SlotPageFacts,
  sheets: readonly { sheet: SheetState }[],
): Promise<boolean> {
  const { students, mine: seat } = facts;
  const reads =
    seat !== undefined || runsSchool(actor) || students.some((student) => isAdvisorOf(actor, student));
  if (reads) return sheets.some(({ sheet }) => sheet === 'submitted');
  const mine = students.some((student) => mayReadStudent(actor, student));
  return mine && (await needs.isPublished(scope, [ownMember(actor, facts)]));
}

/** The pass to hand out. */
export async function madePassPage(call: AnyCall, { seat, faces }: SetSeat): Promise<PageAnswer> {
  const { slot, exhibition, people } = await readableSlot(call, seat.slotId);
  return printedPage(
    call,
    'panel/made-pass',
    {
      ...(await withQr(madePassView(seat, faces, originOf(call)))),
      role: seat.role,
      slotId: seat.slotId,
      studentName: presenterLine(slot, people),
      startsAt: slot.startsAt,
      room: slot.room,
      exhibitionTitle: exhibition.title,
      place: exhibition.place,
    },
    call.t('panel.made-pass.title', { name: seat.name }),
  );
}
