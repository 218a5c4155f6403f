/**
 * How a person of the school signs in: with an address, or with a username and, for a child, a password that
 * their advisor sets. What an advisor does here is recorded like a password link, and is told to the
 * administrators and to the child.
 */
import { z } from 'zod';
import { findAccountOffered, findAccountOfPerson } from '../access/account-records.js';
import { hasRole, runsSchool } from '../access/actor.js';
import { limitAttempts } from '../access/limit-attempts.js';
import { MAX_PASSWORD, passwordMinimum } from '../access/new-password.js';
import type { PasswordNeeds } from '../access/sign-in.js';
import { isUsername, suggestUsername, usernameShape } from '../access/username.js';
import { NotFound } from '../errors.js';
import { idParams } from '../http/read-input.js';
import { done, page, routes, type Call, type FeatureRoutes } from '../http/route.js';
import { checkAdministrators } from './check-person.js';
import { maySetPassword, setChildPassword } from './child-password.js';
import { giveUsername } from './give-username.js';
import { findPerson } from './people-records.js';
import { checkNotErased, checkNotSealed, mayRunSignIn, requirePermission, type Person } from './person.js';

const who = ['advisor', 'registrar', 'admin'] as const;
/** Usernames that one person of the office chooses in an hour; those that are made of names are not counted. */
export const chosenPerHour = 10;
const signInAnswer = z.object({
  person: z.object({ id: z.string(), displayName: z.string() }),
  signsInWith: z.string().nullable().describe('The address or the username; null without an account.'),
  isUsername: z.boolean(),
  hasPassword: z.boolean(),
  maySetPassword: z
    .boolean()
    .describe('A student without an address: their advisor, or the office, sets it.'),
  suggestion: z.string(),
});
const username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(usernameShape, { error: 'people.sign-in.problem.username' });

/** The person, for the office and for the advisor of a student. */
async function personOf(call: Pick<Call, 'scope' | 'actor'>, id: string): Promise<Person> {
  const person = await findPerson(call.scope, id);
  if (!person) throw new NotFound();
  checkNotSealed(person);
  checkNotErased(person);
  requirePermission(mayRunSignIn(call.actor, person));
  return person;
}

async function signInPage(call: Pick<Call, 'scope' | 'actor' | 't'>, id: string) {
  const person = await personOf(call, id);
  const account = await findAccountOfPerson(call.scope, id);
  const offered = account ? null : await findAccountOffered(call.scope, id);
  const hasName = account === null || isUsername(account.email);
  return page(
    'people/sign-in',
    {
      person: { id, displayName: person.displayName },
      signsInWith: account?.email ?? offered?.email ?? null,
      isUsername: account !== null && hasName,
      hasPassword: account?.passwordHash != null,
      choosesName: runsSchool(call.actor),
      mayHaveUsername:
        hasName && !person.email && !offered && person.active && (runsSchool(call.actor) || !account),
      maySetPassword: maySetPassword(person, account?.email ?? null),
      suggestion: account?.email ?? suggestUsername(person.displayName),
      minimum: passwordMinimum,
    },
    {
      title: call.t('people.sign-in.title', { name: person.displayName }),
      crumbs: hasRole(call.actor, 'registrar', 'admin')
        ? [{ href: `/people/${id}`, label: person.displayName }]
        : [{ href: `/students/${id}`, label: person.displayName }],
    },
  );
}

/**
 * Names are one for all schools, so that one is taken says that somebody somewhere has it.
 * @throws TooMany
 */
const limitChosen = ({ context, actor }: Pick<Call, 'context' | 'actor'>): Promise<void> =>
  limitAttempts(
    context.db,
    { what: 'choose-username', whom: actor.personId, most: chosenPerHour, seconds: 3600 },
    context.clock.now(),
  );

/** @param needs what a password must not be based on; people and schools stand further on */
export function makeSignInRoutes({ accountFacts }: Pick<PasswordNeeds, 'accountFacts'>): FeatureRoutes {
  const signInRoutes = routes('people');

  signInRoutes.get(
    '/people/:id/sign-in',
    {
      summary: 'How a person signs in: for the office, and for the advisor of a student',
      who,
      params: idParams,
      answer: signInAnswer,
    },
    async (call) => signInPage(call, call.params.id),
  );

  signInRoutes.post(
    '/people/:id/username',
    {
      summary:
        'A username for somebody without an email. The office may choose it; left out, and for an advisor, one is made of the name',
      who,
      token: 'never',
      params: idParams,
      body: z.object({ username: username.or(z.literal('')).optional() }),
      answer: z.object({ username: z.string() }),
      again: async (call) => signInPage(call, call.params.id),
    },
    async (call) => {
      const person = await personOf(call, call.params.id);
      checkAdministrators(call, person.roles);
      const { context, scope, actor } = call;
      const needs = { clock: context.clock, scope, actor };
      const chosen = runsSchool(actor) ? call.body.username || null : null;
      if (chosen) await limitChosen(call);
      const account = await giveUsername(needs, person, chosen);
      const next = `/people/${person.id}/sign-in`;
      return done(next, { username: account.email }, { notice: 'people.notice.saved' });
    },
  );

  signInRoutes.post(
    '/people/:id/password',
    {
      summary: 'Set the password of a student who has no email; they and the administrators are told',
      who,
      token: 'never',
      params: idParams,
      body: z.object({ password: z.string().max(MAX_PASSWORD) }),
      answer: z.object({ username: z.string() }),
      limit: { name: 'set-child-password', failures: 30, seconds: 900 },
      again: async (call) => signInPage(call, call.params.id),
    },
    async (call) => {
      const { scope, context, actor } = call;
      const person = await personOf(call, call.params.id);
      const needs = { db: context.db, clock: context.clock, accountFacts };
      const account = await setChildPassword(needs, scope, actor, person, call.body.password);
      const next = `/people/${person.id}/sign-in`;
      return done(next, { username: account.email }, { notice: 'people.sign-in.password-set' });
    },
  );
  return signInRoutes;
}
