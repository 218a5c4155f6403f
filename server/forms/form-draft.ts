/**
 * What somebody has typed into a form and not saved yet. It is the writer's alone: nobody else can read it,
 * and it ends by itself.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { TypedFields } from './typed-fields.js';

export interface FormDraft {
  id: string;
  /** The writer's school; null for network staff. */
  schoolId: string | null;
  personId: string;
  /** Where the form goes. */
  action: string;
  /** Which of the forms that go there, by `formKey`. Left out by drafts from before forms had a key. */
  form?: string | null;
  /** The page on which it is, with its query. */
  page: string;
  /** `DraftContent`, encrypted. */
  sealed: string;
  /** Of `DraftContent` as JSON. Left out by drafts from before they were counted. */
  bytes?: number;
  /** As in `DraftContent`, so that these make room first. Left out by drafts from before they were counted. */
  refused?: boolean;
  savedAt: Date;
  expiresAt: Date;
}

export interface DraftContent {
  fields: TypedFields;
  /** `textHash` of the long texts with which the typing began; null where nobody knows. */
  began: string | null;
  /** It was sent, and refused because the sign-in had ended. */
  refused: boolean;
  /** Names of files that were sent with it, and are lost. */
  files: string[];
}

/** A draft that nobody touches ends after so many days; one that was sent without a sign-in ends sooner. */
export const MAX_DRAFT_DAYS = 30;
export const MAX_REFUSED_DAYS = 7;
/** Of what is typed into one form, in bytes of JSON. */
export const MAX_DRAFT_BYTES = 1024 * 1024;
/** Of one person; the oldest make room, before all others those that were sent without a sign-in. */
export const MAX_DRAFTS = 100;
/** Of one person's drafts together, as `bytes`. */
export const MAX_PERSON_BYTES = 4 * 1024 * 1024;

const cipher = 'aes-256-gcm';

/** @param key 32 bytes of this installation */
export function sealContent(key: Buffer, content: DraftContent): string {
  const start = randomBytes(12);
  const sealing = createCipheriv(cipher, key, start);
  const sealed = Buffer.concat([sealing.update(JSON.stringify(content), 'utf8'), sealing.final()]);
  return Buffer.concat([start, sealing.getAuthTag(), sealed]).toString('base64');
}

/** Null where none of the keys opens it. @param keys of this installation, also earlier ones */
export function openContent(keys: readonly Buffer[], sealed: string): DraftContent | null {
  const bytes = Buffer.from(sealed, 'base64');
  for (const key of keys) {
    try {
      const opening = createDecipheriv(cipher, key, bytes.subarray(0, 12));
      opening.setAuthTag(bytes.subarray(12, 28));
      const text = Buffer.concat([opening.update(bytes.subarray(28)), opening.final()]).toString('utf8');
      return JSON.parse(text) as DraftContent;
    } catch {
      continue;
    }
  }
  return null;
}
