/** Answers the portfolio room: which of these snapshots are shown on a slot where this person has a seat? */
import type { Actor } from '../../access/actor.js';
import type { SchoolScope } from '../../db/database.js';
import { presentationIdOf } from '../groups/group.js';
import { snapshotsShown } from './shown-snapshots.js';
import { isOwnSeat } from '../seats/seat.js';
import { listSeatsOfSlots } from '../seats/seat-records.js';

export const snapshotsBySeat = (
  scope: SchoolScope,
  actor: Actor,
  snapshots: readonly { id: string; studentId: string }[],
  now: Date,
) =>
  snapshotsShown(scope, snapshots, now, async (slots) => {
    const seats = await listSeatsOfSlots(scope, slots.map(presentationIdOf));
    const sitsIn = new Set(seats.filter((seat) => isOwnSeat(actor, seat)).map(({ slotId }) => slotId));
    return (slot) => sitsIn.has(presentationIdOf(slot));
  });
