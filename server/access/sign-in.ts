/** Acts about accounts: signing in, one-time links to choose a password, API tokens. */
import type { Clock } from '../clock.js';
import { isDuplicate, type Database, type SharedScope } from '../database.js';
import { InvalidInput, NotFound } from '../errors.js';
import { newId } from '../ids.js';
import {
  findAccountByEmail,
  saveAccount,
  saveAccountChange,
  saveFirstPassword,
  saveToken,
  saveTokenRevoked,
  saveTokensRevoked,
  type Account,
  type ApiToken,
} from './account-records.js';
import type { Actor } from './actor.js';
import { hashPassword, hashSecret, newSecret, passwordMatches, passwordMinimum } from './secrets.js';
import { countAttempt } from './sign-in-limits.js';

/**
 * Checks e-mail and password.
 * @throws InvalidInput with one and the same message for an unknown e-mail and a wrong password
 * @param address of the caller; wrong passwords are counted by it
 * @throws TooMany after ten attempts that failed for one e-mail from there within a quarter of an hour, or too many from everywhere
 */
export async function checkPassword(
  needs: { db: Database; clock: Clock },
  email: string,
  password: string,
  address: string,
): Promise<Account> {
  const attempt = await countAttempt({ db: needs.db, now: needs.clock.now() }, email, address);
  const account = await findAccountByEmail(needs.db, email);
  const matches = await passwordMatches(account?.passwordHash ?? null, password);
  if (!account || !matches || account.disabledAt) {
    throw new InvalidInput(
      [{ field: 'email', message: 'access.problem.wrong-password' }],
      'access.problem.wrong-password',
    );
  }
  await attempt.wasRight();
  return account;
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
  return {
    id: newId(),
    email: input.email.trim().toLowerCase(),
    passwordHash: null,
    personId: input.personId,
    schoolId: input.schoolId,
    networkId: input.networkId ?? null,
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

const invitationDays = 14;

/** A new one-time secret with which the account's owner chooses a password within 14 days; an older one stops working. */
export async function inviteAccount(where: SharedScope, clock: Clock, accountId: string): Promise<string> {
  const secret = newSecret();
  const expiresAt = new Date(clock.now().getTime() + invitationDays * 24 * 60 * 60 * 1000);
  const found = await saveAccountChange(where, accountId, {
    invitation: { hash: hashSecret(secret), expiresAt },
  });
  if (found === 0) throw new NotFound();
  return secret;
}

/** @throws NotFound when the link is unknown, used or expired; InvalidInput when the password is too short */
export async function choosePassword(
  needs: { db: Database; clock: Clock },
  secret: string,
  password: string,
): Promise<Account> {
  checkLength(password);
  const account = await saveFirstPassword(
    needs.db,
    hashSecret(secret),
    await hashPassword(password),
    needs.clock.now(),
  );
  if (!account) throw new NotFound('access.problem.link-used');
  await saveTokensRevoked(needs.db, account.id, needs.clock.now());
  return account;
}

/**
 * Ends every other session and token of the account; the caller signs the present one in again.
 * @throws InvalidInput when the current password is wrong or the new one too short
 */
export async function changePassword(
  needs: { db: Database; clock: Clock },
  account: Account,
  current: string,
  password: string,
): Promise<void> {
  if (!(await passwordMatches(account.passwordHash, current))) {
    throw new InvalidInput([{ field: 'current', message: 'access.problem.current-wrong' }]);
  }
  checkLength(password);
  const now = needs.clock.now();
  await saveAccountChange(needs.db, account.id, {
    passwordHash: await hashPassword(password),
    sessionsFrom: now,
  });
  await saveTokensRevoked(needs.db, account.id, now);
}

function checkLength(password: string): void {
  if (password.length >= passwordMinimum) return;
  throw new InvalidInput([
    { field: 'password', message: 'access.problem.password-short', params: { minimum: passwordMinimum } },
  ]);
}

const tokenDays = 365;

/** A new API token for the actor's own account. The secret is returned once and stored only as a hash. */
export async function createToken(
  needs: { db: Database; clock: Clock },
  accountId: string,
  name: string,
): Promise<{ token: ApiToken; secret: string }> {
  const secret = `vitrine_${newSecret()}`;
  const now = needs.clock.now();
  const token = await saveToken(needs.db, {
    id: newId(),
    accountId,
    name,
    hash: hashSecret(secret),
    createdAt: now,
    expiresAt: new Date(now.getTime() + tokenDays * 24 * 60 * 60 * 1000),
    revokedAt: null,
    lastUsedAt: null,
  });
  return { token, secret };
}

export async function revokeToken(
  needs: { db: Database; clock: Clock },
  accountId: string,
  tokenId: string,
): Promise<void> {
  const found = await saveTokenRevoked(needs.db, accountId, tokenId, needs.clock.now());
  if (found === 0) throw new NotFound();
}

/** Guests by pass and scripts have no account and so no tokens. */
export const mayHaveTokens = (actor: Actor): boolean => actor.via !== 'pass' && actor.via !== 'script';
