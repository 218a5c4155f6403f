/**
 * A forgotten password, without the office: a link goes to the address of the account. Nothing that the caller sees, also not how long it
 * takes, tells whether there is such an account. Who has never chosen a password gets the first link from their school. Whoever asks too
 * often is told so: that a message is on its way is only said where it is.
 */
import type { Database } from '../database.js';
import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import { TooMany } from '../errors.js';
import type { Mailer } from '../mailer.js';
import type { Call } from '../http/route.js';
import { appendResetAsked } from './account-audit.js';
import { findAccountByEmail } from './account-records.js';
import type { Caller } from './device.js';
import { limitAttempts, slowDown } from './limit-attempts.js';
import { isKnown } from './sign-in-limits.js';
import { saveMailedLink } from './password-records.js';
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
/** Messages that one device causes in an hour: somebody at a desk asks for a class. */
const MAX_PER_DEVICE = 40;
/** Requests in a minute, of everybody at this installation: more than all schools have after the holidays. */
const MAX_IN_A_MINUTE = 300;
/** Messages that wait for the mail server at once on one instance. */
const MAX_WAITING = 500;
let waiting = 0;
/** Seconds after which somebody tries again when too many wait. */
const RETRY = 60;
/** From so many on, those who ask from one part of the network wait: a whole school asks after the holidays. */
const SLOW_FROM = 60;

/**
 * Goes on in the background once it is counted; what goes wrong then is in the log.
 * @throws TooMany, whether there is such an account or not
 */
export async function requestReset(needs: ResetNeeds, typed: string, caller: Caller): Promise<void> {
  const { db, clock } = needs;
  const email = typed.trim().toLowerCase();
  const now = clock.now();
  const device = caller.device === null ? `none ${caller.subnet}` : caller.device;
  const inAnHour = { seconds: HOUR };
  await limitAttempts(db, { ...inAnHour, what: 'reset-by', whom: device, most: MAX_PER_DEVICE }, now);
  // Strangers who ask for an address use up nothing of its owner's, who has signed in on this device before.
  const isOwn = caller.device !== null && (await isKnown({ db, now }, email, caller.device));
  const to = isOwn ? `${email}\n${caller.device}` : email;
  await limitAttempts(
    db,
    { ...inAnHour, what: 'reset-to', whom: to, most: MAX_PER_ADDRESS, message: 'access.reset.many' },
    now,
  );
  const everybody = { what: 'reset-all', whom: 'all', most: MAX_IN_A_MINUTE, seconds: 60 };
  await limitAttempts(db, everybody, now);
  await slowDown({ db, now }, { ...inAnHour, what: 'reset-from', whom: caller.subnet, slowFrom: SLOW_FROM });
  if (waiting >= MAX_WAITING) throw new TooMany(RETRY);
  waiting += 1;
  void sendReset(needs, email, now)
    .catch((error: unknown) => {
      needs.log.warn({ err: error }, 'a message about a forgotten password could not be sent');
    })
    .finally(() => {
      waiting -= 1;
    });
}

async function sendReset(needs: ResetNeeds, email: string, now: Date): Promise<void> {
  const { db, clock, mailer, t, origin } = needs;
  const account = await findAccountByEmail(db, email);
  if (!account || isUsername(account.email) || !account.passwordHash || account.disabledAt) return;
  const secret = newSecret();
  const expiresAt = new Date(now.getTime() + RESET_MINUTES * 60_000);
  await saveMailedLink(db, account.id, { hash: hashSecret(secret), expiresAt, personId: account.personId });
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
  what: 'password' | 'address' | 'moved',
  params: { name?: string } = {},
): void {
  if (!mailer || isUsername(to)) return;
  mailer
    .send({ to, subject: t(`access.told.${what}-subject`), text: t(`access.told.${what}-text`, params) })
    .catch((error: unknown) => {
      log.warn({ err: error }, 'a message about an account could not be sent');
    });
}
