/**
 * A narrative: what the advisor, and what the student, says of one term. A draft is its author's alone;
 * signing freezes a version that never changes, and a draft begun afterwards becomes the next version beside
 * it.
 */
import { asSealed, type Resealed } from '../audit/frozen-record.js';
import { z } from 'zod';
import { hashOf } from '../canonical.js';
import type { Actor } from '../access/actor.js';
import type { PasswordLinkMark } from '../access/password-link.js';
import { isAdvisorOf, isOwn, mayReadStudent, type StudentFacts } from '../people/person.js';

export const voices = ['advisor', 'student'] as const;
export type NarrativeVoice = (typeof voices)[number];

export interface Narrative {
  id: string;
  schoolId: string;
  studentId: string;
  termId: string;
  voice: NarrativeVoice;
  authorId: string;
  authorName: string;
  /** The draft, or the words last signed. */
  markdown: string;
  state: 'draft' | 'signed';
  /** Counts every save; a save that names an older one is refused. */
  revision: number;
  /** Number of the newest signed version, 0 before the first. */
  latestVersion: number;
  createdAt: Date;
  savedAt: Date;
}

export interface NarrativeVersion extends Resealed {
  id: string;
  schoolId: string;
  narrativeId: string;
  studentId: string;
  termId: string;
  voice: NarrativeVoice;
  number: number;
  markdown: string;
  signedAt: Date;
  signedBy: string;
  signedName: string;
  /** Left out where the account's password was not chosen by a link within the day before. */
  passwordLink?: PasswordLinkMark;
  hash: string;
  /** Hash of what was signed since the name of an erased person was taken out; `hash` stays that of what was signed. */
  unnamedHash?: string;
}

/** SHA-256 of what was signed, by whom and when. */
export const narrativeHash = (
  found: Omit<NarrativeVersion, 'id' | 'schoolId' | 'hash' | 'unnamedHash'>,
): string => {
  const version = asSealed(found);
  const { narrativeId, studentId, termId, voice, number, markdown, signedName, signedAt, signedBy } = version;
  const { passwordLink } = version;
  return hashOf({
    ...{ narrativeId, studentId, termId, voice, number, markdown, signedName, signedAt, signedBy },
    ...(passwordLink ? { passwordLink } : {}),
  });
};

/** Whether a signed version still is what was signed. */
export const signatureHolds = (version: NarrativeVersion): boolean =>
  narrativeHash(version) === (version.unnamedHash ?? version.hash);

/** Characters; about fifteen printed pages. */
const MAX_MARKDOWN = 40_000;

/** The words as a form or a program sends them; line breaks of forms become those of the text. */
export const narrativeWords = z
  .string()
  .max(MAX_MARKDOWN)
  .transform((value) => value.replaceAll('\r\n', '\n'));

/** The advisor of the student's advisory for the advisor's voice; the student alone for their own. */
export const mayWriteVoice = (actor: Actor, student: StudentFacts, voice: NarrativeVoice): boolean =>
  voice === 'student' ? isOwn(actor, student) : isAdvisorOf(actor, student);

/** A draft is seen by whoever may write it; a signed version by everybody who may read the student. */
export const mayReadDraft = mayWriteVoice;
export const mayReadSigned = mayReadStudent;

/** The voice in which this person speaks of the student, or null. */
export const voiceOf = (actor: Actor, student: StudentFacts): NarrativeVoice | null =>
  voices.find((voice) => mayWriteVoice(actor, student, voice)) ?? null;
