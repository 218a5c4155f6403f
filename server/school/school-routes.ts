/** First run, the school's settings, its terms, and a network's schools. */
import { z } from 'zod';
import { countAccounts, findAccountByEmail } from '../access/account-records.js';
import { signInAccount } from '../access/session.js';
import { passwordMinimum } from '../access/secrets.js';
import { appendAudit } from '../audit/append-audit.js';
import { inTransaction } from '../database.js';
import { Conflict, Forbidden, NotFound } from '../errors.js';
import { newId } from '../ids.js';
import { day, idParams, listOf, optionalText, pageQuery, text } from '../http/read-input.js';
import { done, page, routes, type Call, type RoomRoutes } from '../http/route.js';
import { pagerOf } from '../http/pager.js';
import {
  checkAccent,
  checkTerm,
  createSchool,
  type CreateSchoolNeeds,
  type NewSchool,
} from './create-school.js';
import { mayEditSchool, mayEditTerms, slugOf } from './school.js';
import {
  countSchools,
  findSchool,
  getTerm,
  listSchoolsOfNetwork,
  listTerms,
  saveSchoolChange,
  saveTerm,
  saveTermChange,
} from './school-records.js';
import { schoolAnswer, schoolView, termAnswer, termView } from './school-view.js';

const zone = z
  .string()
  .refine((name) => Intl.supportedValuesOf('timeZone').includes(name) || name === 'UTC', {
    error: 'school.problem.zone-unknown',
  });
const accent = z
  .string()
  .trim()
  .transform((value) => value || null)
  .nullable()
  .default(null);
const schoolFields = z.object({
  name: text(120),
  timeZone: zone.default('America/New_York'),
  accent,
  address: optionalText(300),
  motto: optionalText(200),
});
const firstTerm = { termName: text(60), termStartsOn: day, termEndsOn: day };
const firstRunBody = schoolFields.extend({
  ...firstTerm,
  administratorName: text(120),
  email: z.email({ error: 'common.problem.not-an-email' }).max(254),
  password: z.string().min(passwordMinimum, 'access.problem.password-short-first').max(500),
});
const settingsBody = schoolFields.extend({
  pageSize: z.enum(['letter', 'a4']),
  voices: z.enum(['named', 'by-role']),
  numberPrefix: z
    .string()
    .trim()
    .max(8)
    .regex(/^[A-Z0-9]*$/, 'school.problem.prefix'),
});
const termBody = z.object({ name: text(60), startsOn: day, endsOn: day });

const zones = () =>
  ['UTC', ...Intl.supportedValuesOf('timeZone')].map((name) => ({
    value: name,
    label: name.replaceAll('_', ' '),
  }));
const schoolOf = (body: z.output<typeof schoolFields>): Omit<NewSchool, 'terms'> => ({
  name: body.name,
  timeZone: body.timeZone,
  accent: body.accent,
  address: body.address,
  motto: body.motto,
});

