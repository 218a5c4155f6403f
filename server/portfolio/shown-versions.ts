/** Answers the artifacts' room: which versions of a work may somebody see because a submitted portfolio shows them? */
import type { Actor } from '../access/actor.js';
import type { Artifact } from '../artifacts/artifact.js';
import type { SchoolScope } from '../database.js';
import { findStudent } from '../people/people-records.js';
import { mayReadSnapshots, type PortfolioSnapshot } from './portfolio.js';
import { listSnapshotsShowing } from './portfolio-records.js';

/** What this room must ask of the panel's, which comes later. app.ts hands it in. */
export interface SeatDoor {
  /** Ids of those snapshots that are shown on a slot where this person has a seat. */
  snapshotsBySeat(
    scope: SchoolScope,
    actor: Actor,
    snapshots: readonly Pick<PortfolioSnapshot, 'id' | 'studentId'>[],
  ): Promise<readonly string[]>;
}

export async function versionsShownTo(
  door: SeatDoor,
  scope: SchoolScope,
  actor: Actor,
  artifact: Pick<Artifact, 'id' | 'studentId'>,
): Promise<number[]> {
  const snapshots = await listSnapshotsShowing(scope, artifact.id);
  if (snapshots.length === 0) return [];
  const student = await findStudent(scope, artifact.studentId);
  const all = student !== null && mayReadSnapshots(actor, student);
  const bySeat = all ? [] : await door.snapshotsBySeat(scope, actor, snapshots);
  return snapshots
    .filter(({ id }) => all || bySeat.includes(id))
    .flatMap(({ content }) => content.entries)
    .filter(({ artifactId }) => artifactId === artifact.id)
    .map(({ versionNumber }) => versionNumber);
}
