/** Handovers of a school: what it was offered and has offered, and the page of each with what its office may do. */
import { z } from 'zod';
import { NotFound } from '../errors.js';
import { listExhibitionsByIds } from '../exhibition/exhibition-records.js';
import { listSlotsByIds, listSlotsOfStudentSince } from '../exhibition/slot-records.js';
import { pagerOf } from '../http/pager.js';
import { idParams, listOf, optionalLine, optionalText, pageQuery } from '../http/read-input.js';
import { done, page, routes, type Call, type RoomRoutes } from '../http/route.js';
import { isOver } from '../jobs/job.js';
import { listSeatsOfPerson } from '../panel/seat-records.js';
import {
  findPerson,
  findPersonByEmail,
  findPersonByNumber,
  listAdvisories,
  listPeople,
} from '../people/people-records.js';
import { byId, type Person } from '../people/person.js';
import {
  acceptHandover,
  copyAgain,
  declineHandover,
  findCopyJob,
  takeBackHandover,
  type AnswerNeeds,
} from './answer-handover.js';
import { sideOf, type Handover, type Side } from './handover.js';
import { findHandover, listIncoming, listOutgoing } from './handover-records.js';
import { handoverAnswer, handoverView } from './handover-view.js';
import { offerAsked } from './start-handover.js';

const office = ['registrar', 'admin'] as const;
const MAX_REASON = 1000;
/** Seats and slots that are listed. */
const MAX_PLANNED = 50;
const reason = optionalText(MAX_REASON);
const optionalId = z
  .string()
  .max(64)
  .nullable()
  .optional()
  .transform((id) => id || null);
const linked = z.object({ href: z.string(), title: z.string(), at: z.string() });

type HandoverCall = Pick<Call<{ id: string }>, 'scope' | 'actor' | 'params' | 'context' | 't' | 'wantsJson'>;

async function ownHandover(call: HandoverCall): Promise<{ handover: Handover; side: Side }> {
  const handover = await findHandover(call.scope, call.params.id);
  const side = handover && sideOf(call.actor, handover);
  if (!handover || !side) throw new NotFound();
  return { handover, side };
}

/** Students of this school who may be the one: those it has asked for, then by number, address or name. */
async function candidatesOf({ scope }: HandoverCall, handover: Handover): Promise<Person[]> {
  const student = await findPerson({ db: scope.db, schoolId: handover.fromSchoolId }, handover.studentId);
  const named = await listPeople(scope, { role: 'student', search: handover.studentName }, 1, 10);
  const found = [
    handover.newStudentId ? await findPerson(scope, handover.newStudentId) : null,
    student?.sourcedId ? await findPersonByNumber(scope, student.sourcedId) : null,
    student?.email ? await findPersonByEmail(scope, student.email) : null,
    ...named.items,
  ].filter((person) => person?.roles.includes('student') && !person.erasedAt);
  return [...byId(found as Person[]).values()];
}

/** What is still planned with the student in the school that hands over; nothing is taken away by itself. */
async function plannedFor({ scope, context }: HandoverCall, studentId: string) {
  const now = context.clock.now();
  const [slots, seats] = await Promise.all([
    listSlotsOfStudentSince(scope, studentId, now),
    listSeatsOfPerson(scope, studentId, 1, MAX_PLANNED),
  ]);
  const seated = (await listSlotsByIds(scope, [...new Set(seats.items.map(({ slotId }) => slotId))])).filter(
    ({ startsAt }) => startsAt > now,
  );
  const all = [...byId([...slots, ...seated]).values()].slice(0, MAX_PLANNED);
  const exhibitions = byId(
    await listExhibitionsByIds(scope, [...new Set(all.map(({ exhibitionId }) => exhibitionId))]),
  );
  return all.map((slot) => ({
    href: `/slots/${slot.id}`,
    title: exhibitions.get(slot.exhibitionId)?.title ?? '',
    at: slot.startsAt.toISOString(),
    presents: slot.studentId === studentId,
  }));
}

async function handoverPage(call: HandoverCall) {
  const { scope, t } = call;
  const { handover, side } = await ownHandover(call);
  const view = handoverView(handover, side);
  const answers = view.acts.includes('accept');
  const [candidates, advisories, planned, copying] = await Promise.all([
    answers ? candidatesOf(call, handover) : [],
    answers ? listAdvisories(scope) : [],
    side === 'from' && ['offered', 'accepted', 'copied'].includes(handover.state)
      ? plannedFor(call, handover.studentId)
      : [],
    side === 'to' && handover.state === 'accepted' ? findCopyJob(scope, handover.id) : null,
  ]);
  const job = copying?.job ?? null;
  return page(
    'handover/handover',
    {
      handover: view,
      stateWords: t(`handover.state.${side}.${handover.state}`, { school: view.otherSchool ?? '' }),
      candidates: candidates.map(({ id, displayName, grade, active }) => ({
        value: id,
        label: [
          displayName,
          grade ? t('people.students.grade-line', { grade }) : null,
          active ? null : t('handover.accept.left'),
        ]
          .filter(Boolean)
          .join(' · '),
      })),
      advisories: advisories.map(({ id, name }) => ({ value: id, label: name })),
      planned,
      /** Where copying can be followed; it can be begun again once it has ended without success. */
      jobHref: job ? `/jobs/${job.id}` : null,
      mayCopyAgain: view.acts.includes('copy') && (!job || isOver(job)),
    },
    {
      title: t('handover.page.title', { name: view.student.name }),
      crumbs: [{ href: '/handovers', label: t('handover.list.title') }],
    },
  );
}