/** @param needs how the first administrator becomes a person: the people room stands downstream */
export function makeSchoolRoutes(needs: Pick<CreateSchoolNeeds, 'addAdministrator'>): RoomRoutes {
  const schoolRoutes = routes('school');

  const firstRunPage = (call: Pick<Call, 't'>) =>
    page(
      'school/first-run',
      { zones: zones(), minimum: passwordMinimum },
      { title: call.t('school.first-run.title') },
    );

  schoolRoutes.get(
    '/first-run',
    { summary: 'Create the first school of an empty installation', who: 'anyone' },
    async (call) => {
      if ((await countSchools(call.context.db)) > 0 || (await countAccounts(call.context.db)) > 0)
        throw new NotFound();
      return firstRunPage(call);
    },
  );

  schoolRoutes.post(
    '/first-run',
    {
      summary: 'Create the first school and its first administrator; works once',
      who: 'anyone',
      body: firstRunBody,
      status: 201,
      answer: z.object({ school: schoolAnswer }),
      limit: { name: 'first-run', attempts: 30, seconds: 900 },
      again: async (call) => firstRunPage(call),
    },
    async (call) => {
      const { context, body } = call;
      if ((await countSchools(context.db)) > 0) throw new NotFound();
      checkTerm({ startsOn: body.termStartsOn, endsOn: body.termEndsOn }, 'termEndsOn');
      const term = { name: body.termName, startsOn: body.termStartsOn, endsOn: body.termEndsOn };
      const school = await createSchool(
        { clock: context.clock, ...needs },
        { db: context.db },
        { personId: 'first-run', via: 'session' },
        { ...schoolOf(body), terms: [term] },
        { name: body.administratorName, email: body.email, password: body.password },
      );
      const account = await findAccountByEmail(context.db, body.email);
      if (account) await signInAccount(call.request, account.id, call.context.clock.now());
      return done('/', { school: schoolView(school) }, { status: 201, notice: 'school.notice.created' });
    },
  );

  const settingsPage = async (call: Pick<Call, 'context' | 'scope' | 't' | 'actor'>) => {
    const school = await findSchool(call.context.db, call.scope.schoolId);
    if (!school) throw new NotFound();
    const terms = (await listTerms(call.scope)).map((term) => termView(term, school));
    return page(
      'school/settings',
      { school: schoolView(school), terms, zones: zones(), mayEditSchool: mayEditSchool(call.actor) },
      { title: call.t('school.settings.title') },
    );
  };

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
      alsoPost: true,
      again: settingsPage,
    },
    async (call) => {
      const { body, scope, context } = call;
      checkAccent(body.accent);
      const { pageSize, voices, numberPrefix } = body;
      await inTransaction(scope, async (inside) => {
        await saveSchoolChange(inside, { ...schoolOf(body), policies: { pageSize, voices, numberPrefix } });
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
      answer: z.object({ items: z.array(termAnswer) }),
    },
    async (call) => {
      const school = await findSchool(call.context.db, call.scope.schoolId);
      const items = (await listTerms(call.scope)).map((term) =>
        termView(term, school ?? { currentTermId: null }),
      );
      return page('school/terms', { items }, { title: call.t('school.terms.title') });
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
      again: settingsPage,
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
      alsoPost: true,
      again: settingsPage,
    },
    async (call) => {
      checkTerm(call.body);
      const term = await getTerm(call.scope, call.params.id);
      await saveTermChange(call.scope, term.id, call.body);
      return done('/school', { changed: true }, { notice: 'school.notice.saved' });
    },
  );

  schoolRoutes.post(
    '/terms/:id/current',
    { summary: 'Make this the current term', who: ['registrar', 'admin'], params: idParams },
    async (call) => {
      if (!mayEditTerms(call.actor)) throw new Forbidden();
      const term = await getTerm(call.scope, call.params.id);
      await saveSchoolChange(call.scope, { currentTermId: term.id });
      return done('/school', { currentTermId: term.id }, { notice: 'school.notice.saved' });
    },
  );

  const networkSchool = z.object({ id: z.string(), slug: z.string(), name: z.string() });
  schoolRoutes.get(
    '/network/schools',
    { summary: "The network's schools", who: ['network'], query: pageQuery, answer: listOf(networkSchool) },
    async (call) => {
      const found = await listSchoolsOfNetwork(
        call.context.db,
        networkOf(call),
        call.query.page,
        call.query.perPage,
      );
      const items = found.items.map(({ id, slug, name }) => ({ id, slug, name }));
      return page(
        'school/network',
        { ...found, items, pager: pagerOf(found, '/network/schools'), zones: zones() },
        { title: call.t('school.network.title') },
      );
    },
  );

  schoolRoutes.post(
    '/network/schools',
    {
      summary: 'Add a school to the network; its administrator gets a one-time link to choose a password',
      who: ['network'],
      body: schoolFields.extend({
        ...firstTerm,
        administratorName: text(120),
        email: z.email({ error: 'common.problem.not-an-email' }).max(254),
      }),
      status: 201,
      answer: z.object({ school: schoolAnswer, setPasswordPath: z.string() }),
      again: async (call) => {
        const found = await listSchoolsOfNetwork(call.context.db, networkOf(call), 1, 50);
        return page(
          'school/network',
          { ...found, pager: pagerOf(found, '/network/schools'), zones: zones() },
          { title: call.t('school.network.title') },
        );
      },
    },
    async (call) => {
      const { body, context } = call;
      let secret = '';
      const school = await createSchool(
        {
          clock: context.clock,
          addAdministrator: async (scope, administrator) => {
            secret = String(await needs.addAdministrator(scope, administrator));
          },
        },
        { db: context.db },
        call.actor,
        {
          ...schoolOf(body),
          networkId: networkOf(call),
          terms: [{ name: body.termName, startsOn: body.termStartsOn, endsOn: body.termEndsOn }],
        },
        { name: body.administratorName, email: body.email },
      );
      const answer = { school: schoolView(school), setPasswordPath: `/set-password/${secret}` };
      if (call.wantsJson) return done('/network/schools', answer, { status: 201 });
      return page('school/network-created', answer, {
        title: call.t('school.network.created'),
        status: 201,
        crumbs: [{ href: '/network/schools', label: call.t('school.network.title') }],
      });
    },
  );

  return schoolRoutes;
}

function networkOf(call: Pick<Call, 'actor'>): string {
  if (!call.actor.networkId) throw new Forbidden();
  return call.actor.networkId;
}
