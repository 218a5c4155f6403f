/** Choosing a password by a one-time link: one that the office made, or one that went to the address of the account. */
import type { Clock } from '../clock.js';
import { inTransaction, type SharedScope } from '../db/database.js';
import { NotFound } from '../errors.js';
import { appendAccountAudit } from './account-audit.js';
import type { Account, UnusedLink, Where } from './account-records.js';
import { offerOf } from './membership.js';
import { checkNewPassword } from './new-password.js';
import { markAt, type PasswordLinkMark } from './password-link.js';
import { savePasswordLinkUsed } from './password-link-records.js';
import { findAccountByLink, saveFirstPassword, type LinkField } from './password-records.js';
import { hashPassword, hashSecret } from './secrets.js';
import { checkOpen, type PasswordNeeds } from './sign-in.js';
import { saveTokensRevoked } from './token-records.js';

/**
 * @throws NotFound when the link is unknown, used or expired; InvalidInput when the password is too weak or
 *   the account closed
 */
export async function choosePassword(
  needs: PasswordNeeds,
  secret: string,
  password: string,
  where: SharedScope = { db: needs.db },
): Promise<Account> {
  const { db, clock } = needs;
  const now = clock.now();
  const invited = await findInvited(where, clock, secret);
  if (!invited) throw new NotFound('access.problem.link-used');
  const { account: before, field, link, mailed } = invited;
  const facts = await needs.accountFacts(db, before);
  checkOpen(before, facts);
  await checkNewPassword(password, [before.email, ...facts.ownWords]);
  const passwordHash = await hashPassword(password);
  const change = {
    passwordHash,
    lastLink: markAfter(before, { link, mailed }, now),
    // Whoever has the address has proved it now; a link of the office says nothing of the address.
    addressBy: mailed ? null : (before.addressBy ?? null),
    kept: keptOf(before, mailed, now),
  };
  return inTransaction(where, async (inside) => {
    const account = await saveFirstPassword(inside, { hash: hashSecret(secret), field, now }, change);
    if (!account) throw new NotFound('access.problem.link-used');
    if (link) await savePasswordLinkUsed(inside, link.id, now);
    await saveTokensRevoked(inside, account.id, now);
    const detail = {
      field: 'password',
      ...(link ? { link: link.id } : {}),
      ...(mailed ? { mailed: true } : {}),
    };
    await appendAccountAudit(inside, clock, account, 'access.password-choose', detail);
    return account;
  });
}

/**
 * Who may have chosen the password: whoever made the link, or whoever gave the account the address that the
 * link went to. A link that says nothing of it takes no earlier mark away.
 */
function markAfter(
  { addressBy, lastLink }: Account,
  { link, mailed }: { link: UnusedLink | null; mailed: boolean },
  now: Date,
): PasswordLinkMark | null {
  const by = link ?? (mailed ? addressBy : null);
  if (!by) return markAt(lastLink, now);
  const { createdById, createdByName, createdAt } = by;
  return { createdById, createdByName, createdAt, usedAt: now };
}

/**
 * The office of one school made the link, so it opens that school alone: memberships elsewhere become offers
 * again, which their own offices prove, and which whoever came by the link cannot decline.
 */
function keptOf({ personId, memberships, offers }: Account, mailed: boolean, now: Date) {
  // A link that went to the owner's own address opens what they sign in with it otherwise.
  if (mailed) return { personId, before: memberships.length, memberships, offers };
  const others = memberships.filter((each) => each.personId !== personId);
  return {
    personId,
    before: memberships.length,
    memberships: memberships.filter((each) => each.personId === personId),
    offers: [...offers, ...others.map((each) => ({ ...offerOf(each, now), kept: true as const }))],
  };
}

/** A one-time link that can be used. */
export interface Invited {
  account: Account;
  field: LinkField;
  /** Who made it; null for one that its owner asked for. */
  link: UnusedLink | null;
  /** It went to the address of the account. */
  mailed: boolean;
}

/** Whose link this is, while it can be used. */
export async function findInvited(where: Where, clock: Clock, secret: string): Promise<Invited | null> {
  const found = await findAccountByLink(where, hashSecret(secret));
  const kept = found?.account[found.field];
  if (!found || !kept || kept.expiresAt <= clock.now()) return null;
  const old = found.account.invitation;
  const mailed = found.field === 'mailedLink' || old?.mailed === true;
  return { ...found, mailed, link: mailed ? null : (old?.link ?? null) };
}
