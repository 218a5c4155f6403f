/**
 * Sets a visit aside from what the student and the family read, with a reason, or shows it again. Words and
 * reasons stay in the record, and are still read by those who run the exhibition; a score that came with them
 * still counts: nobody changes a tally by hiding.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import { getPerson } from '../people/people-records.js';
import { checkNotSealed, requirePermission } from '../people/person.js';
import { mayHideVisits, type Visit } from './visit.js';
import { getVisit, saveHidden, saveShown } from './visit-records.js';

/**
 * @throws Forbidden for advisors who neither plan the gallery nor advise the student, and for a student who
 *   is sealed from this school
 */
async function hideableVisit(scope: SchoolScope, actor: Actor, visitId: string): Promise<Visit> {
  const visit = await getVisit(scope, visitId);
  const [exhibition, student] = await Promise.all([
    getExhibition(scope, visit.exhibitionId),
    getPerson(scope, visit.studentId),
  ]);
  checkNotSealed(student);
  requirePermission(mayHideVisits(actor, exhibition, student), 'exhibition.problem.not-a-planner');
  return visit;
}

/** @throws InvalidInput without a reason; Conflict when it is set aside already */
export async function hideVisit(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  visitId: string,
  reason: string,
): Promise<Visit> {
  if (reason === '') throw new InvalidInput([{ field: 'reason', message: 'visits.problem.reason' }]);
  return inTransaction(scope, async (inside) => {
    await hideableVisit(inside, actor, visitId);
    const hidden = { at: clock.now(), by: actor.personId, byName: actor.name, reason };
    const after = await saveHidden(inside, visitId, hidden);
    if (!after) throw new Conflict('visits.problem.hidden-already');
    const subject = { kind: 'visit', id: visitId };
    await appendAudit(inside, clock, actor, 'visit.hide', subject, {
      slotId: after.slotId,
      withReason: true,
    });
    return after;
  });
}

/** @throws Conflict when the student reads it anyway */
export async function showVisit(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  visitId: string,
): Promise<Visit> {
  return inTransaction(scope, async (inside) => {
    const { hidden } = await hideableVisit(inside, actor, visitId);
    const after = hidden && (await saveShown(inside, visitId, hidden));
    if (!after) throw new Conflict('visits.problem.not-hidden');
    const subject = { kind: 'visit', id: visitId };
    await appendAudit(inside, clock, actor, 'visit.show', subject, { slotId: after.slotId });
    return after;
  });
}
