/**
 * A network and its staff: they open and close its schools, invite administrators and one another. Their part
 * is one membership of an account, so somebody may also belong to a school. The last one of a network cannot
 * be taken away.
 */
import {
  findAccountByEmail,
  findAccountOffered,
  findAccountOfPerson,
  listNetworkAccounts,
  listNetworkOffered,
  removeMembership,
  removeOffer,
  saveAccountChange,
  type Account,
} from '../access/account-records.js';
import type { Actor } from '../access/actor.js';
import { heldByOffers } from '../access/held-by-offers.js';
import { openAccounts, proveOffer } from '../access/join-school.js';
import { inviteAccount } from '../access/sign-in.js';
import { hashPassword } from '../access/secrets.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope, type SharedScope } from '../db/database.js';
import { InvalidInput, NotFound } from '../errors.js';
import { newId } from '../ids.js';
import { freeSlugOf, ownNameKey } from './own-names.js';
import type { Network } from './school.js';
import { findNetworkBySlug, saveNetwork, saveNetworkTurn } from './school-records.js';

type By = Pick<Actor, 'personId' | 'via' | 'name'>;

export interface NewStaff {
  name: string;
  email: string;
  /** Given at the first run alone; everybody else chooses theirs by a link. */
  password?: string;
}

/** A network's own entries stand in a chain of their own, under its id. */
export const auditScope = (inside: SharedScope, networkId: string): SchoolScope => ({
  ...inside,
  schoolId: networkId,
});

/**
 * @param slug made of the name when left out
 * @throws InvalidInput at `networkName` when there is one with this name
 */
export async function createNetwork(
  { clock }: { clock: Clock },
  where: SharedScope,
  by: Pick<By, 'personId' | 'via'>,
  { name, slug }: { name: string; slug?: string },
): Promise<Network> {
  try {
    return await inTransaction(where, async (inside) => {
      const network = { id: newId(), slug: slug ?? (await freeNetworkSlug(inside, name)), name };
      await saveNetwork(inside, network);
      const subject = { kind: 'network', id: network.id };
      await appendAudit(auditScope(inside, network.id), clock, by, 'network.create', subject);
      return network;
    });
  } catch (error) {
    if (isDuplicate(error))
      throw new InvalidInput([{ field: 'networkName', message: 'school.problem.network-taken' }]);
    throw error;
  }
}

/** Names in other scripts have one slug; the same name is refused. */
async function freeNetworkSlug(inside: SharedScope, name: string): Promise<string> {
  const taken: string[] = [];
  for (;;) {
    const slug = freeSlugOf(name, 'network', taken);
    const other = await findNetworkBySlug(inside, slug);
    if (!other) return slug;
    if (ownNameKey(other.name) === ownNameKey(name))
      throw new InvalidInput([{ field: 'networkName', message: 'school.problem.network-taken' }]);
    taken.push(slug);
  }
}

/**
 * @returns the path of the one-time link with which they choose a password, or join with the account they
 *   have; null with a password
 * @throws InvalidInput at `email` when somebody of this network has it
 */
export async function addNetworkStaff(
  { clock }: { clock: Clock },
  where: SharedScope,
  by: By,
  networkId: string,
  { name, email, password }: NewStaff,
): Promise<{ personId: string; path: string | null }> {
  return inTransaction(where, async (inside) => {
    const personId = newId();
    const existing = await findAccountByEmail(inside, email);
    const known = [...(existing?.memberships ?? []), ...(existing?.offers ?? [])];
    if (known.some((each) => each.networkId === networkId) && !existing!.disabledAt)
      throw new InvalidInput([{ field: 'email', message: 'access.problem.email-taken' }]);
    await openAccounts(inside, clock, [{ email, personId, schoolId: null, networkId, name }]);
    if (existing && existing.name === null) await saveAccountChange(inside, existing.id, { name });
    const subject = { kind: 'network-staff', id: personId };
    await appendAudit(auditScope(inside, networkId), clock, by, 'network.add-staff', subject);
    if (password === undefined) return { personId, path: await staffLink({ clock }, inside, by, personId) };
    const account = await findAccountOfPerson(inside, personId);
    if (account) await saveAccountChange(inside, account.id, { passwordHash: await hashPassword(password) });
    return { personId, path: null };
  });
}

