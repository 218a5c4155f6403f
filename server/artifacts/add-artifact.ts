/** Brings work in: a new artifact with its first version, or a new version of one that is there. */
import { createHash } from 'node:crypto';
import { FileMissing, type Storage } from '../../storage/storage.js';
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import { frozen } from '../audit/frozen-record.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, NotFound } from '../errors.js';
import { newId } from '../ids.js';
import { frozenOfVersion, mediumOfContent, type Artifact, type ArtifactVersion } from './artifact.js';
import { findPerson } from '../people/people-records.js';
import { worksLock, withLocks } from '../db/record-locks.js';
import { unseenChangeBy } from './unseen-change.js';
import { findArtifact, saveArtifact, saveNextNumber, saveArtifactVersion } from './artifact-records.js';
import { keepFile, storeFile, type ReceivedFile } from './store-file.js';

export interface AddArtifactNeeds {
  storage: Storage;
  clock: Clock;
}

export type Work =
  { kind: 'file'; file: ReceivedFile } | { kind: 'link'; url: string } | { kind: 'text'; text: string };

export interface WorkWords {
  title: string;
  caption: string;
  altText: string;
}

type Content = Pick<ArtifactVersion, 'kind' | 'file' | 'url' | 'text' | 'sha256'>;

/** The student's rights are checked before; the bytes are in storage before any record speaks of them. */
export async function addArtifact(
  needs: AddArtifactNeeds,
  scope: SchoolScope,
  actor: Actor,
  input: { studentId: string; work: Work; words: WorkWords },
): Promise<{ artifact: Artifact; version: ArtifactVersion }> {
  const content = await contentOf(needs, input.studentId, input.work);
  const made = { createdAt: needs.clock.now(), createdBy: actor.personId };
  const artifact: Artifact = {
    id: newId(),
    schoolId: scope.schoolId,
    studentId: input.studentId,
    ...input.words,
    medium: mediumOfContent(content),
    latest: 1,
    ...made,
  };
  const version = versionOf(artifact, content, 1, made);
  await withLocks(scope, [worksLock(input.studentId)], async (inside) => {
    if ((await findPerson(inside, input.studentId))?.erasedAt) throw new NotFound();
    await keepStored(needs, content, input.work);
    await saveArtifact(inside, artifact);
    await saveArtifactVersion(inside, version);
    await recordVersion(needs, inside, actor, 'artifacts.add', version);
  });
  return { artifact, version };
}

/** The old versions stay as they are; whoever pinned one still sees that one. */
export async function addVersion(
  needs: AddArtifactNeeds,
  scope: SchoolScope,
  actor: Actor,
  artifact: Artifact,
  work: Work,
): Promise<{ artifact: Artifact; version: ArtifactVersion }> {
  const content = await contentOf(needs, artifact.studentId, work);
  const made = { createdAt: needs.clock.now(), createdBy: actor.personId };
  return withLocks(scope, [worksLock(artifact.studentId)], async (inside) => {
    await keepStored(needs, content, work);
    if ((await findArtifact(inside, artifact.id))?.takenDown)
      throw new Conflict('artifacts.problem.taken-down');
    const unseen = unseenChangeBy(actor, artifact.studentId, made.createdAt);
    const after = await saveNextNumber(inside, artifact.id, mediumOfContent(content), unseen);
    if (!after) throw new NotFound();
    const version = versionOf(after, content, after.latest, made);
    await saveArtifactVersion(inside, version);
    await recordVersion(needs, inside, actor, 'artifacts.version', version);
    return { artifact: after, version };
  });
}

const recordVersion = (
  { clock }: Pick<AddArtifactNeeds, 'clock'>,
  inside: SchoolScope,
  actor: Pick<Actor, 'personId' | 'via'>,
  act: string,
  version: ArtifactVersion,
): Promise<void> =>
  appendAudit(
    inside,
    clock,
    actor,
    act,
    { kind: 'artifact', id: version.artifactId },
    { number: version.number, ...frozen('work', version.id, frozenOfVersion(version)) },
  );

async function contentOf(needs: AddArtifactNeeds, owner: string, work: Work): Promise<Content> {
  switch (work.kind) {
    case 'file': {
      const file = await keepFile(needs.storage, owner, work.file);
      return { kind: 'file', file, url: null, text: null, sha256: file.sha256 };
    }
    case 'link':
      return { kind: 'link', file: null, url: work.url, text: null, sha256: sha256Of(work.url) };
    case 'text':
      return { kind: 'text', file: null, url: null, text: work.text, sha256: sha256Of(work.text) };
  }
}

/**
 * The same bytes may have been removed since they were written, with another work that had them: nobody can
 * remove them now, as whoever does holds this student's lock.
 */
async function keepStored({ storage }: AddArtifactNeeds, { file }: Content, work: Work): Promise<void> {
  if (!file || work.kind !== 'file') return;
  try {
    await storage.stat(file.key);
  } catch (error) {
    if (!(error instanceof FileMissing)) throw error;
    await storeFile(storage, file.key, work.file);
  }
}

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

function versionOf(
  artifact: Artifact,
  content: Content,
  number: number,
  made: Pick<ArtifactVersion, 'createdAt' | 'createdBy'>,
): ArtifactVersion {
  const { schoolId, studentId } = artifact;
  return { id: newId(), schoolId, artifactId: artifact.id, studentId, number, ...content, ...made };
}
