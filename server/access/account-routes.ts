/** What belongs to one's own account: the password and the API tokens. */
import { z } from 'zod';
import { Forbidden } from '../errors.js';
import { pagerOf } from '../http/pager.js';
import { firstPage, listOf, pageQuery, text } from '../http/read-input.js';
import { done, page, routes, type Call } from '../http/route.js';
import { findAccountOfPerson, listTokens, type Account, type ApiToken } from './account-records.js';
import { passwordMinimum } from './secrets.js';
import { signInAccount } from './session.js';
import { changePassword, createToken, mayHaveTokens, revokeToken } from './sign-in.js';

export const accountRoutes = routes('access');

const tokenView = (token: ApiToken) => ({
  id: token.id,
  name: token.name,
  createdAt: token.createdAt.toISOString(),
  expiresAt: token.expiresAt.toISOString(),
  lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
  revokedAt: token.revokedAt?.toISOString() ?? null,
});
const tokenAnswer = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
});

const staff = ['advisor', 'registrar', 'admin', 'network', 'panelist', 'student', 'guardian'] as const;

async function ownAccount(call: Pick<Call, 'context' | 'actor'>) {
  const account = mayHaveTokens(call.actor)
    ? await findAccountOfPerson(call.context.db, call.actor.personId)
    : null;
  if (!account) throw new Forbidden();
  return account;
}

const accountPage = async (call: Pick<Call, 'context' | 'actor' | 't'>) => {
  const account = await ownAccount(call);
  return page(
    'access/account',
    { name: call.actor.name, email: account.email, minimum: passwordMinimum },
    { title: call.t('access.account.title') },
  );
};

accountRoutes.get(
  '/account',
  { summary: 'My account', who: staff, answer: z.object({ name: z.string(), email: z.string() }) },
  accountPage,
);

accountRoutes.post(
  '/account/password',
  {
    summary: 'Change my password',
    who: staff,
    body: z.object({ current: z.string().max(500), password: z.string().max(500) }),
    answer: z.object({ changed: z.literal(true) }),
    limit: { name: 'change-password', attempts: 30, seconds: 900 },
    again: accountPage,
  },
  async (call) => {
    const account = await ownAccount(call);
    await changePassword(call.context, account, call.body.current, call.body.password);
    await signInAccount(call.request, account, call.context.clock.now());
    return done('/account', { changed: true }, { notice: 'access.notice.password-chosen' });
  },
);

async function tokensPage(
  call: Pick<Call, 'context' | 't'>,
  account: Account,
  at: z.output<typeof pageQuery> = firstPage,
  made: { secret?: string } = {},
) {
  const found = await listTokens(call.context.db, account.id, at.page, at.perPage);
  return page(
    'access/tokens',
    {
      ...found,
      items: found.items.map(tokenView),
      email: account.email,
      pager: pagerOf(found, '/account/tokens'),
      ...made,
    },
    { title: call.t('access.tokens.title') },
  );
}

accountRoutes.get(
  '/account/tokens',
  { summary: 'My API tokens, newest first', who: staff, query: pageQuery, answer: listOf(tokenAnswer) },
  async (call) => tokensPage(call, await ownAccount(call), call.query),
);

accountRoutes.post(
  '/account/tokens',
  {
    summary: 'Make an API token; its secret is in this answer only',
    who: staff,
    body: z.object({ name: text(80) }),
    status: 201,
    answer: tokenAnswer.extend({ token: z.string() }),
    again: async (call) => tokensPage(call, await ownAccount(call)),
  },
  async (call) => {
    const account = await ownAccount(call);
    const { token, secret } = await createToken(call.context, account.id, call.body.name);
    // Shown on the page of this answer, never through a redirect: the secret must not end in a history or a session.
    if (!call.wantsJson) return { ...(await tokensPage(call, account, firstPage, { secret })), status: 201 };
    return done('/account/tokens', { ...tokenView(token), token: secret }, { status: 201 });
  },
);

accountRoutes.post(
  '/account/tokens/:id/revoke',
  {
    summary: 'Revoke one of my API tokens',
    who: staff,
    params: z.object({ id: z.string() }),
    answer: z.object({ revoked: z.literal(true) }),
  },
  async (call) => {
    const account = await ownAccount(call);
    await revokeToken(call.context, account.id, call.params.id);
    return done('/account/tokens', { revoked: true }, { notice: 'access.notice.token-revoked' });
  },
);
