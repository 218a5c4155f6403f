/**
 * Portfolios: a student's list, the page on which one is made, the review before submitting, and the frozen snapshots.
 */
import { z } from 'zod';
import type { SchoolScope } from '../db/database.js';
import { Forbidden, NotFound } from '../errors.js';
import { accessEnded } from '../http/access-ended.js';
import { flag, idParams, listOf, pageQuery, wholeNumber } from '../http/read-input.js';
import { done, page, routes, type FeatureRoutes } from '../http/route.js';
import { correctedViews, frozenNames, mapTexts } from '../people/frozen-names.js';
import { listNameCorrectionsShowing } from '../people/name-correction-records.js';
import { findStudent } from '../people/people-records.js';
import { isOwn } from '../people/person.js';
import { findSchool, findTerm } from '../school/school-records.js';
import { portfolioSubmittersOf } from '../school/school.js';
import { askAbout } from './ask-view.js';
import { changePortfolio, createPortfolio } from './change-portfolio.js';
import {
  mayBeginPortfolio,
  mayEditPortfolio,
  mayReadPortfolio,
  mayReadSnapshots,
  maySubmitPortfolio,
  type Portfolio,
  type PortfolioSnapshot,
} from './portfolio.js';
import {
  portfolioListPage,
  portfolioAgain,
  portfolioCrumbs,
  portfolioFor,
  portfolioPage,
  studentFor,
  type IdCall,
} from './portfolio-pages.js';
import { portfolioReviewPage } from './review-page.js';
import { addPortfolioPinRoutes } from './pin-routes.js';
import { findSnapshotByNumber, getPortfolio } from './portfolio-records.js';
import {
  authorsIn,
  portfolioAnswer,
  portfolioPageAnswer,
  portfolioView,
  snapshotAnswer,
  snapshotView,
} from './portfolio-view.js';
import { changeFrom, newPortfolioBody, portfolioBody, submitBody } from './read-portfolio.js';
import { findSnapshotAccess, type SnapshotPorts } from './snapshot-access.js';
import { addWorksRoutes } from './works-routes.js';
import { findSubmissions } from './submission.js';
import { addSuggestionRoutes } from './suggestion-routes.js';
import { answerSuggestion, checkSuggestedOn, isOutdated, suggestWords } from './suggest-words.js';
import { submitPortfolio, type SubmitPorts } from './submit-portfolio.js';

const makers = ['student', 'advisor'] as const;
const readers = [...makers, 'registrar', 'admin'] as const;
const everybody = [...readers, 'panelist', 'guest', 'guardian'] as const;
/** Where the form's other buttons lead. */
function nextPage({ id, studentId }: Portfolio, then: string): string {
  const [act, entryId] = then.split(':');
  if (act === 'pins') return `/portfolios/${id}/entries/${entryId}/pins`;
  if (act === 'find-works') return `/portfolios/${id}/works`;
  return act === 'review'
    ? `/portfolios/${id}/submit`
    : `/students/${studentId}/artifacts/new?next=/portfolios/${id}`;
}

/** The portfolio, if the caller may submit it. @throws Forbidden */
async function submittable(call: IdCall): Promise<Portfolio> {
  const { portfolio, student } = await portfolioFor(call, mayReadPortfolio);
  const submitters = portfolioSubmittersOf(await findSchool(call.scope, call.scope.schoolId));
  if (!maySubmitPortfolio(call.actor, student, submitters))
    throw new Forbidden('portfolio.problem.student-submits');
  return portfolio;
}

/** With the names of whoever submitted it, and of whoever made parts of it. */
async function submittedView(scope: SchoolScope, snapshot: PortfolioSnapshot) {
  const [submissions, authors] = await Promise.all([
    findSubmissions(scope, [snapshot]),
    authorsIn(scope, snapshot.studentId, snapshot.content),
  ]);
  return { ...snapshotView(snapshot, authors), submission: submissions.get(snapshot.id)! };
}

