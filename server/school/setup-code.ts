/**
 * Proves that whoever opens an empty installation runs the machine: the code is on the console, stored only
 * as a hash, expires, and works once. Without it a stranger who finds the address first would own the school.
 */
import { hashSecret, newReadableCode, normalizeCode } from '../access/secrets.js';
import type { Clock } from '../clock.js';
import type { Database } from '../db/database.js';
import { InvalidInput } from '../errors.js';
import { newId } from '../ids.js';
import { findSetupCode, removeExpiredSetupCodes, saveSetupCode } from './setup-code-records.js';

/** Hours for which a printed code works. */
export const setupCodeHours = 24;

/** A new code of 58 bits for the console; those printed earlier work on until they expire. */
export async function createSetupCode({ db, clock }: { db: Database; clock: Clock }): Promise<string> {
  const code = newReadableCode();
  const now = clock.now();
  await removeExpiredSetupCodes(db, now);
  await saveSetupCode(db, {
    id: newId(),
    hash: hashSecret(normalizeCode(code)),
    createdAt: now,
    expiresAt: new Date(now.getTime() + setupCodeHours * 60 * 60 * 1000),
  });
  return code;
}

/**
 * @param fromSettings SETUP_CODE, for scripts; it stands beside the printed ones
 * @throws InvalidInput at `setupCode` when it is neither, or has expired
 */
export async function checkSetupCode(
  { db, clock, fromSettings }: { db: Database; clock: Clock; fromSettings: string | null },
  code: string,
): Promise<void> {
  if (code.trim() === '')
    throw new InvalidInput([{ field: 'setupCode', message: 'common.problem.required' }]);
  if (fromSettings !== null && hashSecret(code.trim()) === hashSecret(fromSettings)) return;
  if (await findSetupCode(db, hashSecret(normalizeCode(code)), clock.now())) return;
  throw new InvalidInput([{ field: 'setupCode', message: 'school.problem.setup-code' }]);
}
