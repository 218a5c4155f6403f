/**
 * Files whose bytes are to be removed: written with the act that removes the work, gone once the bytes are.
 * Personal data: none.
 */
import { sharedCollection, type SharedScope } from '../db/database.js';
import { newId } from '../ids.js';

export interface FileRemoval {
  id: string;
  schoolId: string;
  /** Of the stored file. */
  key: string;
  since: Date;
  /** How often removing it has failed. */
  failures: number;
}

const removals = sharedCollection<FileRemoval>(
  'fileremovals',
  {
    schoolId: { type: String, required: true, immutable: true },
    key: { type: String, required: true, immutable: true },
    since: { type: Date, required: true, immutable: true },
    failures: { type: Number, required: true },
  },
  { indexes: [{ keys: { key: 1 } }] },
);
export const fileRemovalsDeclaration = removals.declaration;

/** In the order of their ids, those after `after`. */
export const listFileRemovals = (scope: SharedScope, after: string, limit: number) =>
  removals.in(scope).find({ id: { $gt: after } }, { sort: { id: 1 }, limit });
export const listRemovalsOf = (scope: SharedScope, keys: readonly string[]) =>
  removals.in(scope).find({ key: { $in: keys } });
export const countFileRemovals = (scope: SharedScope) => removals.in(scope).count({});

export const saveFileRemovals = (
  scope: SharedScope,
  schoolId: string,
  keys: readonly string[],
  since: Date,
): Promise<void> =>
  removals.in(scope).insertMany(keys.map((key) => ({ id: newId(), schoolId, key, since, failures: 0 })));
export const saveRemovalFailed = (scope: SharedScope, id: string) =>
  removals.in(scope).updateOne({ id }, { $inc: { failures: 1 } });
export const removeFileRemoval = (scope: SharedScope, id: string) => removals.in(scope).remove({ id });

/** Files of this owner whose bytes are still in storage. */
export const countRemovalsOfOwner = (scope: SharedScope, owner: string) =>
  removals.in(scope).count({ key: { $gt: `${owner}/`, $lt: `${owner}0` } });
export const listRemovalsOfOwner = (scope: SharedScope, owner: string, limit: number) =>
  removals.in(scope).find({ key: { $gt: `${owner}/`, $lt: `${owner}0` } }, { sort: { id: 1 }, limit });
