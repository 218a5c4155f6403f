/** Possible duplicates of a school: pairs that look like one person, and the answer that they are two. */
import { z } from 'zod';
import { pagerOf } from '../http/pager.js';
import { listOf, pageQuery, text } from '../http/read-input.js';
import { done, page, routes } from '../http/route.js';
import { decidePair } from '../people/decide-pair.js';
import { duplicateReasons, likelyPairs } from '../people/likely-duplicates.js';
import { listDistinctPairs, pairIdOf } from '../people/merged-people-records.js';
import { listSealedStudentIds } from '../people/people-records.js';
import { listDuplicateFacts } from '../people/search-records.js';
import { personLine, personLineAnswer } from './merge-view.js';

const runners = ['registrar', 'admin'] as const;

export const duplicateRoutes = routes('merge');

duplicateRoutes.get(
  '/duplicates',
  {
    summary: 'Pairs of people who may be one, those with most in common first; people who have left included',
    who: runners,
    query: pageQuery,
    answer: listOf(
      z.object({
        first: personLineAnswer,
        second: personLineAnswer,
        reasons: z.array(z.enum(duplicateReasons)),
      }),
    ),
  },
  async (call) => {
    const { scope, t, query } = call;
    const [everybody, known, sealed] = await Promise.all([
      listDuplicateFacts(scope),
      listDistinctPairs(scope),
      listSealedStudentIds(scope),
    ]);
    // A sealed record cannot be merged, so nobody is asked about it.
    const people = everybody.filter(({ id }) => !sealed.has(id));
    const pairs = likelyPairs(people, (a, b) => known.has(pairIdOf(a, b)));
    const { page: number, perPage } = query;
    const found = {
      ...{ page: number, perPage, total: pairs.length },
      pages: Math.max(1, Math.ceil(pairs.length / perPage)),
      items: pairs.slice((number - 1) * perPage, number * perPage).map(({ first, second, reasons }) => ({
        ...{ first: personLine(call, first), second: personLine(call, second), reasons },
        reasonWords: reasons.map((reason) => t(`merge.reason.${reason}`)).join(', '),
      })),
    };
    return page(
      'merge/duplicates',
      { ...found, pager: pagerOf(found, '/duplicates') },
      {
        title: t('merge.duplicates.title'),
        crumbs: [{ href: '/people', label: t('people.people.title') }],
      },
    );
  },
);

duplicateRoutes.post(
  '/duplicates/distinct',
  {
    summary: 'These two are two people: nobody is asked about them again',
    who: runners,
    token: 'people:write',
    body: z.object({ first: text(64), second: text(64) }),
    answer: z.object({ first: z.string(), second: z.string() }),
  },
  async ({ scope, context, actor, body }) => {
    const { first, second } = body;
    await decidePair(context, scope, actor, [first, second]);
    return done('/duplicates', { first, second }, { notice: 'merge.notice.distinct' });
  },
);
