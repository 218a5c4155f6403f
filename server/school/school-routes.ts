/** The school's settings and its terms. */
import { z } from 'zod';
import { appendAudit } from '../audit/append-audit.js';
import { inTransaction } from '../database.js';
import { Conflict, Forbidden, NotFound } from '../errors.js';
import { newId } from '../ids.js';
import { wholeList } from '../http/pager.js';
import { day, idParams, listOf, text } from '../http/read-input.js';
import { done, page, routes, type Call } from '../http/route.js';
import { checkAccent, checkTerm } from './create-school.js';
import {
  attemptRuleOf,
  attemptRules,
  conflictRules,
  conflictsOf,
  mayEditSchool,
  mayEditTerms,
  slugOf,
} from './school.js';
import { schoolFields, schoolOf, zones } from './school-fields.js';
import {
  findSchool,
  getTerm,
  listTerms,
  saveSchoolChange,
  saveTerm,
  saveTermChange,
} from './school-records.js';
import { schoolAnswer, schoolView, termAnswer, termView } from './school-view.js';

export const schoolRoutes = routes('school');

const settingsBody = schoolFields.extend({
  pageSize: z.enum(['letter', 'a4']),
  voices: z.enum(['named', 'by-role']),
  numberPrefix: z
    .string()
    .trim()
    .max(8)
    .regex(/^[A-Z0-9]*$/, 'school.problem.prefix'),
  /** Left out: as it was. */
  advisorOnPanel: z.enum(conflictRules).optional(),
  relativeOnPanel: z.enum(conflictRules).optional(),
  mentorOnPanel: z.enum(conflictRules).optional(),
  attempts: z.enum(attemptRules).optional(),
});
const changedAnswer = z.object({ changed: z.literal(true) });
const termBody = z.object({ name: text(60), startsOn: day, endsOn: day });

const settingsPage = async (call: Pick<Call, 'context' | 'scope' | 't' | 'actor'>) => {
  const school = await findSchool(call.context.db, call.scope.schoolId);
  if (!school) throw new NotFound();
  const terms = (await listTerms(call.scope)).map((term) => termView(term, school));
  return page(
    'school/settings',
    {
      school: schoolView(school),
      terms,
      zones: zones(),
      mayEditSchool: mayEditSchool(call.actor),
      conflicts: (['advisor', 'relative', 'mentor'] as const).map((who) => ({
        name: `${who}OnPanel`,
        label: call.t(`school.field.${who}-on-panel`),
        value: conflictsOf(school)[who],
        options: conflictRules.map((rule) => ({ value: rule, label: call.t(`school.field.${rule}`) })),
      })),
    },
    { title: call.t('school.settings.title') },
  );
};

/** The forms of the terms stand below the school's own on the same page: which of them is shown again. */
const again = (form: string) => async (call: Parameters<typeof settingsPage>[0]) => ({
  ...(await settingsPage(call)),
  form,
});

schoolRoutes.get(
  '/school',
  {
    summary: 'The school, its policies and terms',
    who: ['registrar', 'admin'],
    answer: z.object({ school: schoolAnswer, terms: z.array(termAnswer) }),
  },
  settingsPage,
);

schoolRoutes.put(
  '/school',
  {
    summary: "Change the school's settings",
    who: ['admin'],
    body: settingsBody,
    answer: changedAnswer,
    alsoPost: true,
    again: again(''),
  },
  async (call) => {
    const { body, scope, context } = call;
    checkAccent(body.accent);
    const { pageSize, voices, numberPrefix } = body;
    const school = await findSchool(context.db, scope.schoolId);
    const before = conflictsOf(school);
    const panelConflicts = {
      advisor: body.advisorOnPanel ?? before.advisor,
      relative: body.relativeOnPanel ?? before.relative,
      mentor: body.mentorOnPanel ?? before.mentor,
    };
    const attempts = body.attempts ?? attemptRuleOf(school);
    await inTransaction(scope, async (inside) => {
      await saveSchoolChange(inside, {
        ...schoolOf(body),
        policies: { pageSize, voices, numberPrefix, panelConflicts, attempts },
      });
      await appendAudit(inside, context.clock, call.actor, 'school.change', {
        kind: 'school',
        id: scope.schoolId,
      });
    });
    return done('/school', { changed: true }, { notice: 'school.notice.saved' });
  },
);

schoolRoutes.get(
  '/terms',
  {
    summary: 'All terms, oldest first',
    who: 'signed-in',
    answer: listOf(termAnswer),
  },
  async (call) => {
    const school = await findSchool(call.context.db, call.scope.schoolId);
    const items = (await listTerms(call.scope)).map((term) =>
      termView(term, school ?? { currentTermId: null }),
    );
    return page('school/terms', wholeList(items), { title: call.t('school.terms.title') });
  },
);

schoolRoutes.post(
  '/terms',
  {
    summary: 'Add a term',
    who: ['registrar', 'admin'],
    body: termBody,
    status: 201,
    answer: termAnswer,
    again: again('term-'),
  },
  async (call) => {
    checkTerm(call.body);
    const term = {
      id: newId(),
      schoolId: call.scope.schoolId,
      slug: slugOf(call.body.name, 'term'),
      ...call.body,
    };
    if ((await listTerms(call.scope)).some((other) => other.slug === term.slug))
      throw new Conflict('school.problem.term-taken');
    await saveTerm(call.scope, term);
    return done('/school', termView(term, { currentTermId: null }), {
      status: 201,
      notice: 'school.notice.saved',
    });
  },
);

schoolRoutes.put(
  '/terms/:id',
  {
    summary: 'Change a term',
    who: ['registrar', 'admin'],
    params: idParams,
    body: termBody,
    answer: changedAnswer,
    alsoPost: true,
    again: (call) => again(`${call.params.id}-`)(call),
  },
  async (call) => {
    checkTerm(call.body);
    const term = await getTerm(call.scope, call.params.id);
    const { name } = call.body;
    if ((await listTerms(call.scope)).some((other) => other.id !== term.id && other.name === name))
      throw new Conflict('school.problem.term-taken');
    await saveTermChange(call.scope, term.id, call.body);
    return done('/school', { changed: true }, { notice: 'school.notice.saved' });
  },
);

schoolRoutes.post(
  '/terms/:id/current',
  {
    summary: 'Make this the current term',
    who: ['registrar', 'admin'],
    params: idParams,
    answer: z.object({ currentTermId: z.string() }),
  },
  async (call) => {
    if (!mayEditTerms(call.actor)) throw new Forbidden();
    const term = await getTerm(call.scope, call.params.id);
    await saveSchoolChange(call.scope, { currentTermId: term.id });
    return done('/school', { currentTermId: term.id }, { notice: 'school.notice.saved' });
  },
);
