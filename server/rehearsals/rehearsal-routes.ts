/** Rehearsals over HTTP: starting one, its sheet, how it went, its clock, and taking it away. */
import { z } from 'zod';
import { Conflict } from '../errors.js';
import { clockBody, clockFields } from '../exhibitions/clock/clock-fields.js';
import { clockFace, clockMinutes, phaseAfter } from '../exhibitions/clock/room-clock.js';
import { flag, idParams, pageQuery, several, text, wholeNumber } from '../http/read-input.js';
import { done, page, routes, type PageAnswer, type AnyCall } from '../http/route.js';
import { fillSheet } from './fill-sheet.js';
import { presentsRehearsal, rehearsalMinutes, seatIn } from './rehearsal.js';
import {
  rehearsalListPage,
  studentListPage,
  newPage,
  readableRehearsal,
  rehearsalPage,
  sheetPage,
} from './rehearsal-pages.js';
import { openRehearsal } from './open-rehearsal.js';
import { saveRehearsalClock } from './rehearsal-records.js';
import { rehearsalAnswer, rehearsalsAnswer, rehearsalSheetAnswer, rehearsalView } from './rehearsal-view.js';
import { startRehearsal, deleteRehearsal } from './start-rehearsal.js';

export const rehearsalRoutes = routes('rehearsals');

/** Advisors often hold other roles, too; whoever has no part in a rehearsal is refused by the rehearsal itself. */
const who = ['student', 'advisor'] as const;

rehearsalRoutes.get(
  '/rehearsals',
  {
    summary: 'Rehearsals that I hold or was asked to; they never count',
    who,
    query: pageQuery,
    answer: rehearsalsAnswer,
  },
  (call) => rehearsalListPage(call, call.query),
);

rehearsalRoutes.get(
  '/students/:id/rehearsals',
  {
    summary: "A student's rehearsals whose comments the advisors may read",
    who: ['advisor'],
    params: idParams,
    query: pageQuery,
    answer: rehearsalsAnswer,
  },
  (call) => studentListPage(call, call.params.id, call.query),
);

rehearsalRoutes.get(
  '/students/:id/rehearsals/new',
  { summary: 'The form for a rehearsal', who, params: idParams },
  (call) => newPage(call, call.params.id),
);

rehearsalRoutes.post(
  '/students/:id/rehearsals',
  {
    summary: 'Start a rehearsal with peers of the advisory, with the advisor when wanted',
    who,
    params: idParams,
    body: z.object({
      title: text(120),
      rubric: text(60),
      minutes: wholeNumber(5, 240).default(rehearsalMinutes),
      peerIds: several(),
      withAdvisor: flag,
    }),
    status: 201,
    answer: rehearsalAnswer,
    again: (call) => newPage(call, call.params.id),
  },
  async (call) => {
    const { context, scope, actor, params, body } = call;
    const input = { ...body, studentId: params.id };
    const rehearsal = await startRehearsal(context, scope, actor, input);
    const rubric = await context.rubrics.byHash(rehearsal.rubric.hash);
    const view = rehearsalView(rehearsal, rubric, actor);
    const mayRead = presentsRehearsal(actor, rehearsal) || seatIn(actor, rehearsal);
    return done(mayRead ? `/rehearsals/${rehearsal.id}` : '/rehearsals', view, {
      status: 201,
      notice: 'rehearsals.notice.started',
    });
  },
);

rehearsalRoutes.get(
  '/rehearsals/:id',
  {
    summary: 'A rehearsal and what may be read of its sheets',
    who,
    params: idParams,
    answer: rehearsalAnswer,
  },
  (call) => rehearsalPage(call, call.params.id),
);

rehearsalRoutes.get(
  '/rehearsals/:id/sheet',
  { summary: 'My sheet of a rehearsal', who, params: idParams, answer: rehearsalSheetAnswer },
  (call) => sheetPage(call, call.params.id),
);

