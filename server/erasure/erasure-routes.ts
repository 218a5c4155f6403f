/**
 * Erasing a person: what it would do, the request, how far it is, and the list of those that were made. For
 * administrators alone.
 */
import { z } from 'zod';
import { pagerOf } from '../http/pager.js';
import { flag, idParams, listOf, pageQuery, text } from '../http/read-input.js';
import { done, page, routes, type Call } from '../http/route.js';
import { isOver } from '../jobs/job.js';
import { findJobByKey } from '../jobs/job-records.js';
import { findPerson, getPerson, listPeopleByIds } from '../people/people-records.js';
import { requirePermission } from '../people/person.js';
import {
  choicesOf,
  erasureExtents,
  erasureGrounds,
  MAX_REASON,
  mayErase,
  type Erasure,
  type ErasureExtent,
} from './erasure.js';
import { countFilesWaiting } from './describe-person.js';
import { findErasureOf, getErasure, listErasures } from './erasure-records.js';
import {
  countGroups,
  countLines,
  erasureAnswer,
  erasureView,
  previewAnswer,
  unfinishedView,
} from './erasure-view.js';
import { partsAtOnce, partsInBackground } from './erase-person-parts.js';
import { previewErasure } from './preview-erasure.js';
import { continueErasure, erasureJob, jobKey, requestErasure } from './request-erasure.js';

type ErasureCall = Pick<
  Call<{ id: string }>,
  'scope' | 'actor' | 'params' | 't' | 'context' | 'wantsJson' | 'response'
>;

const who = ['admin'] as const;
const extent = z.enum(erasureExtents).default('records');
const byName = flag.describe(
  'Also where nothing but a name says who it was: it may be somebody else of that name.',
);
const choices = z.object({ extent, byName });
/** What is typed into the form already when the counts are asked for: it is shown again. */
const typedAlready = {
  ground: z.string().max(64).optional(),
  reason: z
    .string()
    .max(2 * MAX_REASON)
    .optional(),
  confirm: z.string().max(300).optional(),
};
type TypedAlready = z.output<z.ZodObject<typeof typedAlready>>;
const askedAnswer = z.object({ id: z.string(), jobId: z.string() });
/** Seconds after which the browser asks again while the work goes on. */
const ASK_AGAIN = 2;
const parts = [...partsAtOnce, ...partsInBackground];

export const erasureRoutes = routes('erasure');

async function previewPage(
  call: ErasureCall,
  chosen: ErasureExtent,
  named: boolean,
  { ground = '', reason = '', confirm = '' }: TypedAlready = {},
) {
  const { scope, actor, params, t, context } = call;
  requirePermission(mayErase(actor));
  const person = await getPerson(scope, params.id);
  const earlier = person.erasedAt ? await findErasureOf(scope, person.id) : null;
  const isStudent = person.roles.includes('student');
  const oneself = person.id === actor.personId;
  const { counts, unfinished } = await previewErasure(
    { clock: context.clock, parts },
    scope,
    person,
    choicesOf(chosen, named),
  );
  const lines = countLines(counts, t);
  const view = {
    person: { id: person.id, displayName: person.displayName },
    ...{ extent: chosen, byName: named },
    counts: lines,
    unfinished: unfinished.map(unfinishedView),
  };
  return page(
    'erasure/erase-person',
    call.wantsJson
      ? view
      : {
          ...view,
          groups: countGroups(lines, t),
          named: named ? 'yes' : '',
          mayChoose: isStudent || named || lines.some(({ kind }) => kind === 'by-name'),
          erasureHref: earlier ? `/erasures/${earlier.id}` : null,
          oneself,
          mayConfirm: !oneself && unfinished.length === 0,
          typed: { ground, reason, confirm },
          extents: isStudent
            ? erasureExtents.map((value) => ({ value, label: t(`erasure.extent.${value}`) }))
            : null,
          grounds: erasureGrounds.map((value) => ({ value, label: t(`erasure.ground.${value}`) })),
          maxReason: MAX_REASON,
        },
    {
      title: t('erasure.page.title', { name: person.displayName }),
      crumbs: [
        { href: '/people', label: t('people.people.title') },
        { href: `/people/${person.id}`, label: person.displayName },
      ],
    },
  );
}

erasureRoutes.get(
  '/people/:id/erase',
  {
    summary: 'What erasing a person would erase, leave without the name, and keep',
    who,
    token: 'never',
    params: idParams,
    query: z.object({ extent, byName, ...typedAlready }),
    answer: previewAnswer,
  },
  async (call) => previewPage(call, call.query.extent, call.query.byName, call.query),
);

