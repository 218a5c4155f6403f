/** Finds the work that a panel looks at: the snapshot that is pinned to the slot, never a draft. */
import { pinnedWorkOf } from '../artifacts/pin.js';
import { faceOf } from '../artifacts/show-version.js';
import type { SchoolScope } from '../db/database.js';
import type { Slot } from '../exhibitions/slots/slot.js';
import {
  versionsShown,
  type FrozenEntry,
  type PortfolioSnapshot,
  type SnapshotContent,
} from '../portfolio/portfolio.js';
import { findSnapshot } from '../portfolio/portfolio-records.js';
import type { WorkPiece, WorkView } from './work.js';

function pieceOf(entry: FrozenEntry, criteria: SnapshotContent['criteria'], isEarlier: boolean): WorkPiece {
  const { shown, href, picture } = faceOf(entry.artifactId, { ...entry, number: entry.versionNumber });
  return {
    ...pinnedWorkOf(entry),
    caption: entry.caption,
    medium: entry.medium,
    reflection: entry.reflection,
    href: href ?? entry.url,
    picture,
    media: shown === 'audio' || shown === 'video' ? shown : null,
    criteria: criteria.filter(({ id }) => entry.criterionIds.includes(id)).map(({ name }) => name),
    pins: entry.pins ?? [],
    isEarlier,
  };
}

/** Null when nothing was submitted before the exhibition opened. */
export async function findWork(scope: SchoolScope, slot: Pick<Slot, 'snapshotId'>): Promise<WorkView | null> {
  const snapshot = slot.snapshotId === null ? null : await findSnapshot(scope, slot.snapshotId);
  return snapshot && workOf(snapshot);
}

export function workOf(snapshot: PortfolioSnapshot): WorkView {
  const { title, statement, entries, criteria } = snapshot.content;
  return {
    title,
    statement,
    submittedAt: snapshot.submittedAt.toISOString(),
    pieces: entries.flatMap((entry) =>
      versionsShown(entry).map((version, at) => pieceOf(version, criteria, at > 0)),
    ),
    parts: [],
  };
}
