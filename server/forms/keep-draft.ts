/**
 * Keeping, finding and ending what somebody types. Refuses what is too large; of many drafts, or large ones,
 * the oldest make room.
 */
import type { Clock } from '../clock.js';
import type { Database } from '../db/database.js';
import { TooLarge } from '../errors.js';
import type { Page } from '../db/collection-queries.js';
import { draftsBeyond, hasRoomBeside } from './draft-room.js';
import {
  MAX_DRAFT_BYTES,
  MAX_DRAFT_DAYS,
  MAX_REFUSED_DAYS,
  openContent,
  sealContent,
  type DraftContent,
  type FormDraft,
} from './form-draft.js';
import {
  findFormDraft,
  listDraftLines,
  listFormDrafts,
  listFormDraftsOf,
  pageFormDrafts,
  removeFormDraft,
  removeFormDrafts,
  removeFormDraftsTo,
  saveFormDraft,
  type DraftLine,
  type DraftOf,
} from './form-draft-records.js';
import { isAbout } from './form-key.js';
import { alignRows, goneRows } from './row-fields.js';
import { hasWords, type TypedFields } from './typed-fields.js';

export interface DraftNeeds {
  db: Database;
  clock: Clock;
  config: { keyFor(purpose: string): Buffer; keysFor(purpose: string): Buffer[] };
}

const purpose = 'form-draft';
const day = 24 * 60 * 60 * 1000;

/** A draft that can be read. */
export type OpenDraft = Omit<FormDraft, 'sealed'> & DraftContent;

export interface Typing {
  personId: string;
  schoolId: string | null;
  action: string;
  /** Which of the forms that go there, by `formKey`; null where nobody knows. */
  form: string | null;
  page: string;
  content: DraftContent;
}

/**
 * Takes the place of what was kept of the same form.
 * @returns when it was saved
 * @throws TooLarge when it is more than a megabyte, or was sent without a sign-in and has no room beside the
 *   other drafts
 */
export async function keepDraft({ db, clock, config }: DraftNeeds, typing: Typing): Promise<Date> {
  const { content, ...about } = typing;
  if (Buffer.byteLength(JSON.stringify(content)) > MAX_DRAFT_BYTES)
    throw new TooLarge('forms.problem.too-large');
  const savedAt = clock.now();
  const before = await findFormDraft(db, about, savedAt);
  const kept = before && openContent(config.keysFor(purpose), before.sealed);
  // Whoever sends a form without a sign-in says nothing about where the typing began.
  const began = content.began ?? kept?.began ?? null;
  const asText = (fields: TypedFields) => JSON.stringify({ ...content, fields, began });
  const withGone = { ...rowsGone(kept?.fields ?? {}, content.fields), ...content.fields };
  const fits = Buffer.byteLength(asText(withGone)) <= MAX_DRAFT_BYTES;
  const fields = fits ? withGone : content.fields;
  const bytes = Buffer.byteLength(asText(fields));
  const { refused } = content;
  const isSame = (line: DraftLine) => line.action === about.action && (line.form ?? null) === about.form;
  if (refused) {
    const others = (await listDraftLines(db, about.personId)).filter((line) => !isSame(line));
    if (!hasRoomBeside(others, bytes)) throw new TooLarge('forms.problem.too-large');
  }
  const days = content.refused ? MAX_REFUSED_DAYS : MAX_DRAFT_DAYS;
  await saveFormDraft(db, {
    ...about,
    sealed: sealContent(config.keyFor(purpose), { ...content, fields, began }),
    ...{ bytes, refused, savedAt },
    expiresAt: new Date(savedAt.getTime() + days * day),
  });
  if (!before) await endUnkeyed({ db, clock, config }, about);
  if (!before || bytes > (before.bytes ?? 0)) {
    const lines = await listDraftLines(db, about.personId);
    const newest = [...lines.filter(isSame), ...lines.filter((line) => !isSame(line))];
    const beyond = draftsBeyond(newest).map(({ id }) => id);
    if (beyond.length > 0) await removeFormDrafts(db, beyond);
  }
  return savedAt;
}

/** Words in rows that the form does not have any more stay until the form is saved: nobody could type them again. */
function rowsGone(before: TypedFields, now: TypedFields): TypedFields {
  const first = (value: unknown) => [value].flat().map(String).join();
  const rowIds = Object.fromEntries(Object.entries(now).map(([name, value]) => [name, first(value)]));
  const gone = goneRows(alignRows(rowIds, before, first).fields);
  return hasWords(gone) ? gone : {};
}

/** Everything that somebody has typed and not saved, the newest first. */
export const listOpenDrafts = async (needs: DraftNeeds, personId: string): Promise<OpenDraft[]> =>
  opened(needs, await listFormDrafts(needs.db, personId, needs.clock.now()));

/** One page of it. */
export async function pageOpenDrafts(
  needs: DraftNeeds,
  personId: string,
  at: { page: number; perPage: number },
): Promise<Page<OpenDraft>> {
  const found = await pageFormDrafts(needs.db, personId, needs.clock.now(), at);
  return { ...found, items: opened(needs, found.items) };
}

/** What somebody has typed into these forms and not saved, the newest first. */
export async function listOpenDraftsOf(
  needs: DraftNeeds,
  personId: string,
  forms: readonly { action: string; form: string }[],
): Promise<OpenDraft[]> {
  if (forms.length === 0) return [];
  const actions = [...new Set(forms.map(({ action }) => action))];
  const found = await listFormDraftsOf(needs.db, personId, actions, needs.clock.now());
  const isAsked = ({ action, form }: FormDraft) =>
    forms.some((each) => each.action === action && (form ?? each.form) === each.form);
  return opened(needs, found.filter(isAsked));
}

function opened({ config }: DraftNeeds, drafts: readonly FormDraft[]): OpenDraft[] {
  const keys = config.keysFor(purpose);
  return drafts.flatMap(({ sealed, ...draft }) => {
    const content = openContent(keys, sealed);
    return content ? [{ ...draft, ...content }] : [];
  });
}

/** The form was saved, or its writer does not want the draft any more. */
export async function endDraft(needs: DraftNeeds, of: DraftOf): Promise<number> {
  return (await removeFormDraft(needs.db, of)) + (await endUnkeyed(needs, of));
}

/** @param form left out: of all forms that go there */
export const discardDrafts = (
  { db }: Pick<DraftNeeds, 'db'>,
  personId: string,
  action: string,
  form?: string,
): Promise<number> =>
  form === undefined
    ? removeFormDraftsTo(db, personId, action)
    : removeFormDraft(db, { personId, action, form });

/**
 * What was typed for the same when nobody knew the key of the form: it has the place of such a draft, and ends with it.
 */
async function endUnkeyed(
  { db, clock, config }: DraftNeeds,
  { personId, action, form }: DraftOf,
): Promise<number> {
  if (!form) return 0;
  const unkeyed = { personId, action, form: null };
  const found = await findFormDraft(db, unkeyed, clock.now());
  const fields = found && openContent(config.keysFor(purpose), found.sealed)?.fields;
  return fields && isAbout(fields, form) ? removeFormDraft(db, unkeyed) : 0;
}
