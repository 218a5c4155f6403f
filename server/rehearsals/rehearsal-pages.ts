/** The pages of a rehearsal: the list, the form, how it went, the sheet. Each is also the JSON of its address. */
import { Forbidden, NotFound } from '../errors.js';
import { pagerOf } from '../http/pager.js';
import { page, type PageAnswer, type AnyCall } from '../http/route.js';
import { newId } from '../ids.js';
import { findStudent, listSealedStudentIds } from '../people/people-records.js';
import { isAdvisorOf, requirePermission } from '../people/person.js';
import { mayReadSnapshots } from '../portfolio/portfolio.js';
import { findWork } from '../scores/find-work.js';
import {
  mayReadComments,
  mayReadRehearsal,
  mayStart,
  presentsRehearsal,
  rehearsalMinutes,
  seatIn,
  type Rehearsal,
} from './rehearsal.js';
import { openRehearsal } from './open-rehearsal.js';
import { listRehearsalsForAdvisors, listRehearsalsOf } from './rehearsal-records.js';
import { headView, rehearsalView, rowsView, sheetStateOf } from './rehearsal-view.js';
import { listListenersEnds } from './rehearsal-showings.js';
import { eligibleListeners } from './start-rehearsal.js';

/** @throws NotFound for one of another school, Forbidden for somebody who has no part in it */
export async function readableRehearsal(call: AnyCall, id: string): Promise<Rehearsal> {
  const rehearsal = await openRehearsal(call.scope, id);
  if (!mayReadRehearsal(call.actor, rehearsal)) throw new Forbidden('rehearsals.problem.not-asked');
  return rehearsal;
}

const crumbsOf = (call: AnyCall) => [{ href: '/rehearsals', label: call.t('rehearsals.list.title') }];

export async function rehearsalListPage(
  call: AnyCall,
  asked: { page: number; perPage: number },
): Promise<PageAnswer> {
  const { scope, actor, t } = call;
  const sealed = await listSealedStudentIds(scope);
  const found = await listRehearsalsOf(scope, actor.personId, asked.page, asked.perPage, [...sealed]);
  const items = found.items.map((rehearsal) => {
    const mine = presentsRehearsal(actor, rehearsal);
    const own = seatIn(actor, rehearsal);
    return {
      id: rehearsal.id,
      title: rehearsal.title,
      studentName: rehearsal.studentName,
      mine,
      sheet: own ? sheetStateOf(own) : null,
      sheetsIn: mine ? rehearsal.seats.filter((seat) => seat.submittedAt).length : null,
      seats: rehearsal.seats.length,
      createdAt: rehearsal.createdAt.toISOString(),
    };
  });
  const title = t('rehearsals.list.title');
  if (call.wantsJson) return page('rehearsals/list', { ...found, items }, { title });
  const startHref = actor.roles.includes('student') ? `/students/${actor.personId}/rehearsals/new` : null;
  return page(
    'rehearsals/list',
    { ...found, items, startHref, pager: pagerOf(found, '/rehearsals') },
    { title },
  );
}

export async function newPage(call: AnyCall, studentId: string): Promise<PageAnswer> {
  const student = await findStudent(call.scope, studentId);
  if (!student) throw new NotFound();
  requirePermission(mayStart(call.actor, student));
  const { peers, advisors } = await eligibleListeners(call.scope, student);
  const own = call.actor.personId === student.id;
  return page(
    'rehearsals/new',
    {
      studentId,
      studentName: student.displayName,
      own,
      advisorsRead: true,
      minutes: rehearsalMinutes,
      anybody: peers.length + advisors.length > 0,
      advisors: advisors.map((person) => person.displayName).join(', '),
      peers: peers.map((person) => ({ value: person.id, label: person.displayName })),
      rubrics: call.context.rubrics.list().map((rubric) => ({ value: rubric.slug, label: rubric.title })),
    },
    { title: call.t('rehearsals.new.title'), crumbs: crumbsOf(call) },
  );
}

