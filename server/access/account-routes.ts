/**
 * What belongs to one's own account: the password, where it is signed in, and the API tokens. None of it can
 * be changed by a token.
 */
import { z } from 'zod';
import { Forbidden } from '../errors.js';
import { pagerOf } from '../http/pager.js';
import { firstPage, listOf, pageQuery, several, text, wholeNumber } from '../http/read-input.js';
import { done, page, routes, type Call, type FeatureRoutes } from '../http/route.js';
import { findAccountOfPerson, type Account } from './account-records.js';
import { listTokens, type ApiToken } from './token-records.js';
import { clearDeviceKey } from './device-key.js';
import { endStreams } from './open-streams.js';
import { MAX_PASSWORD, passwordMinimum } from './new-password.js';
import { signInAccount, signOut } from './session.js';
import { changePassword, signOutEverywhere, type PasswordNeeds } from './sign-in.js';
import { createToken, MAX_TOKEN_DAYS, mayHaveTokens, revokeToken, usualTokenDays } from './manage-tokens.js';
import { tokenScopes, type TokenScope } from './token-scopes.js';
import { isUsername } from './username.js';

const tokenView = (token: ApiToken) => ({
  id: token.id,
  name: token.name,
  scopes: token.scopes ?? null,
  createdAt: token.createdAt.toISOString(),
  expiresAt: token.expiresAt.toISOString(),
  lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
  revokedAt: token.revokedAt?.toISOString() ?? null,
});
const tokenAnswer = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z
    .array(z.enum(tokenScopes))
    .nullable()
    .describe('Null for tokens from before there were scopes: everything that their owner may do.'),
  createdAt: z.string(),
  expiresAt: z.string(),
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
});
const tokenBody = z.object({
  name: text(80),
  /** Left out by programs: reading alone. */
  scopes: several(z.enum(tokenScopes))
    .transform((list) => list as TokenScope[])
    .transform((list) => (list.length > 0 ? list : (['read'] as TokenScope[]))),
  days: wholeNumber(1, MAX_TOKEN_DAYS).default(usualTokenDays),
});

const everybody = ['advisor', 'registrar', 'admin', 'network', 'panelist', 'student', 'guardian'] as const;
const dayChoices = [30, 90, 180, 365];

/** The account of whoever is signed in, in the membership that they act in. */
export async function ownAccount(call: Pick<Call, 'context' | 'actor'>) {
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
    {
      ...{ name: call.actor.name, email: account.email, minimum: passwordMinimum },
      isUsername: isUsername(account.email),
    },
    { title: call.t('access.account.title') },
  );
};

async function tokensPage(
  call: Pick<Call, 'context' | 't' | 'wantsJson'>,
  account: Account,
  at: z.output<typeof pageQuery> = firstPage,
  made: { secret?: string } = {},
) {
  const found = await listTokens(call.context.db, account, at.page, at.perPage);
  const words = (scopes: readonly string[] | null) =>
    scopes?.map((scope) => call.t(`access.scope.${scope.replace(':', '-')}`)).join(', ') ??
    call.t('access.tokens.everything');
  const items = found.items.map(tokenView);
  const forms = {
    email: account.email,
    scopeChoices: tokenScopes.map((value) => ({
      value,
      label: call.t(`access.scope.${value.replace(':', '-')}`),
    })),
    dayChoices: dayChoices.map((days) => ({
      value: days,
      label: call.t('access.tokens.days', { count: days }),
    })),
    usual: ['read'],
    usualDays: usualTokenDays,
    now: call.context.clock.now().toISOString(),
  };
  return page(
    'access/tokens',
    {
      ...found,
      items: call.wantsJson
        ? items
        : items.map((token) => ({
            ...token,
            mayWords: words(token.scopes),
            expired: token.expiresAt <= forms.now,
          })),
      pager: pagerOf(found, '/account/tokens'),
      ...(call.wantsJson ? {} : forms),
      ...made,
    },
    { title: call.t('access.tokens.title'), scripts: 'secret' in made ? ['copy'] : [] },
  );
}

/** @param needs what the password of an account must not be based on; people and schools stand further on */
export function makeAccountRoutes({ accountFacts }: Pick<PasswordNeeds, 'accountFacts'>): FeatureRoutes {
  const accountRoutes = routes('access');

  accountRoutes.get(
    '/account',
    { summary: 'My account', who: everybody, answer: z.object({ name: z.string(), email: z.string() }) },
    accountPage,
  );

  accountRoutes.post(
    '/account/password',
    {
      summary: 'Change my password; ends every other session and every token',
      who: everybody,
      body: z.object({ current: z.string().max(MAX_PASSWORD), password: z.string().max(MAX_PASSWORD) }),
      answer: z.object({ changed: z.literal(true) }),
      limit: { name: 'change-password', failures: 10, seconds: 900 },
      again: accountPage,
    },
    async (call) => {
      const { context, body } = call;
      const needs = { db: context.db, clock: context.clock, accountFacts };
      const changed = await changePassword(needs, await ownAccount(call), body.current, body.password);
      await signInAccount(call.request, context.db, changed, context.clock.now());
      return done('/account', { changed: true }, { notice: 'access.notice.password-chosen' });
    },
  );

  accountRoutes.post(
    '/account/sign-out-everywhere',
    {
      summary: 'End every session of my account, this one too',
      who: everybody,
      answer: z.object({ signedOut: z.literal(true) }),
    },
    async (call) => {
      await signOutEverywhere(call.context, await ownAccount(call));
      const { sessionID } = call.request;
      await signOut(call.request);
      endStreams(call.context.db, sessionID);
      clearDeviceKey(call.response);
      return done('/sign-in', { signedOut: true });
    },
  );

  accountRoutes.get(
    '/account/tokens',
    { summary: 'My API tokens, newest first', who: everybody, query: pageQuery, answer: listOf(tokenAnswer) },
    async (call) => tokensPage(call, await ownAccount(call), call.query),
  );

  accountRoutes.post(
    '/account/tokens',
    {
      summary: 'Make an API token with the scopes it needs; its secret is in this answer only',
      who: everybody,
      body: tokenBody,
      status: 201,
      answer: tokenAnswer.extend({ token: z.string() }),
      again: async (call) => tokensPage(call, await ownAccount(call)),
    },
    async (call) => {
      const account = await ownAccount(call);
      const { name, scopes, days } = call.body;
      const { token, secret } = await createToken(call.context, account, name, { scopes, days });
      // Shown on the page of this answer, never through a redirect: the secret must not end in a history or a session.
      if (!call.wantsJson)
        return { ...(await tokensPage(call, account, firstPage, { secret })), status: 201 };
      return done('/account/tokens', { ...tokenView(token), token: secret }, { status: 201 });
    },
  );

  accountRoutes.post(
    '/account/tokens/:id/revoke',
    {
      summary: 'Revoke one of my API tokens',
      who: everybody,
      params: z.object({ id: z.string().max(64) }),
      answer: z.object({ revoked: z.literal(true) }),
    },
    async (call) => {
      const account = await ownAccount(call);
      await revokeToken(call.context, account, call.params.id);
      return done('/account/tokens', { revoked: true }, { notice: 'access.notice.token-revoked' });
    },
  );

  return accountRoutes;
}
