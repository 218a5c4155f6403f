/**
 * The office admits what a visitor's phone sent after the stand was over, or declines it. Admitted, it is
 * like any other visit.
 */
import { runsSchool, type Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import { frozen } from '../audit/frozen-record.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, StateMissing } from '../errors.js';
import { findSlot } from '../exhibitions/slots/slot-records.js';
import { findPerson } from '../people/people-records.js';
import { checkNotSealed, requirePermission } from '../people/person.js';
import { panelLock, withLocks } from '../db/record-locks.js';
import { admittedFields, mayDecideLateVisit, type LateVisit } from './late-visit.js';
import { saveLateVisit } from './late-visit-records.js';
import { checkDevice, withReview } from './leave-visit.js';
import { frozenOfVisit, type Visit } from './visit.js';
import { appendLeft, getVisit } from './visit-records.js';

/**
 * The visit afterwards. Its score counts like those of others: in a result that is published already, by a correction.
 * @param asked.seen when it arrived, as the office has read it
 * @throws Forbidden for anybody but the office, and for whoever left it
 * @throws StateMissing; Conflict `stale` where more arrived since, `nothing-late` where nothing waits,
 *   `same-device` where something that the same device left counts already, `stand-closed` where whoever
 *   presented is erased
 */
export async function decideLateVisit(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  visitId: string,
  { isAdmitted, seen }: { isAdmitted: boolean; seen: string | undefined },
): Promise<Visit> {
  requirePermission(actor.seatIds === null && runsSchool(actor), 'visits.problem.office-admits');
  const { slotId } = await getVisit(scope, visitId);
  return withLocks(scope, [panelLock(slotId)], async (inside) => {
    const visit = await getVisit(inside, visitId);
    requirePermission(mayDecideLateVisit(actor, visit), 'visits.problem.own-late-visit');
    checkNotSealed(await findPerson(inside, visit.studentId));
    if (visit.late?.state !== 'waiting')
      throw new Conflict('visits.problem.nothing-late', {}, 'nothing-late');
    refuseArrivedSince(visit, visit.late, seen);
    if (isAdmitted && (await findSlot(inside, slotId))?.presenterErasedAt)
      throw new Conflict('visits.problem.stand-closed', {}, 'stand-closed');
    // Several may have arrived at the same moment.
    if (isAdmitted) await checkDevice(inside, visit, 'visits.problem.same-device-admitted');
    const at = clock.now();
    const state = isAdmitted ? ('admitted' as const) : ('declined' as const);
    const { feedback, score, ...rest } = visit.late;
    const decided = { state, decidedAt: at, decidedBy: actor.personId };
    const subject = { kind: 'visit', id: visitId };
    await appendAudit(inside, clock, actor, `visit.late-${state}`, subject, { slotId });
    if (!isAdmitted) return changedOr(await saveLateVisit(inside, visit, { ...visit.late, ...decided }));
    const fields = await withReview(inside, visit, admittedFields(visit, visit.late));
    const left = { ...(feedback ? { feedback } : {}), ...(score ? { score } : {}) };
    const entry = { operationId: rest.operationIds.at(-1)!, ...left, at };
    const after = changedOr(
      await appendLeft(inside, visit, entry, { ...fields, late: { ...rest, ...decided } }),
    );
    const detail = { slotId, late: true, ...frozen('visit', after.id, frozenOfVisit(after)) };
    await appendAudit(inside, clock, actor, 'visit.leave', subject, detail);
    return after;
  });
}

function changedOr(saved: Visit | null): Visit {
  if (!saved) throw new Conflict('common.problem.stale');
  return saved;
}

/** @throws StateMissing; Conflict `stale` */
function refuseArrivedSince({ name }: Visit, { at }: LateVisit, seen: string | undefined): void {
  if (!seen) throw new StateMissing('common.problem.state-missing', { field: 'arrivedAt' });
  if (at.getTime() === new Date(seen).getTime()) return;
  throw new Conflict('visits.problem.arrived-since', { name }, 'stale', {
    changes: [{ who: name, at: at.toISOString() }],
  });
}
