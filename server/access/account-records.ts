/** Accounts and API tokens. Personal data: e-mail addresses, password hashes (argon2id), hashed tokens. */
import { sharedCollection, type Database, type SharedScope } from '../database.js';
import type { PasswordLinkMark } from './password-link.js';
import type { TokenScope } from './token-scopes.js';

export interface Account {
  id: string;
  /** Lower case, unique over the whole installation. */
  email: string;
  passwordHash: string | null;
  personId: string;
  /** Null for network staff. */
  schoolId: string | null;
  networkId: string | null;
  /** Only for people without a person record of their own: network staff. */
  name: string | null;
  createdAt: Date;
  disabledAt: Date | null;
  /** Sessions that began before this moment have ended: the password was changed. */
  sessionsFrom: Date | null;
  /** Counts what ended every session: a changed password, signing out everywhere. Left out: 0. */
  sessionEpoch?: number;
  /** A one-time link to choose a password; `link` is left out by those from before links were recorded. */
  invitation: { hash: string; expiresAt: Date; link?: UnusedLink } | null;
  /** The link by which the password was last chosen. */
  lastLink?: PasswordLinkMark | null;
}

/** Who made a link, and its record. */
export type UnusedLink = { id: string } & Omit<PasswordLinkMark, 'usedAt'>;

export interface ApiToken {
  id: string;
  accountId: string;
  name: string;
  hash: string;
  /** Left out by tokens from before there were scopes: everything that their owner may do. */
  scopes?: TokenScope[];
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
}

const accounts = sharedCollection<Account>(
  'accounts',
  {
    email: { type: String, required: true },
    passwordHash: String,
    personId: { type: String, required: true, immutable: true },
    schoolId: { type: String, immutable: true },
    networkId: { type: String, immutable: true },
    name: String,
    createdAt: { type: Date, required: true, immutable: true },
    disabledAt: Date,
    sessionsFrom: Date,
    sessionEpoch: Number,
    invitation: Object,
    lastLink: Object,
  },
  {
    indexes: [
      { keys: { email: 1 }, unique: true },
      { keys: { personId: 1 }, unique: true },
      { keys: { 'invitation.hash': 1 }, sparse: true },
      { keys: { schoolId: 1 } },
    ],
  },
);
export const accountsDeclaration = accounts.declaration;

const tokens = sharedCollection<ApiToken>(
  'apitokens',
  {
    accountId: { type: String, required: true, immutable: true },
    name: { type: String, required: true },
    hash: { type: String, required: true, immutable: true },
    scopes: { type: [String], default: undefined, immutable: true } as never,
    createdAt: { type: Date, required: true, immutable: true },
    expiresAt: { type: Date, required: true },
    revokedAt: Date,
    lastUsedAt: Date,
  },
  { indexes: [{ keys: { hash: 1 }, unique: true }, { keys: { accountId: 1, createdAt: -1 } }] },
);
export const apiTokensDeclaration = tokens.declaration;

type Where = Database | SharedScope;

export const findAccount = (where: Where, id: string) => accounts.in(where).findOne({ id });
export const findAccountByEmail = (where: Where, email: string) =>
  accounts.in(where).findOne({ email: email.trim().toLowerCase() });
export const findAccountOfPerson = (where: Where, personId: string) =>
  accounts.in(where).findOne({ personId });
/** Who of these can sign in by themselves. */
export async function listPeopleWithAccount(
  where: Where,
  personIds: readonly string[],
): Promise<Set<string>> {
  const found = await accounts.in(where).find({ personId: { $in: personIds } }, { fields: ['personId'] });
  return new Set(found.map((account) => account.personId));
}
/** When the sessions of these accounts ended, by account; those that are gone are missing. */
export async function listAccountEnds(
  where: Where,
  ids: readonly string[],
): Promise<Map<string, Pick<Account, 'disabledAt' | 'sessionsFrom'>>> {
  if (ids.length === 0) return new Map();
  const found = await accounts
    .in(where)
    .find({ id: { $in: ids } }, { fields: ['disabledAt', 'sessionsFrom'] });
  return new Map(
    found.map(({ id, disabledAt, sessionsFrom }) => [
      id,
      { disabledAt: disabledAt ?? null, sessionsFrom: sessionsFrom ?? null },
    ]),
  );
}
export const findAccountByInvitation = (where: Where, hash: string) =>
  accounts.in(where).findOne({ 'invitation.hash': hash });
export const listAccountsByEmails = (where: Where, emails: string[]) =>
  accounts.in(where).find({ email: { $in: emails } });
export const countAccounts = (where: Where) => accounts.in(where).count({});

export const saveAccount = (where: Where, account: Account) => accounts.in(where).insert(account);
export const saveAccounts = (where: Where, list: Account[]) => accounts.in(where).insertMany(list);
export const saveAccountChange = (where: Where, id: string, change: Partial<Omit<Account, 'id'>>) =>
  accounts.in(where).updateOne({ id }, { $set: change });
/** Number of accounts found: 0 when the person has none yet. */
export const saveAccountEmail = (where: Where, personId: string, email: string) =>
  accounts.in(where).updateOne({ personId }, { $set: { email } });
/** Takes the invitation once: two people with the same link cannot both use it. */
export const saveFirstPassword = (
  where: Where,
  hash: string,
  passwordHash: string,
  lastLink: PasswordLinkMark | null,
  now: Date,
) =>
  accounts.in(where).findOneAndUpdate(
    { 'invitation.hash': hash, 'invitation.expiresAt': { $gt: now } },
    {
      $set: { passwordHash, invitation: null, sessionsFrom: now, lastLink },
      $inc: { sessionEpoch: 1 },
    },
  );
/** Sets the password, when one is given, and ends every session. */
export const saveSessionsEnded = (where: Where, id: string, passwordHash?: string) =>
  accounts
    .in(where)
    .findOneAndUpdate(
      { id },
      { $inc: { sessionEpoch: 1 }, ...(passwordHash ? { $set: { passwordHash } } : {}) },
    );
/** Which of these people can sign in: an account with a password that is not disabled. */
export async function listPeopleWhoSignIn(where: Where, personIds: readonly string[]): Promise<Set<string>> {
  const found = await accounts
    .in(where)
    .find(
      { personId: { $in: personIds }, disabledAt: null, passwordHash: { $ne: null } },
      { fields: ['personId'] },
    );
  return new Set(found.map((account) => account.personId));
}

export const findTokenByHash = (where: Where, hash: string) => tokens.in(where).findOne({ hash });
export const listTokens = (where: Where, accountId: string, page: number, perPage: number) =>
  tokens.in(where).page({ accountId }, { sort: { createdAt: -1 }, page, perPage });
export const saveToken = (where: Where, token: ApiToken) => tokens.in(where).insert(token);
export const saveTokenRevoked = (where: Where, accountId: string, id: string, revokedAt: Date) =>
  tokens.in(where).updateOne({ id, accountId, revokedAt: null }, { $set: { revokedAt } });
/** After a change of password no script keeps what a thief may have made. */
export const saveTokensRevoked = (where: Where, accountId: string, revokedAt: Date) =>
  tokens.in(where).updateMany({ accountId, revokedAt: null }, { $set: { revokedAt } });
export const saveTokenUsed = (where: Where, id: string, lastUsedAt: Date) =>
  tokens.in(where).updateOne({ id }, { $set: { lastUsedAt } });