export function makePortfolioRoutes(door: SnapshotPorts & SubmitPorts): FeatureRoutes {
  const router = routes('portfolio');

  router.get(
    '/students/:id/portfolios',
    {
      summary: "A student's portfolios; the family sees those that were submitted",
      who: [...readers, 'guardian'],
      params: idParams,
      query: pageQuery.extend({ termId: z.string().max(64).optional() }),
      answer: listOf(portfolioAnswer.partial()),
    },
    portfolioListPage,
  );

  router.post(
    '/students/:id/portfolios',
    {
      summary: 'Begin a portfolio for a term (the current one when left out)',
      who: makers,
      params: idParams,
      body: newPortfolioBody,
      answer: portfolioAnswer,
      status: 201,
      before: async (call) => void (await studentFor(call, call.params.id, mayBeginPortfolio)),
      again: (call) => portfolioListPage({ ...call, query: {} }),
    },
    async (call) => {
      const student = await studentFor(call, call.params.id, mayBeginPortfolio);
      const own = isOwn(call.actor, student);
      const school = await findSchool(call.scope.db, call.scope.schoolId);
      const termId = call.body.termId ?? school?.currentTermId ?? '';
      const { statement } = call.body;
      const begun = await createPortfolio(call.context, call.scope, {
        ...call.body,
        ...{ studentId: student.id, termId, statement: own ? statement : '' },
      });
      // What the student set out to do the student says: an advisor's sentence is a suggestion.
      const made =
        own || statement === ''
          ? begun
          : await suggestWords(call.context, call.scope, call.actor, begun, {
              ...{ field: 'statement', entryId: null, text: statement },
            });
      return done(`/portfolios/${made.id}`, portfolioView(made), {
        status: 201,
        notice: 'portfolio.notice.begun',
      });
    },
  );

  router.get(
    '/portfolios/:id',
    {
      summary: 'A portfolio as it is now, with its works and snapshots',
      who: readers,
      params: idParams,
      query: z.object({
        add: z.string().max(2000).optional(),
        edit: flag,
        ask: z.string().max(200).optional(),
      }),
      answer: portfolioPageAnswer,
    },
    (call) => portfolioPage(call),
  );

  router.put(
    '/portfolios/:id',
    {
      summary:
        'Replace words, order, reflections and criteria; `revision` must be the newest (409 otherwise). They are the student’s alone',
      who: ['student'],
      params: idParams,
      body: portfolioBody,
      answer: portfolioAnswer,
      alsoPost: true,
      again: portfolioAgain,
    },
    async (call) => {
      const { portfolio } = await portfolioFor(call, mayEditPortfolio);
      const wanted = changeFrom(portfolio, call.body);
      // A program says what it means; a person may not know what hangs on it.
      const asks = !call.wantsJson && !call.body.confirmed;
      const { change, question } = asks
        ? askAbout(call, portfolio, wanted)
        : { change: wanted, question: null };
      const [answer, suggestion] = call.body.suggestion?.split(':') ?? [];
      if (call.wantsJson && answer === 'accept') checkSuggestedOn(portfolio, change, suggestion);
      const saved = await changePortfolio(call.context, call.scope, call.actor, portfolio, change);
      if (question !== null)
        return done(
          `/portfolios/${saved.id}?edit=yes&ask=${encodeURIComponent(question)}#ask`,
          portfolioView(saved),
        );
      if (suggestion && answer === 'accept' && isOutdated(saved, suggestion))
        return done(`/portfolios/${saved.id}?edit=yes#suggestion-${suggestion}`, portfolioView(saved), {
          notice: 'portfolio.notice.words-newer',
        });
      const after = suggestion
        ? await answerSuggestion(
            call.context,
            call.scope,
            saved,
            suggestion,
            answer as 'accept' | 'replace' | 'decline',
          )
        : saved;
      if (call.body.then) return done(nextPage(after, call.body.then), portfolioView(after));
      const place = call.body.move?.startsWith('remove') ? undefined : call.body.move?.split(':')[1];
      return done(`/portfolios/${after.id}${place ? `#entry-${place}` : ''}`, portfolioView(after), {
        notice: 'portfolio.notice.saved',
      });
    },
  );

  addPortfolioPinRoutes(router);
  addWorksRoutes(router);
  addSuggestionRoutes(router);

  router.get(
    '/portfolios/:id/submit',
    { summary: 'What submitting would freeze', who: makers, params: idParams },
    portfolioReviewPage,
  );

  router.post(
    '/portfolios/:id/submit',
    {
      summary:
        'Freeze a snapshot: the words, and the newest version of each work. An advisor does so for a student where the school allows it',
      who: makers,
      params: idParams,
      body: submitBody,
      answer: snapshotAnswer,
      status: 201,
      before: async (call) => void (await submittable(call)),
      again: (call) => portfolioReviewPage(call),
    },
    async (call) => {
      const portfolio = await submittable(call);
      const { context, scope, actor, body } = call;
      let isKept = false;
      const snapshotSubmitted: SubmitPorts['snapshotSubmitted'] = async (...args) => {
        const told = await door.snapshotSubmitted(...args);
        ({ isKept } = told);
        return told;
      };
      const needs = { ...context, ...door, snapshotSubmitted };
      const { revision, reviewed } = body;
      const snapshot = await submitPortfolio(needs, scope, actor, portfolio, revision, reviewed);
      const view = await submittedView(scope, snapshot);
      return done(view.href, view, {
        status: 201,
        notice: isKept ? 'portfolio.notice.submitted-panel-keeps' : 'portfolio.notice.submitted',
      });
    },
  );

  router.get(
    '/portfolios/:id/snapshots/:number',
    {
      summary: 'A submitted portfolio, exactly as it was',
      who: everybody,
      params: idParams.extend({ number: wholeNumber(1, 100_000) }),
      answer: snapshotAnswer,
    },
    async (call) => {
      const portfolio = await getPortfolio(call.scope, call.params.id);
      const snapshot = await findSnapshotByNumber(call.scope, portfolio.id, call.params.number);
      const student = await findStudent(call.scope, portfolio.studentId);
      if (!student) throw new NotFound();
      if (!snapshot) throw mayReadSnapshots(call.actor, student) ? new NotFound() : new Forbidden();
      const asked = [call.scope, call.actor, student, [snapshot], call.context.clock.now()] as const;
      const { readable, endedAt } = await findSnapshotAccess(door, ...asked);
      if (readable.length === 0) throw endedAt ? accessEnded(call, endedAt) : new Forbidden();
      const [term, corrections] = await Promise.all([
        findTerm(call.scope, snapshot.termId),
        listNameCorrectionsShowing(call.scope, [snapshot.id]),
      ]);
      const names = frozenNames(corrections, snapshot.id);
      const view = await submittedView(call.scope, snapshot);
      const insider = mayReadPortfolio(call.actor, student);
      return page(
        'portfolio/snapshot',
        {
          ...view,
          // Programs get what was frozen, word by word.
          ...(call.wantsJson ? {} : { content: mapTexts(view.content, names.prose) }),
          student: { id: student.id, displayName: names.byline(student.id, student.displayName) },
          corrected: correctedViews(names),
          termName: term?.name ?? '',
          // The page alone says it; programs get what was frozen.
          ...(call.wantsJson ? {} : { own: isOwn(call.actor, student) }),
        },
        {
          title: call.t('portfolio.snapshot.page-title', {
            title: names.prose(snapshot.content.title),
            number: snapshot.number,
          }),
          crumbs: insider ? portfolioCrumbs(call, student, portfolio) : [],
        },
      );
    },
  );

  return router;
}
