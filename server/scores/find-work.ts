/** Finds the work that a panel looks at: the snapshot that is pinned to the slot, never a draft. */
import type { SchoolScope } from '../database.js';
import type { Slot } from '../exhibition/slot.js';
import type { FrozenEntry, SnapshotContent } from '../portfolio/portfolio.js';
import { findSnapshot } from '../portfolio/portfolio-records.js';
import type { WorkPiece, WorkView } from './work-view.js';

function pieceOf(entry: FrozenEntry, criteria: SnapshotContent['criteria']): WorkPiece {
  const file =
    entry.file === null ? null : `/artifacts/${entry.artifactId}/file?version=${entry.versionNumber}`;
  return {
    title: entry.title,
    caption: entry.caption,
    altText: entry.altText,
    medium: entry.medium,
    reflection: entry.reflection,
    href: file ?? entry.url,
    picture: entry.medium === 'photo' ? file : null,
    media: file !== null && (entry.medium === 'audio' || entry.medium === 'video') ? entry.medium : null,
    text: entry.text,
    criteria: criteria.filter(({ id }) => entry.criterionIds.includes(id)).map(({ name }) => name),
  };
}

/** Null when nothing was submitted before the exhibition opened. */
export async function findWork(scope: SchoolScope, slot: Slot): Promise<WorkView | null> {
  const snapshot = slot.snapshotId === null ? null : await findSnapshot(scope, slot.snapshotId);
  if (!snapshot) return null;
  const { title, statement, entries, criteria } = snapshot.content;
  return {
    title,
    statement,
    submittedAt: snapshot.submittedAt.toISOString(),
    pieces: entries.map((entry) => pieceOf(entry, criteria)),
  };
}
