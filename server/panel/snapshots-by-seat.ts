/** Answers the portfolio room: which of these snapshots are shown on a slot where this person has a seat? */
import type { Actor } from '../access/actor.js';
import type { SchoolScope } from '../database.js';
import { presentationIdOf } from '../exhibition/group.js';
import { listSlotsOfStudents } from '../exhibition/slot-records.js';
import { isOwnSeat } from './seat.js';
import { listSeatsOfSlots } from './seat-records.js';

export async function snapshotsBySeat(
  scope: SchoolScope,
  actor: Actor,
  snapshots: readonly { id: string; studentId: string }[],
): Promise<string[]> {
  const asked = new Set(snapshots.map(({ id }) => id));
  const students = [...new Set(snapshots.map(({ studentId }) => studentId))];
  const slots = (await listSlotsOfStudents(scope, students)).filter(
    ({ snapshotId }) => snapshotId !== null && asked.has(snapshotId),
  );
  const seats = await listSeatsOfSlots(scope, slots.map(presentationIdOf));
  const sitsIn = new Set(seats.filter((seat) => isOwnSeat(actor, seat)).map(({ slotId }) => slotId));
  return slots.flatMap((slot) =>
    slot.snapshotId && sitsIn.has(presentationIdOf(slot)) ? [slot.snapshotId] : [],
  );
}
