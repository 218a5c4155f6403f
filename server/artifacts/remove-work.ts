/**
 * Removes works: withdrawn by whoever brought them in while nobody else was shown them (they are gone
 * entirely), or taken down by the office (their content is gone from every place, a label and their hash
 * stay). Writes an audit entry without the content.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import { erased, frozen } from '../audit/frozen-record.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, NotFound } from '../errors.js';
import { withLocks, worksLock } from '../db/record-locks.js';
import {
  frozenOfVersion,
  mediumOfContent,
  type Artifact,
  type ArtifactVersion,
  type RemovalReason,
  type TakenDown,
} from './artifact.js';
import {
  getArtifact,
  listArtifactVersions,
  removeArtifact,
  removeVersions,
  saveArtifactTakenDown,
  saveLatestNumber,
  saveRemovalRequest,
  saveVersionTakenDown,
} from './artifact-records.js';
import { saveFileRemovals } from './file-removal-records.js';
import { saveStorageGivenBack } from './storage-use-records.js';

/** What this feature must ask of portfolios, which come later. app.ts hands it in. */
export interface FrozenWorks {
  /** Numbers of the versions of a work that a submitted portfolio shows. */
  frozenVersions(scope: SchoolScope, artifactId: string): Promise<readonly number[]>;
  /** Takes the content of these versions away from submitted portfolios; each with its new hash. */
  takeDownEntries(
    inside: SchoolScope,
    artifact: Pick<Artifact, 'id'>,
    numbers: readonly number[],
    takenDown: Pick<TakenDown, 'at'>,
    title: string,
  ): Promise<{ id: string; hash: string }[]>;
  /** Takes them away from the records that another school has received with a student; the keys of files there. */
  takeDownCopies(
    inside: SchoolScope,
    clock: Clock,
    actor: Pick<Actor, 'personId' | 'via'>,
    work: { artifactId: string; numbers: readonly number[]; takenDown: TakenDown; title: string },
  ): Promise<string[]>;
}

export interface RemovalNeeds {
  clock: Clock;
  frozen: FrozenWorks;
}

export interface Removal {
  /** Number of a version; null: the whole work. */
  number: number | null;
  reason: RemovalReason;
}

const chosen = (all: readonly ArtifactVersion[], number: number | null): ArtifactVersion[] => {
  const found = all.filter((version) => number === null || version.number === number);
  if (found.length === 0) throw new NotFound();
  return found;
};

/** The bytes are removed after the commit, by whoever called; they are on record until then. */
export async function dropFiles(
  inside: SchoolScope,
  { studentId }: Pick<Artifact, 'studentId'>,
  versions: readonly ArtifactVersion[],
  now: Date,
): Promise<string[]> {
  const files = versions.flatMap(({ file }) => file ?? []);
  const keys = [...new Set(files.map(({ key }) => key))];
  if (keys.length === 0) return [];
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const id of [inside.schoolId, studentId]) await saveStorageGivenBack(inside, id, bytes);
  await saveFileRemovals(inside, inside.schoolId, keys, now);
  return keys;
}

/**
 * @returns whether the whole work is gone, and the keys of the files to remove
 * @throws NotFound; Conflict when a submitted portfolio shows it
 */
