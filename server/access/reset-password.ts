/**
 * A forgotten password, without the office: a link goes to the address of the account. Nothing that the caller sees, also not how long it
 * takes, tells whether there is such an account. Who has never chosen a password gets the first link from their school. What others ask
 * for keeps nobody from their own link: an address that gets no more messages for the hour has the newest one, and its owner is told so.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database.js';
import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import { TooMany } from '../errors.js';
import type { Mailer } from '../mailer.js';
import type { Call } from '../http/route.js';
import { appendResetAsked } from './account-audit.js';
import { findAccountByEmail, type Account } from './account-records.js';
import { appendAttempt } from './attempts-records.js';
import type { Caller } from './device.js';
import { limitAttempts, secondsLeft, slowDown } from './limit-attempts.js';
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
  /** Tests wait for nothing. */
  pause?: (milliseconds: number) => Promise<unknown>;
}

/** Minutes for which the link in the message works. */
const RESET_MINUTES = 60;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** Messages to one address in an hour. */
const MAX_PER_ADDRESS = 3;
/** Messages that one device causes in an hour: somebody at a desk asks for a class. */
const MAX_PER_DEVICE = 40;
/** Messages in a minute, of everybody at this installation: more than all schools need after the holidays. The rest goes out later. */
const MAX_IN_A_MINUTE = 300;
/** Messages that wait for their turn or for the mail server at once on one instance: more than go out while a link works. */
const MAX_WAITING = 20_000;
let waiting = 0;
/** Seconds after which somebody tries again when too many wait. */
const RETRY = 60;
/** From so many on, those who ask from one part of the network wait: a whole school asks after the holidays. */
const SLOW_FROM = 60;

/**
 * Goes on in the background once it is counted; what goes wrong then is in the log.
 * @returns whether a message goes out when there is such an account. False: this hour's have gone to that address, and the newest is valid.
 * @throws TooMany for a device that asks for one address after the other
 */
export async function requestReset(needs: ResetNeeds, typed: string, caller: Caller): Promise<boolean> {
  const { db, clock } = needs;
  const email = typed.trim().toLowerCase();
  const now = clock.now();
  const inAnHour = { seconds: HOUR };
  await slowDown({ db, now }, { ...inAnHour, what: 'reset-from', whom: caller.subnet, slowFrom: SLOW_FROM });
  const device = caller.device === null ? `none ${caller.subnet}` : caller.device;
  await limitAttempts(db, { ...inAnHour, what: 'reset-by', whom: device, most: MAX_PER_DEVICE }, now);
  // Strangers who ask for an address use up nothing of its owner's, who has signed in on this device before.
  const isOwn = caller.device !== null && (await isKnown({ db, now }, email, caller.device));
  const to = isOwn ? `${email}\n${caller.device}` : email;
  if ((await appendAttempt(db, 'reset-to', to, HOUR, now)) > MAX_PER_ADDRESS) return false;
  if (waiting >= MAX_WAITING) throw new TooMany(RETRY);
  waiting += 1;
  void sendReset(needs, email)
    .catch((error: unknown) => {
      needs.log.warn({ err: error }, 'a message about a forgotten password could not be sent');
    })
    .finally(() => {
      waiting -= 1;
    });
  return true;
}

async function sendReset(needs: ResetNeeds, email: string): Promise<void> {
  const { db, clock, mailer, t, origin } = needs;
  if (!isResettable(await findAccountByEmail(db, email))) return;
  await waitForTurn(needs);
  // Time has passed: what holds now counts.
  const account = await findAccountByEmail(db, email);
  if (!isResettable(account)) return;
  const secret = newSecret();
  const expiresAt = new Date(clock.now().getTime() + RESET_MINUTES * 60_000);
  await saveMailedLink(db, account.id, { hash: hashSecret(secret), expiresAt, personId: account.personId });
  await appendResetAsked({ db, clock }, account);
  await mailer.send({
    to: account.email,
    subject: t('access.reset.mail-subject'),
    text: t('access.reset.mail-text', { link: `${origin}/set-password/${secret}`, minutes: RESET_MINUTES }),
  });
}

const isResettable = (account: Account | null): account is Account =>
  account !== null && !isUsername(account.email) && Boolean(account.passwordHash) && !account.disabledAt;

/** Keeps no server running that is to stop. */
const idle = (milliseconds: number): Promise<void> => sleep(milliseconds, undefined, { ref: false });

/** Only messages to accounts are counted: requests for addresses that nobody has hold up nobody. */
async function waitForTurn({ db, clock, pause = idle }: ResetNeeds): Promise<void> {
  while ((await appendAttempt(db, 'reset-all', 'all', MINUTE, clock.now())) > MAX_IN_A_MINUTE)
    await pause(secondsLeft(MINUTE, clock.now()) * 1000);
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
