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
    const { context, locale, request, body } = call;
    requireHttps(request, context);
    const { mailer, config } = context;
    if (!mailer) throw new NotFound('access.reset.no-mail');
    const asked = { email: body.email, locale, origin: originOf(call) };
    const caller = readCaller(request, config.keyFor('device'));
    const goesOut = await requestReset({ ...context, mailer }, asked, caller);
    const notice = goesOut ? 'access.reset.asked' : 'access.reset.many';
    return done('/sign-in', { asked: true }, { status: 202, notice });
  },
);
