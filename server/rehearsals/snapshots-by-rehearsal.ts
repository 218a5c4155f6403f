/** Answers the portfolio room: which of these snapshots are shown at a rehearsal to which this person was asked? */
import type { Actor } from '../access/actor.js';
import type { SchoolScope } from '../database.js';
import { seatIn } from './rehearsal.js';
import { listRehearsalsShowing } from './rehearsal-records.js';

export async function snapshotsByRehearsal(
  scope: SchoolScope,
  actor: Actor,
  snapshots: readonly { id: string }[],
): Promise<string[]> {
  if (actor.seatIds !== null) return [];
  const ids = snapshots.map(({ id }) => id);
  const shown = await listRehearsalsShowing(scope, ids, actor.personId);
  return shown
    .filter((each) => seatIn(actor, each))
    .flatMap(({ snapshotId }) => (snapshotId ? [snapshotId] : []));
}
