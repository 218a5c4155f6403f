/**
 * Gives what was written for somebody's old id after a merge to the person who stays: an upload that took its time, a form that was open.
 * Safe at any time and as often as one likes; run after each merge and every few minutes.
 */
import type { Clock } from '../clock.js';
import type { Database, SchoolScope } from '../database.js';
import type { Log } from '../log.js';
import { findCurrentIds, listMergedSince, listSchoolsMergedSince } from '../people/merged-people-records.js';
import { mergeLock, withLocks } from '../record-locks.js';
import { saveStorageJoined } from './join-records.js';
import { saveReferencesMoved } from './reference-records.js';

/** Longer than anybody writes for an id that they read before the merge. */
const LATE_HOURS = 48;
const lateSince = (clock: Clock): Date => new Date(clock.now().getTime() - LATE_HOURS * 60 * 60 * 1000);

/** @returns how many records came late */
export async function moveLateRecords(clock: Clock, scope: SchoolScope): Promise<number> {
  let late = 0;
  const merged = (await listMergedSince(scope, lateSince(clock))).map(({ id }) => id);
  for (const [id, into] of await findCurrentIds(scope, merged))
    late += await withLocks(scope, [mergeLock], async (inside) => {
      const moved = await saveReferencesMoved(inside, id, into);
      await saveStorageJoined(inside, [into, id], 0);
      return Object.values(moved).reduce((sum, count) => sum + count, 0);
    });
  return late;
}

/** Of all schools in which somebody was merged lately. */
export async function sweepLateRecords(needs: {
  db: Database;
  clock: Clock;
  log: Pick<Log, 'info' | 'warn'>;
}): Promise<void> {
  const { db, clock, log } = needs;
  for (const schoolId of await listSchoolsMergedSince(db, lateSince(clock)))
    try {
      const late = await moveLateRecords(clock, { db, schoolId });
      if (late > 0) log.info({ schoolId, late }, 'records that were written for a merged person were moved');
    } catch (error) {
      log.warn({ err: error, schoolId }, 'records that were written for a merged person could not be moved');
    }
}
