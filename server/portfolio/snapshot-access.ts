/**
 * The one rule for who may see frozen work: the student, their advisors, their family and the office see every
 * snapshot; everybody else sees those that were shown to them, as long as their access lasts.
 */
import type { Actor } from '../access/actor.js';
import type { Artifact } from '../artifacts/artifact.js';
import type { SchoolScope } from '../db/database.js';
import { findStudent } from '../people/people-records.js';
import type { StudentFacts } from '../people/person.js';
import { mayReadSnapshots, versionsShown, type PortfolioSnapshot } from './portfolio.js';
import { listSnapshotsShowing } from './portfolio-records.js';

export type SnapshotOwner = Pick<PortfolioSnapshot, 'id' | 'studentId'>;

/** A snapshot is shown to somebody: on a panel, at a stand or at a rehearsal. */
export interface SnapshotShowing {
  snapshotId: string;
  /** When their access by it ended; null while it lasts. */
  endedAt: Date | null;
}

/** What portfolios must ask of exhibitions, which come later; ports.ts passes it in. */
export interface SnapshotPorts {
  /** By what these snapshots are shown to this person; others of the same presentation may be among them. */
  listShowings(
    scope: SchoolScope,
    actor: Actor,
    snapshots: readonly SnapshotOwner[],
    now: Date,
  ): Promise<SnapshotShowing[]>;
}

export interface SnapshotAccess<S> {
  readable: S[];
  /** When access by a showing ended last; null when none has ended, or when it is not needed. */
  endedAt: Date | null;
}

/** @param student whose snapshots these are; null when there is no such student any more */
export function snapshotAccess<S extends SnapshotOwner>(
  actor: Actor,
  student: StudentFacts | null,
  snapshots: readonly S[],
  showings: readonly SnapshotShowing[],
): SnapshotAccess<S> {
  if (student && mayReadSnapshots(actor, student)) return { readable: [...snapshots], endedAt: null };
  const open = new Set(showings.filter(({ endedAt }) => !endedAt).map(({ snapshotId }) => snapshotId));
  const ends = showings.flatMap(({ endedAt }) => endedAt?.getTime() ?? []);
  return {
    readable: snapshots.filter(({ id }) => open.has(id)),
    endedAt: ends.length > 0 ? new Date(Math.max(...ends)) : null,
  };
}

/** `snapshotAccess`, with the showings that it needs. */
export async function findSnapshotAccess<S extends SnapshotOwner>(
  ports: SnapshotPorts,
  scope: SchoolScope,
  actor: Actor,
  student: StudentFacts | null,
  snapshots: readonly S[],
  now: Date,
): Promise<SnapshotAccess<S>> {
  const readsAll = student !== null && mayReadSnapshots(actor, student);
  const showings = readsAll ? [] : await ports.listShowings(scope, actor, snapshots, now);
  return snapshotAccess(actor, student, snapshots, showings);
}

/**
 * Which versions of a work somebody may see because a submitted portfolio shows them.
 * @returns numbers of the versions, and when access to others of them ended
 */
export async function versionsShownTo(
  ports: SnapshotPorts,
  scope: SchoolScope,
  actor: Actor,
  artifact: Pick<Artifact, 'id' | 'studentId'>,
  now: Date,
): Promise<{ numbers: number[]; endedAt: Date | null }> {
  const snapshots = await listSnapshotsShowing(scope, artifact.id);
  if (snapshots.length === 0) return { numbers: [], endedAt: null };
  const student = await findStudent(scope, artifact.studentId);
  const { readable, endedAt } = await findSnapshotAccess(ports, scope, actor, student, snapshots, now);
  const numbers = readable
    .flatMap(({ content }) => content.entries)
    .filter(({ artifactId }) => artifactId === artifact.id)
    .flatMap(versionsShown)
    .map(({ versionNumber }) => versionNumber);
  return { numbers, endedAt };
}
