/** Brings work in: a new artifact with its first version, or a new version of one that is there. */
import { createHash } from 'node:crypto';
import type { Storage } from '../../storage/storage.js';
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import { frozen } from '../audit/frozen-record.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../database.js';
import { NotFound } from '../errors.js';
import { newId } from '../ids.js';
import { frozenOfVersion, mediumOf, type Artifact, type ArtifactVersion, type Medium } from './artifact.js';
import { saveArtifact, saveNextNumber, saveVersion } from './artifact-records.js';
import { keepFile, type ReceivedFile } from './receive-file.js';

export interface Needs {
  storage: Storage;
  clock: Clock;
}

export type Work =
  { kind: 'file'; file: ReceivedFile } | { kind: 'link'; url: string } | { kind: 'text'; text: string };

export interface Words {
  title: string;
  caption: string;
  altText: string;
}

type Content = Pick<ArtifactVersion, 'kind' | 'file' | 'url' | 'text' | 'sha256'>;

/** The student's rights are checked before; the bytes are in storage before any record speaks of them. */
export async function addArtifact(
  needs: Needs,
  scope: SchoolScope,
  actor: Actor,
  input: { studentId: string; work: Work; words: Words },
): Promise<{ artifact: Artifact; version: ArtifactVersion }> {
  const content = await contentOf(needs, input.studentId, input.work);
  const made = { createdAt: needs.clock.now(), createdBy: actor.personId };
  const artifact: Artifact = {
    id: newId(),
    schoolId: scope.schoolId,
    studentId: input.studentId,
    ...input.words,
    medium: mediumOfWork(content),
    latest: 1,
    ...made,
  };
  const version = versionOf(artifact, content, 1, made);
  await inTransaction(scope, async (inside) => {
    await saveArtifact(inside, artifact);
    await saveVersion(inside, version);
    await recordVersion(needs, inside, actor, 'artifacts.add', version);
  });
  return { artifact, version };
}

/** The old versions stay as they are; whoever pinned one still sees that one. */
export async function addVersion(
  needs: Needs,
  scope: SchoolScope,
  actor: Actor,
  artifact: Artifact,
  work: Work,
): Promise<{ artifact: Artifact; version: ArtifactVersion }> {
  const content = await contentOf(needs, artifact.studentId, work);
  const made = { createdAt: needs.clock.now(), createdBy: actor.personId };
  return inTransaction(scope, async (inside) => {
    const after = await saveNextNumber(inside, artifact.id, mediumOfWork(content));
    if (!after) throw new NotFound();
    const version = versionOf(after, content, after.latest, made);
    await saveVersion(inside, version);
    await recordVersion(needs, inside, actor, 'artifacts.version', version);
    return { artifact: after, version };
  });
}

const recordVersion = (
  { clock }: Pick<Needs, 'clock'>,
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

async function contentOf(needs: Needs, owner: string, work: Work): Promise<Content> {
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

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

const mediumOfWork = ({ kind, file }: Content): Medium =>
  kind === 'file' ? mediumOf(file?.type ?? '') : kind;

function versionOf(
  artifact: Artifact,
  content: Content,
  number: number,
  made: Pick<ArtifactVersion, 'createdAt' | 'createdBy'>,
): ArtifactVersion {
  const { schoolId, studentId } = artifact;
  return { id: newId(), schoolId, artifactId: artifact.id, studentId, number, ...content, ...made };
}
