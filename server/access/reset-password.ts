/**
 * A forgotten password, without the office: a link goes to the address of the account. Nothing that the
 * caller sees, also not how long it takes, tells whether there is such an account. Who has never chosen a
 * password gets the first link from their school. What others ask for keeps nobody from their own link: an
 * address that gets no more messages for the hour has the newest one, and its owner is told so. Only messages
 * that went out count: one that fails is tried again while its reader waits, also after a restart.
 */
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock.js';
import type { Config } from '../config.js';
import { inTransaction, type Database } from '../db/database.js';
import type { MessageParams } from '../errors.js';
import type { Log } from '../log.js';
import type { Mailer } from '../mailer.js';
import type { Call } from '../http/route.js';
import { newId } from '../ids.js';
import { appendResetAsked } from './account-audit.js';
import {
  accountAs,
  findAccountByEmail,
  type Account,
  type ResetWish,
  type StoredAccount,
} from './account-records.js';
import { appendAttempt, countInWindow } from './attempts-records.js';
import type { Caller } from './device.js';
import { limitAttempts, secondsUntilReset, slowDown } from './limit-attempts.js';
import { isKnown } from './sign-in-limits.js';
import {
  saveResetLink,
  saveResetWish,
  saveResetWishDone,
  saveResetWishExtended,
  saveResetWishLater,
  saveResetWishTaken,
} from './reset-wish-records.js';
import { hashSecret, newSecret } from './secrets.js';
import { isUsername } from './username.js';

