/** Words that an advisor suggests for a student's portfolio: suggested, taken back, accepted and declined. */
import { z } from 'zod';
import { flag, idParams, optionalLine, prose } from '../http/read-input.js';
import { done, type FeatureRoutes } from '../http/route.js';
import { cleanLine } from '../clean-text.js';
import { mayAdvisePortfolio, mayEditPortfolio } from './portfolio.js';
import { portfolioFor, portfolioPage } from './portfolio-pages.js';
import { saveSubmissionSeen } from './portfolio-records.js';
import { portfolioAnswer, portfolioView } from './portfolio-view.js';
import { answerSuggestion, checkSuggestedOn, suggestWords, withdrawSuggestion } from './suggest-words.js';
import { suggestedFields } from './suggestion.js';

const word = z.string().regex(/^[0-9A-Za-z_-]{1,80}$/);
const suggestionParams = idParams.extend({ suggestion: word });

const suggestionBody = z
  .object({
    field: z.enum(suggestedFields),
    /** Of the entry whose reflection it is. */
    entryId: optionalLine(80).transform((id) => id || null),
    text: prose(20_000).transform((text) => text.replaceAll('\r\n', '\n')),
  })
  .transform((body) => (body.field === 'title' ? { ...body, text: cleanLine(body.text).trim() } : body))
  .refine(({ field, text }) => text.length <= { title: 200, statement: 5000, reflection: 20_000 }[field], {
    path: ['text'],
    error: 'portfolio.problem.suggestion-long',
  });

export function addSuggestionRoutes(router: FeatureRoutes): void {
  router.post(
    '/portfolios/:id/suggestions',
    {
      summary: "Suggest other words; the student's stay until the student accepts",
      who: ['advisor'],
      params: idParams,
      body: suggestionBody,
      answer: portfolioAnswer,
      status: 201,
      before: async (call) => void (await portfolioFor(call, mayAdvisePortfolio)),
      again: (call) => {
        const typed = call.body as Record<string, unknown>;
        const wordsIn = (name: string): string => {
          const value = typed[name];
          return typeof value === 'string' ? value : '';
        };
        const retry = { field: wordsIn('field'), entryId: wordsIn('entryId'), text: wordsIn('text') };
        return portfolioPage({ ...call, query: {} }, { retry });
      },
    },
    async (call) => {
      const { portfolio } = await portfolioFor(call, mayAdvisePortfolio);
      const after = await suggestWords(call.context, call.scope, call.actor, portfolio, call.body);
      const place = call.body.entryId ? `#entry-${call.body.entryId}` : '';
      return done(`/portfolios/${after.id}?edit=yes${place}`, portfolioView(after), {
        ...{ status: 201, notice: 'portfolio.notice.suggested' },
      });
    },
  );

  router.post(
    '/portfolios/:id/suggestions/:suggestion/withdraw',
    {
      summary: 'Take back what you have suggested',
      who: ['advisor'],
      params: suggestionParams,
      answer: portfolioAnswer,
    },
    async (call) => {
      const { portfolio } = await portfolioFor(call, mayAdvisePortfolio);
      const after = await withdrawSuggestion(call.scope, call.actor, portfolio, call.params.suggestion);
      return done(`/portfolios/${after.id}?edit=yes`, portfolioView(after), {
        notice: 'portfolio.notice.suggestion-withdrawn',
      });
    },
  );

  for (const [answer, summary] of [
    ['accept', 'Accept a suggestion: it takes the place of what you wrote'],
    ['decline', 'Decline a suggestion'],
  ] as const) {
    router.post(
      `/portfolios/:id/suggestions/:suggestion/${answer}`,
      {
        summary,
        who: ['student'],
        params: suggestionParams,
        body: z.object({
          /** Also where the words were changed since the suggestion was made; else that answers 409. */
          replace: flag,
        }),
        answer: portfolioAnswer,
      },
      async (call) => {
        const { portfolio } = await portfolioFor(call, mayEditPortfolio);
        const { suggestion } = call.params;
        if (answer === 'accept' && !call.body.replace) checkSuggestedOn(portfolio, {}, suggestion);
        const after = await answerSuggestion(call.context, call.scope, portfolio, suggestion, answer);
        return done(`/portfolios/${after.id}?edit=yes`, portfolioView(after), {
          notice: 'portfolio.notice.saved',
        });
      },
    );
  }

  router.post(
    '/portfolios/:id/seen',
    {
      summary: 'Say that you have seen what somebody submitted for you',
      who: ['student'],
      params: idParams,
      answer: portfolioAnswer,
    },
    async (call) => {
      const { portfolio } = await portfolioFor(call, mayEditPortfolio);
      const after = (await saveSubmissionSeen(call.scope, portfolio.id)) ?? portfolio;
      return done(`/portfolios/${after.id}`, portfolioView(after));
    },
  );
}
