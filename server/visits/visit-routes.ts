/** Visits over HTTP: the visitor's own, what the student reads at the stand, and setting words aside. */
import { z } from 'zod';
import type { SchoolScope } from '../db/database.js';
import { Forbidden, NotFound } from '../errors.js';
import { findExhibition } from '../exhibitions/exhibition-records.js';
import { mayReadVisits } from '../exhibitions/slots/slot.js';
import { findSlot } from '../exhibitions/slots/slot-records.js';
import { pagerOf } from '../http/pager.js';
import { idParams, optionalText, pageQuery } from '../http/read-input.js';
import { done, page, routes, type PageAnswer, type FeatureRoutes, type AnyCall } from '../http/route.js';
import { isOwnSeat } from '../exhibitions/seats/seat.js';
import { listSeatsOfSlot } from '../exhibitions/seats/seat-records.js';
import { frozenNames } from '../people/frozen-names.js';
import { listNameCorrectionsShowing } from '../people/name-correction-records.js';
import { findPerson } from '../people/people-records.js';
import { checkNotSealed } from '../people/person.js';
import { findSchool } from '../school/school-records.js';
import { listSheetStates } from '../scores/score-sheet-records.js';
import { hideVisit, showVisit } from './hide-visit.js';
import { leaveVisit } from './leave-visit.js';
import { readLeft, visitBody } from './read-visit.js';
import { findStop } from './stand-stop-records.js';
import { isHeld, mayHideVisits, mayStopStands, takesVisits, type Visit } from './visit.js';
import { countHeldVisits, listShownVisitsOfSlot, listVisitsOfSlot } from './visit-records.js';
import {
  myVisitsPage,
  ownVisit,
  standTakesNow,
  visitPage,
  visitView,
  type VisitPorts,
} from './visit-pages.js';
import { myVisitsAnswer, standVisitsAnswer, standVisitView, visitAnswer } from './visit-view.js';

const planners = ['advisor', 'registrar', 'admin'] as const;
const everybody = ['student', 'guardian', 'panelist', 'guest', ...planners] as const;

/** @param needs what the results answer */
export function makeVisitRoutes(needs: VisitPorts): FeatureRoutes {
  const router = routes('visits');

  router.get(
    '/visits',
    { summary: 'Stands that I have visited', who: everybody, query: pageQuery, answer: myVisitsAnswer },
    (call) => myVisitsPage(needs, call, call.query),
  );

  router.get(
    '/visits/:id',
    {
      summary: 'My visit at a stand: the work, the prompts, and what I left',
      who: everybody,
      params: idParams,
      answer: visitAnswer,
    },
    (call) => visitPage(needs, call, call.params.id),
  );

  router.post(
    '/visits/:id',
    {
      summary:
        'Leave feedback (`feedback.0` …), a short score (`level.<row>`, `comment`) or both; the same {once} counts once. After the stand is over it goes to the office (`late`)',
      who: everybody,
      params: idParams,
      body: visitBody,
      answer: visitAnswer,
      again: (call) => visitPage(needs, call, call.params.id),
    },
    async (call) => {
      const any = call;
      const opened = await ownVisit(needs, any, call.params.id, true);
      const left = readLeft(call.body, opened.prompts, opened.rubric);
      const takesNow = (inside: SchoolScope, visit: Visit) => standTakesNow(needs, any, inside, visit);
      const visit = await leaveVisit(call.context, call.scope, opened.visit.id, takesNow, left);
      const student = await findPerson(call.scope, visit.studentId);
      const now = call.context.clock.now();
      const view = visitView({ ...opened, visit }, student?.displayName ?? '', now);
      return done(`/visits/${visit.id}`, view);
    },
  );

  router.get(
    '/slots/:id/visits',
    {
      summary: 'What visitors left at a stand, as it comes, newest first; never a score',
      who: ['student', 'guardian', ...planners],
      params: idParams,
      query: pageQuery,
      answer: standVisitsAnswer,
    },
    (call) => standPage(needs, call, call.params.id, call.query),
  );

  router.post(
    '/visits/:id/hide',
    {
      summary: 'Set a visit aside from what the student reads, with a reason; its words stay in the record',
      who: planners,
      params: idParams,
      body: z.object({ reason: optionalText(500) }),
      answer: z.object({ id: z.string(), hidden: z.boolean() }),
    },
    async (call) => {
      const { context, scope, actor, params, body } = call;
      const visit = await hideVisit(context, scope, actor, params.id, body.reason);
      const view = { id: visit.id, hidden: true };
      return done(`/slots/${visit.slotId}/visits`, view, { notice: 'visits.notice.hidden' });
    },
  );

  router.post(
    '/visits/:id/show',
    {
      summary: 'Let the student read a visit again',
      who: planners,
      params: idParams,
      answer: z.object({ id: z.string(), hidden: z.boolean() }),
    },
    async (call) => {
      const visit = await showVisit(call.context, call.scope, call.actor, call.params.id);
      const view = { id: visit.id, hidden: false };
      return done(`/slots/${visit.slotId}/visits`, view, {
        notice: isHeld(visit) ? 'visits.notice.shown-waiting' : 'visits.notice.shown',
      });
    },
  );
  return router;
}