rehearsalRoutes.post(
  '/rehearsals/:id/sheet',
  {
    summary:
      'Save my sheet (`level.<row>`, `comment.<row>`, `overall`), or with {then: submit} hand it to the student',
    who,
    params: idParams,
    body: z
      .object({
        once: z.string().regex(/^[A-Za-z0-9_-]{8,80}$/, 'visits.problem.once'),
        then: z.string().max(20).optional(),
      })
      .catchall(z.string()),
    answer: z.object({ id: z.string(), state: z.enum(['draft', 'submitted']) }),
    again: (call) => sheetPage(call, call.params.id),
  },
  async (call) => {
    const { context, scope, actor, params, body } = call;
    const before = await openRehearsal(scope, params.id);
    const rubric = await context.rubrics.byHash(before.rubric.hash);
    const { once, then, ...fields } = body;
    const sent = { once, submit: then === 'submit', body: fields };
    const after = await fillSheet(context, scope, actor, params.id, rubric, sent);
    const isIn = Boolean(seatIn(actor, after)?.submittedAt);
    const view = { id: after.id, state: isIn ? ('submitted' as const) : ('draft' as const) };
    return done(isIn ? `/rehearsals/${after.id}` : `/rehearsals/${after.id}/sheet`, view, {
      notice: isIn ? 'rehearsals.notice.submitted' : 'rehearsals.notice.saved',
    });
  },
);

rehearsalRoutes.post(
  '/rehearsals/:id/remove',
  {
    summary: 'The student takes the rehearsal away, with everything that was said',
    who,
    params: idParams,
    answer: z.object({ removed: z.string() }),
  },
  async (call) => {
    await deleteRehearsal(call.context, call.scope, call.actor, call.params.id);
    return done('/rehearsals', { removed: call.params.id }, { notice: 'rehearsals.notice.removed' });
  },
);

const clockAnswer = z.object(clockFields);

rehearsalRoutes.get(
  '/rehearsals/:id/clock',
  {
    summary: 'The clock of a rehearsal, the same for everybody in it',
    who,
    params: idParams,
    answer: clockAnswer,
  },
  (call) => clockPage(call, call.params.id),
);

rehearsalRoutes.post(
  '/rehearsals/:id/clock',
  {
    summary: 'Start the clock or move it on from the phase that was seen ({from}); {back} sets it back',
    who,
    params: idParams,
    body: clockBody,
    answer: clockAnswer,
    again: (call) => clockPage(call, call.params.id),
  },
  async (call) => {
    const { scope, context, params, body } = call;
    const { clock: before } = await readableRehearsal(call, params.id);
    const phase = body.back ? null : phaseAfter(body.from);
    if (!body.back && phase === null) throw new Conflict('exhibition.problem.clock-over');
    const now = context.clock.now();
    const clock = phase ? { phase, since: now, startedAt: before?.startedAt ?? now } : null;
    if (!(await saveRehearsalClock(scope, params.id, body.from, clock)))
      throw new Conflict('exhibition.problem.clock-moved');
    const { view } = await clockPage(call, params.id);
    return done(`/rehearsals/${params.id}/clock`, clockAnswer.parse(view));
  },
);

async function clockPage(call: AnyCall, id: string): Promise<PageAnswer> {
  const rehearsal = await readableRehearsal(call, id);
  const { clock, createdAt: startsAt, minutes } = rehearsal;
  const view = {
    now: call.context.clock.now().toISOString(),
    ...clockFace({ startsAt, clock }, clockMinutes({}, { minutes })),
  };
  const title = call.t('rehearsals.clock.title');
  if (call.wantsJson) return page('rehearsals/clock', view, { title });
  return page(
    'rehearsals/clock',
    {
      ...view,
      id,
      studentName: rehearsal.studentName,
      advisorsRead: rehearsal.advisorsRead === true,
      phases: view.phases.map((phase) => ({ ...phase, label: call.t(`panel.clock.phase.${phase.name}`) })),
    },
    { title, layout: 'bare', scripts: ['room-clock'] },
  );
}
