/** Freezes a slot's result and shows it to student and family. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../database.js';
import { Conflict, Forbidden, NotFound } from '../errors.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { findSchool } from '../school/school-records.js';
import { gatherPanel, gatherSheets } from './gather-result.js';
import { findResult, saveResult } from './result-records.js';
import { awaitedSeats, mayPublish, publishObstacle, resultHash, type Result } from './result.js';
import { tallySheets } from './tally.js';

/**
 * The published result. Publishing again, or twice at the same moment, answers the one that stands.
 * @throws Forbidden for somebody who may not publish here
 * @throws Conflict while sheets are awaited and the exhibition is not closed, or when there is none at all
 */
export async function publishResult(
  needs: { clock: Clock; rubrics: RubricLibrary },
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
): Promise<{ result: Result; fresh: boolean }> {
  try {
    return await inTransaction(scope, (inside) => freeze(needs, inside, actor, slotId));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const result = await findResult(scope, slotId);
    if (!result) throw new NotFound();
    return { result, fresh: false };
  }
}

async function freeze(
  { clock, rubrics }: { clock: Clock; rubrics: RubricLibrary },
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
): Promise<{ result: Result; fresh: boolean }> {
  const panel = await gatherPanel(scope, rubrics, slotId);
  if (!mayPublish(actor, panel)) throw new Forbidden('results.problem.may-not-publish');
  if (panel.result) return { result: panel.result, fresh: false };
  const sheets = await gatherSheets(scope, panel);
  const awaited = awaitedSeats(panel.seats, panel.states).length;
  const obstacle = publishObstacle({ submitted: sheets.length, awaited, closed: panel.closed });
  if (obstacle) throw new Conflict(obstacle, { count: awaited });

  const school = await findSchool(scope, scope.schoolId);
  const { slot, exhibition } = panel;
  const content: Omit<Result, 'hash'> = {
    id: slotId,
    schoolId: scope.schoolId,
    studentId: slot.studentId,
    exhibitionId: exhibition.id,
    termId: slot.termId,
    rubric: exhibition.rubric,
    tally: tallySheets(panel.rubric, sheets),
    sheets,
    slot: {
      startsAt: slot.startsAt,
      minutes: slot.minutes,
      room: slot.room,
      attempt: slot.attempt,
      exhibitionTitle: exhibition.title,
    },
    voices: school?.policies.voices ?? 'by-role',
    publishedAt: clock.now(),
    publishedBy: actor.personId,
  };
  const result = await saveResult(scope, { ...content, hash: resultHash(content) });
  await appendAudit(
    scope,
    clock,
    actor,
    'results.publish',
    { kind: 'result', id: slotId },
    {
      studentId: slot.studentId,
      sheets: sheets.length,
      hash: result.hash,
    },
  );
  return { result, fresh: true };
}
