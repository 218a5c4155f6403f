/** The places in one work of a portfolio that prove a criterion: shown large, set and removed one by one. */
import { z } from 'zod';
import { MAX_NOTE, resolvePlace } from '../artifacts/pin.js';
import { placeBody } from '../artifacts/read-place.js';
import { workDisplay } from '../artifacts/show-place.js';
import { idParams, optionalLine } from '../http/read-input.js';
import { done, page, type PageAnswer, type FeatureRoutes } from '../http/route.js';
import { newId } from '../ids.js';
import { addPin, entryWork, confirmPin, movePin, removePin } from './pin-entry.js';
import { mayEditPortfolio } from './portfolio.js';
import { portfolioCrumbs, portfolioFor, portfolioWorks, type IdCall } from './portfolio-pages.js';
import {
  criterionOptions,
  earlierViewsOf,
  entryPins,
  pinnedEntryAnswer,
  portfolioAnswer,
  portfolioView,
} from './portfolio-view.js';

const word = z.string().regex(/^[0-9A-Za-z_-]{1,80}$/);
const entryParams = idParams.extend({ entry: word });
const pinParams = entryParams.extend({ pin: word });
const who = ['student'] as const;

type EntryCall = Omit<IdCall, 'params'> & { params: { id: string; entry: string } };

async function pinsPage(call: EntryCall & { query?: { move?: string | undefined } }): Promise<PageAnswer> {
  const { portfolio, student } = await portfolioFor(call, mayEditPortfolio);
  const { entry, work } = await entryWork(call.context, call.scope, portfolio, call.params.entry);
  const rubric = portfolio.rubric ? await call.context.rubrics.byHash(portfolio.rubric.hash) : null;
  const named = (id: string) => rubric?.criteria.find((row) => row.id === id)?.name ?? id;
  const works = await portfolioWorks(call, portfolio);
  const { pins, earlier } = entryPins(entry, works);
  const artifact = works.artifacts.get(entry.artifactId);
  const moving = earlier.find(({ pin }) => pin.id === call.query?.move)?.pin ?? null;
  const place = moving && 'place' in resolvePlace(work, moving.place) ? moving.place : null;
  const options = criterionOptions(rubric);
  const first = moving ? [moving.criterionId] : entry.criterionIds;
  return page(
    'portfolio/pins',
    {
      portfolioId: portfolio.id,
      entryId: entry.id,
      title: work.title,
      versionNumber: work.versionNumber,
      pins: pins.map((pin) => ({ ...pin, criterion: named(pin.criterionId) })),
      earlier: artifact ? earlierViewsOf(artifact, earlier, named) : [],
      replaces: moving?.id ?? '',
      note: moving?.note ?? '',
      // What the student ticked under the work comes first.
      criteria: options.toSorted((a, b) => Number(first.includes(b.value)) - Number(first.includes(a.value))),
      hung: workDisplay(work, place),
      nonce: newId(),
    },
    {
      title: call.t('portfolio.pins.title', { title: work.title }),
      crumbs: portfolioCrumbs(call, student, portfolio),
      scripts: ['set-place'],
    },
  );
}

export function addPortfolioPinRoutes(router: FeatureRoutes): void {
  router.get(
    '/portfolios/:id/entries/:entry/pins',
    {
      summary:
        'The places in one work that the student points to, and those that a newer version left behind',
      who,
      params: entryParams,
      query: z.object({ move: word.optional() }),
      answer: pinnedEntryAnswer,
    },
    pinsPage,
  );

  router.post(
    '/portfolios/:id/entries/:entry/pins',
    {
      summary: 'Pin a criterion to a place in the newest version of a work',
      who,
      params: entryParams,
      body: placeBody.extend({
        id: word.optional(),
        criterionId: z.string().min(1).max(64),
        note: z.string().trim().max(MAX_NOTE).default(''),
        /** Id of a pin on an earlier version whose place it takes. */
        replaces: optionalLine(80).transform((id) => id || undefined),
      }),
      answer: portfolioAnswer,
      status: 201,
      before: async (call) => void (await portfolioFor(call, mayEditPortfolio)),
      again: pinsPage,
    },
    async (call) => {
      const { portfolio } = await portfolioFor(call, mayEditPortfolio);
      const after = await addPin(call.context, call.scope, portfolio, call.params.entry, call.body);
      const location = `/portfolios/${portfolio.id}/entries/${call.params.entry}/pins`;
      return done(location, portfolioView(after), { status: 201, notice: 'portfolio.notice.pinned' });
    },
  );

  for (const [verb, act, summary, notice] of [
    ['remove', removePin, 'Take a pin away', 'portfolio.notice.unpinned'],
    [
      'keep',
      confirmPin,
      'Say that a pin of an earlier version stays there: the panel opens that version',
      'portfolio.notice.kept',
    ],
    [
      'move',
      movePin,
      'Move a pin of an earlier version to the same place in the newest one',
      'portfolio.notice.moved',
    ],
  ] as const) {
    router.post(
      `/portfolios/:id/entries/:entry/pins/:pin/${verb}`,
      {
        summary,
        who,
        params: pinParams,
        body: z.object({
          /** Where a person goes on afterwards; left out: to the pins of the work. */
          then: z.enum(['review']).optional(),
        }),
        answer: portfolioAnswer,
        again: pinsPage,
      },
      async (call) => {
        const { portfolio } = await portfolioFor(call, mayEditPortfolio);
        const { entry, pin } = call.params;
        const after = await act(call.context, call.scope, portfolio, entry, pin);
        const pins = `/portfolios/${portfolio.id}/entries/${entry}/pins`;
        const location = call.body.then === 'review' ? `/portfolios/${portfolio.id}/submit` : pins;
        return done(location, portfolioView(after), { notice });
      },
    );
  }
}
