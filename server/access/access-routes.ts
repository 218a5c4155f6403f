/** Signing in and out, choosing a first password. */
import { z } from 'zod';
import { text } from '../http/read-input.js';
import { done, page, routes } from '../http/route.js';
import { findAccountByInvitation } from './account-records.js';
import { dropHand } from './hand.js';
import { hashSecret, passwordMinimum } from './secrets.js';
import { signInAccount, signOut } from './session.js';
import { checkPassword, choosePassword } from './sign-in.js';

export const accessRoutes = routes('access');

/** Only a path of this site, in the characters that an address has; anything else leads home. */
const localPath = z
  .string()
  .max(500)
  .optional()
  .transform((value) => (value && /^\/(?![/\\])[\x21-\x7e]*$/.test(value) ? value : '/'));
const signInQuery = z.object({ next: localPath });
const signInBody = z.object({ email: text(254), password: z.string().min(1).max(500), next: localPath });

accessRoutes.get(
  '/sign-in',
  { summary: 'The sign-in page', who: 'anyone', query: signInQuery },
  async (call) =>
    page('access/sign-in', { next: call.query.next }, { title: call.t('access.sign-in.title') }),
);

accessRoutes.post(
  '/sign-in',
  {
    summary: 'Sign in with e-mail and password; sets the session cookie',
    who: 'anyone',
    body: signInBody,
    answer: z.object({ personId: z.string(), schoolId: z.string().nullable() }),
    limit: { name: 'sign-in', attempts: 300, seconds: 900 },
    again: async (call) => page('access/sign-in', { next: '/' }, { title: call.t('access.sign-in.title') }),
  },
  async (call) => {
    const { email, password } = call.body;
    const account = await checkPassword(call.context, email, password, call.request.ip ?? '');
    await signInAccount(call.request, account, call.context.clock.now());
    return done(call.body.next, { personId: account.personId, schoolId: account.schoolId });
  },
);

accessRoutes.post(
  '/sign-out',
  { summary: 'End the session', who: 'anyone', answer: z.object({ signedOut: z.literal(true) }) },
  async (call) => {
    await signOut(call.request);
    dropHand(call.response);
    return done('/sign-in', { signedOut: true });
  },
);

const secretParams = z.object({ secret: z.string().min(8).max(100) });

accessRoutes.get(
  '/set-password/:secret',
  { summary: 'Page behind a one-time link: choose a password', who: 'anyone', params: secretParams },
  async (call) => {
    call.response.setHeader('Referrer-Policy', 'no-referrer');
    const account = await findAccountByInvitation(call.context.db, hashSecret(call.params.secret));
    const usable = account?.invitation ? account.invitation.expiresAt > call.context.clock.now() : false;
    return page(
      'access/set-password',
      { usable, email: usable ? account!.email : null, minimum: passwordMinimum },
      { title: call.t('access.set-password.title'), status: usable ? 200 : 404 },
    );
  },
);

accessRoutes.post(
  '/set-password/:secret',
  {
    summary: 'Choose the first password',
    who: 'anyone',
    params: secretParams,
    body: z.object({ password: z.string().max(500) }),
    answer: z.object({ personId: z.string() }),
    limit: { name: 'set-password', attempts: 30, seconds: 900 },
    again: async (call) =>
      page(
        'access/set-password',
        { usable: true, email: null, minimum: passwordMinimum },
        { title: call.t('access.set-password.title') },
      ),
  },
  async (call) => {
    const account = await choosePassword(call.context, call.params.secret, call.body.password);
    await signInAccount(call.request, account, call.context.clock.now());
    return done('/', { personId: account.personId }, { notice: 'access.notice.password-chosen' });
  },
);
