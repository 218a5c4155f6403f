/**
 * Accounts. An account is one sign-in; it holds a membership for each school (or network) in which its owner
 * has a part. Personal data: e-mail addresses, password hashes (argon2id).
 */
import { sharedCollection, type Database, type SharedScope } from '../db/database.js';
import type { PasswordLinkMark } from './password-link.js';
import { lastUsed, type Membership, type MembershipOffer } from './membership.js';
import { saveTokensMoved } from './token-records.js';
import { tracesIn } from '../person-traces.js';

export interface StoredAccount {
  id: string;
  /** Lower case, unique over the whole installation; a username where the owner has no address, see username.ts. */
  email: string;
  passwordHash: string | null;
  memberships: Membership[];
  /**
   * Schools that have added somebody with this address; none of them opens anything before it is accepted with proof.
   */
  offers: MembershipOffer[];
  /** Only for people without a person record of their own: network staff. */
  name: string | null;
  createdAt: Date;
  disabledAt: Date | null;
  /** Sessions that began before this moment have ended: the password was changed. */
  sessionsFrom: Date | null;
  /** Counts what ended every session: a changed password, signing out everywhere. Left out: 0. */
  sessionEpoch?: number;
  /** A one-time link to choose a password; `link` is left out by those from before links were recorded. */
  invitation: {
    hash: string;
    expiresAt: Date;
    link?: UnusedLink;
    personId?: string;
    /** By those from before `mailedLink`. */
    mailed?: true;
  } | null;
  /** A one-time link that went to the address: its owner asked for it, and it opens all that the account opens. */
  mailedLink?: { hash: string; expiresAt: Date; personId: string } | null;
  /**
   * Who gave the account its address, where that was not its owner: until a password is chosen by a link that
   * goes there.
   */
  addressBy?: UnusedLink | null;
  /** An address that its owner wants to sign in with instead, and has not confirmed yet. */
  newEmail?: { email: string; hash: string; expiresAt: Date } | null;
  /** Somebody has forgotten the password, and the message has not gone out yet. */
  resetWish?: ResetWish | null;
  /** The link by which the password was last chosen. */
  lastLink?: PasswordLinkMark | null;
}

/** A message with a link to choose a new password, until it has gone out. */
export interface ResetWish {
  /** Names the wish; the secret of its link follows from it. Left out by those from before wishes were named. */
  id?: string;
  /** Which limit it counts for once it is sent; a hash. */
  counts: string;
  /** In which language it is written. */
  locale: string;
  /** Where people reach this installation. */
  origin: string;
  /** When it is sent; while it is being sent, when it is taken up again if its sender dies. */
  nextAt: Date;
  /** When nobody waits for it any more. */
  expiresAt: Date;
  tries: number;
}

/** An account as it is used in one of its memberships: `personId`, `schoolId` and `networkId` are those of that one. */
export interface Account extends StoredAccount {
  personId: string;
  /** Null for network staff. */
  schoolId: string | null;
  networkId: string | null;
}

/**
 * The account in the membership of this person; in the one used last when nobody is named. Null when it has
 * no such membership.
 */
export function accountAs(stored: StoredAccount | null, personId?: string): Account | null {
  if (!stored) return null;
  // Accounts of older versions lack the lists.
  const memberships = stored.memberships ?? [];
  const offers = stored.offers ?? [];
  const used =
    personId === undefined ? lastUsed(memberships) : memberships.find((each) => each.personId === personId);
  if (!used) return null;
  const { schoolId, networkId } = used;
  return { ...stored, memberships, offers, personId: used.personId, schoolId, networkId };
}

function toStored(account: Account): StoredAccount {
  const stored: StoredAccount & Partial<Pick<Account, 'personId' | 'schoolId' | 'networkId'>> = {
    ...account,
  };
  delete stored.personId;
  delete stored.schoolId;
  delete stored.networkId;
  return stored;
}

/** Who made a link, and its record. */
export type UnusedLink = { id: string } & Omit<PasswordLinkMark, 'usedAt'>;

