/**
 * The visitor's pages: the stand with its work and the short form, and where I have been. Each is also the
 * JSON of its address.
 */
import type { z } from 'zod';
import { findExhibition, listExhibitionsByIds } from '../exhibitions/exhibition-records.js';
import type { SchoolScope } from '../db/database.js';
import type { Exhibition } from '../exhibitions/exhibition.js';
import { findPanelEnd } from '../exhibitions/portfolios/panel-access.js';
import { findSlot, listSlotsByIds } from '../exhibitions/slots/slot-records.js';
import type { Slot } from '../exhibitions/slots/slot.js';
import { Forbidden, NotFound } from '../errors.js';
import { accessEnded } from '../http/access-ended.js';
import { pagerOf } from '../http/pager.js';
import { page, type PageAnswer, type AnyCall } from '../http/route.js';
import { newId } from '../ids.js';
import { listPeopleByIds, findPerson } from '../people/people-records.js';
import { byId } from '../people/person.js';
import type { Rubric } from '../rubrics/rubric.js';
import { findWork } from '../scores/find-work.js';
import { NOT_OBSERVED_CHOICE } from '../scores/score-fields.js';
import { findStop } from './stand-stop-records.js';
import { suggestStands, type SuggestedStand } from './suggest-stands.js';
import { findSchool } from '../school/school-records.js';
import { holdRuleOf } from '../school/school.js';
import {
  holdsWordsOf,
  isHeld,
  isOwnVisit,
  mayLeave,
  takesLateVisits,
  takesVisits,
  type StandTakes,
  type Visit,
} from './visit.js';
import { getVisit, listVisitsByIds, listVisitsOfPerson } from './visit-records.js';
import { visitTimes, type visitAnswer } from './visit-view.js';

/** What visits must ask of results, which come later. */
export interface VisitPorts {
  listPublishedSlotIds(scope: AnyCall['scope'], slotIds: readonly string[]): Promise<ReadonlySet<string>>;
}

export interface OpenedVisit {
  visit: Visit;
  slot: Slot;
  exhibition: Exhibition;
  prompts: string[];
  /** Null where visitors are asked for feedback alone. */
  rubric: Rubric | null;
  open: boolean;
  /** What arrives now goes to the office. */
  takesLate: boolean;
  /** Takes nothing for the moment. */
  stopped: boolean;
  /** New words wait for review. */
  holds: boolean;
  /** When access to the work ended, which is then left out. */
  workEndedAt: Date | null;
}

/** The school's own wording, else the usual one. */
const promptsOf = (call: AnyCall, exhibition: Pick<Exhibition, 'visitPrompts'>): string[] =>
  exhibition.visitPrompts?.length
    ? exhibition.visitPrompts
    : ['visits.prompt.stayed', 'visits.prompt.question', 'visits.prompt.step'].map((key) => call.t(key));

/**
 * @param isLeaving what was written before access to the work ended is still taken, for the office; whoever
 *   sent it reads what becomes of it
 * @throws NotFound for a visit of another school, Forbidden for somebody else's
 */
