/** Freezes a slot's result, revisions and decisions included, and shows it to student and family. */
import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../access/actor.js';
import { passwordLinkMark } from '../access/password-link.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, Forbidden } from '../errors.js';
import { presentersOf } from '../exhibitions/groups/group.js';
import { getPresentation } from '../exhibitions/slots/slot-records.js';
import type { Log } from '../log.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { findSchool } from '../school/school-records.js';
import { minVoicesOf } from '../school/school.js';
import { awaitsOwnSheet, readsAsPanel } from '../scores/seal.js';
import { proposeAttainment, decideAttainment, type AskedAttainment } from './attainment.js';
import { checkSheetSeals } from './check-seals.js';
import {
  gatherPanel,
  gatherSheets,
  gatherTalk,
  gatherVisits,
  isAbsent,
  refuseErasedStudent,
  type SlotPanel,
} from './gather-result.js';
import { gatherSeen, type SeenResult } from './gather-seen.js';
import { UnconfirmedResult } from './publish-warnings.js';
import { warningsOfPanel } from './show-warnings.js';
import { saveResult } from './result-records.js';
import { changesSince, requireSeen } from './result-state.js';
import { isTallyOpen } from './reveal.js';
import { countedSheets, mayPublish, publishObstacle, resultHash, type Result } from './result.js';
import { revisedSheets } from './revision.js';
import { withPanelLock } from './with-panel-lock.js';
import { tallySheets } from './tally.js';

export interface PublishNeeds {
  clock: Clock;
  rubrics: RubricLibrary;
  log: Log;
}

export interface AskedPublishing extends AskedAttainment {
  /** What its sender has seen (`stateOf`). */
  state?: string | undefined;
  /** What there is to be asked about first was read. */
  confirmed?: boolean | undefined;
}

/**
 * The published result. The same person publishing the same again, or twice at the same moment, gets the one
 * that stands.
 * @param asked met or not yet; left out: as the voices propose
 * @throws Forbidden for somebody who may not publish here, and while their own sheet is awaited
 * @throws StateMissing, StaleResult where it is not what its sender has seen; UnconfirmedResult while a
 *   warning is not confirmed
 * @throws Conflict when there is no sheet at all, while visitors may come, or nobody came to present
 * @throws AppError `seal-broken` when a sealed sheet is not what was sealed: nothing is published then
 * @throws InvalidInput where a bar is set and it is neither proposed nor said whether it is met, or a reason is missing
 */
export async function publishResult(
  needs: PublishNeeds,
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
  asked: AskedPublishing = {},
): Promise<{ result: Result; fresh: boolean }> {
  const { id } = await getPresentation(scope, slotId);
  return withPanelLock(scope, id, (inside) => freeze(needs, inside, actor, slotId, asked));
}

async function freeze(
  { clock, rubrics, log }: PublishNeeds,
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
  asked: AskedPublishing,
): Promise<{ result: Result; fresh: boolean }> {
  const panel = await gatherPanel(scope, rubrics, slotId, clock.now());
  if (!mayPublish(actor, panel)) throw new Forbidden('results.problem.may-not-publish');
  // Before anything is compared: what has changed says who handed in, and on which rows somebody revised.
  if (awaitsOwnSheet(actor, panel)) throw new Forbidden('results.problem.own-sheet-first');
  refuseErasedStudent(panel);
  const [sheets, talk, visits] = await Promise.all([
    gatherSheets(scope, panel),
    gatherTalk(scope, panel),
    gatherVisits(scope, panel),
  ]);
  if (panel.result) {
    const seen = await gatherSeen(scope, panel);
    if (isSaidAgain(panel.result, actor, asked) && hasSeenBefore(panel, seen, asked.state))
      return { result: panel.result, fresh: false };
    requireSeen(panel, seen, asked.state);
    throw new Conflict('results.problem.published', {}, 'published');
  }
  await checkSheetSeals(log, scope, panel.presentation.id);
  const { revisions, decisions } = talk;
  const { takesVisits } = panel;
  const absent = isAbsent(panel);
  const counted = countedSheets(sheets).length;
  const obstacle = publishObstacle({ submitted: counted, takesVisits, absent });
  if (obstacle) throw new Conflict(obstacle);
  requireSeen(panel, { sheets, talk }, asked.state);

  const school = await findSchool(scope, scope.schoolId);
  const { slot, presentation, exhibition } = panel;
  const tally = tallySheets(panel.rubric, revisedSheets(sheets, revisions));
  const bar = exhibition.bar ?? null;
  const proposal = bar && proposeAttainment(panel.rubric, bar, tally.criteria, decisions);
  const attainment = decideAttainment(panel.rubric, bar, proposal, asked, actor);
  if (readsAsPanel(actor, panel) && !isTallyOpen(panel, tally, decisions))
    throw new Conflict('results.problem.tally-hidden', {}, 'tally-hidden');
  const minVoices = minVoicesOf(school);
  const warnings = warningsOfPanel(panel, tally, { decisions, minVoices });
  if (warnings.length > 0 && !asked.confirmed) throw new UnconfirmedResult(warnings);
  const content: Omit<Result, 'hash'> = {
    id: slotId,
    schoolId: scope.schoolId,
    studentId: slot.studentId,
    exhibitionId: exhibition.id,
    termId: slot.termId,
    rubric: exhibition.rubric,
    tally,
    sheets,
    ...(revisions.length > 0 ? { revisions } : {}),
    ...(decisions.length > 0 ? { decisions } : {}),
    ...(attainment ? { attainment } : {}),
    ...(visits.length > 0 ? { visits } : {}),
    slot: {
      startsAt: slot.startsAt,
      minutes: slot.minutes,
      room: slot.room,
      attempt: slot.attempt,
      ...(slot.attemptOf ? { attemptOf: slot.attemptOf } : {}),
      exhibitionTitle: exhibition.title,
      ...(presentation.group ? { together: presentersOf(presentation).length } : {}),
    },
    voices: school?.policies.voices ?? 'by-role',
    publishedAt: clock.now(),
    publishedBy: actor.personId,
    ...passwordLinkMark(actor),
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
      sheets: counted,
      ...(counted < sheets.length ? { notCounted: sheets.length - counted } : {}),
      revisions: revisions.length,
      decisions: decisions.length,
      outcome: attainment?.outcome ?? null,
      visits: visits.length,
      ...(warnings.length > 0 ? { confirmed: warnings.map(({ kind }) => kind) } : {}),
      ...(panel.awaited > 0 ? { missingSeats: panel.awaitedSeats.map(({ id }) => id) } : {}),
      hash: result.hash,
    },
  );
  return { result, fresh: true };
}

/** A second press of the same button, or a program that has heard no answer: whatever it says is what was frozen. */
function isSaidAgain(result: Result, { personId }: Actor, asked: AskedAttainment): boolean {
  if (result.correction || result.publishedBy !== personId) return false;
  const { attainment } = result;
  const { outcome = attainment?.outcome ?? 'none', missed, reason, words } = asked;
  return (
    outcome === (attainment?.outcome ?? 'none') &&
    (!missed?.length || isDeepStrictEqual([...missed].sort(), [...(attainment?.missed ?? [])].sort())) &&
    (!reason?.trim() || reason.trim() === (attainment?.reason ?? '')) &&
    (!words?.trim() || words.trim() === (attainment?.words ?? ''))
  );
}

/** Whether the sender has seen what was published, or what it was published from. */
const hasSeenBefore = (panel: SlotPanel, seen: SeenResult, state: string | undefined): boolean =>
  state !== undefined &&
  [panel, { ...panel, result: null }].some((each) => changesSince(each, seen, state).length === 0);
