/**
 * A visitor leaves feedback, a short score or both, changes it for a while, or adds the half that was
 * missing. What a phone sends only after the stand is over is kept for the office and changes nothing until
 * it is admitted.
 */
import type { Clock } from '../clock.js';
import { appendAudit } from '../audit/append-audit.js';
import { frozen } from '../audit/frozen-record.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { panelLock, sharedBy, withLocks } from '../db/record-locks.js';
import { findSchool } from '../school/school-records.js';
import { holdRuleOf } from '../school/school.js';
import { lateWith, lateWithout } from './late-visit.js';
import { countLateVisits, saveLateVisit } from './late-visit-records.js';
import {
  bringsWords,
  MAX_VISIT_CHANGES,
  frozenOfVisit,
  holdsWordsOf,
  isHeld,
  MAX_HELD_AT_STAND,
  applyVisitEdit,
  type Left,
  type StandTakes,
  type Visit,
} from './visit.js';
import { appendLeft, countHeldVisits, findVisitOfDevice, getVisit } from './visit-records.js';

const tries = 5;

type TakesNow = (inside: SchoolScope, visit: Visit) => Promise<StandTakes>;

/**
 * The visit as it is afterwards. Sent again, also after it may no longer be changed, it answers the same and
 * counts once.
 * @param takesNow whether the stand takes visits; asked again in the transaction in which the visit is saved
 * @throws Conflict when the stand takes nothing for the moment or not yet, or the time for changes is over;
 *   InvalidInput when nothing would be left
 */
export async function leaveVisit(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  visitId: string,
  takesNow: TakesNow,
  left: Left,
): Promise<Visit> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const visit = await getVisit(scope, visitId);
    if (isKnown(visit, left)) return visit;
    const takes = await takesNow(scope, visit);
    refuseWhere(takes);
    if (visit.revision >= MAX_VISIT_CHANGES) throw new Conflict('visits.problem.stands', {}, 'stands');
    const now = clock.now();
    const settled = applyVisitEdit(visit, left, now);
    if ('problem' in settled) throw refusalOf(settled.problem);
    if (Object.keys(settled.fields).length === 0) return visit;
    await checkDevice(scope, visit);
    if (takes === 'late') {
      const kept = await keepLate(clock, scope, visit, {
        ...{ operationId: left.operationId, sent: settled.fields, takesNow },
      });
      if (kept) return kept;
      continue;
    }
    const fields = await withReview(scope, visit, settled.fields);
    // Visitors come together; whoever publishes waits for all of them, and what comes after that is refused.
    const lock = sharedBy(panelLock(visit.slotId), visit.id);
    const after = await withLocks(scope, [lock], async (inside) => {
      const takesInside = await takesNow(inside, visit);
      if (takesInside === 'late') return null;
      refuseWhere(takesInside);
      const { late } = visit;
      const taken = late?.state === 'waiting' ? { ...fields, late: lateWithout(late, fields) } : fields;
      const saved = await appendLeft(inside, visit, { ...left, at: now }, taken);
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

const isKnown = ({ journal, late }: Visit, { operationId }: Left): boolean =>
  journal.some((entry) => entry.operationId === operationId) ||
  (late?.operationIds.includes(operationId) ?? false);

/**
 * Kept for the office. Null when the visit or what the stand takes changed in the meantime.
 * @throws Conflict when very much waits at this stand already, or was sent for this visit
 */
async function keepLate(
  clock: Clock,
  scope: SchoolScope,
  visit: Visit,
  { operationId, sent, takesNow }: { operationId: string; sent: Partial<Visit>; takesNow: TakesNow },
): Promise<Visit | null> {
  if ((visit.late?.operationIds.length ?? 0) >= MAX_VISIT_CHANGES)
    throw new Conflict('visits.problem.stands', {}, 'stands');
  if (visit.late?.state !== 'waiting' && (await countLateVisits(scope, visit.slotId)) >= MAX_HELD_AT_STAND)
    throw new Conflict('visits.problem.many-waiting', {}, 'many-waiting');
  return withLocks(scope, [sharedBy(panelLock(visit.slotId), visit.id)], async (inside) => {
    if ((await takesNow(inside, visit)) !== 'late') return null;
    const saved = await saveLateVisit(inside, visit, lateWith(visit.late, operationId, sent, clock.now()));
    if (!saved) return null;
    const by = { personId: saved.personId, via: 'pass' as const };
    const subject = { kind: 'visit', id: saved.id };
    await appendAudit(inside, clock, by, 'visit.hand-in-late', subject, { slotId: saved.slotId });
    return saved;
  });
}

/** @throws Conflict */
function refuseWhere(takes: StandTakes): void {
  if (takes === 'over') throw new Conflict('visits.problem.stand-closed', {}, 'stand-closed');
  if (takes === 'stopped') throw new Conflict('visits.problem.stand-stopped', {}, 'stand-stopped');
}

/** New words wait for review where the school wants it, also those that replace words that were approved. */
export async function withReview(
  scope: SchoolScope,
  visit: Visit,
  fields: Partial<Visit>,
): Promise<Partial<Visit>> {
  const rule = holdRuleOf(await findSchool(scope, scope.schoolId));
  if (!holdsWordsOf(rule, visit) || !bringsWords(visit, fields)) return fields;
  if (!isHeld(visit) && (await countHeldVisits(scope, visit.slotId)) >= MAX_HELD_AT_STAND)
    throw new Conflict('visits.problem.many-waiting', {}, 'many-waiting');
  return { ...fields, review: 'held' };
}

/**
 * One device leaves one set of words at a stand, whatever name it gives; what waits for the office is one as well.
 * @throws Conflict
 */
export async function checkDevice(
  scope: SchoolScope,
  visit: Visit,
  message = 'visits.problem.same-device',
): Promise<void> {
  if (visit.leftAt !== null || !visit.bySign || !visit.device) return;
  // Of two that wait because they arrived at the same moment the one that is admitted first counts.
  const alsoWaiting = visit.late?.state !== 'waiting';
  if (await findVisitOfDevice(scope, visit, alsoWaiting))
    throw new Conflict(message, { name: visit.name }, 'same-device');
}

function refusalOf(problem: 'nothing' | 'stands' | 'comment-alone'): Error {
  if (problem === 'stands') return new Conflict('visits.problem.stands', {}, 'stands');
  if (problem === 'nothing')
    return new InvalidInput([{ field: 'feedback.0', message: 'visits.problem.nothing' }]);
  return new InvalidInput([{ field: 'comment', message: 'visits.problem.comment-alone' }]);
}
