/**
 * The first run of an empty installation: one school with its administrator, or a network with the first of its staff.
 */
import { z } from 'zod';
import { findAccountByEmail } from '../access/account-records.js';
import { requireHttps } from '../access/https-needed.js';
import { checkNewPassword, MAX_PASSWORD, passwordMinimum } from '../access/new-password.js';
import { signInAccount } from '../access/session.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate } from '../db/database.js';
import { NotFound, type FieldProblem } from '../errors.js';
import { gatherProblems, optionalText, text, type Given } from '../http/read-input.js';
import { done, page, routes, type Call, type FeatureRoutes } from '../http/route.js';
import {
  claimInstallation,
  createSchool,
  isEmptyInstallation,
  type CreateSchoolNeeds,
} from './create-school.js';
import { addNetworkStaff, createNetwork } from './network-staff.js';
import { checkGivenAccent, checkGivenTerm, firstTerm, schoolFields, schoolOf } from './school-fields.js';
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
const firstNetworkBody = z.object({
  setupCode: optionalText(100),
  networkName: text(120),
  staffName: text(120),
  email: z.email({ error: 'common.problem.not-an-email' }).max(254),
  password: z.string().max(MAX_PASSWORD),
});
const kinds = ['school', 'network'] as const;
type Kind = (typeof kinds)[number];
const firstRunTitles = {
  choice: 'school.first-run.title-choice',
  school: 'school.first-run.title',
  network: 'school.first-run.title-network',
};

/** @param needs how the first administrator becomes a person, which the people folder does downstream */
export function makeOpeningRoutes(needs: {
  addAdministrator(
    clock: Clock,
    ...given: Parameters<CreateSchoolNeeds['addAdministrator']>
  ): Promise<unknown>;
}): FeatureRoutes {
  const openingRoutes = routes('school');

  const firstRunPage = (call: Pick<Call, 't' | 'context'>, kind: Kind | null) =>
    page(
      kind === null
        ? 'school/first-run-choice'
        : kind === 'school'
          ? 'school/first-run'
          : 'school/first-network',
      {
        zones: zoneGroups(call.t('school.field.other-zones'), call.context.clock.now(), undefined, call.t),
        minimum: passwordMinimum,
      },
      {
        title: call.t(firstRunTitles[kind ?? 'choice']),
      },
    );

  openingRoutes.get(
    '/first-run',
    {
      summary: 'Open an empty installation: choose one school or a network, then create it',
      who: 'anyone',
      query: z.object({ kind: z.enum(kinds).optional() }),
    },
    async (call) => {
      if (!(await isEmptyInstallation(call.context.db))) throw new NotFound();
      return firstRunPage(call, call.query.kind ?? null);
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
      again: async (call) => firstRunPage(call, 'school'),
      rules: async (given, call) => [
        ...(await openingProblems(call, given, ['administratorName', 'email', 'name'])),
        ...(await gatherProblems(
          () => checkGivenTerm(given),
          () => checkGivenAccent(given),
        )),
      ],
    },
    async (call) => {
      const { context, body } = call;
      requireHttps(call.request, context);
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
      if (account) await signInAccount(call.request, context.db, account, context.clock.now());
      return done('/', { school: schoolView(school) }, { status: 201, notice: 'school.notice.created' });
    },
  );

  openingRoutes.post(
    '/first-run/network',
    {
      summary:
        'Create the first network and its first member of staff with the code on the console; works once',
      who: 'anyone',
      body: firstNetworkBody,
      status: 201,
      answer: z.object({ network: z.object({ id: z.string(), slug: z.string(), name: z.string() }) }),
      limit: { name: 'first-run', failures: 30, seconds: 900 },
      again: async (call) => firstRunPage(call, 'network'),
      rules: async (given, call) => openingProblems(call, given, ['staffName', 'email', 'networkName']),
    },
    async (call) => {
      const { context, body } = call;
      requireHttps(call.request, context);
      const by = { personId: 'first-run', via: 'session', name: body.staffName } as const;
      const { name, id, slug } = await inTransaction({ db: context.db }, async (inside) => {
        await claimInstallation(inside);
        const network = await createNetwork(context, inside, by, { name: body.networkName });
        const { email, password } = body;
        await addNetworkStaff(context, inside, by, network.id, { name: body.staffName, email, password });
        return network;
      }).catch((error: unknown) => {
        throw isDuplicate(error) ? new NotFound() : error;
      });
      const account = await findAccountByEmail(context.db, body.email);
      if (account) await signInAccount(call.request, context.db, account, context.clock.now());
      const notice = 'school.notice.network-created';
      return done('/network/schools', { network: { id, slug, name } }, { status: 201, notice });
    },
  );

  return openingRoutes;
}

/**
 * What keeps somebody from opening the installation.
 * @param known the fields whose words are no password
 * @throws NotFound when it is open already
 */
async function openingProblems(
  { context }: Pick<Call, 'context'>,
  given: Given,
  known: readonly string[],
): Promise<FieldProblem[]> {
  if (!(await isEmptyInstallation(context.db))) throw new NotFound();
  return gatherProblems(
    () => checkSetupCode({ ...context, fromSettings: context.config.setupCode }, given('setupCode')),
    () => checkNewPassword(given('password'), known.map(given)),
  );
}
