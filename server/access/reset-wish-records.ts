/**
 * Links that somebody with a forgotten password waits for: kept with the account until the message has gone
 * out, so that neither a mail server that is away nor a restart loses one. Each has an id, so that whoever
 * sends one never changes a later one. Personal data: none beside the account's own.
 */
import { accounts, type ResetWish, type StoredAccount, type Where } from './account-records.js';

/** One of those that were saved before wishes were named matches as well. */
const isThis = ({ id }: Pick<ResetWish, 'id'>) => ({ resetWish: { $ne: null }, 'resetWish.id': id ?? null });

/** Null when one waits already. */
export const saveResetWish = (
  where: Where,
  id: string,
  now: Date,
  resetWish: ResetWish & Required<Pick<ResetWish, 'id'>>,
): Promise<StoredAccount | null> =>
  accounts
    .in(where)
    .findOneAndUpdate(
      { id, $or: [{ resetWish: null }, { 'resetWish.expiresAt': { $lte: now } }] },
      { $set: { resetWish } },
    );
/** Somebody asked once more for the message that waits: it is tried until later, and not sooner. */
export const saveResetWishExtended = (where: Where, id: string, now: Date, expiresAt: Date) =>
  accounts
    .in(where)
    .updateOne({ id, 'resetWish.expiresAt': { $gt: now } }, { $set: { 'resetWish.expiresAt': expiresAt } });

/** Takes one that is due; nobody else takes it before `until`. */
export const saveResetWishTaken = (where: Where, now: Date, until: Date): Promise<StoredAccount | null> =>
  accounts
    .in(where)
    .findOneAndUpdate(
      { 'resetWish.nextAt': { $lte: now } },
      { $set: { 'resetWish.nextAt': until }, $inc: { 'resetWish.tries': 1 } },
    );

/**
 * The link works from now on, before it is sent. Null when nobody waits for it any more, as after choosing a
 * password in another way.
 */
export const saveResetLink = (
  where: Where,
  id: string,
  wish: ResetWish,
  mailedLink: NonNullable<StoredAccount['mailedLink']>,
): Promise<StoredAccount | null> =>
  accounts.in(where).findOneAndUpdate({ id, ...isThis(wish) }, { $set: { mailedLink } });

/** @param wish as it was taken: what somebody else has taken since is theirs @param tries how many count so far */
export const saveResetWishLater = (where: Where, id: string, wish: ResetWish, nextAt: Date, tries: number) =>
  accounts
    .in(where)
    .updateOne(
      { id, ...isThis(wish), 'resetWish.tries': wish.tries },
      { $set: { 'resetWish.nextAt': nextAt, 'resetWish.tries': tries } },
    );
export const saveResetWishDone = (where: Where, id: string, wish: ResetWish) =>
  accounts.in(where).updateOne({ id, ...isThis(wish) }, { $set: { resetWish: null } });
