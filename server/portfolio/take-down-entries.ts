/** Takes the content of a work away from the snapshots that show it. Their hashes stay, so whatever was decided by them stays valid. */
import type { Artifact, TakenDown } from '../artifacts/artifact.js';
import { hashOf } from '../canonical.js';
import type { SchoolScope } from '../database.js';
import type { FrozenEntry } from './portfolio.js';
import { listSnapshotsShowing, saveSnapshotTakenDown } from './portfolio-records.js';

/** Numbers of the versions of a work that a snapshot shows. */
export async function frozenVersions(scope: SchoolScope, artifactId: string): Promise<number[]> {
  const entries = (await listSnapshotsShowing(scope, artifactId)).flatMap(({ content }) => content.entries);
  return entries.filter((entry) => entry.artifactId === artifactId).map(({ versionNumber }) => versionNumber);
}

/**
 * Runs in the transaction that takes the work down. What the student has said about it stays.
 * @param numbers of the versions
 * @param title what is shown instead
 * @returns the snapshots that were changed, each with the hash of what it says now
 */
export async function takeDownEntries(
  inside: SchoolScope,
  { id: artifactId }: Pick<Artifact, 'id'>,
  numbers: readonly number[],
  { at }: Pick<TakenDown, 'at'>,
  title: string,
): Promise<{ id: string; hash: string }[]> {
  const changed: { id: string; hash: string }[] = [];
  for (const snapshot of await listSnapshotsShowing(inside, artifactId)) {
    const isGone = (entry: FrozenEntry): boolean =>
      entry.artifactId === artifactId && numbers.includes(entry.versionNumber) && !entry.takenDown;
    if (!snapshot.content.entries.some(isGone)) continue;
    const entries = snapshot.content.entries.map((entry): FrozenEntry => {
      if (!isGone(entry)) return entry;
      const kept = { ...entry };
      delete kept.pins;
      const gone = { file: null, url: null, text: null, caption: '', altText: '' };
      return { ...kept, ...gone, title, takenDown: at.toISOString() };
    });
    const content = { ...snapshot.content, entries };
    const takenDownHash = hashOf(content);
    await saveSnapshotTakenDown(inside, { ...snapshot, content, takenDownHash });
    changed.push({ id: snapshot.id, hash: takenDownHash });
  }
  return changed;
}
