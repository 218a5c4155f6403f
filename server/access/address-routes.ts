/**
 * The address with which somebody signs in, changed by themselves. Where no e-mail is sent, the office does
 * it on their page.
 */
import { z } from 'zod';
import { NotFound } from '../errors.js';
import { originOf } from '../http/origin.js';
import { done, page, routes, type Call, type FeatureRoutes } from '../http/route.js';
import { ownAccount } from './account-routes.js';
import {
  addressAsked,
  askForAddress,
  confirmAddress,
  CONFIRM_HOURS,
  type NoteAddress,
} from './change-address.js';
import { MAX_PASSWORD } from './new-password.js';
import { tellOwner } from './reset-password.js';

const everybody = ['advisor', 'registrar', 'admin', 'network', 'panelist', 'student', 'guardian'] as const;
const secretParams = z.object({ secret: z.string().min(8).max(100) });

/** @param ports what the schools of the account know of an address */
export function makeAddressRoutes({ noteAddress }: { noteAddress: NoteAddress }): FeatureRoutes {
  const addressRoutes = routes('access');

  const emailPage = async (call: Pick<Call, 'context' | 'actor' | 't'>) => {
    const { email } = await ownAccount(call);
    return page(
      'access/address',
      { email, byMail: call.context.mailer !== null },
      { title: call.t('access.account.email-title'), crumbs: crumbsOf(call) },
    );
  };
  const crumbsOf = ({ t }: Pick<Call, 't'>) => [{ href: '/account', label: t('access.account.title') }];

  addressRoutes.get(
    '/account/email',
    {
      summary: 'The address with which I sign in, and whether I can change it myself',
      who: everybody,
      answer: z.object({ email: z.string(), byMail: z.boolean() }),
    },
    emailPage,
  );

  addressRoutes.post(
    '/account/email',
    {
      summary: 'Sign in with another address from when it is confirmed: a link goes to it',
      who: everybody,
      token: 'never',
      body: z.object({
        email: z.email({ error: 'common.problem.not-an-email' }).max(254),
        current: z.string().max(MAX_PASSWORD),
      }),
      status: 202,
      answer: z.object({ sent: z.literal(true) }),
      limit: { name: 'change-password', failures: 10, seconds: 900 },
      again: emailPage,
    },
    async (call) => {
      const { context, body, t } = call;
      if (!context.mailer) throw new NotFound('access.account.email-office');
      const to = body.email.toLowerCase();
      const secret = await askForAddress(context, await ownAccount(call), to, body.current);
      const link = `${originOf(call)}/account/email/${secret}`;
      await context.mailer.send({
        to,
        subject: t('access.account.mail-subject'),
        text: t('access.account.mail-text', { link, hours: CONFIRM_HOURS }),
      });
      return done('/account/email', { sent: true }, { status: 202, notice: 'access.account.email-sent' });
    },
  );

  const confirmPage = async (call: Pick<Call<{ secret: string }>, 'context' | 'actor' | 't' | 'params'>) => {
    const asked = addressAsked(await ownAccount(call), call.params.secret, call.context.clock.now());
    return page(
      'access/confirm-address',
      { email: asked, secret: call.params.secret },
      {
        title: call.t('access.account.confirm-title'),
        crumbs: crumbsOf(call),
        status: asked === null ? 404 : 200,
      },
    );
  };

  addressRoutes.get(
    '/account/email/:secret',
    { summary: 'The page behind a link that confirms an address', who: everybody, params: secretParams },
    async (call) => {
      call.response.setHeader('Referrer-Policy', 'no-referrer');
      return confirmPage(call);
    },
  );

  addressRoutes.post(
    '/account/email/:secret',
    {
      summary: 'Sign in with this address from now on',
      who: everybody,
      token: 'never',
      params: secretParams,
      answer: z.object({ email: z.string() }),
      again: confirmPage,
    },
    async (call) => {
      const { context, t } = call;
      const account = await ownAccount(call);
      const needs = { db: context.db, clock: context.clock, noteAddress };
      const email = await confirmAddress(needs, account, call.params.secret);
      tellOwner({ ...context, t }, account.email, 'address');
      return done('/account', { email }, { notice: 'access.account.email-changed' });
    },
  );
  return addressRoutes;
}
