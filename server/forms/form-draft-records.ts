/** What people have typed and not saved yet. Personal data: whose it is and on which page; the texts are encrypted. */
import { sharedCollection, type Database, type SharedScope } from '../database.js';
import { newId } from '../ids.js';
import { tracesIn } from '../person-traces.js';
import type { FormDraft } from './form-draft.js';

const drafts = sharedCollection<FormDraft>(
  'formdrafts',
  {
    schoolId: { type: String, default: null },
    personId: { type: String, required: true },
    action: { type: String, required: true },
    page: { type: String, required: true },
    sealed: { type: String, required: true },
    savedAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  {
    indexes: [
      { keys: { personId: 1, action: 1 } },
      { keys: { schoolId: 1, personId: 1 } },
      { keys: { expiresAt: 1 }, expireAfterSeconds: 0 },
    ],
  },
);
export const formDraftsDeclaration = drafts.declaration;

type Where = Database | SharedScope;

/** The newest first. @param now what has expired is not found */
export const listFormDrafts = (where: Where, personId: string, now: Date): Promise<FormDraft[]> =>
  drafts
    .in(where)
    .find({ personId, expiresAt: { $gt: now } }, { sort: { savedAt: -1, id: 1 }, limit: MAX_LISTED });
const MAX_LISTED = 200;

export const findFormDraft = (where: Where, personId: string, action: string, now: Date) =>
  drafts.in(where).findOne({ personId, action, expiresAt: { $gt: now } }, { sort: { savedAt: -1 } });

/** One for each form: a later one takes the place of an earlier one. */
export const saveFormDraft = (where: Where, { personId, action, ...rest }: Omit<FormDraft, 'id'>) =>
  drafts
    .in(where)
    .findOneAndUpdate({ personId, action }, { $set: rest, $setOnInsert: { _id: newId() } }, { upsert: true });

/** Number of drafts that are gone. */
export const removeFormDraft = (where: Where, personId: string, action: string): Promise<number> =>
  drafts.in(where).remove({ personId, action });
export const removeFormDrafts = (where: Where, ids: readonly string[]): Promise<number> =>
  drafts.in(where).remove({ id: { $in: ids } });

/** What they typed, and what others typed on pages about them. */
export const removeDraftsOf = tracesIn(drafts, ({ ids }) => {
  const address = { $regex: ids.map((id) => id.replace(/[^\w-]/g, '\\$&')).join('|') };
  return { $or: [{ personId: { $in: ids } }, { action: address }, { page: address }] };
});