export async function ownVisit(
  needs: VisitPorts,
  call: AnyCall,
  id: string,
  isLeaving = false,
): Promise<OpenedVisit> {
  const visit = await getVisit(call.scope, id);
  if (!isOwnVisit(call.actor, visit)) throw new Forbidden('visits.problem.not-yours');
  const [slot, exhibition, published, school] = await Promise.all([
    findSlot(call.scope, visit.slotId),
    findExhibition(call.scope, visit.exhibitionId),
    needs.listPublishedSlotIds(call.scope, [visit.slotId]),
    findSchool(call.scope, call.scope.schoolId),
  ]);
  if (!slot || !exhibition) throw new NotFound();
  const now = call.context.clock.now();
  const [stop, panelEndedAt, student] = await Promise.all([
    findStop(call.scope, slot),
    findPanelEnd(call.scope, slot, exhibition, now),
    findPerson(call.scope, slot.studentId),
  ]);
  const workEndedAt = student?.sealedAt ?? panelEndedAt;
  // Nothing more is said about somebody who is erased.
  const asked = [exhibition, slot, published.has(slot.id), call.timeZone, now] as const;
  const mayTake = !slot.presenterErasedAt;
  const takesLate = mayTake && takesLateVisits(...asked);
  const isHandedIn = !student?.sealedAt && (Boolean(visit.late) || (isLeaving && takesLate));
  // What somebody with an account left there themself stays readable to them.
  if (workEndedAt && !isHandedIn && (call.actor.seatIds !== null || visit.leftAt === null))
    throw accessEnded(call, workEndedAt);
  const stopped = stop !== null || Boolean(slot.absent);
  const scores = exhibition.visitorsLeave !== 'feedback';
  return {
    visit,
    slot,
    exhibition,
    prompts: promptsOf(call, exhibition),
    rubric: scores ? await call.context.rubrics.byHash(visit.rubric.hash) : null,
    open: mayTake && takesVisits(...asked),
    takesLate,
    stopped,
    workEndedAt,
    holds: holdsWordsOf(holdRuleOf(school), visit),
  };
}

/** Whether the stand of this visit takes anything at this moment. */
export async function standTakesNow(
  needs: VisitPorts,
  { context, timeZone }: Pick<AnyCall, 'context' | 'timeZone'>,
  scope: SchoolScope,
  { slotId, exhibitionId }: Pick<Visit, 'slotId' | 'exhibitionId'>,
): Promise<StandTakes> {
  const [slot, exhibition, published] = [
    await findSlot(scope, slotId),
    await findExhibition(scope, exhibitionId),
    await needs.listPublishedSlotIds(scope, [slotId]),
  ];
  if (!slot || !exhibition || slot.presenterErasedAt) return 'over';
  const asked = [exhibition, slot, published.has(slotId), timeZone, context.clock.now()] as const;
  if (!takesVisits(...asked)) return takesLateVisits(...asked) ? 'late' : 'over';
  return slot.absent || (await findStop(scope, slot)) ? 'stopped' : 'visits';
}

/** Whoever left it in the usual way after all reads nothing of it. */
function lateView(late: Visit['late']): z.output<typeof visitAnswer>['late'] {
  if (!late || late.state === 'replaced') return null;
  return { state: late.state, arrivedAt: late.at.toISOString() };
}

export function visitView(opened: OpenedVisit, studentName: string, now: Date) {
  const { visit, slot, exhibition, prompts, rubric, open, stopped, holds } = opened;
  return {
    id: visit.id,
    slotId: slot.id,
    name: visit.name,
    role: visit.role,
    exhibition: { id: exhibition.id, title: exhibition.title },
    stand: { room: slot.room, studentName },
    held: visit.leftAt === null ? holds : isHeld(visit),
    open,
    stopped: open && stopped,
    late: lateView(visit.late),
    prompts,
    workEndedAt: opened.workEndedAt?.toISOString() ?? null,
    feedback: visit.feedback,
    criteria: (rubric?.criteria ?? []).map((row) => ({
      id: row.id,
      name: row.name,
      levels: rubric!.levels.map((level) => ({ id: level.id, name: level.name })),
      levelId: visit.score.marks[row.id]?.levelId ?? null,
      notObserved: visit.score.marks[row.id]?.notObserved ?? false,
    })),
    comment: visit.score.comment,
    ...visitTimes(visit, now),
  };
}

