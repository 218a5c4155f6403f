/** What pages and programs see of artifacts: where the work is and how to show it, never where it is stored. */
import { z } from 'zod';
import type { Actor } from '../access/actor.js';
import type { Person, StudentFacts } from '../people/person.js';
import {
  mayAskRemoval,
  mayTakeDown,
  mayWithdraw,
  media,
  removalReasons,
  type Artifact,
  type ArtifactVersion,
  type TakenDown,
} from './artifact.js';
import { labelAuthorOf, type AuthorNames } from './work-authors.js';
import { faceOf, fileHref, shownAs, shownKinds } from './show-version.js';

const shown = z.enum(shownKinds);

const takenDownAnswer = z.object({ at: z.iso.datetime(), reason: z.enum(removalReasons) });
const takenDownView = (takenDown: TakenDown | undefined): z.output<typeof takenDownAnswer> | null =>
  takenDown ? { at: takenDown.at.toISOString(), reason: takenDown.reason } : null;

const versionAnswer = z.object({
  id: z.string(),
  number: z.number(),
  kind: z.enum(['file', 'link', 'text']),
  shown,
  href: z.string().nullable(),
  url: z.string().nullable(),
  text: z.string().nullable(),
  file: z.object({ name: z.string(), type: z.string(), bytes: z.number(), sha256: z.string() }).nullable(),
  /** Pixels of a picture as people see it, where known. */
  size: z.object({ width: z.number(), height: z.number() }).nullable(),
  sha256: z.string(),
  createdAt: z.iso.datetime(),
  takenDown: takenDownAnswer.nullable(),
});

export const artifactAnswer = z.object({
  id: z.string(),
  studentId: z.string(),
  title: z.string(),
  caption: z.string(),
  altText: z.string(),
  medium: z.enum(media),
  latest: z.number(),
  createdAt: z.iso.datetime(),
  version: versionAnswer,
});

/** After works were sent together: the first that was taken, all of them, and what became of each that was sent. */
export const addedAnswer = artifactAnswer.extend({
  artifacts: z.array(artifactAnswer),
  outcomes: z
    .array(
      z.object({
        name: z.string().describe('Of the file, or the address, or how the text begins.'),
        artifactId: z.string().nullable(),
        problem: z.string().nullable().describe('Why it was not taken.'),
        warning: z.string().nullable().describe('Why it was taken and cannot be shown.'),
      }),
    )
    .describe('In the order in which they were sent.'),
});

const authorAnswer = z.object({ id: z.string(), name: z.string() }).nullable();
const shownVersionAnswer = versionAnswer.extend({
  by: authorAnswer.describe('Who brought it in, where that was not the student.'),
});

export const artifactPageAnswer = artifactAnswer.extend({
  version: shownVersionAnswer,
  labelBy: authorAnswer.describe('Who wrote the label, where that was not the student.'),
  student: z.object({ id: z.string(), displayName: z.string() }),
  versions: z.array(shownVersionAnswer),
  mayEdit: z.boolean(),
  /** Which ways there are for the reader to have it removed. */
  removal: z.object({
    withdraw: z.boolean(),
    ask: z.boolean(),
    takeDown: z.boolean(),
    asked: z.iso.datetime().nullable(),
  }),
});

function versionView(version: ArtifactVersion): z.output<typeof versionAnswer> {
  const { id, number, kind, file, url, text, sha256, createdAt, takenDown } = version;
  return {
    id,
    number,
    kind,
    shown: takenDown ? 'taken-down' : shownAs(kind, file),
    href: file ? fileHref(version.artifactId, number) : null,
    url,
    text,
    file: file ? { name: file.name, type: file.type, bytes: file.bytes, sha256: file.sha256 } : null,
    size: file?.size ?? null,
    sha256,
    createdAt: createdAt.toISOString(),
    takenDown: takenDownView(takenDown),
  };
}

export function artifactView(artifact: Artifact, version: ArtifactVersion): z.output<typeof artifactAnswer> {
  const { id, studentId, title, caption, altText, medium, latest, createdAt } = artifact;
  return {
    id,
    studentId,
    title,
    caption,
    altText,
    medium,
    latest,
    createdAt: createdAt.toISOString(),
    version: versionView(version),
  };
}

/** Which ways there are for this reader to have the work removed. */
export const removalView = (
  actor: Actor,
  student: StudentFacts,
  { takenDown, removalRequest }: Artifact,
): z.output<typeof artifactPageAnswer>['removal'] => ({
  withdraw: !takenDown && mayWithdraw(actor, student),
  ask: !takenDown && mayAskRemoval(actor, student),
  takeDown: !takenDown && mayTakeDown(actor),
  asked: removalRequest?.at.toISOString() ?? null,
});

/** @param versions those that the reader may see, newest first. @param authors who is not the student */
export function artifactPageView(
  artifact: Artifact,
  version: ArtifactVersion,
  versions: ArtifactVersion[],
  student: Pick<Person, 'id' | 'displayName'>,
  mayEdit: boolean,
  removal: z.output<typeof artifactPageAnswer>['removal'],
  authors: AuthorNames,
): z.output<typeof artifactPageAnswer> {
  const authorOf = (id: string) => (authors.has(id) ? { id, name: authors.get(id)! } : null);
  const withAuthor = (each: ArtifactVersion) => ({ ...versionView(each), by: authorOf(each.createdBy) });
  return {
    ...artifactView(artifact, version),
    version: withAuthor(version),
    labelBy: authorOf(labelAuthorOf(artifact)),
    student: { id: student.id, displayName: student.displayName },
    versions: versions.map(withAuthor),
    mayEdit,
    removal,
  };
}

/** A card on the wall. */
export const cardOf = (artifact: Artifact, version: ArtifactVersion) => {
  const { picture, wallSize, excerpt, icon } = faceOf(artifact.id, version);
  return { ...artifactView(artifact, version), picture, wallSize, excerpt, icon };
};
