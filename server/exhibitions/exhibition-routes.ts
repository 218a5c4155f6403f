/** Exhibitions over HTTP: the list, the day, its settings and its phases. */
import { z } from 'zod';
import { Conflict, InvalidInput, NotFound } from '../errors.js';
import { pagerOf } from '../http/pager.js';
import {
  flag,
  idParams,
  listOf,
  optionalText,
  pageQuery,
  text,
  wholeNumber,
  optionalLine,
} from '../http/read-input.js';
import { done, page, routes, type FeatureRoutes } from '../http/route.js';
import { byId } from '../people/person.js';
import { listTerms } from '../school/school-records.js';
import { momentText, readMoment, whichTime } from './day-and-time.js';
import {
  formats,
  mayChangeSettings,
  mayManageExhibitions,
  moveVerbs,
  phases,
  promptLength,
  MAX_PROMPTS,
  visitKinds,
} from './exhibition.js';
import { findExhibition, listExhibitions } from './exhibition-records.js';
import { formPage, rubricTitle, viewOfExhibition, visiblePhases } from './exhibition-pages.js';
import { dayPage } from './board/day-page.js';
import { dayAnswer, exhibitionAnswer, exhibitionView } from './exhibition-view.js';
import { MissingPortfoliosUnconfirmed } from './portfolios/missing-portfolios.js';
import { seenField } from './refuse-stale.js';
import { moveExhibition } from './move-exhibition.js';
import { changeExhibition, createExhibition, type ExhibitionInput } from './plan-exhibition.js';
import { MAX_SLOT_MINUTES, slotMinutesMinimum } from './slots/slot.js';
import { countSlotsOfExhibitions } from './slots/slot-records.js';
import type { ExhibitionPorts } from './exhibition-ports.js';

export const planners = ['advisor', 'registrar', 'admin'] as const;
export const readers = ['student', 'guardian', 'panelist', ...planners] as const;

const clockLength = z.preprocess(
  (value) => (value === '' ? undefined : value),
  wholeNumber(1, 240).optional(),
);
const promptLines = z
  .preprocess((value) => (Array.isArray(value) ? value.join('\n') : value), optionalText(1000))
  .transform((lines) => [...new Set(lines.split('\n').map((line) => line.trim()))].filter(Boolean))
  .refine((prompts) => prompts.length <= MAX_PROMPTS, 'exhibition.problem.too-many-prompts')
  .refine(
    (prompts) => prompts.every((prompt) => prompt.length <= promptLength),
    'exhibition.problem.prompt-too-long',
  );
const exhibitionBody = z.object({
  termId: text(64),
  title: text(120),
  format: z.enum(formats).default('panel'),
  rubric: text(60),
  startsAt: momentText,
  whichTime,
  place: optionalLine(200),
  slotMinutes: wholeNumber(slotMinutesMinimum, MAX_SLOT_MINUTES).default(50),
  // Minutes of the room's clock: all four or none.
  clockPresent: clockLength,
  clockQuestions: clockLength,
  clockScoring: clockLength,
  clockFeedback: clockLength,
  // At a gallery. One prompt in a line; none: as usual.
  visitPrompts: promptLines,
  visitorsLeave: z.enum(visitKinds).default('feedback-and-score'),
});

/** An exhibition as a GET answers it: the rubric with its hash, the minutes of the clock together. */
function exhibitionFields({
  rubric,
  clockMinutes,
  visitorsLeave,
  ...rest
}: Record<string, unknown>): Record<string, unknown> {
  const clock = (clockMinutes ?? {}) as Record<string, unknown>;
  const minutes = Object.entries(clock).map(([part, length]): [string, unknown] => [
    `clock${part.charAt(0).toUpperCase()}${part.slice(1)}`,
    length,
  ]);
  const slug = typeof rubric === 'object' && rubric !== null ? (rubric as { slug?: unknown }).slug : rubric;
  return {
    ...Object.fromEntries<unknown>(minutes),
    ...(rubric === undefined ? {} : { rubric: slug }),
    ...(visitorsLeave === undefined || visitorsLeave === null ? {} : { visitorsLeave }),
    ...rest,
  };
}

function readExhibition(body: z.output<typeof exhibitionBody>, zone: string): ExhibitionInput {
  const { clockPresent, clockQuestions, clockScoring, clockFeedback, whichTime: which, ...rest } = body;
  const startsAt = readMoment(rest.startsAt, zone, 'startsAt', which);
  const clock = { clockPresent, clockQuestions, clockScoring, clockFeedback };
  const missing = Object.entries(clock).filter(([, minutes]) => minutes === undefined);
  if (missing.length > 0 && missing.length < 4)
    throw new InvalidInput(
      missing.map(([field]) => ({ field, message: 'exhibition.problem.clock-incomplete' })),
    );
  const clockMinutes =
    clockPresent && clockQuestions && clockScoring && clockFeedback
      ? { present: clockPresent, questions: clockQuestions, scoring: clockScoring, feedback: clockFeedback }
      : null;
  return { ...rest, startsAt, clockMinutes };
}

const listQuery = pageQuery.extend({
  term: z.string().max(64).optional(),
  phase: z.enum(phases).or(z.literal('')).optional(),
});

