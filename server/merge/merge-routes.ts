/**
 * Merging two records of one person: choosing the other one, comparing both with a dry run, and what was
 * merged into somebody.
 */
import { z } from 'zod';
import { NotFound } from '../errors.js';
import { idParams, prose } from '../http/read-input.js';
import { done, page, routes, type Call } from '../http/route.js';
import { wholeList } from '../http/pager.js';
import { listOf } from '../http/read-input.js';
import { listMergedInto } from '../people/merged-people-records.js';
import { findPerson, getPerson, listAdvisories } from '../people/people-records.js';
import { searchEverybody } from '../people/search-records.js';
import { byId } from '../people/person.js';
import { mergeFields, numbersDiffer, sides, type MergeField } from './merge-fields.js';
import { mergePeople, permitMerge } from './merge-people.js';
import { countJoinedNarratives, listMovements, planMerge } from './plan-merge.js';
import {
  fieldRows,
  mergedAnswer,
  mergedView,
  movementView,
  obstacleView,
  personLine,
  personLineAnswer,
  mergeAnswer,
  sideOptions,
} from './merge-view.js';

const runners = ['registrar', 'admin'] as const;
/** People offered by one search. */
const MAX_FOUND = 20;

const side = z.enum(sides).optional();
const pairParams = idParams.extend({ otherId: z.string().min(1).max(64) });
const mergeBody = z.object({
  ...(Object.fromEntries(mergeFields.map((field) => [field, side])) as Record<MergeField, typeof side>),
  account: side.describe('Whose sign-in is kept, where both have one; the other one is closed.'),
  confirmNumbers: z
    .union([z.boolean(), z.literal('yes').transform(() => true)])
    .default(false)
    .describe('The student numbers or the ids in the roster differ, and both are this person all the same.'),
  reason: prose(500),
});

type Asking = Pick<Call, 'scope' | 't' | 'actor'>;
const crumbsOf = ({ t }: Asking, person: { id: string; displayName: string }) => [
  { href: '/people', label: t('people.people.title') },
  { href: `/people/${person.id}`, label: person.displayName },
];

async function comparePage(call: Asking, intoId: string, fromId: string) {
  const { scope, t } = call;
  const plan = await planMerge(scope, intoId, fromId);
  const { into, from, accounts } = plan;
  permitMerge(call.actor, into, from);
  const advisories = byId(await listAdvisories(scope));
  const rows = fieldRows(call, plan, advisories);
  const moved = await listMovements(scope, into.id, from.id);
  const signsIn = { into: accounts.into?.email ?? null, from: accounts.from?.email ?? null };
  return page(
    'merge/compare',
    {
      ...{ into: personLine(call, into), from: personLine(call, from) },
      fields: rows,
      decisions: rows
        .filter(({ conflict }) => conflict)
        .map(({ field, label, into: a, from: b }) => ({
          ...{ field, label },
          options: sideOptions({ into: a, from: b }),
        })),
      account: { ...signsIn, needsChoice: accounts.needsChoice },
      accountOptions: accounts.needsChoice
        ? sideOptions({ into: signsIn.into ?? '', from: signsIn.from ?? '' })
        : null,
      numbersDiffer: numbersDiffer(into, from),
      moved: moved.map((each) => movementView(call, each)),
      joinedNarratives: await countJoinedNarratives(scope, into.id, from.id),
      obstacles: plan.obstacles.map((each) => obstacleView(call, each)),
    },
    {
      title: t('merge.compare.title', { name: into.displayName }),
      crumbs: [...crumbsOf(call, into), { href: `/people/${into.id}/merge`, label: t('merge.choose.short') }],
    },
  );
}

export const mergeRoutes = routes('merge');

mergeRoutes.get(
  '/people/:id/merge',
  {
    summary: 'Find the second record of a person; `search` finds people who have left, too',
    who: runners,
    params: idParams,
    query: z.object({ search: z.string().trim().max(80).optional() }),
    answer: z.object({ person: personLineAnswer, found: z.array(personLineAnswer) }),
  },
  async (call) => {
    const { scope, t, query, params } = call;
    const person = await getPerson(scope, params.id);
    permitMerge(call.actor, person);
    const search = query.search ?? '';
    const found = search ? await searchEverybody(scope, search, MAX_FOUND + 2) : [];
    const others = found.filter(({ id }) => id !== person.id);
    return page(
      'merge/choose',
      {
        ...{ person: personLine(call, person), search, moreFound: others.length > MAX_FOUND },
        found: others.slice(0, MAX_FOUND).map((each) => personLine(call, each)),
      },
      { title: t('merge.choose.title', { name: person.displayName }), crumbs: crumbsOf(call, person) },
    );
  },
);

mergeRoutes.get(
  '/people/:id/merge/:otherId',
  {
    summary:
      'Two records side by side, what speaks against merging them, and everything that would move (dry run)',
    who: runners,
    params: pairParams,
    answer: mergeAnswer,
  },
  async (call) => comparePage(call, call.params.id, call.params.otherId),
);

mergeRoutes.post(
  '/people/:id/merge/:otherId',
  {
    summary: 'Merge the second record into the first; it cannot be undone',
    who: runners,
    token: 'never',
    params: pairParams,
    body: mergeBody,
    answer: mergedAnswer,
    again: async (call) => comparePage(call, call.params.id, call.params.otherId),
  },
  async (call) => {
    const { scope, context, actor, params, body } = call;
    const { account, confirmNumbers, reason, ...fields } = body;
    const merged = await mergePeople({ clock: context.clock, log: context.log }, scope, actor, {
      ...{ into: params.id, from: params.otherId, account, confirmNumbers, reason },
      fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
    });
    return done(`/people/${merged.into}/merges`, mergedView(call, merged), { notice: 'merge.notice.done' });
  },
);

mergeRoutes.get(
  '/people/:id/merges',
  {
    summary: 'Records that were merged into this person',
    who: runners,
    params: idParams,
    answer: listOf(mergedAnswer),
  },
  async (call) => {
    const { scope, t, params } = call;
    const person = await findPerson(scope, params.id);
    if (!person) throw new NotFound();
    const merged = (await listMergedInto(scope, person.id)).map((each) => mergedView(call, each));
    return page(
      'merge/merges',
      { person: { id: person.id, displayName: person.displayName }, ...wholeList(merged) },
      { title: t('merge.merges.title', { name: person.displayName }), crumbs: crumbsOf(call, person) },
    );
  },
);
