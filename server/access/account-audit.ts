/**
 * Entries about accounts: in the chain of the school, else of the network, else of the installation. Whoever
 * is unknown has no account.
 */
import { appendAudit } from '../audit/append-audit.js';
import { appendCounted, appendDownload } from '../audit/append-counted.js';
import type { Clock } from '../clock.js';
import type { Database, SchoolScope, SharedScope } from '../db/database.js';
import type { Account } from './account-records.js';

type Known = Pick<Account, 'id' | 'personId' | 'schoolId' | 'networkId'>;

/** The chain of what belongs to no school and no network. */
export const installationChain = 'installation';

/** Where what is done with an account is recorded. */
export const chainOfAccount = (
  { db, session }: SharedScope,
  { schoolId, networkId }: Pick<Account, 'schoolId' | 'networkId'>,
): SchoolScope => ({
  db,
  schoolId: schoolId ?? networkId ?? installationChain,
  ...(session ? { session } : {}),
});

/** @param detail the field and ids; never the password, the secret or the e-mail address */
export const appendAccountAudit = (
  where: SharedScope,
  clock: Clock,
  account: Known,
  act: string,
  detail: Record<string, unknown> = {},
): Promise<void> =>
  appendAudit(
    chainOfAccount(where, account),
    clock,
    { personId: account.personId, via: 'session' },
    act,
    { kind: 'account', id: account.id },
    detail,
  );

/**
 * Somebody did not get in. All unknown addresses together are one: nobody makes entries by inventing addresses.
 * @param account null when the address is unknown
 */
export const appendFailedSignIn = (
  { db, clock }: { db: Database; clock: Clock },
  account: Known | null,
  why: 'password' | 'closed',
): Promise<void> =>
  appendCounted(
    account ? chainOfAccount({ db }, account) : { db, schoolId: installationChain },
    clock,
    { personId: 'unknown', via: 'session' },
    'access.sign-in-failed',
    { kind: 'account', id: account?.id ?? 'unknown' },
    { why },
  );

/**
 * Somebody has asked for a link to the address of an account; who it was is not known before the link is
 * used. No entry, no link.
 */
export const appendResetAsked = (where: SharedScope, clock: Clock, account: Known): Promise<void> =>
  appendDownload(
    chainOfAccount(where, account),
    clock,
    { personId: 'unknown', via: 'session' },
    'access.password-reset-mail',
    { kind: 'account', id: account.id },
  );
