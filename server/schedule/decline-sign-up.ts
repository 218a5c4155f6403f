/**
 * The office declines guests who signed up, one by one or many at once, and takes it back: what they wrote is
 * kept until the exhibition is closed.
 */
import type { Actor } from '../access/actor.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput, NotFound } from '../errors.js';
import { asPlanner, decideSignUp, type DecidedOn, type SignUpDecision } from './decide-sign-up.js';
import type { SignUp } from './sign-up.js';
import { listSignUps } from './sign-up-records.js';

/** What may be done with one sign-up or with many: `reconsider` makes those who were declined wait again. */
export const declineVerbs = ['decline', 'reconsider'] as const;
export type DeclineVerb = (typeof declineVerbs)[number];

const decisionOf = (verb: DeclineVerb, { clock }: { clock: Clock }): SignUpDecision =>
  verb === 'decline'
    ? {
        ...{ from: 'waiting', act: 'sign-up.decline' },
        change: async () => ({ state: 'declined', declinedAt: clock.now() }),
      }
    : {
        ...{ from: 'declined', act: 'sign-up.reconsider' },
        async change(_inside, { declinedAt }) {
          // Of those who were declined long ago only the name is left.
          if (!declinedAt) throw new Conflict('schedule.sign-up.problem.nothing-kept');
          return { state: 'waiting', declinedAt: null };
        },
      };

/** @throws as `decideSignUp` */
export const declineSignUp = (
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  verb: DeclineVerb,
  on: DecidedOn,
): Promise<SignUp> =>
  asPlanner(scope, actor, exhibitionId, (inside) =>
    decideSignUp(needs.clock, inside, actor, exhibitionId, on, decisionOf(verb, needs)),
  );

/**
 * Those who have changed since they were read stay as they are.
 * @returns how many it was done with, and how many stayed
 * @throws InvalidInput on `chosen` when nobody is named, or Conflict where there are not several to choose from
 */
export async function declineSignUps(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  verb: DeclineVerb,
  all: readonly DecidedOn[],
): Promise<{ done: number; left: number }> {
  return asPlanner(scope, actor, exhibitionId, async (inside) => {
    const decision = decisionOf(verb, needs);
    if (all.length === 0) throw await nobodyChosen(inside, exhibitionId, decision);
    let done = 0;
    for (const on of all) {
      try {
        await decideSignUp(needs.clock, inside, actor, exhibitionId, on, decision);
        done += 1;
      } catch (error) {
        if (!(error instanceof Conflict || error instanceof NotFound)) throw error;
      }
    }
    return { done, left: all.length - done };
  });
}

/** The page has a field to choose from only where there are several. */
async function nobodyChosen(inside: SchoolScope, exhibitionId: string, { from }: SignUpDecision) {
  const message = 'schedule.sign-up.problem.nobody-chosen';
  const { total } = await listSignUps(inside, exhibitionId, from, 1);
  return total > 1 ? new InvalidInput([{ field: 'chosen', message }]) : new Conflict(message);
}
