/** Which frozen portfolios are shown to somebody because they have to do with a presentation. */
import type { Actor } from '../../access/actor.js';
import type { SchoolScope } from '../../db/database.js';
import type { SnapshotShowing, SnapshotOwner } from '../../portfolio/snapshot-access.js';
import { listExhibitionsByIds } from '../exhibition-records.js';
import { presentationIdOf } from '../groups/group.js';
import { isOwnSeat } from '../seats/seat.js';
import { listSeatsOfSlots } from '../seats/seat-records.js';
import { seenSnapshotIds, type Slot } from '../slots/slot.js';
import { listSlotsOfStudents } from '../slots/slot-records.js';
import { findEndedPanels } from './panel-access.js';

/**
 * By presentations to which somebody is tied; access ends with that of panels.
 * @param tie is told the slots on which any of the snapshots is shown, and answers which of those it is
 */
export async function listShowingsOnSlots(
  scope: SchoolScope,
  snapshots: readonly SnapshotOwner[],
  now: Date,
  tie: (slots: readonly Slot[]) => Promise<(slot: Slot) => boolean>,
): Promise<SnapshotShowing[]> {
  const asked = new Set(snapshots.map(({ id }) => id));
  const students = [...new Set(snapshots.map(({ studentId }) => studentId))];
  const slots = (await listSlotsOfStudents(scope, students)).filter((slot) =>
    seenSnapshotIds(slot).some((id) => asked.has(id)),
  );
  if (slots.length === 0) return [];
  const isTied = await tie(slots);
  const tied = slots.filter(isTied);
  if (tied.length === 0) return [];
  const exhibitions = await listExhibitionsByIds(scope, [...new Set(tied.map((slot) => slot.exhibitionId))]);
  const ended = await findEndedPanels(scope, tied, exhibitions, now);
  return tied.flatMap((slot) =>
    seenSnapshotIds(slot).map((snapshotId) => ({ snapshotId, endedAt: ended.get(slot.id) ?? null })),
  );
}

/** On the panels on which this person has a seat. */
export const listSeatShowings = (
  scope: SchoolScope,
  actor: Actor,
  snapshots: readonly SnapshotOwner[],
  now: Date,
) =>
  listShowingsOnSlots(scope, snapshots, now, async (slots) => {
    const seats = await listSeatsOfSlots(scope, slots.map(presentationIdOf));
    const sitsIn = new Set(seats.filter((seat) => isOwnSeat(actor, seat)).map(({ slotId }) => slotId));
    return (slot) => sitsIn.has(presentationIdOf(slot));
  });
