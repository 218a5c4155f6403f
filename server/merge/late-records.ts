/**
 * Gives what was written for somebody's old id after a merge to the person who stays: an upload that took its
 * time, a form that was open. The merge is done by then, so nothing here undoes it or makes its answer a
 * failure. Safe at any time and as often as one likes; run after each merge and every few minutes, for two
 * days and for as long as something waits.
 */
import { moveSessions } from '../access/session.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { Database, SchoolScope } from '../db/database.js';
import type { Log } from '../log.js';
import type { MergedPerson } from '../people/merged-person.js';
import { findCurrentIds, listMergedSince, listSchoolsMergedSince } from '../people/merged-people-records.js';
import { mergeLock, withLocks } from '../db/record-locks.js';
import { findSchool } from '../school/school-records.js';
import { goneParts } from './join.js';
import { saveJoined } from './join-records.js';
import { saveReferencesMoved, saveUnmoved } from './reference-records.js';

export interface LateNeeds {
  clock: Clock;
  log: Pick<Log, 'info' | 'warn'>;
}

/** Longer than anybody writes for an id that they read before the merge. */
const LATE_HOURS = 48;
const lateSince = (clock: Clock): Date => new Date(clock.now().getTime() - LATE_HOURS * 60 * 60 * 1000);

/** After the commit of a merge. A failure is logged; the sweep tries again. */
export async function followMerge(
  needs: LateNeeds,
  scope: SchoolScope,
  { id, into }: Pick<MergedPerson, 'id' | 'into'>,
): Promise<void> {
  try {
    await moveSessions(scope, id, into);
    // Whatever was written for the old id between the two moments.
    await moveLateRecords(needs, scope);
  } catch (error) {
    needs.log.warn({ err: error, merged: id }, 'what follows a merge failed; it is tried again');
  }
}

/**
 * One that fails keeps nobody else's from being moved, and is looked at until it is moved, however long that takes.
 * @returns how many records came late
 */
export async function moveLateRecords(needs: LateNeeds, scope: SchoolScope): Promise<number> {
  const merged = await listMergedSince(scope, lateSince(needs.clock));
  const ids = merged.map(({ id }) => id);
  const current = await findCurrentIds(scope, ids);
  let late = 0;
  for (const { id, by, unmoved = false } of merged) {
    const into = current.get(id);
    if (!into) continue;
    let waits = true;
    try {
      const { count, apart } = await withLocks(scope, [mergeLock], (inside) =>
        moveOne(needs.clock, inside, by, [into, id]),
      );
      late += count;
      waits = apart.length > 0;
      if (waits && !unmoved)
        needs.log.warn(
          { merged: id, narratives: apart },
          'narratives that were signed after a merge stay with the old record: the person who stays has signed ones of that term',
        );
    } catch (error) {
      needs.log.warn({ err: error, merged: id }, 'a record that came after a merge could not be moved');
    }
    if (waits !== unmoved) await saveUnmoved(scope, id, waits);
  }
  return late;
}

/** Of all schools in which somebody was merged lately. @returns how many records came late */
export async function sweepLateRecords({ db, ...needs }: LateNeeds & { db: Database }): Promise<number> {
  let all = 0;
  for (const schoolId of await listSchoolsMergedSince(db, lateSince(needs.clock)))
    try {
      const late = await moveLateRecords(needs, { db, schoolId });
      if (late > 0)
        needs.log.info({ schoolId, late }, 'records that were written for a merged person were moved');
      all += late;
    } catch (error) {
      const said = 'records that were written for a merged person could not be moved';
      needs.log.warn({ err: error, schoolId }, said);
    }
  return all;
}

/** @param by who merged them */
async function moveOne(
  clock: Clock,
  inside: SchoolScope,
  by: string,
  ids: readonly [into: string, from: string],
): Promise<{ count: number; apart: string[] }> {
  const [into, from] = ids;
  const school = await findSchool(inside, inside.schoolId);
  const terms = { currentTermId: school?.currentTermId ?? null, isLate: true };
  const { apart, removedParts } = await saveJoined(inside, ids, terms);
  const moved = await saveReferencesMoved(inside, from, into, apart);
  if (removedParts.length > 0)
    await appendAudit(
      inside,
      clock,
      { personId: by, via: 'script' },
      'people.merge-late',
      { kind: 'person', id: into },
      { mergedId: from, moved, ...goneParts(removedParts) },
    );
  return { count: Object.values(moved).reduce((sum, count) => sum + count, 0), apart };
}
