/** Answers the portfolio room: which of these snapshots are shown at a stand that this person visits? */
import type { Actor } from '../access/actor.js';
import type { SchoolScope } from '../db/database.js';
import { snapshotsShown } from '../exhibitions/portfolios/shown-snapshots.js';
import { isOwnVisit } from './visit.js';
import { listVisitsOfPersonAt } from './visit-records.js';

export const snapshotsByVisit = (
  scope: SchoolScope,
  actor: Actor,
  snapshots: readonly { id: string; studentId: string }[],
  now: Date,
) =>
  snapshotsShown(scope, snapshots, now, async (slots) => {
    const ids = slots.map(({ id }) => id);
    const visits = await listVisitsOfPersonAt(scope, actor.personId, ids);
    const visited = new Set(visits.filter((visit) => isOwnVisit(actor, visit)).map(({ slotId }) => slotId));
    return ({ id }) => visited.has(id);
  });
