/** What every decision on a sign-up asks: who may, what it is about, and that it is still as it was read. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { Conflict, NotFound, StateMissing } from '../errors.js';
import { mayManageExhibitions, type Exhibition } from '../exhibitions/exhibition.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import { checkPlanner } from '../exhibitions/planners/planners.js';
import { requirePermission } from '../people/person.js';
import type { SignUp, SignUpState } from './sign-up.js';
import { findSignUp, saveSignUpChange } from './sign-up-records.js';

export interface DecidedOn {
  signUpId: string;
  /**
   * `changedAt` of the sign-up as the office has read it: until it is decided on, its guest may change every
   * word of it.
   */
  seen: string | undefined;
}

export interface SignUpDecision {
  /** In which state it must be. */
  from: SignUpState;
  /** For the audit trail. */
  act: string;
  change(inside: SchoolScope, found: SignUp): Promise<Partial<SignUp> & Pick<SignUp, 'state'>>;
}

/** In a transaction, as somebody who plans the exhibition. @throws Forbidden; NotFound */
export async function asPlanner<T>(
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  work: (inside: SchoolScope, exhibition: Exhibition) => Promise<T>,
): Promise<T> {
  requirePermission(mayManageExhibitions(actor));
  return inTransaction(scope, async (inside) => {
    const exhibition = await getExhibition(inside, exhibitionId);
    checkPlanner(actor, exhibition);
    return work(inside, exhibition);
  });
}

/**
 * @param inside of `asPlanner`
 * @throws NotFound when its guest has withdrawn it; Conflict when somebody has decided already, `stale` when
 *   the guest has changed it since it was read; StateMissing
 */
export async function decideSignUp(
  clock: Clock,
  inside: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  { signUpId, seen }: DecidedOn,
  { from, act, change }: SignUpDecision,
): Promise<SignUp> {
  const found = await findSignUp(inside, signUpId);
  if (found?.exhibitionId !== exhibitionId) throw new NotFound();
  if (found.state !== from) throw new Conflict('schedule.sign-up.problem.decided');
  if (seen === undefined) throw new StateMissing('common.problem.state-missing', { field: 'seen' });
  if (seen !== found.changedAt.toISOString())
    throw new Conflict('schedule.sign-up.problem.changed', { name: found.name }, 'stale');
  const decided = await saveSignUpChange(inside, found, {
    ...(await change(inside, found)),
    cameFrom: null,
  });
  if (!decided) throw new Conflict('schedule.sign-up.problem.decided');
  const { personId } = decided;
  const detail = { exhibitionId, ...(personId ? { personId } : {}) };
  await appendAudit(inside, clock, actor, act, { kind: 'sign-up', id: signUpId }, detail);
  return decided;
}
