/** Signing in and out, choosing a first password. */
import { z } from 'zod';
import { InvalidInput } from '../errors.js';
import { leadsBack } from '../http/kept-address.js';
import { localPath, readInput, text } from '../http/read-input.js';
import { done, page, routes, type Call, type FeatureRoutes } from '../http/route.js';
import { appendAccountAudit, appendFailedSignIn } from './account-audit.js';
import { callerOf, readCaller } from './device.js';
import { clearDeviceKey } from './device-key.js';
import { httpsNeeded, requireHttps } from './https-needed.js';
import { MAX_PASSWORD, passwordMinimum } from './new-password.js';
import { letterCodeOf } from './secrets.js';
import { endStreams } from './open-streams.js';
import { tellOwner } from './reset-password.js';
import { signInAccount, signOut } from './session.js';
import { choosePassword, findInvited, type Invited } from './choose-password.js';
import { checkPassword, findOpenMembership, type PasswordNeeds } from './sign-in.js';

const signInQuery = z.object({ next: localPath });
const signInBody = z.object({ email: text(254), password: z.string().min(1).max(500), next: localPath });

const signInPage = (call: Pick<Call, 't' | 'context' | 'request'>, next: string) =>
  page(
    'access/sign-in',
    {
      ...{ next, kept: leadsBack(next), httpsAddress: httpsNeeded(call.request, call.context) },
      byMail: call.context.mailer !== null,
    },
    { title: call.t('access.sign-in.title') },
  );

const choicePage = (call: Pick<Call, 't'>, invited: Invited | null) =>
  page(
    'access/set-password',
    { usable: invited !== null, email: invited?.account.email ?? null, minimum: passwordMinimum },
    { title: call.t('access.set-password.title'), status: invited ? 200 : 404 },
  );
const secretParams = z.object({ secret: z.string().min(8).max(100) });

/** @param needs what an account's password and state depend on; people and schools stand further on */
export function makeAccessRoutes({ accountFacts }: Pick<PasswordNeeds, 'accountFacts'>): FeatureRoutes {
  const accessRoutes = routes('access');
  accessRoutes.get(
    '/sign-in',
    { summary: 'The sign-in page', who: 'anyone', query: signInQuery },
    async (call) => {
      // Known again when the password comes: failures are counted by device.
      callerOf(call.request, call.response, call.context.config.keyFor('device'));
      return signInPage(call, call.query.next);
    },
  );

  accessRoutes.post(
    '/sign-in',
    {
      summary: 'Sign in with email and password; sets the session cookie',
      who: 'anyone',
      body: signInBody,
      answer: z.object({ personId: z.string(), schoolId: z.string().nullable() }),
      again: async (call) => signInPage(call, readInput(signInQuery, call.body).next),
    },
    async (call) => {
      const { email, password } = call.body;
      requireHttps(call.request, call.context);
      const caller = readCaller(call.request, call.context.config.keyFor('device'));
      const { db, clock } = call.context;
      const proven = await checkPassword(call.context, email, password, caller);
      const account = await findOpenMembership({ db, accountFacts }, proven).catch(async (error: unknown) => {
        await appendFailedSignIn({ db, clock }, proven, 'closed');
        throw error;
      });
      await appendAccountAudit({ db }, clock, account, 'access.sign-in');
      await signInAccount(call.request, db, account, clock.now());
      return done(call.body.next, { personId: account.personId, schoolId: account.schoolId });
    },
  );

  accessRoutes.post(
    '/sign-out',
    { summary: 'End the session', who: 'anyone', answer: z.object({ signedOut: z.literal(true) }) },
    async (call) => {
      const { sessionID } = call.request;
      await signOut(call.request);
      endStreams(call.context.db, sessionID);
      clearDeviceKey(call.response);
      return done('/sign-in', { signedOut: true });
    },
  );

  const startPage = async (call: Pick<Call, 't'>) =>
    page('access/start', {}, { title: call.t('access.start.title') });

  accessRoutes.get(
    '/start',
    { summary: 'Where somebody types the code of their sign-in letter', who: 'anyone' },
    startPage,
  );

  accessRoutes.post(
    '/start',
    {
      summary: 'The page behind the code of a sign-in letter, however it was typed',
      who: 'anyone',
      body: z.object({ code: text(60) }),
      answer: z.object({ setPasswordPath: z.string() }),
      limit: { name: 'set-password', failures: 30, seconds: 900 },
      again: startPage,
    },
    async (call) => {
      const code = letterCodeOf(call.body.code);
      if (!(await findInvited(call.context.db, call.context.clock, code)))
        throw new InvalidInput([{ field: 'code', message: 'access.problem.code-unknown' }]);
      const setPasswordPath = `/set-password/${code}`;
      return done(setPasswordPath, { setPasswordPath });
    },
  );

  accessRoutes.get(
    '/set-password/:secret',
    { summary: 'Page behind a one-time link: choose a password', who: 'anyone', params: secretParams },
    async (call) => {
      call.response.setHeader('Referrer-Policy', 'no-referrer');
      return choicePage(call, await findInvited(call.context.db, call.context.clock, call.params.secret));
    },
  );

  accessRoutes.post(
    '/set-password/:secret',
    {
      summary: 'Choose a password by a one-time link',
      who: 'anyone',
      params: secretParams,
      body: z.object({ password: z.string().max(MAX_PASSWORD) }),
      answer: z.object({ personId: z.string() }),
      limit: { name: 'set-password', failures: 30, seconds: 900 },
      again: async (call) =>
        choicePage(call, await findInvited(call.context.db, call.context.clock, call.params.secret)),
    },
    async (call) => {
      requireHttps(call.request, call.context);
      const needs = { db: call.context.db, clock: call.context.clock, accountFacts };
      const account = await choosePassword(needs, call.params.secret, call.body.password);
      tellOwner({ ...call.context, t: call.t }, account.email, 'password');
      await signInAccount(call.request, call.context.db, account, call.context.clock.now());
      return done('/', { personId: account.personId }, { notice: 'access.notice.password-chosen' });
    },
  );
  return accessRoutes;
}