/** For the record files of this feature alone. */
export const accounts = sharedCollection<StoredAccount>(
  'accounts',
  {
    email: { type: String, required: true },
    passwordHash: String,
    memberships: { type: [Object], required: true },
    offers: { type: [Object], default: [] },
    name: String,
    createdAt: { type: Date, required: true, immutable: true },
    disabledAt: Date,
    sessionsFrom: Date,
    sessionEpoch: Number,
    invitation: Object,
    mailedLink: Object,
    resetWish: Object,
    addressBy: Object,
    newEmail: Object,
    lastLink: Object,
  },
  {
    indexes: [
      { keys: { email: 1 }, unique: true },
      {
        keys: { 'memberships.personId': 1 },
        unique: true,
        // Of its shape because a query by an id is seen to lie within it; by $type it would not be.
        partialFilterExpression: { 'memberships.personId': { $exists: true } },
      },
      { keys: { 'invitation.hash': 1 }, sparse: true },
      { keys: { 'mailedLink.hash': 1 }, sparse: true },
      { keys: { 'resetWish.nextAt': 1 }, sparse: true },
      { keys: { 'memberships.networkId': 1 } },
      { keys: { 'offers.networkId': 1 }, sparse: true },
      { keys: { 'offers.personId': 1 }, sparse: true },
      { keys: { 'offers.hash': 1 }, sparse: true },
    ],
  },
);
export const accountsDeclaration = accounts.declaration;

export type Where = Database | SharedScope;

/** @param personId whose membership is meant; left out, the one used last */
export const findAccount = async (where: Where, id: string, personId?: string) =>
  accountAs(await accounts.in(where).findOne({ id }), personId);
export const findAccountByEmail = async (where: Where, email: string) =>
  accountAs(await accounts.in(where).findOne({ email: email.trim().toLowerCase() }));
/** The account with which this person of a school, or this member of a network, signs in. */
export const findAccountOfPerson = async (where: Where, personId: string) =>
  accountAs(await accounts.in(where).findOne({ 'memberships.personId': personId }), personId);
/** The account to which the membership of this person is offered and that has not accepted it. */
export const findAccountOffered = async (where: Where, personId: string) =>
  accountAs(await accounts.in(where).findOne({ 'offers.personId': personId }));
export const findAccountByOffer = async (where: Where, hash: string) =>
  accountAs(await accounts.in(where).findOne({ 'offers.hash': hash }));
/** Who can sign in as staff of this network, in the order in which they were added. */
export const listNetworkAccounts = async (where: Where, networkId: string): Promise<Account[]> =>
  (await accounts.in(where).find({ 'memberships.networkId': networkId }, { sort: { createdAt: 1 } })).flatMap(
    (stored) => {
      const own = stored.memberships.find((each) => each.networkId === networkId);
      return accountAs(stored, own?.personId) ?? [];
    },
  );
/** Accounts that a network's staff have invited and whose owners have not joined yet. */
export const listNetworkOffered = (where: Where, networkId: string) =>
  accounts.in(where).find({ 'offers.networkId': networkId }, { sort: { createdAt: 1 } });
/** Of these people, those whom an account names that meets `filter`. */
async function peopleOfAccounts(
  where: Where,
  personIds: readonly string[],
  filter: Record<string, unknown> = {},
): Promise<Set<string>> {
  const wanted = new Set(personIds);
  const found = await accounts
    .in(where)
    .find({ 'memberships.personId': { $in: personIds }, ...filter }, { fields: ['memberships'] });
  return new Set(
    found
      .flatMap(({ memberships }) => memberships.map(({ personId }) => personId))
      .filter((id) => wanted.has(id)),
  );
}
/** Who of these can sign in by themselves. */
export const listPeopleWithAccount = (where: Where, personIds: readonly string[]) =>
  peopleOfAccounts(where, personIds);
/** Who of these has chosen a password, or has been given one. */
export const listPeopleWithPassword = (where: Where, personIds: readonly string[]) =>
  peopleOfAccounts(where, personIds, { passwordHash: { $ne: null } });
/** Which of these people can sign in: an account with a password that is not disabled. */
export const listPeopleWhoSignIn = (where: Where, personIds: readonly string[]) =>
  peopleOfAccounts(where, personIds, { disabledAt: null, passwordHash: { $ne: null } });