/** @param panel who sits where, and whose sheets are in; the later rooms answer */
export function makeExhibitionRoutes(ports: ExhibitionPorts): FeatureRoutes {
  const router = routes('exhibition');

  router.get(
    '/exhibitions',
    {
      summary: 'Exhibitions, newest day first',
      who: readers,
      query: listQuery,
      answer: listOf(exhibitionAnswer),
    },
    async (call) => {
      const { scope, actor, query } = call;
      const allowed = visiblePhases(actor);
      const asked = query.phase ? [query.phase] : undefined;
      const wanted = allowed
        ? (asked ?? allowed).filter((phase) => (allowed as readonly string[]).includes(phase))
        : asked;
      const filter = { ...(query.term ? { termId: query.term } : {}), ...(wanted ? { phases: wanted } : {}) };
      const found = await listExhibitions(scope, filter, query.page, query.perPage);
      const [terms, counts, titles] = await Promise.all([
        listTerms(scope),
        countSlotsOfExhibitions(
          scope,
          found.items.map((each) => each.id),
        ),
        Promise.all(found.items.map((each) => rubricTitle(call.context.rubrics, each))),
      ]);
      const known = byId(terms);
      return page(
        'exhibition/list',
        {
          ...found,
          items: found.items.map((each, at) =>
            exhibitionView(each, {
              termName: known.get(each.termId)?.name ?? '',
              rubricTitle: titles[at] ?? '',
              slotCount: counts.get(each.id) ?? 0,
            }),
          ),
          manages: mayManageExhibitions(actor),
          filtered: Boolean(query.term || query.phase),
          filters: { term: query.term ?? '', phase: query.phase ?? '' },
          terms: [...terms].reverse().map((term) => ({ value: term.id, label: term.name })),
          phases: (allowed ?? phases).map((phase) => ({
            value: phase,
            label: call.t(`exhibition.phase.${phase}`),
          })),
          pager: pagerOf(found, '/exhibitions', { term: query.term, phase: query.phase }),
        },
        { title: call.t('exhibition.list.title') },
      );
    },
  );

  router.get('/exhibitions/new', { summary: 'The form for a new exhibition', who: planners }, (call) =>
    formPage(call, null),
  );

  router.post(
    '/exhibitions',
    {
      summary: 'Plan an exhibition; its rubric is pinned by hash',
      who: planners,
      body: exhibitionBody,
      status: 201,
      answer: exhibitionAnswer,
      again: (call) => formPage(call, null),
    },
    async (call) => {
      const input = readExhibition(call.body, call.timeZone);
      const exhibition = await createExhibition(call.context, call.scope, call.actor, input);
      const view = await viewOfExhibition(call, exhibition, 0);
      return done(`/exhibitions/${exhibition.id}`, view, {
        status: 201,
        notice: 'exhibition.notice.created',
      });
    },
  );

  router.get(
    '/exhibitions/:id',
    {
      summary: 'The day: slots by room and time, panels, sheets in and out',
      who: readers,
      params: idParams,
      query: pageQuery.pick({ page: true }),
      answer: dayAnswer,
    },
    (call) => dayPage(call, ports, call.params.id, call.query.page),
  );

  router.get(
    '/exhibitions/:id/edit',
    { summary: 'The form of a draft', who: planners, params: idParams },
    async (call) => {
      const exhibition = await findExhibition(call.scope, call.params.id);
      if (!exhibition) throw new NotFound();
      if (!mayChangeSettings(exhibition)) throw new Conflict('exhibition.problem.settings-fixed');
      return formPage(call, exhibition.id);
    },
  );

  router.put(
    '/exhibitions/:id',
    {
      summary: 'Change a draft',
      who: planners,
      params: idParams,
      body: exhibitionBody.extend({ seen: seenField('`seen` of GET /exhibitions/{id}') }),
      fromAnswer: exhibitionFields,
      answer: exhibitionAnswer,
      alsoPost: true,
      again: (call) => formPage(call, call.params.id),
    },
    async (call) => {
      const { seen, ...body } = call.body;
      const input = readExhibition(body, call.timeZone);
      const { context, scope, actor, params } = call;
      const exhibition = await changeExhibition(context, scope, actor, params.id, input, seen);
      const view = await viewOfExhibition(call, exhibition);
      return done(`/exhibitions/${exhibition.id}`, view, { notice: 'exhibition.notice.changed' });
    },
  );

  for (const verb of moveVerbs) {
    router.post(
      `/exhibitions/:id/${verb}`,
      {
        summary: `Move to another phase: ${verb}`,
        who: planners,
        params: idParams,
        body: z.object({
          reason: optionalText(500),
          withoutPortfolio: flag.describe(
            'Open although somebody has not submitted a portfolio: 409 `unconfirmed` says who, until this is sent with its `seen`.',
          ),
          seen: z.string().max(64).optional(),
        }),
        answer: exhibitionAnswer,
        again: (call) => dayPage(call, ports, call.params.id),
      },
      async (call) => {
        const needs = { ...ports, clock: call.context.clock, opening: call.body };
        const exhibition = await moveExhibition(
          needs,
          call.scope,
          call.actor,
          call.params.id,
          verb,
          call.body.reason,
        ).catch((error: unknown) => {
          throw call.wantsJson ? error : besideTheBox(error);
        });
        const view = await viewOfExhibition(call, exhibition);
        return done(`/exhibitions/${exhibition.id}`, view, { notice: `exhibition.notice.${verb}` });
      },
    );
  }
  return router;
}

/** On a page it is told beside the box that confirms it. */
function besideTheBox(error: unknown): unknown {
  if (!(error instanceof MissingPortfoliosUnconfirmed)) return error;
  const { messageKey: message, params } = error;
  return new InvalidInput([{ field: 'withoutPortfolio', message, params }]);
}
