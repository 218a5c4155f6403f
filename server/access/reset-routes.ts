/** The page of somebody who forgot their password. Its answer is the same whether there is such an account or not. */
import { z } from 'zod';
import { NotFound } from '../errors.js';
import { originOf } from '../http/origin.js';
import { text } from '../http/read-input.js';
import { done, page, routes, type Call } from '../http/route.js';
import { requireHttps } from './https-needed.js';
import { requestReset } from './reset-password.js';
import { callerOf, readCaller } from './device.js';

export const resetRoutes = routes('access');

const forgotPage = async (call: Pick<Call, 't' | 'context'>) =>
  page(
    'access/forgot-password',
    { byMail: call.context.mailer !== null },
    { title: call.t('access.reset.title') },
  );

resetRoutes.get(
  '/forgot-password',
  {
    summary: 'The form for a forgotten password; without a mail server it says whom to ask',
    who: 'anyone',
    answer: z.object({ byMail: z.boolean() }),
  },
  async (call) => {
    // Known again when the form comes: what one device causes is counted.
    callerOf(call.request, call.response, call.context.config.keyFor('device'));
    return forgotPage(call);
  },
);

resetRoutes.post(
  '/forgot-password',
  {
    summary:
      'Ask for a link to choose a new password; the answer never tells whether there is such an account',
    who: 'anyone',
    body: z.object({ email: text(254) }),
    status: 202,
    answer: z.object({ asked: z.literal(true) }),
    again: forgotPage,
  },
  async (call) => {
    const { context, t, request, body } = call;
    requireHttps(request, context);
    const { db, clock, log, mailer, config } = context;
    if (!mailer) throw new NotFound('access.reset.no-mail');
    const needs = { db, clock, log, mailer, t, origin: originOf(call) };
    const goesOut = await requestReset(needs, body.email, readCaller(request, config.keyFor('device')));
    const notice = goesOut ? 'access.reset.asked' : 'access.reset.many';
    return done('/sign-in', { asked: true }, { status: 202, notice });
  },
);
