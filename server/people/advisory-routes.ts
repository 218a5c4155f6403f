/** Advisories: who leads which group of students. */
import { z } from 'zod';
import { appendAudit } from '../audit/append-audit.js';
import { fieldsChanged } from '../audit/fields-changed.js';
import { inTransaction } from '../db/database.js';
import { InvalidInput, NotFound } from '../errors.js';
import { pagerOf } from '../http/pager.js';
import { idParams, listOf, pageQuery, several, text } from '../http/read-input.js';
import { done, page, routes, type Call } from '../http/route.js';
import { newId } from '../ids.js';
import { freeSlugOf, ownNameKey } from '../school/own-names.js';
import { noteAdvisory } from './keep-enrollments.js';
import {
  findAdvisory,
  listAdvisories,
  listAdvisoriesPage,
  listPeopleByIds,
  saveAdvisory,
  saveAdvisoryChange,
} from './people-records.js';
import { countStudentsOfAdvisories } from './advisory-records.js';
import { moveAdvisory, removeAdvisory, type AdvisoryPorts } from './change-advisories.js';
import { advisoryAnswer, advisoryView, byId } from './people-view.js';
import { mayListAllStudents, type Advisory } from './person.js';

const runners = ['registrar', 'admin'] as const;
const listedAnswer = advisoryAnswer.extend({
  students: z.number().describe('How many are in it now.'),
});
const removeAnswer = z.object({ id: z.string(), removed: z.literal(true) });
const advisoryBody = z.object({ name: text(80), advisorIds: several(z.string().max(64)) });

/**
 * @param at `move` is the one advisory for which the page lists the others: with a list for each it would
 *   grow with their square
 * @param form which form of the page is shown again, e.g. `<id>-` for those of one advisory
 */
async function advisoriesPage(
  call: Pick<Call, 'scope' | 'actor' | 't'>,
  at: { page: number; perPage: number; move?: string | undefined },
  form = at.move === undefined ? '' : `${at.move}-`,
) {
  const { scope } = call;
  const mayEdit = mayListAllStudents(call.actor);
  const found = await listAdvisoriesPage(scope, at.page, at.perPage);
  const [advisors, counts, all] = await Promise.all([
    listPeopleByIds(
      scope,
      found.items.flatMap((advisory) => advisory.advisorIds),
    ).then(byId),
    countStudentsOfAdvisories(
      scope,
      found.items.map(({ id }) => id),
    ),
    mayEdit && at.move !== undefined ? listAdvisories(scope) : [],
  ]);
  const items = found.items.map((each) => {
    const view = advisoryView(each, advisors);
    const students = counts.get(each.id) ?? 0;
    return {
      ...view,
      students,
      // Who has left leads nobody any more; their name stays with the advisory until the office takes it out.
      advisorNames: view.advisors
        .filter(({ id }) => advisors.get(id)?.active)
        .map(({ displayName }) => displayName)
        .join(', '),
      others:
        each.id === at.move
          ? all.filter(({ id }) => id !== each.id).map(({ id, name }) => ({ value: id, label: name }))
          : [],
    };
  });
  return {
    ...page(
      'people/advisories',
      { ...found, items, mayEdit, mayMove: found.total > 1, pager: pagerOf(found, '/advisories') },
      { title: call.t('people.advisories.title') },
    ),
    form,
  };
}

const again = async (call: Pick<Call, 'scope' | 'actor' | 't'>, id?: string) =>
  advisoriesPage(call, { page: 1, perPage: 200, move: id }, id === undefined ? 'new-' : `${id}-`);

