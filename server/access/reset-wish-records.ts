/**
 * Links that somebody with a forgotten password waits for: kept with the account until the message has gone out, so that neither a
 * mail server that is away nor a restart loses one. Personal data: none beside the account's own.
 */
import { accounts, type ResetWish, type StoredAccount, type Where } from './account-records.js';

export const saveResetWish = (where: Where, id: string, resetWish: ResetWish) =>
  accounts.in(where).updateOne({ id }, { $set: { resetWish } });

/** Takes one that is due; nobody else takes it before `until`. */
export const saveResetWishTaken = (where: Where, now: Date, until: Date): Promise<StoredAccount | null> =>
  accounts
    .in(where)
    .findOneAndUpdate(
      { 'resetWish.nextAt': { $lte: now } },
      { $set: { 'resetWish.nextAt': until }, $inc: { 'resetWish.tries': 1 } },
    );

export const saveResetWishLater = (where: Where, id: string, nextAt: Date) =>
  accounts.in(where).updateOne({ id, resetWish: { $ne: null } }, { $set: { 'resetWish.nextAt': nextAt } });
export const saveResetWishDone = (where: Where, id: string) =>
  accounts.in(where).updateOne({ id }, { $set: { resetWish: null } });
