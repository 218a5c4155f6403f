/** Until when those who were asked to a rehearsal read the work that is shown there. */
import type { Actor } from '../access/actor.js';
import type { SchoolScope } from '../db/database.js';
import type { SnapshotShowing, SnapshotOwner } from '../portfolio/snapshot-access.js';
import { findSchool } from '../school/school-records.js';
import { panelAccessDaysOf } from '../school/school.js';
import { listenersEnd, seatIn, type Rehearsal } from './rehearsal.js';
import { listRehearsalsShowing } from './rehearsal-records.js';

/** When those who listened to these rehearsals read nothing of the student's any more, by rehearsal. */
export async function listListenersEnds(
  scope: SchoolScope,
  rehearsals: readonly Rehearsal[],
): Promise<Map<string, Date>> {
  if (rehearsals.length === 0) return new Map();
  const school = await findSchool(scope, scope.schoolId);
  const [days, zone] = [panelAccessDaysOf(school), school?.timeZone ?? 'UTC'];
  return new Map(rehearsals.map((each) => [each.id, listenersEnd(each, days, zone)]));
}

/** At the rehearsals to which this person was asked. */
export async function listRehearsalShowings(
  scope: SchoolScope,
  actor: Actor,
  snapshots: readonly Pick<SnapshotOwner, 'id'>[],
  now: Date,
): Promise<SnapshotShowing[]> {
  if (actor.seatIds !== null) return [];
  const ids = snapshots.map(({ id }) => id);
  const shown = await listRehearsalsShowing(scope, ids, actor.personId);
  const heard = shown.filter((each) => seatIn(actor, each));
  const ends = await listListenersEnds(scope, heard);
  return heard.flatMap(({ id, snapshotId }) => {
    const end = ends.get(id)!;
    return snapshotId ? [{ snapshotId, endedAt: end < now ? end : null }] : [];
  });
}
