/**
 * API tokens, by which programs act in one membership of an account. Personal data: their hashes, and names
 * that owners gave them.
 */
import { sharedCollection, type Database, type SharedScope } from '../db/database.js';
import { tracesIn } from '../person-traces.js';
import type { TokenScope } from './token-scopes.js';

export interface ApiToken {
  id: string;
  accountId: string;
  /** The membership in which it acts: a token belongs to one school. */
  personId: string;
  name: string;
  hash: string;
  /** Left out by tokens from before there were scopes: everything that their owner may do. */
  scopes?: TokenScope[];
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
}

const tokens = sharedCollection<ApiToken>(
  'apitokens',
  {
    accountId: { type: String, required: true, immutable: true },
    personId: { type: String, required: true },
    name: { type: String, required: true },
    hash: { type: String, required: true, immutable: true },
    scopes: { type: [String], default: undefined, immutable: true },
    createdAt: { type: Date, required: true, immutable: true },
    expiresAt: { type: Date, required: true },
    revokedAt: Date,
    lastUsedAt: Date,
  },
  { indexes: [{ keys: { hash: 1 }, unique: true }, { keys: { accountId: 1, createdAt: -1 } }] },
);
export const apiTokensDeclaration = tokens.declaration;

type Where = Database | SharedScope;

/** Of these hashes those of tokens that are neither revoked nor expired. */
export const listTokensGood = (where: Where, hashes: readonly string[], now: Date): Promise<Set<string>> =>
  tokens.in(where).distinct('hash', { hash: { $in: hashes }, revokedAt: null, expiresAt: { $gt: now } });
export const findTokenByHash = (where: Where, hash: string) => tokens.in(where).findOne({ hash });
/** Those of one membership. */
export const listTokens = (
  where: Where,
  { id: accountId, personId }: { id: string; personId: string },
  page: number,
  perPage: number,
) => tokens.in(where).page({ accountId, personId }, { sort: { createdAt: -1 }, page, perPage });
export const saveToken = (where: Where, token: ApiToken) => tokens.in(where).insert(token);
export const saveTokenRevoked = (where: Where, accountId: string, id: string, revokedAt: Date) =>
  tokens.in(where).updateOne({ id, accountId, revokedAt: null }, { $set: { revokedAt } });
/** After a change of password no script keeps what a thief may have made. */
export const saveTokensRevoked = (where: Where, accountId: string, revokedAt: Date) =>
  tokens.in(where).updateMany({ accountId, revokedAt: null }, { $set: { revokedAt } });
export const saveTokenUsed = (where: Where, id: string, lastUsedAt: Date) =>
  tokens.in(where).updateOne({ id }, { $set: { lastUsedAt } });
/** Those that act as this person. */
export const saveTokensOfPersonRevoked = (where: Where, personId: string, revokedAt: Date) =>
  tokens.in(where).updateMany({ personId, revokedAt: null }, { $set: { revokedAt } });
/** Those of one membership, when its person becomes another one. */
export const saveTokensMoved = (where: Where, accountId: string, from: string, into: string) =>
  tokens.in(where).updateMany({ accountId, personId: from }, { $set: { personId: into } });
export const removeTokensOf = tracesIn(tokens, ({ id }) => ({ personId: id }));
