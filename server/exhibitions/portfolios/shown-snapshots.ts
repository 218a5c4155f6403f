/**
 * Which frozen portfolios somebody sees because they have to do with a presentation: what ties them to it,
 * the later rooms say.
 */
import type { SchoolScope } from '../../db/database.js';
import { listExhibitionsByIds } from '../exhibition-records.js';
import { findEndedPanels } from './panel-access.js';
import { seenSnapshotIds, type Slot } from '../slots/slot.js';
import { listSlotsOfStudents } from '../slots/slot-records.js';

/**
 * Ids of those snapshots that are shown on a slot to which somebody is tied, as long as panels have access;
 * and when it ended last.
 * @param tie is told the slots on which any of them is shown, and answers which of those it is
 */
export async function snapshotsShown(
  scope: SchoolScope,
  snapshots: readonly { id: string; studentId: string }[],
  now: Date,
  tie: (slots: readonly Slot[]) => Promise<(slot: Slot) => boolean>,
): Promise<{ ids: string[]; endedAt: Date | null }> {
  const asked = new Set(snapshots.map(({ id }) => id));
  const students = [...new Set(snapshots.map(({ studentId }) => studentId))];
  const slots = (await listSlotsOfStudents(scope, students)).filter((slot) =>
    seenSnapshotIds(slot).some((id) => asked.has(id)),
  );
  if (slots.length === 0) return { ids: [], endedAt: null };
  const isTied = await tie(slots);
  const tied = slots.filter(isTied);
  if (tied.length === 0) return { ids: [], endedAt: null };
  const exhibitions = await listExhibitionsByIds(scope, [...new Set(tied.map((slot) => slot.exhibitionId))]);
  const ended = await findEndedPanels(scope, tied, exhibitions, now);
  const ids = tied.flatMap((slot) => (ended.has(slot.id) ? [] : seenSnapshotIds(slot)));
  return { ids, endedAt: latest([...ended.values()]) };
}

export const latest = (moments: readonly Date[]): Date | null =>
  moments.length > 0 ? new Date(Math.max(...moments.map((each) => each.getTime()))) : null;
