/**
 * A forgotten password, without the office: a link goes to the address of the account. Nothing that the caller sees, also not how long it
 * takes, tells whether there is such an account. Who has never chosen a password gets the first link from their school.
 */
import type { Database } from '../database.js';
import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import type { Mailer } from '../mailer.js';
import type { Call } from '../http/route.js';
import { appendResetAsked } from './account-audit.js';
import { findAccountByEmail, saveAccountChange } from './account-records.js';
import { appendAttempt, countAttempts } from './attempts-records.js';
import { hashSecret, newSecret } from './secrets.js';
import { isUsername } from './username.js';

export interface ResetNeeds {
  db: Database;
  clock: Clock;
  log: Pick<Log, 'warn'>;
  mailer: Mailer;
  /** In the language of the page. */
  t: Call['t'];
  /** Where people reach this installation. */
  origin: string;
}

/** Minutes for which the link in the message works. */
export const RESET_MINUTES = 60;
const HOUR = 60 * 60;
/** Messages to one address in an hour. */
const MAX_PER_ADDRESS = 3;
/** Messages that one part of the network causes in an hour: a school asks after the holidays. */
const MAX_PER_SUBNET = 60;

/** Goes on in the background; what goes wrong is in the log. */
export function requestReset(needs: ResetNeeds, email: string, subnet: string): void {
  void sendReset(needs, email.trim().toLowerCase(), subnet).catch((error: unknown) => {
    needs.log.warn({ err: error }, 'a message about a forgotten password could not be sent');
  });
}

async function sendReset(needs: ResetNeeds, email: string, subnet: string): Promise<void> {
  const { db, clock, mailer, t, origin } = needs;
  const now = clock.now();
  const asked = await countAttempts(db, 'reset-from', subnet, HOUR, now);
  if (asked >= MAX_PER_SUBNET) return;
  await appendAttempt(db, 'reset-from', subnet, HOUR, now);
  const account = await findAccountByEmail(db, email);
  if (!account || isUsername(account.email) || !account.passwordHash || account.disabledAt) return;
  if ((await countAttempts(db, 'reset-to', email, HOUR, now)) >= MAX_PER_ADDRESS) return;
  await appendAttempt(db, 'reset-to', email, HOUR, now);
  const secret = newSecret();
  const expiresAt = new Date(now.getTime() + RESET_MINUTES * 60_000);
  const invitation = {
    hash: hashSecret(secret),
    expiresAt,
    personId: account.personId,
    mailed: true as const,
  };
  await saveAccountChange(db, account.id, { invitation });
  await appendResetAsked({ db, clock }, account);
  await mailer.send({
    to: account.email,
    subject: t('access.reset.mail-subject'),
    text: t('access.reset.mail-text', { link: `${origin}/set-password/${secret}`, minutes: RESET_MINUTES }),
  });
}

/** To the owner of an account, after it has happened. */
export function tellOwner(
  { mailer, log, t }: Pick<ResetNeeds, 't' | 'log'> & { mailer: Mailer | null },
  to: string,
  what: 'password' | 'address',
): void {
  if (!mailer || isUsername(to)) return;
  mailer
    .send({ to, subject: t(`access.told.${what}-subject`), text: t(`access.told.${what}-text`) })
    .catch((error: unknown) => {
      log.warn({ err: error }, 'a message about an account could not be sent');
    });
}