export async function withdrawWork(
  needs: RemovalNeeds,
  scope: SchoolScope,
  actor: Actor,
  { id, studentId }: Pick<Artifact, 'id' | 'studentId'>,
  { number, reason }: Removal,
): Promise<{ gone: boolean; keys: string[] }> {
  return withLocks(scope, [worksLock(studentId)], async (inside) => {
    const artifact = await getArtifact(inside, id);
    const all = await listArtifactVersions(inside, id);
    const going = chosen(all, number);
    const shown = await needs.frozen.frozenVersions(inside, id);
    if (going.some((version) => shown.includes(version.number)))
      throw new Conflict('artifacts.problem.shown-elsewhere');
    const [newest] = all.filter((version) => !going.includes(version));
    if (newest) {
      const medium = newest.takenDown ? artifact.medium : mediumOfContent(newest);
      await saveLatestNumber(inside, id, { latest: newest.number, medium });
    } else await removeArtifact(inside, id);
    await removeVersions(
      inside,
      going.map((version) => version.id),
    );
    const keys = await dropFiles(inside, artifact, going, needs.clock.now());
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'artifacts.withdraw',
      { kind: 'artifact', id },
      {
        ...{ studentId, reason, numbers: going.map((version) => version.number) },
        ...erased(going.map((version) => ({ kind: 'work', id: version.id }))),
      },
    );
    return { gone: !newest, keys };
  });
}

/**
 * @param title shown instead of the work, e.g. that it was taken down and when
 * @returns the keys of the files to remove
 * @throws NotFound; Conflict when it was taken down already
 */
export async function takeDownWork(
  needs: RemovalNeeds,
  scope: SchoolScope,
  actor: Actor,
  { id, studentId }: Pick<Artifact, 'id' | 'studentId'>,
  { number, reason, title }: Removal & { title: string },
): Promise<{ keys: string[]; snapshots: number }> {
  return withLocks(scope, [worksLock(studentId)], async (inside) => {
    const all = await listArtifactVersions(inside, id);
    const going = chosen(all, number).filter((version) => !version.takenDown);
    if (going.length === 0) throw new Conflict('artifacts.problem.taken-down');
    const takenDown: TakenDown = { at: needs.clock.now(), by: actor.personId, reason };
    const after = going.map((version): ArtifactVersion => ({
      ...version,
      file: null,
      url: null,
      text: null,
      takenDown,
    }));
    for (const version of after) await saveVersionTakenDown(inside, version);
    if (all.every((version) => version.takenDown !== undefined || going.includes(version)))
      await saveArtifactTakenDown(inside, id, { title, caption: '', altText: '', takenDown });
    else await saveRemovalRequest(inside, id, null);
    const numbers = going.map((version) => version.number);
    const snapshots = await needs.frozen.takeDownEntries(inside, { id }, numbers, takenDown, title);
    const keys = [
      ...(await dropFiles(inside, { studentId }, going, takenDown.at)),
      ...(await needs.frozen.takeDownCopies(inside, needs.clock, actor, {
        ...{ artifactId: id, numbers, takenDown, title },
      })),
    ];
    const records = [
      ...after.flatMap((version) => frozen('work', version.id, frozenOfVersion(version)).records),
      ...snapshots.map((snapshot) => ({ kind: 'shortened portfolio', ...snapshot })),
    ];
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'artifacts.take-down',
      { kind: 'artifact', id },
      { studentId, reason, numbers, records },
    );
    return { keys, snapshots: snapshots.length };
  });
}

/** The office is asked, or has answered no (`reason` null). */
export async function noteRemovalRequest(
  { clock }: Pick<RemovalNeeds, 'clock'>,
  scope: SchoolScope,
  actor: Actor,
  { id, studentId }: Pick<Artifact, 'id' | 'studentId'>,
  asked: { reason: RemovalReason; note: string } | null,
): Promise<void> {
  await withLocks(scope, [worksLock(studentId)], async (inside) => {
    const artifact = await getArtifact(inside, id);
    if (artifact.takenDown) throw new Conflict('artifacts.problem.taken-down');
    if (!asked && !artifact.removalRequest) throw new Conflict('artifacts.problem.no-request');
    await saveRemovalRequest(inside, id, asked && { at: clock.now(), by: actor.personId, ...asked });
    const act = asked ? 'artifacts.ask-removal' : 'artifacts.keep';
    const detail = { studentId, ...(asked ? { reason: asked.reason } : {}) };
    await appendAudit(inside, clock, actor, act, { kind: 'artifact', id }, detail);
  });
}
