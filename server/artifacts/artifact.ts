/**
 * A piece of a student's work and its versions. A version never changes; a new one stands beside the old ones. What a
 * portfolio shows is pinned to a version, so later versions never alter what a panel saw.
 */
import type { PictureSize } from './picture-size.js';
import { runsSchool, type Actor } from '../access/actor.js';
import { isAdvisorOf, isOwn, type StudentFacts } from '../people/person.js';

export const media = ['photo', 'document', 'audio', 'video', 'link', 'text', 'other'] as const;
export type Medium = (typeof media)[number];

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
}

export type VersionKind = 'file' | 'link' | 'text';

export interface ArtifactVersion {
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
}

/** The student and their advisor bring in work and describe it. */
export const mayAddArtifact = (actor: Actor, student: StudentFacts): boolean =>
  isOwn(actor, student) || isAdvisorOf(actor, student);

/** All versions, also those that were never shown: the student, their advisor, registrar and admin. */
export const mayReadArtifact = (actor: Actor, student: StudentFacts): boolean =>
  runsSchool(actor) || isOwn(actor, student) || isAdvisorOf(actor, student);

/** The kind of work, from what the file turned out to be. */
export function mediumOf(type: string): Medium {
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
  return (
    name
      .replace(/\.[^.]{1,8}$/, '')
      .trim()
      .slice(0, 200) || name.slice(0, 200)
  );
}

/** What never changes of a version; goes into the audit chain by its hash. */
export const frozenOfVersion = (version: ArtifactVersion) => {
  const { artifactId, studentId, number, kind, sha256, url, text, file } = version;
  return { artifactId, studentId, number, kind, sha256, url, text, file };
};
