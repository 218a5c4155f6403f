/**
 * A piece of a student's work and its versions. A version never changes; a new one stands beside the old ones. What a
 * portfolio shows is pinned to a version, so later versions never alter what a panel saw.
 */
import { asSealed, type Resealed } from '../audit/frozen-record.js';
import { createHash } from 'node:crypto';
import { firstOf } from '../clean-text.js';
import type { PictureSize } from './picture-size.js';
import { runsSchool, type Actor } from '../access/actor.js';
import { isAdvisorOf, isGuardianOf, isOwn, type StudentFacts } from '../people/person.js';

export const media = ['photo', 'document', 'audio', 'video', 'link', 'text', 'other'] as const;
export type Medium = (typeof media)[number];

/** Why a work is removed; goes into the audit entry. */
export const removalReasons = ['mistake', 'privacy', 'wrong-person', 'copyright', 'harm', 'other'] as const;
export type RemovalReason = (typeof removalReasons)[number];

/** The content is gone from every place; what was frozen with it keeps its hash. */
export interface TakenDown {
  at: Date;
  by: string;
  reason: RemovalReason;
}

/** A student, their family or advisor wants a work removed that others have already been shown. */
export interface RemovalRequest {
  at: Date;
  by: string;
  reason: RemovalReason;
  note: string;
}

export interface Artifact {
  id: string;
  schoolId: string;
  studentId: string;
  title: string;
  caption: string;
  /** What somebody who cannot see the picture needs to know. */
  altText: string;
  medium: Medium;
  /** Number of the newest version. */
  latest: number;
  createdAt: Date;
  createdBy: string;
  /** Who wrote the words on the label last; left out where nobody has changed them since. */
  wordsBy?: string;
  /** What somebody else has changed, until the student has seen it. */
  unseenChange?: { by: string; at: Date };
  /** All versions were taken down. */
  takenDown?: TakenDown;
  removalRequest?: RemovalRequest;
}

export interface StoredWork {
  /** Where the bytes lie (storage-key.ts). */
  key: string;
  /** The name it had on the student's device; shown and given back, never used as a path. */
  name: string;
  bytes: number;
  sha256: string;
  /** Found by looking at the content, not by what the browser claimed. */
  type: string;
  /** Of a picture; absent where it came in before sizes were kept, or could not be read. */
  size?: PictureSize;
  /** Too much of it is missing to show it; left out of whole files, and of those that came in before anybody looked. */
  damaged?: boolean;
}

export type VersionKind = 'file' | 'link' | 'text';

export interface ArtifactVersion extends Resealed {
  id: string;
  schoolId: string;
  artifactId: string;
  studentId: string;
  /** 1 is the first. */
  number: number;
  kind: VersionKind;
  file: StoredWork | null;
  url: string | null;
  text: string | null;
  /** Of the file's bytes, or of the address or text in UTF-8. */
  sha256: string;
  createdAt: Date;
  createdBy: string;
  takenDown?: TakenDown;
}

/** The student and their advisor bring in work and describe it. */
export const mayAddArtifact = (actor: Actor, student: StudentFacts): boolean =>
  isOwn(actor, student) || isAdvisorOf(actor, student);

/** All versions, also those that were never shown: the student, their advisor, registrar and admin. */
export const mayReadArtifact = (actor: Actor, student: StudentFacts): boolean =>
  runsSchool(actor) || isOwn(actor, student) || isAdvisorOf(actor, student);

/** Whoever brought a work in removes it again, as long as nobody else was shown it. */
export const mayWithdraw = mayAddArtifact;
/** The student, their family and their advisor ask the office for a work that others have been shown. */
export const mayAskRemoval = (actor: Actor, student: StudentFacts): boolean =>
  mayAddArtifact(actor, student) || isGuardianOf(actor, student);
/** From every place, also where it is frozen. */
export const mayTakeDown = (actor: Actor): boolean => runsSchool(actor);

/** Whether a version's record still is what was brought in; the bytes of its file are looked at by themselves. */
export function versionHolds({ kind, file, url, text, sha256, takenDown }: ArtifactVersion): boolean {
  if (takenDown) return file === null && url === null && text === null;
  if (kind === 'file') return file?.sha256 === sha256 && file.key.endsWith(`/${sha256}`);
  const words = kind === 'link' ? url : text;
  return (
    createHash('sha256')
      .update(words ?? '')
      .digest('hex') === sha256
  );
}

/** The kind of work that a version makes of it. */
export const mediumOfContent = ({ kind, file }: Pick<ArtifactVersion, 'kind' | 'file'>): Medium =>
  kind === 'file' ? mediumOf(file?.type ?? '') : kind;

/** The kind of work, from what the file turned out to be. */
function mediumOf(type: string): Medium {
  if (type === 'image/svg+xml') return 'document';
  if (type.startsWith('image/')) return 'photo';
  if (type.startsWith('audio/')) return 'audio';
  if (type.startsWith('video/')) return 'video';
  if (type.startsWith('text/') || type === 'application/pdf' || officeTypes.test(type)) return 'document';
  return 'other';
}

const officeTypes = /^application\/(msword|rtf|epub|vnd\.(openxmlformats|oasis|ms-)|x-cfb)/;

/** A title for a file that came without one: its name without the ending. */
export function titleFromName(name: string): string {
  return firstOf(name.replace(/\.[^.]{1,8}$/, '').trim(), 200) || firstOf(name, 200);
}

/** What never changes of a version; goes into the audit chain by its hash. */
export const frozenOfVersion = (version: ArtifactVersion) => {
  const { artifactId, studentId, number, kind, sha256, url, text, file } = asSealed(version);
  return { artifactId, studentId, number, kind, sha256, url, text, file };
};