/** @param ports what is asked of features that come later */
export function makeAdvisoryRoutes(ports: AdvisoryPorts) {
  const advisoryRoutes = routes('people');

  advisoryRoutes.get(
    '/advisories',
    {
      summary: 'All advisories with their advisors',
      who: ['advisor', ...runners],
      query: pageQuery.extend({
        move: text(64).optional().describe('The advisory whose form to move everybody is shown.'),
      }),
      answer: listOf(listedAnswer),
    },
    async (call) => advisoriesPage(call, call.query),
  );

  advisoryRoutes.post(
    '/advisories',
    {
      summary: 'Add an advisory',
      who: runners,
      body: advisoryBody,
      status: 201,
      answer: z.object({ id: z.string() }),
      again: async (call) => again(call),
    },
    async (call) => {
      const id = newId();
      const known = await checkNameFree(call, call.body.name, null);
      const slug = freeSlugOf(
        call.body.name,
        'advisory',
        known.map((each) => each.slug),
      );
      await checkAdvisors(call, call.body.advisorIds);
      const { name, advisorIds } = call.body;
      await inTransaction(call.scope, async (inside) => {
        await saveAdvisory(inside, { id, schoolId: inside.schoolId, slug, name, advisorIds });
        const subject = { kind: 'advisory', id };
        await appendAudit(inside, call.context.clock, call.actor, 'people.advisory-add', subject, {
          advisorIds,
        });
      });
      return done('/advisories', { id }, { status: 201, notice: 'people.notice.saved' });
    },
  );

  advisoryRoutes.put(
    '/advisories/:id',
    {
      summary: 'Change an advisory',
      who: runners,
      params: idParams,
      body: advisoryBody.extend({ advisorIds: z.array(z.string().max(64)).max(200).optional() }),
      fromAnswer: ({ advisors, ...given }) => {
        const fields = Object.fromEntries(Object.entries(given).filter(([name]) => name !== 'students'));
        return Array.isArray(advisors)
          ? { advisorIds: (advisors as { id: string }[]).map(({ id }) => id), ...fields }
          : fields;
      },
      answer: z.object({ id: z.string() }),
      alsoPost: true,
      again: async (call) => again(call, call.params.id),
    },
    async (call) => {
      const { scope, context, params } = call;
      const { name, advisorIds } = call.body;
      await checkNameFree(call, name, params.id);
      if (advisorIds) await checkAdvisors(call, advisorIds);
      const change = { name, ...(advisorIds ? { advisorIds } : {}) };
      await inTransaction(scope, async (inside) => {
        const before = await findAdvisory(inside, params.id);
        if (!before) throw new NotFound();
        await noteAdvisory(inside, context.clock, before.id, () =>
          saveAdvisoryChange(inside, before.id, change),
        );
        const fields = fieldsChanged(before, change);
        // Who leads an advisory sees its students.
        const detail = { fields, ...(fields.includes('advisorIds') ? { advisorIds } : {}) };
        const subject = { kind: 'advisory', id: before.id };
        await appendAudit(inside, context.clock, call.actor, 'people.advisory-change', subject, detail);
      });
      return done('/advisories', { id: call.params.id }, { notice: 'people.notice.saved' });
    },
  );

  advisoryRoutes.post(
    '/advisories/:id/move',
    {
      summary: 'Move everybody of this advisory into another one',
      who: runners,
      params: idParams,
      body: z.object({ to: text(64).describe('The id of the other advisory.') }),
      answer: z.object({
        id: z.string(),
        moved: z.number(),
        exhibitions: z
          .array(z.object({ id: z.string(), title: z.string() }))
          .describe('In whose timetable everybody of the other advisory presents now.'),
      }),
      again: async (call) => again(call, call.params.id),
    },
    async (call) => {
      const { scope, context, actor, params, body } = call;
      const needs = { ...ports, clock: context.clock };
      const { moved, exhibitions } = await moveAdvisory(needs, scope, actor, {
        from: params.id,
        to: body.to,
      });
      const titles = exhibitions.map(({ title }) => title);
      return done(
        '/advisories',
        { id: params.id, moved, exhibitions },
        {
          notice: titles.length > 0 ? 'people.notice.advisory-moved-planned' : 'people.notice.advisory-moved',
          noticeParams: { count: moved, ...(titles.length > 0 ? { exhibitions: titles } : {}) },
        },
      );
    },
  );

  const removing = {
    summary: 'Delete an advisory that nobody is in',
    who: runners,
    params: idParams,
    answer: removeAnswer,
  };
  const remove = async (call: Call<z.output<typeof idParams>>) => {
    await removeAdvisory({ ...ports, clock: call.context.clock }, call.scope, call.actor, call.params.id);
    return done(
      '/advisories',
      { id: call.params.id, removed: true as const },
      { notice: 'people.notice.advisory-removed' },
    );
  };
  const removeAgain = async (call: Pick<Call<{ id: string }>, 'scope' | 'actor' | 't' | 'params'>) =>
    again(call, call.params.id);
  advisoryRoutes.delete('/advisories/:id', removing, remove);
  advisoryRoutes.post('/advisories/:id/remove', { ...removing, again: removeAgain }, remove);

  return advisoryRoutes;
}

/**
 * @param ownId of the advisory that has the name or gets it; null for a new one
 * @returns the school's advisories
 */
async function checkNameFree(
  { scope }: Pick<Call, 'scope'>,
  name: string,
  ownId: string | null,
): Promise<Advisory[]> {
  const known = await listAdvisories(scope);
  const isOther = (each: Advisory): boolean =>
    each.id !== ownId && ownNameKey(each.name) === ownNameKey(name);
  // Those that had one name before may keep it.
  const kept = known.find(({ id }) => id === ownId)?.name === name;
  if (!kept && known.some(isOther))
    throw new InvalidInput([{ field: 'name', message: 'people.problem.advisory-taken' }]);
  return known;
}

async function checkAdvisors(call: Pick<Call, 'scope'>, advisorIds: string[]): Promise<void> {
  const advisors = await listPeopleByIds(call.scope, advisorIds);
  if (
    advisors.length !== new Set(advisorIds).size ||
    advisors.some((person) => !person.roles.includes('advisor'))
  ) {
    throw new InvalidInput([{ field: 'advisorIds', message: 'people.problem.advisor-unknown' }]);
  }
}
