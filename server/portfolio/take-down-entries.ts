/**
 * Takes the content of a work away from the snapshots that show it. Their hashes stay, so whatever was
 * decided by them stays valid.
 */
import type { Artifact, TakenDown } from '../artifacts/artifact.js';
import { hashOf } from '../canonical.js';
import type { SchoolScope } from '../db/database.js';
import { versionsShown, type FrozenEntry, type FrozenVersion } from './portfolio.js';
import { listSnapshotsShowing, saveSnapshotTakenDown } from './portfolio-records.js';

/** Numbers of the versions of a work that a snapshot shows. */
export async function frozenVersions(scope: SchoolScope, artifactId: string): Promise<number[]> {
  const entries = (await listSnapshotsShowing(scope, artifactId)).flatMap(({ content }) => content.entries);
  const shown = entries.filter((entry) => entry.artifactId === artifactId).flatMap(versionsShown);
  return shown.map(({ versionNumber }) => versionNumber);
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
    const isGone = ({ versionNumber, takenDown }: FrozenVersion): boolean =>
      numbers.includes(versionNumber) && !takenDown;
    const isShortened = (entry: FrozenEntry): boolean =>
      entry.artifactId === artifactId && versionsShown(entry).some(isGone);
    if (!snapshot.content.entries.some(isShortened)) continue;
    const emptied = <V extends FrozenVersion>(version: V): V => {
      const kept = { ...version };
      delete kept.pins;
      return { ...kept, file: null, url: null, text: null, takenDown: at.toISOString() };
    };
    const entries = snapshot.content.entries.map((entry): FrozenEntry => {
      if (!isShortened(entry)) return entry;
      const earlier = entry.earlier?.map((version) => (isGone(version) ? emptied(version) : version));
      const shown = earlier ? { ...entry, earlier } : entry;
      return isGone(entry) ? { ...emptied(shown), title, caption: '', altText: '' } : shown;
    });
    const content = { ...snapshot.content, entries };
    const takenDownHash = hashOf(content);
    await saveSnapshotTakenDown(inside, { ...snapshot, content, takenDownHash });
    changed.push({ id: snapshot.id, hash: takenDownHash });
  }
  return changed;
}
