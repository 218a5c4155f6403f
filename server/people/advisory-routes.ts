/** Advisories: who leads which group of students. */
import { z } from 'zod';
import { appendAudit } from '../audit/append-audit.js';
import { fieldsChanged } from '../audit/fields-changed.js';
import { inTransaction } from '../database.js';
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
import { advisoryAnswer, advisoryView, byId } from './people-view.js';
import { mayListAllStudents, type Advisory } from './person.js';

export const advisoryRoutes = routes('people');

const runners = ['registrar', 'admin'] as const;
const advisoryBody = z.object({ name: text(80), advisorIds: several(z.string().max(64)) });

advisoryRoutes.get(
  '/advisories',
  {
    summary: 'All advisories with their advisors',
    who: ['advisor', ...runners],
    query: pageQuery,
    answer: listOf(advisoryAnswer),
  },
  async (call) => {
    const found = await listAdvisoriesPage(call.scope, call.query.page, call.query.perPage);
    const advisors = byId(
      await listPeopleByIds(
        call.scope,
        found.items.flatMap((advisory) => advisory.advisorIds),
      ),
    );
    const items = found.items.map((each) => {
      const view = advisoryView(each, advisors);
      return { ...view, advisorNames: view.advisors.map(({ displayName }) => displayName).join(', ') };
    });
    return page(
      'people/advisories',
      { ...found, items, mayEdit: mayListAllStudents(call.actor), pager: pagerOf(found, '/advisories') },
      { title: call.t('people.advisories.title') },
    );
  },
);

advisoryRoutes.post(
  '/advisories',
  {
    summary: 'Add an advisory',
    who: runners,
    body: advisoryBody,
    status: 201,
    answer: z.object({ id: z.string() }),
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
    fromAnswer: ({ advisors, ...fields }) =>
      Array.isArray(advisors)
        ? { advisorIds: (advisors as { id: string }[]).map(({ id }) => id), ...fields }
        : fields,
    answer: z.object({ id: z.string() }),
    alsoPost: true,
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
