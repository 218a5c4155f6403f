/**
 * The page on which works are searched and added to a portfolio: all of the student's, in portions, with
 * nothing but a form.
 */
import { z } from 'zod';
import { InvalidInput } from '../errors.js';
import { idParams, optionalLine, several } from '../http/read-input.js';
import { done, page, type PageAnswer, type FeatureRoutes } from '../http/route.js';
import { addEntries } from './add-entries.js';
import { findAddableWorks, readWorks } from './find-works.js';
import { mayEditPortfolio } from './portfolio.js';
import { portfolioCrumbs, portfolioFor, type IdCall } from './portfolio-pages.js';
import { portfolioAnswer, portfolioView, workView } from './portfolio-view.js';

const PER_PAGE = 24;
const id = z.string().min(1).max(64);

const query = z.object({
  search: optionalLine(100),
  /** Where the portion before ended. */
  after: optionalLine(100).transform((key) => key || null),
  /** Works that were ticked before. */
  add: several(id),
});
type WorksQuery = z.output<typeof query>;

const workAnswer = z.looseObject({ id: z.string(), title: z.string(), medium: z.string() });
const worksAnswer = z.object({
  portfolioId: z.string(),
  works: z.array(workAnswer).describe('Newest first, without those that the portfolio shows.'),
  selected: z.array(workAnswer).describe('Ticked before, on other pages.'),
  total: z.number().describe('Of all pages.'),
  next: z.string().nullable().describe('`after` of the next page.'),
});

async function worksPage(call: IdCall & { query: WorksQuery }): Promise<PageAnswer> {
  const { portfolio, student } = await portfolioFor(call, mayEditPortfolio);
  const { search, after, add } = call.query;
  const found = await findAddableWorks(call.scope, portfolio, { search, after, limit: PER_PAGE }, (medium) =>
    call.t(`artifacts.medium.${medium}`),
  );
  const elsewhere = add.filter((each) => !found.ids.includes(each));
  const works = await readWorks(call.scope, [...found.ids, ...elsewhere]);
  const there = new Set(portfolio.entries.map(({ artifactId }) => artifactId));
  const shown = (ids: readonly string[]) =>
    ids.flatMap((each) => {
      const isOwn = works.artifacts.get(each)?.studentId === student.id;
      const work = isOwn && !there.has(each) ? workView(works, each) : null;
      return work ? [{ ...work, ticked: add.includes(each) }] : [];
    });
  return page(
    'portfolio/works',
    {
      portfolioId: portfolio.id,
      search,
      works: shown(found.ids),
      selected: shown(elsewhere),
      total: found.total,
      next: found.next,
      begins: after === null,
      newHref: `/students/${student.id}/artifacts/new?next=/portfolios/${portfolio.id}`,
    },
    { title: call.t('portfolio.works.title'), crumbs: portfolioCrumbs(call, student, portfolio) },
  );
}

export function addWorksRoutes(router: FeatureRoutes): void {
  const who = ['student'] as const;
  router.get(
    '/portfolios/:id/works',
    {
      summary: "Search the student's works that the portfolio does not show yet; all of them, page by page",
      who,
      params: idParams,
      query,
      answer: worksAnswer,
    },
    worksPage,
  );

  router.post(
    '/portfolios/:id/works',
    {
      summary: 'Add works to a portfolio, after those that are there',
      who,
      params: idParams,
      body: z.object({ add: several(id), search: optionalLine(100) }),
      answer: portfolioAnswer,
      before: async (call) => void (await portfolioFor(call, mayEditPortfolio)),
      again: (call) => {
        const { add } = query.pick({ add: true }).catch({ add: [] }).parse(call.body);
        return worksPage({ ...call, query: { search: '', after: null, add } });
      },
    },
    async (call) => {
      const { portfolio } = await portfolioFor(call, mayEditPortfolio);
      const { add } = call.body;
      if (add.length === 0)
        throw new InvalidInput([{ field: 'add', message: 'portfolio.problem.no-work-chosen' }]);
      const after = await addEntries(call.context, call.scope, portfolio.id, add);
      return done(`/portfolios/${portfolio.id}?edit=yes`, portfolioView(after), {
        notice: 'portfolio.notice.works-added',
        noticeParams: { count: after.entries.length - portfolio.entries.length },
      });
    },
  );
}