/** For the student's advisors: rehearsals whose comments they may read. */
export async function studentListPage(
  call: AnyCall,
  studentId: string,
  asked: { page: number; perPage: number },
): Promise<PageAnswer> {
  const { scope, actor, t } = call;
  const student = await findStudent(scope, studentId);
  if (!student) throw new NotFound();
  requirePermission(actor.seatIds === null && isAdvisorOf(actor, student));
  const found = await listRehearsalsForAdvisors(scope, studentId, asked.page, asked.perPage);
  const items = found.items.map((rehearsal) => ({
    id: rehearsal.id,
    title: rehearsal.title,
    studentName: rehearsal.studentName,
    mine: false,
    sheet: null,
    sheetsIn: rehearsal.seats.filter((seat) => seat.submittedAt).length,
    seats: rehearsal.seats.length,
    createdAt: rehearsal.createdAt.toISOString(),
  }));
  const title = t('rehearsals.list.of-student', { name: student.displayName });
  if (call.wantsJson) return page('rehearsals/list', { ...found, items }, { title });
  const path = `/students/${studentId}/rehearsals`;
  return page(
    'rehearsals/list',
    { ...found, items, forAdvisor: true, startHref: `${path}/new`, pager: pagerOf(found, path) },
    { title, crumbs: [{ href: `/students/${studentId}`, label: student.displayName }] },
  );
}

/** @returns whether this reader is an advisor of the student, who reads the comments alone */
async function readsCommentsOnly(call: AnyCall, rehearsal: Rehearsal): Promise<boolean> {
  if (mayReadRehearsal(call.actor, rehearsal)) return false;
  const student = await findStudent(call.scope, rehearsal.studentId);
  if (student && mayReadComments(call.actor, rehearsal, student)) return true;
  throw new Forbidden('rehearsals.problem.not-asked');
}

/** When a listener's time ended; null while it lasts, and for those who read the student's work anyway. */
async function endOfListening(call: AnyCall, rehearsal: Rehearsal): Promise<Date | null> {
  const { actor, scope, context } = call;
  if (seatIn(actor, rehearsal) === null) return null;
  const end = (await listListenersEnds(scope, [rehearsal])).get(rehearsal.id);
  if (!end || context.clock.now() <= end) return null;
  const student = await findStudent(scope, rehearsal.studentId);
  return student && mayReadSnapshots(actor, student) ? null : end;
}

export async function rehearsalPage(call: AnyCall, id: string): Promise<PageAnswer> {
  const rehearsal = await openRehearsal(call.scope, id);
  const commentsOnly = await readsCommentsOnly(call, rehearsal);
  const rubric = await call.context.rubrics.byHash(rehearsal.rubric.hash);
  const endedAt = commentsOnly ? null : await endOfListening(call, rehearsal);
  const view = rehearsalView(rehearsal, rubric, call.actor, { commentsOnly, endedAt });
  const title = call.t('rehearsals.one.title', { name: rehearsal.studentName });
  if (call.wantsJson) return page('rehearsals/rehearsal', view, { title });
  const own = seatIn(call.actor, rehearsal);
  return page(
    'rehearsals/rehearsal',
    {
      ...view,
      presents: presentsRehearsal(call.actor, rehearsal),
      ownSheet: own ? sheetStateOf(own) : null,
      in: rehearsal.seats.filter((seat) => seat.submittedAt).length,
    },
    {
      title,
      crumbs: commentsOnly
        ? [
            {
              href: `/students/${rehearsal.studentId}/rehearsals`,
              label: call.t('rehearsals.list.of-student', { name: rehearsal.studentName }),
            },
          ]
        : crumbsOf(call),
    },
  );
}

/** @throws Forbidden for who has no seat in it, the student included */
export async function sheetPage(call: AnyCall, id: string): Promise<PageAnswer> {
  const rehearsal = await openRehearsal(call.scope, id);
  const seat = seatIn(call.actor, rehearsal);
  if (!seat) throw new Forbidden('rehearsals.problem.not-asked');
  const rubric = await call.context.rubrics.byHash(rehearsal.rubric.hash);
  const endedAt = await endOfListening(call, rehearsal);
  const work = endedAt ? null : await findWork(call.scope, rehearsal);
  const view = {
    ...headView(rehearsal, rubric),
    state: sheetStateOf(seat),
    workEndedAt: endedAt?.toISOString() ?? null,
    savedAt: seat.savedAt?.toISOString() ?? null,
    criteria: rowsView(rubric, seat, work),
    overallComment: seat.overallComment,
  };
  const title = call.t('rehearsals.sheet.title', { name: rehearsal.studentName });
  if (call.wantsJson) return page('rehearsals/sheet', view, { title, layout: 'bare' });
  const open = view.state !== 'submitted';
  return page(
    'rehearsals/sheet',
    {
      ...view,
      open,
      seatId: seat.id,
      once: newId(),
      total: rubric.criteria.length,
      work,
    },
    { title, layout: 'bare', scripts: open ? ['visit'] : [] },
  );
}