const acted = z.object({ id: z.string(), state: handoverAnswer.shape.state });

/** @param people how a student leaves the one school and arrives at the other */
export function makeHandoverRoutes(people: AnswerNeeds['people']): RoomRoutes {
  const room = routes('handover');

  room.get(
    '/handovers',
    {
      summary: 'Handovers of students: `side` to (offered to this school, or asked for) or from',
      who: office,
      query: pageQuery.extend({ side: z.enum(['to', 'from']).default('to') }),
      answer: listOf(handoverAnswer),
    },
    async (call) => {
      const { scope, query, t } = call;
      const list = query.side === 'to' ? listIncoming : listOutgoing;
      const found = await list(scope, query.page, query.perPage);
      return page(
        'handover/handovers',
        {
          ...found,
          items: found.items.map((handover) => {
            const view = handoverView(handover, query.side);
            const school = view.otherSchool ?? '';
            return { ...view, words: t(`handover.state.${query.side}.${handover.state}`, { school }) };
          }),
          side: query.side,
          pager: pagerOf(found, '/handovers', { side: query.side }),
        },
        { title: t('handover.list.title'), crumbs: [{ href: '/people', label: t('people.people.title') }] },
      );
    },
  );

  room.get(
    '/handovers/:id',
    {
      summary: 'One handover, for the office of either school',
      who: office,
      params: idParams,
      answer: z.object({
        handover: handoverAnswer,
        candidates: z
          .array(z.object({ value: z.string(), label: z.string() }))
          .describe('Students of this school who may be the one.'),
        planned: z
          .array(linked.extend({ presents: z.boolean() }))
          .describe('What is still planned with the student in the old school.'),
        jobHref: z.string().nullable(),
      }),
    },
    handoverPage,
  );

  room.post(
    '/handovers/:id/accept',
    {
      summary: 'Accept: the student is enrolled here, and the record is copied by a background job',
      who: office,
      token: 'never',
      params: idParams,
      body: z.object({
        personId: optionalId.describe('Who it is here; left out: somebody new.'),
        grade: optionalLine(10),
        advisoryId: optionalId,
      }),
      status: 202,
      answer: acted.extend({ studentId: z.string(), jobId: z.string() }),
      again: handoverPage,
    },
    async (call) => {
      const { context, scope, actor, params, body } = call;
      const needs = { clock: context.clock, people };
      const { handover, job } = await acceptHandover(needs, scope, actor, params.id, {
        ...{ personId: body.personId, grade: body.grade || null, advisoryId: body.advisoryId },
      });
      const view = {
        id: handover.id,
        state: handover.state,
        studentId: handover.newStudentId!,
        jobId: job.id,
      };
      return done(`/handovers/${handover.id}`, view, { status: 202, notice: 'handover.notice.accepted' });
    },
  );

  room.post(
    '/handovers/:id/decline',
    {
      summary: 'Decline what was offered, or asked for',
      who: office,
      token: 'never',
      params: idParams,
      body: z.object({ reason }),
      answer: acted,
      again: handoverPage,
    },
    async (call) => {
      const { context, scope, actor, params, body } = call;
      const { id, state } = await declineHandover(context, scope, actor, params.id, body.reason);
      return done(`/handovers/${id}`, { id, state }, { notice: 'handover.notice.declined' });
    },
  );

  room.post(
    '/handovers/:id/take-back',
    {
      summary: 'Take back what the other school has not answered yet',
      who: office,
      token: 'never',
      params: idParams,
      answer: acted,
      again: handoverPage,
    },
    async (call) => {
      const { id, state } = await takeBackHandover(call.context, call.scope, call.actor, call.params.id);
      return done(`/handovers/${id}`, { id, state }, { notice: 'handover.notice.taken-back' });
    },
  );

  room.post(
    '/handovers/:id/offer',
    {
      summary: 'Offer the student to the school that has asked',
      who: office,
      token: 'never',
      params: idParams,
      body: z.object({ reason }),
      answer: acted,
      again: handoverPage,
    },
    async (call) => {
      const { context, scope, actor, params, body } = call;
      const { id, state } = await offerAsked(context, scope, actor, params.id, body.reason);
      return done(`/handovers/${id}`, { id, state }, { notice: 'handover.notice.offered' });
    },
  );

  room.post(
    '/handovers/:id/copy',
    {
      summary: 'Go on copying the record after it has failed',
      who: office,
      token: 'never',
      params: idParams,
      status: 202,
      answer: z.object({ jobId: z.string() }),
      again: handoverPage,
    },
    async (call) => {
      const job = await copyAgain(call.context, call.scope, call.actor, call.params.id);
      return done(`/jobs/${job.id}`, { jobId: job.id }, { status: 202 });
    },
  );

  return room;
}
