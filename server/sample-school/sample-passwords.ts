/**
 * The passwords of the sample school's accounts. `vitrine` stands in the README, so it is only for a server
 * that nobody but this machine reaches; everywhere else the accounts get a random one, and a database that
 * still has the known one is not served.
 */
import { listAccountsByEmails, saveAccountChange } from '../access/account-records.js';
import { hashPassword, newReadableCode, passwordMatches } from '../access/secrets.js';
import type { Config } from '../config.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { sampleAccountRoles, domain, password as knownPassword } from './staff.js';

/** What the accounts of a sample school that is loaded now sign in with. */
export const samplePasswordFor = ({ reachable }: Pick<Config, 'reachable'>): string =>
  reachable ? newReadableCode() : knownPassword;

const accountsOf = ({ db }: Pick<Context, 'db'>) =>
  listAccountsByEmails(
    db,
    sampleAccountRoles.map((role) => `${role}@${domain}`),
  );

/** Whether any account of the sample school still has the password that everybody knows. */
export async function hasKnownPassword(context: Pick<Context, 'db'>): Promise<boolean> {
  const accounts = await accountsOf(context);
  const known = await Promise.all(
    accounts.map(({ passwordHash }) => passwordMatches(passwordHash, knownPassword)),
  );
  return known.includes(true);
}

/** @throws AppError where others reach the server and accounts with the known password would let them in */
export async function refuseKnownPasswords({ config, db }: Pick<Context, 'config' | 'db'>): Promise<void> {
  if (!config.reachable || !(await hasKnownPassword({ db }))) return;
  throw new AppError(500, 'known-passwords', 'sample.problem.reachable', { host: config.host });
}

/** One new random password for all accounts of the sample school; their sessions end. Null where there are none. */
export async function resetSamplePasswords(context: Pick<Context, 'db' | 'clock'>): Promise<string | null> {
  const accounts = await accountsOf(context);
  if (accounts.length === 0) return null;
  const password = newReadableCode();
  const passwordHash = await hashPassword(password);
  const sessionsFrom = context.clock.now();
  for (const { id } of accounts) await saveAccountChange(context.db, id, { passwordHash, sessionsFrom });
  return password;
}
