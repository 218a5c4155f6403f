/** A visitor leaves feedback, a short score or both, changes it for a while, or adds the half that was missing. */
import type { Clock } from '../clock.js';
import { appendAudit } from '../audit/append-audit.js';
import { frozen } from '../audit/frozen-record.js';
import type { SchoolScope } from '../database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { panelLock, sharedBy, withLocks } from '../record-locks.js';
import { findSchool } from '../school/school-records.js';
import { holdRuleOf } from '../school/school.js';
import {
  bringsWords,
  changesAtMost,
  frozenOfVisit,
  holdsWordsOf,
  isHeld,
  MAX_HELD_AT_STAND,
  settle,
  type Left,
  type StandTakes,
  type Visit,
} from './visit.js';
import { appendLeft, countHeldVisits, findVisitOfDevice, getVisit } from './visit-records.js';

const tries = 5;

/**
 * The visit as it stands afterwards. Sent again, also after it may no longer be changed, it answers the same and counts once.
 * @param takesNow whether the stand takes visits; asked again in the transaction in which the visit is saved
 * @throws Conflict when the stand takes nothing, or the time for changes is over; InvalidInput when nothing would be left
 */
export async function leaveVisit(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  visitId: string,
  takesNow: (inside: SchoolScope, visit: Visit) => Promise<StandTakes>,
  left: Left,
): Promise<Visit> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const visit = await getVisit(scope, visitId);
    if (visit.journal.some((entry) => entry.operationId === left.operationId)) return visit;
    refuseWhere(await takesNow(scope, visit));
    if (visit.revision >= changesAtMost) throw new Conflict('visits.problem.stands', {}, 'stands');
    const now = clock.now();
    const settled = settle(visit, left, now);
    if ('problem' in settled) throw refusalOf(settled.problem);
    if (Object.keys(settled.fields).length === 0) return visit;
    if (visit.leftAt === null) await checkDevice(scope, visit);
    const fields = await withReview(scope, visit, settled.fields);
    // Visitors come together; whoever publishes waits for all of them, and what comes after that is refused.
    const lock = sharedBy(panelLock(visit.slotId), visit.id);
    const after = await withLocks(scope, [lock], async (inside) => {
      refuseWhere(await takesNow(inside, visit));
      const saved = await appendLeft(inside, visit, { ...left, at: now }, fields);
      if (!saved) return null;
      const by = { personId: saved.personId, via: 'pass' as const };
      const detail = { slotId: saved.slotId, ...frozen('visit', saved.id, frozenOfVisit(saved)) };
      await appendAudit(inside, clock, by, 'visit.leave', { kind: 'visit', id: saved.id }, detail);
      return saved;
    });
    if (after) return after;
  }
  throw new Conflict('common.problem.stale');
}

/** @throws Conflict */
function refuseWhere(takes: StandTakes): void {
  if (takes === 'over') throw new Conflict('visits.problem.stand-closed', {}, 'stand-closed');
  if (takes === 'stopped') throw new Conflict('visits.problem.stand-stopped', {}, 'stand-stopped');
}

/** New words wait for review where the school wants it, also those that replace words that were approved. */
async function withReview(scope: SchoolScope, visit: Visit, fields: Partial<Visit>): Promise<Partial<Visit>> {
  const rule = holdRuleOf(await findSchool(scope, scope.schoolId));
  if (!holdsWordsOf(rule, visit) || !bringsWords(visit, fields)) return fields;
  if (!isHeld(visit) && (await countHeldVisits(scope, visit.slotId)) >= MAX_HELD_AT_STAND)
    throw new Conflict('visits.problem.many-waiting', {}, 'many-waiting');
  return { ...fields, review: 'held' };
}

/** One device leaves one set of words at a stand, whatever name it gives. */
async function checkDevice(scope: SchoolScope, visit: Visit): Promise<void> {
  if (!visit.bySign || !visit.device) return;
  if (await findVisitOfDevice(scope, visit))
    throw new Conflict('visits.problem.same-device', {}, 'same-device');
}

function refusalOf(problem: 'nothing' | 'stands' | 'comment-alone'): Error {
  if (problem === 'stands') return new Conflict('visits.problem.stands', {}, 'stands');
  if (problem === 'nothing')
    return new InvalidInput([{ field: 'feedback.0', message: 'visits.problem.nothing' }]);
  return new InvalidInput([{ field: 'comment', message: 'visits.problem.comment-alone' }]);
}
