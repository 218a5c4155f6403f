/** Which frozen portfolios somebody sees because they have to do with a presentation: what ties them to it, the later rooms say. */
import type { SchoolScope } from '../database.js';
import type { Slot } from './slot.js';
import { listSlotsOfStudents } from './slot-records.js';

/**
 * Ids of those snapshots that are shown on a slot to which somebody is tied.
 * @param tie is told the slots on which any of them is shown, and answers which of those it is
 */
export async function snapshotsShown(
  scope: SchoolScope,
  snapshots: readonly { id: string; studentId: string }[],
  tie: (slots: readonly Slot[]) => Promise<(slot: Slot) => boolean>,
): Promise<string[]> {
  const asked = new Set(snapshots.map(({ id }) => id));
  const students = [...new Set(snapshots.map(({ studentId }) => studentId))];
  const slots = (await listSlotsOfStudents(scope, students)).filter(
    ({ snapshotId }) => snapshotId !== null && asked.has(snapshotId),
  );
  if (slots.length === 0) return [];
  const isTied = await tie(slots);
  return slots.flatMap((slot) => (slot.snapshotId && isTied(slot) ? [slot.snapshotId] : []));
}
