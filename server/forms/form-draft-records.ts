/** What people have typed and not saved yet. Personal data: whose it is and on which page; the texts are encrypted. */
import { sharedCollection, type Database, type Filter, type SharedScope } from '../db/database.js';
import { newId } from '../ids.js';
import { tracesIn } from '../person-traces.js';
import type { FormDraft } from './form-draft.js';

const drafts = sharedCollection<FormDraft>(
  'formdrafts',
  {
    schoolId: { type: String, default: null },
    personId: { type: String, required: true },
    action: { type: String, required: true },
    form: { type: String, default: null },
    page: { type: String, required: true },
    sealed: { type: String, required: true },
    bytes: { type: Number },
    refused: { type: Boolean },
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

/** A draft without what was typed. */
export type DraftLine = Omit<FormDraft, 'sealed' | 'page' | 'schoolId' | 'personId'>;
const lineFields = ['action', 'form', 'bytes', 'refused', 'savedAt', 'expiresAt'] as const;

/** All of one person's, the newest first, without what was typed. */
export const listDraftLines = (where: Where, personId: string): Promise<DraftLine[]> =>
  drafts.in(where).find({ personId }, { sort: { savedAt: -1, id: 1 }, fields: lineFields });

/** How many each of these people has. */
export async function countDraftsOf(
  where: Where,
  personIds: readonly string[],
  now: Date,
): Promise<Map<string, number>> {
  const found = await drafts
    .in(where)
    .find({ personId: { $in: personIds }, expiresAt: { $gt: now } }, { fields: ['personId'] });
  const counts = new Map<string, number>();
  for (const { personId } of found) counts.set(personId, (counts.get(personId) ?? 0) + 1);
  return counts;
}

/** One page of them, the newest first. */
export const pageFormDrafts = (
  where: Where,
  personId: string,
  now: Date,
  at: { page: number; perPage: number },
) => drafts.in(where).page({ personId, expiresAt: { $gt: now } }, { sort: { savedAt: -1, id: 1 }, ...at });

/** Those of the forms that go to these addresses. */
export const listFormDraftsOf = (
  where: Where,
  personId: string,
  actions: readonly string[],
  now: Date,
): Promise<FormDraft[]> =>
  drafts
    .in(where)
    .find(
      { personId, action: { $in: actions }, expiresAt: { $gt: now } },
      { sort: { savedAt: -1, id: 1 }, limit: MAX_LISTED },
    );

export interface DraftOf {
  personId: string;
  action: string;
  /** Null: nobody knows, as in drafts from before forms had a key. */
  form: string | null;
}

/** A form that its address alone describes has the drafts from before forms had a key, too. */
const whereOf = ({ personId, action, form }: DraftOf) => ({
  ...{ personId, action },
  form: form === '' ? { $in: ['', null] } : form,
});

export const findFormDraft = (where: Where, of: DraftOf, now: Date) =>
  drafts.in(where).findOne({ ...whereOf(of), expiresAt: { $gt: now } }, { sort: { savedAt: -1 } });

/** One for each form: a later one takes the place of an earlier one. */
export const saveFormDraft = (
  where: Where,
  { personId, action, form, ...rest }: Omit<FormDraft, 'id' | 'form'> & { form: string | null },
) =>
  drafts
    .in(where)
    .findOneAndUpdate(
      whereOf({ personId, action, form }),
      { $set: { ...rest, form }, $setOnInsert: { _id: newId() } },
      { upsert: true },
    );

/** Number of drafts that are gone. */
export const removeFormDraft = (where: Where, of: DraftOf): Promise<number> =>
  drafts.in(where).remove(whereOf(of));
export const removeFormDraftsTo = (where: Where, personId: string, action: string): Promise<number> =>
  drafts.in(where).remove({ personId, action });
export const removeFormDrafts = (where: Where, ids: readonly string[]): Promise<number> =>
  drafts.in(where).remove({ id: { $in: ids } });

/** Ids in one pattern: MongoDB takes 32 KB of it. */
const MAX_IN_PATTERN = 500;

/** What they typed, and what others typed on pages about them and about their records. */
export const removeFormDraftsOf = tracesIn(drafts, ({ ids, recordIds = [] }) => {
  const named = [...new Set([...ids, ...recordIds])].map((id) => id.replace(/[^\w-]/g, '\\$&'));
  const addresses: Filter<FormDraft>[] = [];
  for (let at = 0; at < named.length; at += MAX_IN_PATTERN) {
    const address = { $regex: named.slice(at, at + MAX_IN_PATTERN).join('|') };
    addresses.push({ action: address }, { page: address });
  }
  return { $or: [{ personId: { $in: ids } }, ...addresses] };
});