/** @returns the path of a new one-time link for somebody of the staff; an older one stops working. @throws NotFound */
async function staffLink(
  { clock }: { clock: Clock },
  inside: SharedScope,
  by: By,
  personId: string,
): Promise<string> {
  const account = await findAccountOfPerson(inside, personId);
  if (!account) return `/join/${await proveOffer(inside, clock, personId)}`;
  const tell = account.networkId ? await listNetworkAccounts(inside, account.networkId) : [];
  const secret = await inviteAccount(inside, clock, account.id, {
    ...{ by, personId, personName: account.name ?? account.email },
    tell: tell.map((each) => each.personId),
  });
  return `/set-password/${secret}`;
}

/**
 * @returns the path of a new one-time link, and whose it is
 * @throws NotFound when this person is not of the network
 */
export async function inviteNetworkStaff(
  { clock }: { clock: Clock },
  where: SharedScope,
  by: By,
  networkId: string,
  personId: string,
): Promise<{ path: string; name: string }> {
  return inTransaction(where, async (inside) => {
    const account =
      (await findAccountOfPerson(inside, personId)) ?? (await findAccountOffered(inside, personId));
    const part = [...(account?.memberships ?? []), ...(account?.offers ?? [])].find(
      (each) => each.personId === personId && each.networkId === networkId,
    );
    if (!account || !part) throw new NotFound();
    const subject = { kind: 'network-staff', id: personId };
    await appendAudit(auditScope(inside, networkId), clock, by, 'network.invite-staff', subject);
    const path = await staffLink({ clock }, inside, by, personId);
    return { path, name: account.name ?? account.email };
  });
}

const isAble = (account: Account): boolean => account.disabledAt === null && account.passwordHash !== null;

/**
 * Ends somebody's part in the network at once. An account that is used for nothing else is closed; where
 * schools have invited its owner, it is theirs.
 * @throws NotFound when they are not of the network; InvalidInput when nobody who can sign in would be left
 */
export async function removeNetworkStaff(
  { clock }: { clock: Clock },
  where: SharedScope,
  by: Pick<By, 'personId' | 'via'>,
  networkId: string,
  personId: string,
): Promise<void> {
  await inTransaction(where, async (inside) => {
    // Two at once, each taking the other away, meet here.
    await saveNetworkTurn(inside, networkId);
    const staff = await listNetworkAccounts(inside, networkId);
    const leaving = staff.find((each) => each.personId === personId);
    if (leaving) {
      if (!staff.some((each) => each.personId !== personId && isAble(each)))
        throw new InvalidInput([{ field: '', message: 'school.problem.last-staff' }]);
      const others = leaving.offers.filter((each) => each.networkId !== networkId);
      if (leaving.memberships.length > 1) await removeMembership(inside, personId);
      else if (others.length > 0)
        await saveAccountChange(inside, leaving.id, heldByOffers(leaving, others, clock.now()));
      else await saveAccountChange(inside, leaving.id, { disabledAt: clock.now() });
    } else {
      const offered = await findAccountOffered(inside, personId);
      const offer = offered?.offers.find((each) => each.personId === personId);
      if (!offered || offer?.networkId !== networkId) throw new NotFound();
      await removeOffer(inside, offered.id, personId);
    }
    const subject = { kind: 'network-staff', id: personId };
    await appendAudit(auditScope(inside, networkId), clock, by, 'network.remove-staff', subject);
  });
}

export interface StaffLine {
  personId: string;
  name: string;
  email: string;
  state: 'active' | 'invited' | 'removed';
}

export async function listNetworkStaff(where: SharedScope, networkId: string): Promise<StaffLine[]> {
  const [members, offered] = await Promise.all([
    listNetworkAccounts(where, networkId),
    listNetworkOffered(where, networkId),
  ]);
  return [
    ...members.map(({ personId, name, email, disabledAt, passwordHash }): StaffLine => {
      const state = disabledAt ? 'removed' : passwordHash === null ? 'invited' : 'active';
      return { personId, name: name ?? email, email, state };
    }),
    ...offered.flatMap(({ name, email, offers }) =>
      offers
        .filter((each) => each.networkId === networkId)
        .map(({ personId }): StaffLine => ({ personId, name: name ?? email, email, state: 'invited' })),
    ),
  ];
}