/** When the sessions of these accounts ended, by account; those that are gone are missing. */
export async function listAccountEnds(
  where: Where,
  ids: readonly string[],
): Promise<Map<string, Required<Pick<Account, 'disabledAt' | 'sessionsFrom' | 'sessionEpoch'>>>> {
  if (ids.length === 0) return new Map();
  const found = await accounts
    .in(where)
    .find({ id: { $in: ids } }, { fields: ['disabledAt', 'sessionsFrom', 'sessionEpoch'] });
  return new Map(
    found.map(({ id, disabledAt, sessionsFrom, sessionEpoch }) => [
      id,
      {
        ...{ disabledAt: disabledAt ?? null, sessionsFrom: sessionsFrom ?? null },
        sessionEpoch: sessionEpoch ?? 0,
      },
    ]),
  );
}
export const listAccountsByEmails = async (where: Where, emails: readonly string[]): Promise<Account[]> =>
  (await accounts.in(where).find({ email: { $in: emails } })).flatMap((stored) => accountAs(stored) ?? []);
export const countAccounts = (where: Where) => accounts.in(where).count({});

export async function saveAccount(where: Where, account: Account): Promise<Account> {
  await accounts.in(where).insert(toStored(account));
  return account;
}
export const saveAccounts = (where: Where, list: readonly Account[]) =>
  accounts.in(where).insertMany(list.map(toStored));
export const saveAccountChange = (
  where: Where,
  id: string,
  change: Partial<Omit<StoredAccount, 'id' | 'memberships' | 'offers'>>,
) => accounts.in(where).updateOne({ id }, { $set: change });
export const saveOffer = (where: Where, id: string, offer: MembershipOffer) =>
  accounts
    .in(where)
    .updateOne({ id, 'offers.personId': { $ne: offer.personId } }, { $push: { offers: offer } });
/** A new one-time proof for an offer; an older one stops working. */
export const saveOfferProof = (where: Where, personId: string, hash: string, expiresAt: Date) =>
  accounts
    .in(where)
    .updateOne(
      { 'offers.personId': personId },
      { $set: { 'offers.$.hash': hash, 'offers.$.expiresAt': expiresAt } },
    );
/** Turns the offer with this proof into a membership, once. */
export const saveOfferAccepted = async (where: Where, id: string, hash: string, membership: Membership) =>
  accountAs(
    await accounts
      .in(where)
      .findOneAndUpdate(
        { id, 'offers.hash': hash, 'memberships.personId': { $ne: membership.personId } },
        { $push: { memberships: membership }, $pull: { offers: { personId: membership.personId } } },
      ),
    membership.personId,
  );
/** For a person who is known to be the owner of the account, e.g. a student who is handed over to another school. */
export const saveMembershipAdded = (where: Where, id: string, membership: Membership) =>
  accounts
    .in(where)
    .updateOne(
      { id, 'memberships.personId': { $ne: membership.personId } },
      { $push: { memberships: membership }, $pull: { offers: { personId: membership.personId } } },
    );
export const removeOffer = (where: Where, id: string, personId: string) =>
  accounts.in(where).updateOne({ id, 'offers.personId': personId }, { $pull: { offers: { personId } } });
/** For staff of a network who leave it; the account stays for what else it is used for. */
export const removeMembership = (where: Where, personId: string) =>
  accounts
    .in(where)
    .updateOne({ 'memberships.personId': personId }, { $pull: { memberships: { personId } } });
/**
 * The membership is another person's of the same school from now on, with the tokens that act in it: two
 * records were one person's.
 */
export async function saveMembershipMoved(
  where: Where,
  account: Pick<Account, 'id' | 'invitation'>,
  from: string,
  into: string,
): Promise<void> {
  await accounts
    .in(where)
    .updateOne(
      { id: account.id, 'memberships.personId': from },
      { $set: { 'memberships.$.personId': into } },
    );
  if (account.invitation?.personId === from)
    await accounts.in(where).updateOne({ id: account.id }, { $set: { 'invitation.personId': into } });
  await saveTokensMoved(where, account.id, from, into);
}
export const saveOfferMoved = (where: Where, from: string, into: string) =>
  accounts.in(where).updateOne({ 'offers.personId': from }, { $set: { 'offers.$.personId': into } });
/** Nobody signs in with it any more, and its address is free. */
export const removeAccount = (where: Where, id: string) => accounts.in(where).remove({ id });
export const saveMembershipUsed = (where: Where, id: string, personId: string, lastUsedAt: Date) =>
  accounts
    .in(where)
    .updateOne(
      { id, 'memberships.personId': personId },
      { $set: { 'memberships.$.lastUsedAt': lastUsedAt } },
    );
/** Where this person signs in, or was offered to. */
export const removeMembershipsOf = tracesIn(accounts, ({ id }) => ({
  $or: [{ 'memberships.personId': id }, { 'offers.personId': id }],
}));
