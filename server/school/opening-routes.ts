/** How schools come into being: the first run of an empty installation, and the schools that a network adds. */
import { z } from 'zod';
import { findAccountByEmail } from '../access/account-records.js';
import { requireHttps } from '../access/https-needed.js';
import { checkNewPassword, MAX_PASSWORD, passwordMinimum } from '../access/new-password.js';
import { signInAccount } from '../access/session.js';
import type { Clock } from '../clock.js';
import { Forbidden, NotFound } from '../errors.js';
import { originOf } from '../http/origin.js';
import { pagerOf } from '../http/pager.js';
import { listOf, optionalText, pageQuery, text } from '../http/read-input.js';
import { done, page, routes, type Call, type RoomRoutes } from '../http/route.js';
import { checkTerm, createSchool, isEmptyInstallation, type CreateSchoolNeeds } from './create-school.js';
import { firstTerm, schoolFields, schoolOf } from './school-fields.js';
import { listSchoolsOfNetwork } from './school-records.js';
import { checkSetupCode } from './setup-code.js';
import { schoolAnswer, schoolView } from './school-view.js';
import { zoneGroups } from './time-zones.js';

const firstRunBody = schoolFields.extend({
  // An open installation answers that there is nothing here, whatever was sent.
  setupCode: optionalText(100),
  ...firstTerm,
  administratorName: text(120),
  email: z.email({ error: 'common.problem.not-an-email' }).max(254),
  password: z.string().max(MAX_PASSWORD),
});
/** @param needs how the first administrator becomes a person, which the people folder does downstream */
export function makeOpeningRoutes(needs: {
  addAdministrator(
    clock: Clock,
    ...given: Parameters<CreateSchoolNeeds['addAdministrator']>
  ): Promise<unknown>;
}): RoomRoutes {
  const openingRoutes = routes('school');

  const firstRunPage = (call: Pick<Call, 't'>) =>
    page(
      'school/first-run',
      { zones: zoneGroups(call.t('school.field.other-zones')), minimum: passwordMinimum },
      { title: call.t('school.first-run.title') },
    );

  openingRoutes.get(
    '/first-run',
    { summary: 'Create the first school of an empty installation', who: 'anyone' },
    async (call) => {
      if (!(await isEmptyInstallation(call.context.db))) throw new NotFound();
      return firstRunPage(call);
    },
  );

  openingRoutes.post(
    '/first-run',
    {
      summary: 'Create the first school and its first administrator with the code on the console; works once',
      who: 'anyone',
      body: firstRunBody,
      status: 201,
      answer: z.object({ school: schoolAnswer }),
      limit: { name: 'first-run', failures: 30, seconds: 900 },
      again: async (call) => firstRunPage(call),
    },
    async (call) => {
      const { context, body } = call;
      if (!(await isEmptyInstallation(context.db))) throw new NotFound();
      await checkSetupCode({ ...context, fromSettings: context.config.setupCode }, body.setupCode);
      requireHttps(call.request, context);
      checkTerm({ startsOn: body.termStartsOn, endsOn: body.termEndsOn }, 'termEndsOn');
      await checkNewPassword(body.password, [body.administratorName, body.email, body.name]);
      const term = { name: body.termName, startsOn: body.termStartsOn, endsOn: body.termEndsOn };
      const school = await createSchool(
        {
          clock: context.clock,
          addAdministrator: (...given) => needs.addAdministrator(context.clock, ...given),
          onlyAsFirst: true,
        },
        { db: context.db },
        { personId: 'first-run', via: 'session' },
        { ...schoolOf(body), terms: [term] },
        { name: body.administratorName, email: body.email, password: body.password },
      );
      const account = await findAccountByEmail(context.db, body.email);
      if (account) await signInAccount(call.request, account, call.context.clock.now());
      return done('/', { school: schoolView(school) }, { status: 201, notice: 'school.notice.created' });
    },
  );

  const networkSchool = z.object({ id: z.string(), slug: z.string(), name: z.string() });
  openingRoutes.get(
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
        {
          ...found,
          items,
          pager: pagerOf(found, '/network/schools'),
          zones: zoneGroups(call.t('school.field.other-zones')),
        },
        { title: call.t('school.network.title') },
      );
    },
  );

  openingRoutes.post(
    '/network/schools',
    {
      summary: 'Add a school to the network; its administrator gets a one-time link to choose a password',
      who: ['network'],
      token: 'never',
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
          {
            ...found,
            pager: pagerOf(found, '/network/schools'),
            zones: zoneGroups(call.t('school.field.other-zones')),
          },
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
            secret = String(await needs.addAdministrator(context.clock, scope, administrator, call.actor));
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
      const link = `${originOf(call)}${answer.setPasswordPath}`;
      return page(
        'school/network-created',
        { ...answer, link },
        {
          title: call.t('school.network.created'),
          status: 201,
          crumbs: [{ href: '/network/schools', label: call.t('school.network.title') }],
        },
      );
    },
  );

  return openingRoutes;
}

function networkOf(call: Pick<Call, 'actor'>): string {
  if (!call.actor.networkId) throw new Forbidden();
  return call.actor.networkId;
}
