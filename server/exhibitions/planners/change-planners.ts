/**
 * Gives an advisor the permission to plan an exhibition, and takes it back. The office and the planners
 * themselves decide.
 */
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { Clock } from '../../clock.js';
import { inTransaction, type SchoolScope } from '../../db/database.js';
import { InvalidInput, NotFound } from '../../errors.js';
import { findPerson } from '../../people/people-records.js';
import { getExhibition, savePlanners } from '../exhibition-records.js';
import { checkPlanner } from './planners.js';

/** More people than this plan no exhibition. */
const MAX_PLANNERS = 50;

/** @throws InvalidInput `personId` for somebody who is not an advisor of the school */
export async function addPlanner(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  personId: string,
): Promise<void> {
  await inTransaction(scope, async (inside) => {
    const exhibition = await getExhibition(inside, exhibitionId);
    checkPlanner(actor, exhibition);
    const person = await findPerson(inside, personId);
    if (!person?.active || !person.roles.includes('advisor'))
      throw new InvalidInput([{ field: 'personId', message: 'exhibition.problem.not-an-advisor' }]);
    const before = exhibition.plannerIds ?? [];
    if (before.includes(personId)) return;
    if (before.length >= MAX_PLANNERS)
      throw new InvalidInput([{ field: 'personId', message: 'exhibition.problem.too-many-planners' }]);
    await savePlanners(inside, exhibitionId, [...before, personId]);
    const subject = { kind: 'exhibition', id: exhibitionId };
    await appendAudit(inside, needs.clock, actor, 'exhibition.add-planner', subject, { personId });
  });
}

/** @throws NotFound for somebody who has no permission to lose */
export async function removePlanner(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  personId: string,
): Promise<void> {
  await inTransaction(scope, async (inside) => {
    const exhibition = await getExhibition(inside, exhibitionId);
    checkPlanner(actor, exhibition);
    const before = exhibition.plannerIds ?? [];
    if (!before.includes(personId)) throw new NotFound();
    await savePlanners(
      inside,
      exhibitionId,
      before.filter((id) => id !== personId),
    );
    const subject = { kind: 'exhibition', id: exhibitionId };
    await appendAudit(inside, needs.clock, actor, 'exhibition.remove-planner', subject, { personId });
  });
}
