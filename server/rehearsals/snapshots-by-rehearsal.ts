/** Answers the portfolio room: which of these snapshots are shown at a rehearsal to which this person was asked? */
import type { Actor } from '../access/actor.js';
import type { SchoolScope } from '../db/database.js';
import { latest } from '../exhibitions/portfolios/shown-snapshots.js';
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

export async function snapshotsByRehearsal(
  scope: SchoolScope,
  actor: Actor,
  snapshots: readonly { id: string }[],
  now: Date,
): Promise<{ ids: string[]; endedAt: Date | null }> {
  if (actor.seatIds !== null) return { ids: [], endedAt: null };
  const ids = snapshots.map(({ id }) => id);
  const shown = await listRehearsalsShowing(scope, ids, actor.personId);
  const heard = shown.filter((each) => seatIn(actor, each));
  const ends = await listListenersEnds(scope, heard);
  return {
    ids: heard.flatMap(({ id, snapshotId }) => (snapshotId && now <= ends.get(id)! ? [snapshotId] : [])),
    endedAt: latest([...ends.values()].filter((end) => end < now)),
  };
}
