/** Acts about accounts: signing in, one-time links to choose a password. */
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type Database, type SharedScope } from '../db/database.js';
import { InvalidInput, NotFound } from '../errors.js';
import { newId } from '../ids.js';
import type { Log } from '../log.js';
import { appendAccountAudit, appendFailedSignIn } from './account-audit.js';
import {
  findAccount,
  findAccountByEmail,
  accountAs,
  saveAccount,
  saveAccountChange,
  type Account,
} from './account-records.js';
import { saveSessionsEnded } from './password-records.js';
import { saveTokensRevoked } from './token-records.js';
import type { Actor } from './actor.js';
import { byLastUse } from './membership.js';
import { checkNewPassword } from './new-password.js';
import { linkExpiry } from './password-link.js';
import { savePasswordLink } from './password-link-records.js';
import { hashPassword, hashSecret, newSecret, passwordMatches } from './secrets.js';
import type { Caller } from './device.js';
import { guardSignIn } from './sign-in-limits.js';

/**
 * Checks e-mail and password.
 * @throws InvalidInput with one and the same message for an unknown e-mail and a wrong password
 * @param caller by whom wrong passwords are counted; see sign-in-limits.ts
 * @throws TooMany instead of it after ten failures; a right password is never refused
 */
export async function checkPassword(
  needs: { db: Database; clock: Clock; log: Pick<Log, 'warn'> },
  email: string,
  password: string,
  caller: Caller,
): Promise<Account> {
  return guardSignIn({ db: needs.db, now: needs.clock.now(), caller }, email, async () => {
    const account = await findAccountByEmail(needs.db, email);
    const matches = await passwordMatches(account?.passwordHash ?? null, password, caller.subnet);
    if (account && matches) return account;
    // Not waited for: how long it takes must not tell whether there is such an account.
    void appendFailedSignIn(needs, account, 'password').catch((error: unknown) => {
      needs.log.warn({ err: error }, 'a failed sign-in could not be recorded');
    });
    throw new InvalidInput(
      [{ field: 'email', message: 'access.problem.wrong-password' }],
      'access.problem.wrong-password',
    );
  });
}

/** What must be known of an account beyond itself; the features that own it answer. */
export interface AccountFacts {
  /** Why nobody signs in with it any more, or null. */
  closed: 'person' | 'school' | 'network' | null;
  /** Names and addresses on which its password must not be based. */
  ownWords: string[];
}

/**
 * Said only to somebody who has proved that the account is theirs.
 * @throws InvalidInput that says whether the person, the school or the network was closed
 */
export function checkOpen(
  account: Pick<Account, 'disabledAt'>,
  { closed }: Pick<AccountFacts, 'closed'>,
): void {
  const why = account.disabledAt ? 'person' : closed;
  if (!why) return;
  const message = `access.problem.closed-${why}`;
  throw new InvalidInput([{ field: 'email', message }], message);
}

/**
 * The account in the membership with which its owner arrives: the one used last that is still open.
 * @throws InvalidInput that says why, when none is
 */
export async function findOpenMembership(
  { db, accountFacts }: Pick<PasswordNeeds, 'db' | 'accountFacts'>,
  account: Account,
): Promise<Account> {
  checkOpen(account, { closed: null });
  const inOrder = byLastUse(account.memberships).flatMap(
    ({ personId }) => accountAs(account, personId) ?? [],
  );
  for (const each of inOrder) if (!(await accountFacts(db, each)).closed) return each;
  const lastUsed = inOrder[0] ?? account;
  checkOpen(lastUsed, await accountFacts(db, lastUsed));
  return lastUsed;
}

export interface NewAccount {
  email: string;
  personId: string;
  schoolId: string | null;
  networkId?: string | null;
  name?: string | null;
  password?: string;
}

/** An account that still has to choose its password; not saved yet. */
export function newAccountOf(clock: Clock, input: Omit<NewAccount, 'password'>): Account {
  const { personId, schoolId, networkId = null } = input;
  return {
    id: newId(),
    email: input.email.trim().toLowerCase(),
    passwordHash: null,
    ...{ personId, schoolId, networkId },
    memberships: [{ personId, schoolId, networkId, lastUsedAt: null }],
    offers: [],
    name: input.name ?? null,
    createdAt: clock.now(),
    disabledAt: null,
    sessionsFrom: null,
    invitation: null,
  };
}