/** @throws Forbidden also for somebody of the panel whose own sheet is not in: feedback carries opinions */
async function standPage(
  needs: VisitPorts,
  call: AnyCall,
  slotId: string,
  asked: { page: number; perPage: number },
): Promise<PageAnswer> {
  const { scope, actor, context, t } = call;
  const slot = await findSlot(scope, slotId);
  const exhibition = slot && (await findExhibition(scope, slot.exhibitionId));
  if (!slot || exhibition?.format !== 'gallery') throw new NotFound();
  const [student, seats, school, published] = await Promise.all([
    findPerson(scope, slot.studentId),
    listSeatsOfSlot(scope, slotId),
    findSchool(scope, scope.schoolId),
    needs.listPublishedSlotIds(scope, [slotId]),
  ]);
  checkNotSealed(student);
  if (!student || !mayReadVisits(actor, student)) throw new Forbidden();
  const states = await listSheetStates(
    scope,
    seats.map((seat) => seat.id),
  );
  const isOver = published.has(slotId) && exhibition.phase === 'closed';
  const owes = seats.some((seat) => isOwnSeat(actor, seat) && states.get(seat.id) !== 'submitted');
  if (!isOver && owes) throw new Forbidden('visits.problem.own-sheet-first');
  // Every advisor reads what was left, as they see the board; to set it aside is not every advisor's.
  const staff = mayStopStands(actor);
  const hides = mayHideVisits(actor, exhibition, student);
  const rolesOnly = !staff && (school?.policies.voices ?? 'by-role') === 'by-role';
  const waiting = await countHeldVisits(scope, slotId);
  const found = await (staff ? listVisitsOfSlot : listShownVisitsOfSlot)(
    scope,
    slotId,
    asked.page,
    asked.perPage,
  );
  const corrections = await listNameCorrectionsShowing(
    scope,
    found.items.map(({ id }) => id),
  );
  const roleName = (role: string) => t(`common.role.${role}`);
  const view = {
    ...found,
    items: found.items.map((visit) =>
      standVisitView(visit, { rolesOnly, staff, roleName, names: frozenNames(corrections, visit.id) }),
    ),
    exhibition: { id: exhibition.id, title: exhibition.title },
    stand: { slotId, room: slot.room, studentName: student.displayName },
    open: takesVisits(exhibition, slot, published.has(slotId), call.timeZone, context.clock.now()),
    waiting,
    stopped: (await findStop(scope, slot)) !== null,
  };
  const own = actor.personId === student.id;
  const title = own ? t('visits.stand.mine') : t('visits.stand.title', { name: student.displayName });
  if (call.wantsJson) return page('visits/stand', view, { title });
  return page(
    'visits/stand',
    {
      ...view,
      own,
      staff,
      hides,
      stops: staff && view.open,
      pager: pagerOf(found, `/slots/${slotId}/visits`),
    },
    {
      title,
      scripts: ['live'],
      crumbs: [
        { href: `/exhibitions/${exhibition.id}`, label: exhibition.title },
        { href: `/slots/${slotId}`, label: slot.room },
      ],
    },
  );
}
