/**
 * How often a password may be wrong: failures are counted by account and device where the account has signed
 * in on that device before, else by account and part of the network. Guessing from everywhere makes wrong
 * answers slower, and refuses nobody who knows the password.
 */
import { appendAttempt, countAttempts } from './attempts-records.js';
import type { Caller } from './device.js';
import { guardAttempts, type GuardNeeds, type AttemptSource } from './limit-attempts.js';

const attemptWindow = 15 * 60;
/** Failures of one account, from one device or one part of the network. */
export const failuresPerSource = 10;
const slowFrom = 5;
/**
 * Failures of one account from everywhere: from here on wrong answers take longer wherever the account is not known.
 */
const slowFromEverywhere = 20;
/** How long a device is remembered. */
const knownFor = 60 * 24 * 60 * 60;

/**
 * @param check throws when e-mail or password are wrong
 * @throws what `check` throws; TooMany instead of it after ten failures
 */
export async function guardSignIn<T>(
  needs: GuardNeeds & { caller: Caller },
  email: string,
  check: () => Promise<T>,
): Promise<T> {
  const { db, now, caller } = needs;
  const account = email.trim().toLowerCase();
  const known = caller.device !== null && (await isKnown(needs, account, caller.device));
  const here = known ? `device\n${caller.device}` : `subnet\n${caller.subnet}`;
  const sources: AttemptSource[] = [{ whom: `${account}\n${here}`, slowFrom, refuseFrom: failuresPerSource }];
  if (!known) sources.push({ whom: account, slowFrom: slowFromEverywhere });
  const right = await guardAttempts(
    needs,
    {
      what: 'sign-in',
      seconds: attemptWindow,
      sources,
      lane: `${account}\n${here}`,
      caller: caller.nextDevice,
      message: 'access.problem.too-many',
      pause: { step: 100, most: 10_000 },
    },
    check,
  );
  if (!known && caller.device !== null)
    await appendAttempt(db, 'sign-in-known', `${account}\n${caller.device}`, knownFor, now);
  return right;
}

/** Whether the account has signed in on this device. @param account its address in small letters */
export const isKnown = async (
  { db, now }: Pick<GuardNeeds, 'db' | 'now'>,
  account: string,
  device: string,
): Promise<boolean> => (await countAttempts(db, 'sign-in-known', `${account}\n${device}`, knownFor, now)) > 0;
