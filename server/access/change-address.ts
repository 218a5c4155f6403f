/**
 * The owner of an account signs in with another address: a link goes to it, and nothing changes before they
 * open it, signed in. Refuses an address that somebody else signs in with, without telling so before it is
 * proven to be theirs.
 */
import { inTransaction, isDuplicate, type Database, type SharedScope } from '../db/database.js';
import type { Clock } from '../clock.js';
import { InvalidInput, NotFound } from '../errors.js';
import { appendAccountAudit } from './account-audit.js';
import { saveAccountChange, type Account } from './account-records.js';
import { limitAttempts } from './limit-attempts.js';
import { saveAddress } from './password-records.js';
import { hashSecret, newSecret, passwordMatches } from './secrets.js';

/** Hours for which the link in the message works. */
export const CONFIRM_HOURS = 24;

/** Messages that one person causes, and that they send to one address, in an hour. */
const MAX_BY_PERSON = 10;
const MAX_TO_ADDRESS = 3;
const HOUR = 60 * 60;

/** What people of a school know of an address; people stand further on. */
export type NoteAddress = (
  needs: { where: SharedScope; clock: Clock },
  account: Account,
  email: string,
) => Promise<void>;

/**
 * @returns the secret that proves the new address
 * @throws InvalidInput at `current` when the password is wrong; TooMany messages
 */
export async function askForAddress(
  { db, clock }: { db: Database; clock: Clock },
  account: Account,
  email: string,
  current: string,
): Promise<string> {
  if (!(await passwordMatches(account.passwordHash, current, account.id)))
    throw new InvalidInput([{ field: 'current', message: 'access.problem.current-wrong' }]);
  const now = clock.now();
  const sent = { what: 'address-by', whom: account.id, most: MAX_BY_PERSON, seconds: HOUR };
  await limitAttempts(db, sent, now);
  // By person and address: what others ask for keeps nobody from using their own address.
  const to = { ...sent, what: 'address-to', whom: `${account.id}\n${email}`, most: MAX_TO_ADDRESS };
  await limitAttempts(db, to, now);
  const secret = newSecret();
  const expiresAt = new Date(now.getTime() + CONFIRM_HOURS * 60 * 60 * 1000);
  await saveAccountChange(db, account.id, { newEmail: { email, hash: hashSecret(secret), expiresAt } });
  return secret;
}

/** The address that the secret is for, while it can be confirmed; null otherwise. */
export const addressAsked = ({ newEmail }: Account, secret: string, now: Date): string | null =>
  newEmail && newEmail.hash === hashSecret(secret) && newEmail.expiresAt > now ? newEmail.email : null;

/**
 * @throws NotFound when the link is used, expired or for another account; InvalidInput at `email` when
 *   somebody has the address
 */
export async function confirmAddress(
  { db, clock, noteAddress }: { db: Database; clock: Clock; noteAddress: NoteAddress },
  account: Account,
  secret: string,
): Promise<string> {
  const email = addressAsked(account, secret, clock.now());
  if (email === null) throw new NotFound('access.account.confirm-gone');
  try {
    await inTransaction({ db }, async (inside) => {
      await saveAddress(inside, account, email, null);
      await noteAddress({ where: inside, clock }, account, email);
      await appendAccountAudit(inside, clock, account, 'access.address-change', { field: 'email' });
    });
  } catch (error) {
    if (isDuplicate(error))
      throw new InvalidInput([{ field: 'email', message: 'access.problem.email-taken' }]);
    throw error;
  }
  return email;
}
