/** Says which of a student's attempts counts, whatever the school's rule says; or gives it back to the rule. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import { frozen } from '../audit/frozen-record.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, Forbidden, InvalidInput, StateMissing } from '../errors.js';
import { getSlot } from '../exhibitions/slots/slot-records.js';
import { newId } from '../ids.js';
import { getPerson } from '../people/people-records.js';
import { checkNotErased, checkNotSealed } from '../people/person.js';
import { attemptsLock, withLocks } from '../db/record-locks.js';
import { appendAttemptChoice, listAttemptChoices } from './attempt-choice-records.js';
import {
  chainOf,
  choiceStateOf,
  firstExhibitionOf,
  frozenOfChoice,
  mayChooseAttempt,
  type AttemptChoice,
} from './attempts.js';
import { findResult, listGrowthOfStudent } from './result-records.js';

export interface AskedChoice {
  /** Slot of the attempt that shall count; null for the school's rule. */
  slotId: string | null;
  reason: string;
  /** What its sender has seen (`choiceStateOf`). */
  state?: string | undefined;
}

/**
 * @param slotId any published attempt at the thing
 * @throws Forbidden for anybody but the advisor and those who run the school; Conflict before it is published
 * @throws InvalidInput for a slot that is no published attempt at the same thing
 * @throws StateMissing, and Conflict `stale` where somebody chose, or an attempt was published, that its
 *   sender has not seen
 */
export async function chooseAttempt(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
  asked: AskedChoice,
): Promise<AttemptChoice> {
  const { studentId } = await getSlot(scope, slotId);
  return withLocks(scope, [attemptsLock(studentId)], async (inside) => {
    const student = await getPerson(inside, studentId);
    checkNotSealed(student);
    if (!mayChooseAttempt(actor, student)) throw new Forbidden('results.problem.may-not-choose');
    checkNotErased(student);
    const result = await findResult(inside, slotId);
    if (!result) throw new Conflict('results.waiting.not-published');
    const of = { studentId, exhibitionId: firstExhibitionOf({ ...result, ...result.slot }) };
    const published = await listGrowthOfStudent(inside, studentId);
    const chain = published.filter((each) => chainOf({ ...each, ...each.slot }) === chainOf(of));
    if (asked.slotId !== null && !chain.some((each) => each.id === asked.slotId))
      throw new InvalidInput([{ field: 'slotId', message: 'results.problem.no-such-attempt' }]);
    const before = (await listAttemptChoices(inside, [studentId])).filter(
      (each) => each.exhibitionId === of.exhibitionId,
    );
    const standing = before.at(-1);
    if (standing && standing.slotId === asked.slotId && standing.reason === asked.reason) return standing;
    requireSeenChoice(asked.state, choiceStateOf(published, before, of.exhibitionId), standing);
    if (!standing && asked.slotId === null) throw new Conflict('results.problem.rule-stands');
    const choice = await appendAttemptChoice(inside, {
      ...{ id: newId(), schoolId: scope.schoolId, ...of },
      ...{ slotId: asked.slotId, reason: asked.reason, turn: (standing?.turn ?? 0) + 1 },
      ...{ at: needs.clock.now(), chosenBy: actor.personId, chosenByName: actor.name },
    });
    const subject = { kind: 'student', id: studentId };
    const detail = {
      ...{ exhibitionId: of.exhibitionId, slotId: asked.slotId },
      ...frozen('attempt choice', choice.id, frozenOfChoice(choice)),
    };
    await appendAudit(inside, needs.clock, actor, 'results.choose-attempt', subject, detail);
    return choice;
  });
}

function requireSeenChoice(seen: string | undefined, now: string, standing: AttemptChoice | undefined): void {
  if (!seen) throw new StateMissing('results.problem.attempts-state-missing');
  if (seen === now) return;
  const last = standing && {
    ...{ slotId: standing.slotId, by: standing.chosenByName, reason: standing.reason },
    at: standing.at.toISOString(),
  };
  throw new Conflict('results.problem.stale-attempts', {}, 'stale', { choice: last ?? null });
}