export async function visitPage(needs: VisitPorts, call: AnyCall, id: string): Promise<PageAnswer> {
  const opened = await ownVisit(needs, call, id);
  const { visit, slot, open, takesLate, prompts } = opened;
  const mayWrite = open || takesLate;
  const now = call.context.clock.now();
  const student = await findPerson(call.scope, slot.studentId);
  const view = visitView(opened, student?.displayName ?? '', now);
  const title = call.t('visits.visit.title', { name: view.stand.studentName });
  if (call.wantsJson) return page('visits/visit', view, { title, layout: 'bare' });
  const work = opened.workEndedAt ? null : await findWork(call.scope, slot);
  const next = visit.leftAt === null ? [] : await suggestAt(needs, call, opened.exhibition);
  const pieces = (work?.pieces ?? []).filter((piece) => !piece.isEarlier);
  const pictures = pieces.filter((piece) => piece.picture).slice(0, 3);
  return page(
    'visits/visit',
    {
      ...view,
      next,
      work,
      pictures,
      pieces: pieces.length,
      once: newId(),
      takesLate,
      // Beside a form in which it may be changed it is not said once more.
      showsFeedback: visit.feedback.length > 0 && !(open && mayLeave(visit.feedbackAt, now)),
      showsScore: visit.scoreAt !== null && !(open && opened.rubric !== null && mayLeave(visit.scoreAt, now)),
      takesFeedback: mayWrite && mayLeave(visit.feedbackAt, now),
      takesScore: mayWrite && opened.rubric !== null && mayLeave(visit.scoreAt, now),
      answers: prompts.map((prompt, at) => ({
        name: `feedback.${at}`,
        prompt,
        words: visit.feedback.find((each) => each.prompt === prompt)?.words ?? '',
      })),
      criteria: view.criteria.map((row) => ({
        ...row,
        choice: row.notObserved ? NOT_OBSERVED_CHOICE : (row.levelId ?? ''),
        level: row.levels.find((level) => level.id === row.levelId)?.name ?? null,
      })),
    },
    { title, layout: 'bare', scripts: mayWrite ? ['visit'] : [] },
  );
}

const suggestAt = (needs: VisitPorts, call: AnyCall, exhibition: Exhibition): Promise<SuggestedStand[]> =>
  suggestStands(call.scope, call.actor, exhibition, {
    now: call.context.clock.now(),
    zone: call.timeZone,
    published: async (ids) => needs.listPublishedSlotIds(call.scope, ids),
  });

/** Where I have been, the last stand first; and where to go next at the gallery that I am at. */
export async function myVisitsPage(
  needs: VisitPorts,
  call: AnyCall,
  asked: { page: number; perPage: number },
): Promise<PageAnswer> {
  const { scope, actor, t } = call;
  const found = actor.seatIds
    ? await listVisitsByIds(scope, actor.visitIds ?? []).then((items) => ({
        items,
        page: 1,
        pages: 1,
        perPage: asked.perPage,
        total: items.length,
      }))
    : await listVisitsOfPerson(scope, actor.personId, asked.page, asked.perPage);
  const ids = <K extends 'slotId' | 'exhibitionId' | 'studentId'>(key: K) => [
    ...new Set(found.items.map((visit) => visit[key])),
  ];
  const [slots, exhibitions, students] = await Promise.all([
    listSlotsByIds(scope, ids('slotId')).then(byId),
    listExhibitionsByIds(scope, ids('exhibitionId')).then(byId),
    listPeopleByIds(scope, ids('studentId')).then(byId),
  ]);
  const items = found.items.map((visit) => ({
    id: visit.id,
    href: `/visits/${visit.id}`,
    studentName: students.get(visit.studentId)?.displayName ?? '',
    room: slots.get(visit.slotId)?.room ?? '',
    exhibitionTitle: exhibitions.get(visit.exhibitionId)?.title ?? '',
    openedAt: visit.openedAt.toISOString(),
    leftAt: visit.leftAt?.toISOString() ?? null,
  }));
  const last = found.page === 1 ? exhibitions.get(found.items[0]?.exhibitionId ?? '') : undefined;
  const next = last ? await suggestAt(needs, call, last) : [];
  const view = { ...found, items, next };
  const title = t('visits.mine.title');
  if (call.wantsJson) return page('visits/mine', view, { title });
  return page('visits/mine', { ...view, pager: pagerOf(found, '/visits') }, { title });
}
