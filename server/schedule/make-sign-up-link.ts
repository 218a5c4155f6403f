/**
 * Makes, renews and ends the link by which guests sign up for an exhibition. It is shown when it is made and
 * kept nowhere.
 */
import type { Actor } from '../access/actor.js';
import { hashSecret, newSecret } from '../access/secrets.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { Conflict } from '../errors.js';
import { mayManageExhibitions, type Exhibition } from '../exhibitions/exhibition.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import { checkPlanner } from '../exhibitions/planners/planners.js';
import { newId } from '../ids.js';
import { requirePermission } from '../people/person.js';
import { checkPlannable } from './keep-schedule.js';
import {
  findSignUpLink,
  saveSignUpLink,
  saveSignUpLinkEnded,
  saveSignUpLinkRenewed,
} from './sign-up-link-records.js';

/**
 * An older link stops working; who has signed up by it keeps a link of their own.
 * @throws Conflict for a gallery and for an exhibition that is closed
 */
export async function makeSignUpLink(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
): Promise<{ exhibition: Exhibition; secret: string }> {
  requirePermission(mayManageExhibitions(actor));
  return inTransaction(scope, async (inside) => {
    const exhibition = await getExhibition(inside, exhibitionId);
    checkPlanner(actor, exhibition);
    checkPlannable(exhibition);
    const secret = newSecret();
    const made = { secretHash: hashSecret(secret), madeAt: clock.now(), madeBy: actor.personId };
    const before = await findSignUpLink(inside, exhibitionId);
    const link = before
      ? (await saveSignUpLinkRenewed(inside, before.id, made))!
      : await saveSignUpLink(inside, {
          ...{ id: newId(), schoolId: scope.schoolId, exhibitionId, endedAt: null },
          ...made,
        });
    const subject = { kind: 'sign-up-link', id: link.id };
    await appendAudit(inside, clock, actor, 'sign-up-link.make', subject, { exhibitionId });
    return { exhibition, secret };
  });
}

/** Nobody new signs up by it. @throws Conflict when there is none that works */
export async function endSignUpLink(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
): Promise<void> {
  requirePermission(mayManageExhibitions(actor));
  await inTransaction(scope, async (inside) => {
    checkPlanner(actor, await getExhibition(inside, exhibitionId));
    const ended = await saveSignUpLinkEnded(inside, exhibitionId, clock.now());
    if (!ended) throw new Conflict('schedule.sign-up.problem.no-link');
    const subject = { kind: 'sign-up-link', id: ended.id };
    await appendAudit(inside, clock, actor, 'sign-up-link.end', subject, { exhibitionId });
  });
}