erasureRoutes.post(
  '/people/:id/erase',
  {
    summary:
      'Erase a person: at once from every screen, then from every record, by a background job. It cannot be undone',
    who,
    token: 'never',
    params: idParams,
    body: z.object({
      extent: extent.describe(
        'records: everything but issued transcripts; everything: these as well; keep-issued: what was issued stays.',
      ),
      byName,
      ground: z.enum(erasureGrounds),
      reason: text(MAX_REASON).describe('Is kept; must not name the person.'),
      confirm: text(300).describe("The person's name."),
    }),
    status: 201,
    answer: askedAnswer,
    again: async (call) => {
      const asked = choices.safeParse(call.body);
      return asked.success
        ? previewPage(call, asked.data.extent, asked.data.byName)
        : previewPage(call, 'records', false);
    },
  },
  async (call) => {
    const { extent: chosen, byName: named, ...asked } = call.body;
    const { erasureId, job } = await requestErasure(call.context, call.scope, call.actor, call.params.id, {
      ...asked,
      ...choicesOf(chosen, named),
      mark: call.t('erasure.mark'),
    });
    return done(`/erasures/${erasureId}`, { id: erasureId, jobId: job.id }, { status: 201 });
  },
);

const viewOf = async (call: Pick<ErasureCall, 'scope' | 't'>, erasure: Erasure) =>
  erasureView(erasure, {
    ...{ parts, t: call.t },
    requestedBy: (await findPerson(call.scope, erasure.requestedBy))?.displayName ?? '',
    filesWaiting: await countFilesWaiting(call.scope, erasure.personId),
  });

async function erasurePage(call: ErasureCall) {
  const { scope, actor, params, t } = call;
  requirePermission(mayErase(actor));
  const erasure = await getErasure(scope, params.id);
  const view = await viewOf(call, erasure);
  const job = await findJobByKey(scope, erasureJob, jobKey(erasure));
  const goesOn = job !== null && !isOver(job);
  if (goesOn) call.response.setHeader('Refresh', String(ASK_AGAIN));
  call.response.setHeader('Cache-Control', 'no-store');
  return page(
    'erasure/erasure',
    call.wantsJson
      ? view
      : {
          ...view,
          groups: countGroups(view.counts, t),
          groundWords: t(`erasure.ground.${view.ground}`),
          extentWords: t(`erasure.extent.${view.extent}`),
          progress: goesOn ? job.progress : null,
          mayContinue: erasure.state === 'running' && !goesOn,
        },
    {
      title: t('erasure.result.title'),
      crumbs: [
        { href: '/people', label: t('people.people.title') },
        { href: '/erasures', label: t('erasure.list.title') },
      ],
    },
  );
}

erasureRoutes.get(
  '/erasures/:id',
  {
    summary: 'How far an erasure is, and what it did',
    who,
    token: 'never',
    params: idParams,
    answer: erasureAnswer,
  },
  erasurePage,
);

erasureRoutes.post(
  '/erasures/:id/continue',
  {
    summary: 'Take up an erasure whose work has stopped',
    who,
    token: 'never',
    params: idParams,
    answer: askedAnswer,
    status: 201,
    again: erasurePage,
  },
  async (call) => {
    const job = await continueErasure(call.context, call.scope, call.actor, call.params.id);
    return done(`/erasures/${call.params.id}`, { id: call.params.id, jobId: job.id }, { status: 201 });
  },
);

erasureRoutes.get(
  '/erasures',
  {
    summary: 'Erasures, the newest first',
    who,
    token: 'never',
    query: pageQuery,
    answer: listOf(erasureAnswer),
  },
  async (call) => {
    requirePermission(mayErase(call.actor));
    const found = await listErasures(call.scope, call.query.page, call.query.perPage);
    const people = await listPeopleByIds(call.scope, [
      ...new Set(found.items.map((each) => each.requestedBy)),
    ]);
    const nameOf = (id: string) => people.find((each) => each.id === id)?.displayName ?? '';
    const items = await Promise.all(
      found.items.map(async (erasure) => ({
        ...erasureView(erasure, {
          ...{ parts, t: call.t, requestedBy: nameOf(erasure.requestedBy) },
          filesWaiting: await countFilesWaiting(call.scope, erasure.personId),
        }),
        groundWords: call.t(`erasure.ground.${erasure.ground}`),
      })),
    );
    return page(
      'erasure/erasures',
      { ...found, items, pager: pagerOf(found, '/erasures') },
      {
        title: call.t('erasure.list.title'),
        crumbs: [{ href: '/people', label: call.t('people.people.title') }],
      },
    );
  },
);