export interface ResetNeeds {
  db: Database;
  clock: Clock;
  log: Pick<Log, 'warn'>;
  mailer: Mailer;
  config: Pick<Config, 'keyFor'>;
  texts: { t(locale: string, key: string, params?: MessageParams): string };
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
/**
 * Messages in a minute, of everybody at this installation: more than all schools need after the holidays. The
 * rest goes out later.
 */
const MAX_IN_A_MINUTE = 300;
/** From so many on, those who ask from one part of the network wait: a whole school asks after the holidays. */
const SLOW_FROM = 60;
/** Messages that one instance sends at the same time; the others wait in the database. */
const MAX_SENDING = 4;
/** Seconds after which a message is taken up again whose sender died; longer than a mail server may keep silent. */
const SENDING = 90;
/** Seconds until the second try, and between two tries at most. */
const [FIRST_RETRY, MAX_RETRY] = [30, 600];

/**
 * Goes on in the background once it is counted; what goes wrong then is in the log.
 * @param asked.locale in which the message is written
 * @returns false: this address was asked for so often that this hour's messages have gone out, and the newest is valid
 * @throws TooMany for a device that asks for one address after the other
 */
export async function requestReset(
  needs: ResetNeeds,
  { email: typed, locale, origin }: { email: string; locale: string; origin: string },
  caller: Caller,
): Promise<boolean> {
  const { db, clock } = needs;
  const email = typed.trim().toLowerCase();
  const now = clock.now();
  const inAnHour = { seconds: HOUR };
  await slowDown({ db, now }, { ...inAnHour, what: 'reset-from', whom: caller.subnet, slowFrom: SLOW_FROM });
  const device = caller.device === null ? `none ${caller.subnet}` : caller.device;
  await limitAttempts(db, { ...inAnHour, what: 'reset-by', whom: device, most: MAX_PER_DEVICE }, now);
  // Strangers who ask for an address use up nothing of its owner's, who has signed in on this device before.
  const isOwn = caller.device !== null && (await isKnown({ db, now }, email, caller.device));
  const counts = hashSecret(isOwn ? `${email}\n${caller.device}` : email);
  // What the page says hangs on what was asked, not on what was sent: that would tell of the account.
  const asked = await appendAttempt(db, 'reset-asked', counts, HOUR, now);
  void keepWish(needs, email, { counts, locale, origin })
    .then(() => sendResets(needs))
    .catch((error: unknown) => {
      needs.log.warn({ err: error }, 'a message about a forgotten password could not be prepared');
    });
  return asked <= MAX_PER_ADDRESS;
}

/** Somebody who asks while a message waits has that one. */
async function keepWish(
  { db, clock }: ResetNeeds,
  email: string,
  wish: { counts: string; locale: string; origin: string },
): Promise<void> {
  const account = await findAccountByEmail(db, email);
  if (!isResettable(account)) return;
  const now = clock.now();
  const expiresAt = new Date(now.getTime() + RESET_MINUTES * 60_000);
  if (await hasHadAll({ db }, wish, now)) return;
  const isNew = await inTransaction({ db }, async (inside) => {
    const made = { ...wish, id: newId(), nextAt: now, expiresAt, tries: 0 };
    if (!(await saveResetWish(inside, account.id, now, made))) return false;
    await appendResetAsked(inside, clock, account);
    return true;
  });
  if (!isNew) await saveResetWishExtended(db, account.id, now, expiresAt);
}

/** Whether this hour's messages have gone out. */
const hasHadAll = async ({ db }: Pick<ResetNeeds, 'db'>, { counts }: Pick<ResetWish, 'counts'>, now: Date) =>
  (await countInWindow(db, 'reset-to', counts, HOUR, now)) >= MAX_PER_ADDRESS;

/** However often a message is sent, as where the mail server took it and did not say so, it has the same link. */
const secretOf = ({ config }: Pick<ResetNeeds, 'config'>, { id }: ResetWish): string =>
  id === undefined
    ? newSecret()
    : createHmac('sha256', config.keyFor('reset-link'))
        .update(id)
        .digest()
        .subarray(0, 24)
        .toString('base64url');

const sending = new WeakMap<Mailer, number>();

/**
 * Sends what waits, also what an instance left that was stopped. Several may be called at once: each message
 * goes out once.
 */
export async function sendResets(needs: ResetNeeds): Promise<void> {
  const { db, clock, mailer, pause = idle } = needs;
  const busy = sending.get(mailer) ?? 0;
  if (busy >= MAX_SENDING) return;
  sending.set(mailer, busy + 1);
  try {
    for (;;) {
      const now = clock.now();
      const taken = await saveResetWishTaken(db, now, new Date(now.getTime() + SENDING * 1000));
      if (!taken) return;
      // Only messages to accounts are counted: requests for addresses that nobody has hold up nobody.
      if ((await appendAttempt(db, 'reset-all', 'all', MINUTE, now)) > MAX_IN_A_MINUTE) {
        const rest = secondsUntilReset(MINUTE, now) * 1000;
        const wish = taken.resetWish!;
        // It was not tried.
        await saveResetWishLater(db, taken.id, wish, new Date(now.getTime() + rest), wish.tries - 1);
        await pause(rest);
      } else await sendReset(needs, taken, now);
    }
  } finally {
    sending.set(mailer, (sending.get(mailer) ?? 1) - 1);
  }
}

async function sendReset(needs: ResetNeeds, taken: StoredAccount, now: Date): Promise<void> {
  const { db, mailer, texts, log } = needs;
  const wish = taken.resetWish!;
  // Time has passed: what holds now counts.
  const account = accountAs(taken);
  const isWanted = isResettable(account) && wish.expiresAt > now && !(await hasHadAll(needs, wish, now));
  if (!isWanted) return void (await saveResetWishDone(db, taken.id, wish));
  const secret = secretOf(needs, wish);
  const expiresAt = new Date(now.getTime() + RESET_MINUTES * 60_000);
  const link = `${wish.origin}/set-password/${secret}`;
  try {
    const mailedLink = { hash: hashSecret(secret), expiresAt, personId: account.personId };
    if (!(await saveResetLink(db, account.id, wish, mailedLink))) return;
    await mailer.send({
      to: account.email,
      subject: texts.t(wish.locale, 'access.reset.mail-subject'),
      text: texts.t(wish.locale, 'access.reset.mail-text', { link, minutes: RESET_MINUTES }),
    });
  } catch (error) {
    log.warn({ err: error, tries: wish.tries }, 'a message about a forgotten password could not be sent yet');
    const rest = Math.min(MAX_RETRY, FIRST_RETRY * 2 ** (wish.tries - 1)) * 1000;
    await saveResetWishLater(db, account.id, wish, new Date(now.getTime() + rest), wish.tries);
    return;
  }
  await appendAttempt(db, 'reset-to', wish.counts, HOUR, now);
  await saveResetWishDone(db, account.id, wish);
}

const isResettable = (account: Account | null): account is Account =>
  account !== null && !isUsername(account.email) && Boolean(account.passwordHash) && !account.disabledAt;

/** Keeps no server running that is to stop. */
const idle = (milliseconds: number): Promise<void> => sleep(milliseconds, undefined, { ref: false });

/** To the owner of an account, after it has happened. */
export function tellOwner(
  { mailer, log, t }: Pick<ResetNeeds, 'log'> & { t: Call['t']; mailer: Mailer | null },
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
