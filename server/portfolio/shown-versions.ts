/** Answers the artifacts' room: which versions of a work may somebody see because a submitted portfolio shows them? */
import type { Actor } from '../access/actor.js';
import type { Artifact } from '../artifacts/artifact.js';
import type { SchoolScope } from '../db/database.js';
import { findStudent } from '../people/people-records.js';
import { mayReadSnapshots, versionsShown, type PortfolioSnapshot } from './portfolio.js';
import { listSnapshotsShowing } from './portfolio-records.js';

/** What portfolios must ask of exhibitions, which come later; ports.ts passes it in. */
export interface SnapshotPorts {
  /**
   * Those snapshots that are shown on a slot where this person has a seat, at a stand or a rehearsal where they were.
   */
  snapshotsBySeat(
    scope: SchoolScope,
    actor: Actor,
    snapshots: readonly Pick<PortfolioSnapshot, 'id' | 'studentId'>[],
    now: Date,
  ): Promise<SnapshotsShown>;
}

interface SnapshotsShown {
  /** Ids of those that they may read. */
  ids: readonly string[];
  /** When their access to others of them ended last; null when there are none. */
  endedAt: Date | null;
}

/** @returns numbers of the versions, and when access to others of them ended */
export async function versionsShownTo(
  door: SnapshotPorts,
  scope: SchoolScope,
  actor: Actor,
  artifact: Pick<Artifact, 'id' | 'studentId'>,
  now: Date,
): Promise<{ numbers: number[]; endedAt: Date | null }> {
  const snapshots = await listSnapshotsShowing(scope, artifact.id);
  if (snapshots.length === 0) return { numbers: [], endedAt: null };
  const student = await findStudent(scope, artifact.studentId);
  const all = student !== null && mayReadSnapshots(actor, student);
  const { ids, endedAt }: SnapshotsShown = all
    ? { ids: [], endedAt: null }
    : await door.snapshotsBySeat(scope, actor, snapshots, now);
  const numbers = snapshots
    .filter(({ id }) => all || ids.includes(id))
    .flatMap(({ content }) => content.entries)
    .filter(({ artifactId }) => artifactId === artifact.id)
    .flatMap(versionsShown)
    .map(({ versionNumber }) => versionNumber);
  return { numbers, endedAt };
}
