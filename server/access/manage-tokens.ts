/** API tokens of an account: making one and revoking it. Guests by pass and scripts have none. */
import type { Clock } from '../clock.js';
import { inTransaction, type Database } from '../db/database.js';
import { NotFound } from '../errors.js';
import { newId } from '../ids.js';
import { appendAccountAudit } from './account-audit.js';
import { type Account } from './account-records.js';
import { saveToken, saveTokenRevoked, type ApiToken } from './token-records.js';
import type { Actor } from './actor.js';
import { hashSecret, newSecret } from './secrets.js';
import type { TokenScope } from './token-scopes.js';

/** Days for which a token works at most, and unless somebody says otherwise. */
export const MAX_TOKEN_DAYS = 365;
export const usualTokenDays = 90;

/**
 * A new API token for the actor's own account. The secret is returned once and stored only as a hash.
 * @param options what it may do (reading, when left out) and for how many days
 */
export async function createToken(
  needs: { db: Database; clock: Clock },
  account: Account,
  name: string,
  { scopes = ['read'], days = usualTokenDays }: { scopes?: TokenScope[]; days?: number } = {},
): Promise<{ token: ApiToken; secret: string }> {
  const secret = `vitrine_${newSecret()}`;
  const now = needs.clock.now();
  const token: ApiToken = {
    id: newId(),
    accountId: account.id,
    personId: account.personId,
    name,
    hash: hashSecret(secret),
    scopes: [...new Set(scopes)],
    createdAt: now,
    expiresAt: new Date(now.getTime() + Math.min(days, MAX_TOKEN_DAYS) * 24 * 60 * 60 * 1000),
    revokedAt: null,
    lastUsedAt: null,
  };
  await inTransaction({ db: needs.db }, async (inside) => {
    await saveToken(inside, token);
    const detail = { token: token.id, scopes: token.scopes, expiresAt: token.expiresAt.toISOString() };
    await appendAccountAudit(inside, needs.clock, account, 'access.token-create', detail);
  });
  return { token, secret };
}

export async function revokeToken(
  needs: { db: Database; clock: Clock },
  account: Account,
  tokenId: string,
): Promise<void> {
  await inTransaction({ db: needs.db }, async (inside) => {
    const found = await saveTokenRevoked(inside, account.id, tokenId, needs.clock.now());
    if (found === 0) throw new NotFound();
    await appendAccountAudit(inside, needs.clock, account, 'access.token-revoke', { token: tokenId });
  });
}

/** Guests by pass and scripts have no account and so no tokens. */
export const mayHaveTokens = (actor: Actor): boolean => actor.via !== 'pass' && actor.via !== 'script';
