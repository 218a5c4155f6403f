/** Keeping, finding and ending what somebody types. Refuses what is too large; of many drafts the oldest make room. */
import type { Clock } from '../clock.js';
import type { Database } from '../database.js';
import { TooLarge } from '../errors.js';
import {
  MAX_DRAFTS,
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
  listFormDrafts,
  removeFormDraft,
  removeFormDrafts,
  saveFormDraft,
} from './form-draft-records.js';

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
  page: string;
  content: DraftContent;
}

/**
 * Takes the place of what was kept of the same form.
 * @returns when it was saved
 * @throws TooLarge when it is more than a megabyte
 */
export async function keepDraft({ db, clock, config }: DraftNeeds, typing: Typing): Promise<Date> {
  const { content, ...about } = typing;
  if (Buffer.byteLength(JSON.stringify(content)) > MAX_DRAFT_BYTES)
    throw new TooLarge('forms.problem.too-large');
  const savedAt = clock.now();
  const before = await findFormDraft(db, about.personId, about.action, savedAt);
  // Whoever sends a form without a sign-in says nothing about where the typing began.
  const began =
    content.began ?? (before ? (openContent(config.keysFor(purpose), before.sealed)?.began ?? null) : null);
  const days = content.refused ? MAX_REFUSED_DAYS : MAX_DRAFT_DAYS;
  await saveFormDraft(db, {
    ...about,
    sealed: sealContent(config.keyFor(purpose), { ...content, began }),
    savedAt,
    expiresAt: new Date(savedAt.getTime() + days * day),
  });
  if (!before) {
    const all = await listFormDrafts(db, about.personId, savedAt);
    const tooMany = all.slice(MAX_DRAFTS).map(({ id }) => id);
    if (tooMany.length > 0) await removeFormDrafts(db, tooMany);
  }
  return savedAt;
}

/** Everything that somebody has typed and not saved, the newest first. */
export async function listOpenDrafts(
  { db, clock, config }: DraftNeeds,
  personId: string,
): Promise<OpenDraft[]> {
  const keys = config.keysFor(purpose);
  return (await listFormDrafts(db, personId, clock.now())).flatMap(({ sealed, ...draft }) => {
    const content = openContent(keys, sealed);
    return content ? [{ ...draft, ...content }] : [];
  });
}

/** The form was saved, or its writer does not want the draft any more. */
export const endDraft = ({ db }: Pick<DraftNeeds, 'db'>, personId: string, action: string) =>
  removeFormDraft(db, personId, action);