/**
 * An account with a password, or one that still has to choose its password by a link.
 * @throws InvalidInput when the e-mail has an account already or the password is too short
 */
export async function createAccount(where: SharedScope, clock: Clock, input: NewAccount): Promise<Account> {
  try {
    const passwordHash = input.password === undefined ? null : await hashPassword(input.password);
    return await saveAccount(where, { ...newAccountOf(clock, input), passwordHash });
  } catch (error) {
    if (isDuplicate(error))
      throw new InvalidInput([{ field: 'email', message: 'access.problem.email-taken' }]);
    throw error;
  }
}

/** Who makes a link, for whom, and who else is told of it. */
export interface LinkMaker {
  by: Pick<Actor, 'personId' | 'name'>;
  personName: string;
  /** Ids of the people who are told beside the owner. */
  tell: readonly string[];
  /** The person whose membership the link is for; left out, the one used last. */
  personId?: string;
  /** For a letter: a secret that can be typed. */
  secret?: string;
}
const byScript: LinkMaker = { by: { personId: 'script', name: 'Vitrine' }, personName: '', tell: [] };

/**
 * A new one-time secret with which the account's owner chooses a password; an older one stops working, the
 * password that there is does not. Its owner is told, and so is `maker.tell`.
 */
export async function inviteAccount(
  where: SharedScope,
  clock: Clock,
  accountId: string,
  maker: LinkMaker = byScript,
): Promise<string> {
  const account = await findAccount(where, accountId, maker.personId);
  if (!account) throw new NotFound();
  const now = clock.now();
  const replaces = account.passwordHash !== null;
  const made = { createdById: maker.by.personId, createdByName: maker.by.name, createdAt: now };
  const link = { id: newId(), ...made };
  const secret = maker.secret ?? newSecret();
  const expiresAt = linkExpiry(now, replaces);
  const found = await saveAccountChange(where, accountId, {
    invitation: { hash: hashSecret(secret), expiresAt, link, personId: account.personId },
  });
  if (found === 0) throw new NotFound();
  const { schoolId, personId } = account;
  await savePasswordLink(where, {
    ...link,
    ...{ schoolId, accountId, personId, personName: maker.personName || account.email },
    ...{ replaces, expiresAt, usedAt: null },
    unreadBy: [...new Set([personId, ...maker.tell])].filter((id) => id !== maker.by.personId),
  });
  return secret;
}

/** What choosing a password needs; `accountFacts` belongs to features further on. */
export interface PasswordNeeds {
  db: Database;
  clock: Clock;
  accountFacts(db: Database, account: Account): Promise<AccountFacts>;
}

/**
 * Ends every other session and token of the account; the caller signs the present one in again, with the
 * account that is answered.
 * @throws InvalidInput when the current password is wrong or the new one too weak
 */
export async function changePassword(
  needs: PasswordNeeds,
  account: Account,
  current: string,
  password: string,
): Promise<Account> {
  if (!(await passwordMatches(account.passwordHash, current, account.id))) {
    throw new InvalidInput([{ field: 'current', message: 'access.problem.current-wrong' }]);
  }
  const { ownWords } = await needs.accountFacts(needs.db, account);
  await checkNewPassword(password, [account.email, ...ownWords]);
  const passwordHash = await hashPassword(password);
  return inTransaction({ db: needs.db }, async (inside) => {
    const changed = await saveSessionsEnded(inside, account.id, account.personId, passwordHash);
    if (!changed) throw new NotFound();
    await saveTokensRevoked(inside, account.id, needs.clock.now());
    await appendAccountAudit(inside, needs.clock, account, 'access.password-change', { field: 'password' });
    return changed;
  });
}

/** Ends every session of the account, the present one too. Tokens stay: each is revoked by itself. */
export async function signOutEverywhere(
  { db, clock }: { db: Database; clock: Clock },
  account: Account,
): Promise<void> {
  await inTransaction({ db }, async (inside) => {
    await saveSessionsEnded(inside, account.id, account.personId);
    await appendAccountAudit(inside, clock, account, 'access.sign-out-everywhere');
  });
}
