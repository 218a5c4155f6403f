/**
 * Corrects a published result by a new version with a reason. The version before stays readable and keeps its seal; decisions that are
 * corrected are appended like any other, and never replace one.
 */
import type { Actor } from '../access/actor.js';
import { runsSchool } from '../access/actor.js';
import { markOf } from '../access/password-link.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../database.js';
import { Conflict, Forbidden, InvalidInput } from '../errors.js';
import { getPresentation } from '../exhibition/slot-records.js';
import type { Bar } from '../exhibition/bar.js';
import { MAX_SET_ASIDE_REASON, type SetAsideKind } from '../panel/set-aside.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { isGroupRow } from '../scores/group-rows.js';
import { hashOf } from '../canonical.js';
import { proposeAttainment, settleAttainment, type AskedAttainment, type Attainment } from './attainment.js';
import { appendRowDecision } from './append-row-decision.js';
import { outcomeOf, type Decision } from './decision.js';
import { saveEarlierResult } from './earlier-result-records.js';
import { gatherPanel, refuseErasedStudent, type SlotPanel } from './gather-result.js';
import { gatherSeen, sheetsSince } from './gather-seen.js';
import { saveCorrectedResult } from './result-records.js';
import { requireSeen } from './result-state.js';
import { resultHash, versionOf, type Result } from './result.js';
import { revisedSheets } from './revision.js';
import { tallySheets, type Tally } from './tally.js';
import { withPanelLock } from './with-panel-lock.js';

export interface AskedCorrection extends AskedAttainment {
  /** What its sender has seen (`stateOf`). */
  state?: string | undefined;
  reason: string;
  /** Rows that come to another level: recorded as a moderation with the same reason. */
  levels: readonly { criterionId: string; levelId: string }[];
  /** Seats whose sheet is set aside, or counts again, with the same reason. */
  setAside: readonly string[];
  countAgain: readonly string[];
}

/** What a correction asks of panels: their feature sets sheets aside. */
export interface CorrectionPorts {
  /** Also after publishing: the version that follows from it is frozen in the same transaction. */
  setSheetAside(
    inside: SchoolScope,
    clock: Clock,
    actor: Actor,
    of: { seatId: string; kind: SetAsideKind; reason: string },
  ): Promise<unknown>;
}

interface CorrectNeeds extends CorrectionPorts {
  clock: Clock;
  rubrics: RubricLibrary;
}

/** The office: a correction changes what was told to the family and printed on transcripts. */
export const mayCorrect = (actor: Actor): boolean => actor.seatIds === null && runsSchool(actor);

/**
 * The result as it is now. Of a group, everybody's result about whom it changes something gets a new version.
 * @throws Forbidden for anybody but the office
 * @throws Conflict before publishing, and where nothing would be another; StateMissing, StaleResult as everywhere
 * @throws InvalidInput for an unknown row or level, and where the outcome has to be said again
 */
export async function correctResult(
  needs: CorrectNeeds,
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
  asked: AskedCorrection,
): Promise<Result> {
  const { id } = await getPresentation(scope, slotId);
  return withPanelLock(scope, id, async (inside, turn) => {
    const panel = await gatherPanel(inside, needs.rubrics, slotId, needs.clock.now());
    if (!mayCorrect(actor)) throw new Forbidden('results.problem.may-not-correct');
    if (!panel.result) throw new Conflict('results.waiting.not-published', {}, 'not-published');
    refuseErasedStudent(panel);
    requireSeen(panel, await gatherSeen(inside, panel), asked.state);
    for (const seatId of asked.setAside)
      await setAside(needs, inside, actor, panel, seatId, 'set-aside', asked);
    for (const seatId of asked.countAgain)
      await setAside(needs, inside, actor, panel, seatId, 'count', asked);
    const decided: Decision[] = [];
    for (const { criterionId, levelId } of asked.levels) {
      if (levelNow(panel.result, criterionId) === levelId) continue;
      const of = { criterionId, levelId, kind: 'moderation' as const, reason: asked.reason };
      const at = decided.length === 0 ? turn : null;
      decided.push(await appendRowDecision(needs, inside, actor, panel, of, at));
    }
    // As the panel is now: whose sheet counts may have changed.
    const now = await gatherPanel(inside, needs.rubrics, slotId, needs.clock.now());
    const corrected = await freezeCorrection(needs, inside, actor, now, { ...asked, decided });
    if (!corrected) throw new Conflict('results.problem.nothing-to-correct', {}, 'nothing-to-correct');
    await correctOthers(needs, inside, actor, panel, { reason: asked.reason, decided });
    return corrected;
  });
}

/** @throws InvalidInput for a seat that is not of this panel; Conflict where it is so already */
async function setAside(
  { clock, setSheetAside }: CorrectNeeds,
  inside: SchoolScope,
  actor: Actor,
  { seats }: SlotPanel,
  seatId: string,
  kind: SetAsideKind,
  { reason }: AskedCorrection,
): Promise<void> {
  const field = kind === 'set-aside' ? 'setAside' : 'countAgain';
  if (!seats.some(({ id }) => id === seatId))
    throw new InvalidInput([{ field, message: 'results.problem.no-such-sheet' }]);
  await setSheetAside(inside, clock, actor, { seatId, kind, reason: reason.slice(0, MAX_SET_ASIDE_REASON) });
}

/** What is about the whole group is said in everybody's result. */
async function correctOthers(
  needs: CorrectNeeds,
  inside: SchoolScope,
  actor: Actor,
  { members, slot, rubric }: SlotPanel,
  { reason, decided }: { reason: string; decided: Decision[] },
): Promise<void> {
  const aboutAll = decided.filter(({ criterionId }) =>
    rubric.criteria.some((row) => row.id === criterionId && isGroupRow(row)),
  );
  for (const member of members) {
    if (member.slotId === slot.id || !member.published) continue;
    const panel = await gatherPanel(inside, needs.rubrics, member.slotId, needs.clock.now());
    await freezeCorrection(needs, inside, actor, panel, { reason, decided: aboutAll, keepOutcome: true });
  }
}

const levelNow = ({ tally, decisions }: Result, criterionId: string): string | null => {
  const row = tally.criteria.find((one) => one.criterionId === criterionId);
  return row ? outcomeOf(row, decisions).levelId : null;
};

interface Correcting extends AskedAttainment {
  reason: string;
  decided: readonly Decision[];
  /** Nobody was asked whether the outcome is another one now. */
  keepOutcome?: boolean;
}

/** Null where it would say the same as before. */
async function freezeCorrection(
  { clock }: CorrectNeeds,
  inside: SchoolScope,
  actor: Actor,
  panel: SlotPanel,
  asked: Correcting,
): Promise<Result | null> {
  const { hash, unnamedHash, sealedAs, ...before } = panel.result!;
  const sheets = await sheetsSince(inside, panel, before);
  const tally = tallySheets(panel.rubric, revisedSheets(sheets, before.revisions ?? []));
  const decisions = [...(before.decisions ?? []), ...asked.decided];
  const attainment = asked.keepOutcome
    ? before.attainment
    : attainmentAfter(panel, before, { tally, decisions }, asked, actor);
  const after = { ...before, sheets, tally: isSame(sheets, before.sheets) ? before.tally : tally };
  const said = {
    ...after,
    ...(decisions.length > 0 ? { decisions } : {}),
    ...(attainment ? { attainment } : {}),
  };
  if (!attainment) delete (said as Partial<Result>).attainment;
  if (isSame(said, before)) return null;
  const content: Omit<Result, 'hash'> = {
    ...said,
    correction: {
      ...{ version: versionOf(before) + 1, reason: asked.reason, at: clock.now() },
      ...{ by: actor.personId, byName: actor.name, previousHash: hash, ...markOf(actor) },
    },
  };
  const result = { ...content, hash: resultHash(content) };
  await saveEarlierResult(inside, { ...before, hash, ...given({ unnamedHash, sealedAs }) });
  await saveCorrectedResult(inside, result);
  const subject = { kind: 'result', id: result.id };
  await appendAudit(inside, clock, actor, 'results.correct', subject, {
    ...{ studentId: result.studentId, number: versionOf(result), previousHash: hash },
    ...{ decisions: asked.decided.length, outcome: attainment?.outcome ?? null, hash: result.hash },
  });
  return result;
}

const isSame = (a: unknown, b: unknown): boolean => hashOf(a) === hashOf(b);
const given = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;

/**
 * What was said about "met" and "not yet" stays unless it is said otherwise. Where the voices propose something else than they did, it
 * has to be said.
 */
function attainmentAfter(
  { rubric, exhibition }: SlotPanel,
  before: Pick<Result, 'attainment' | 'tally' | 'decisions'>,
  now: { tally: Tally; decisions: readonly Decision[] },
  asked: Correcting,
  actor: Actor,
): Attainment | undefined {
  const said = before.attainment;
  const bar: Bar | null = said ? said.bar : (exhibition.bar ?? null);
  const propose = (tally: Tally, decisions: readonly Decision[] = []) =>
    bar && proposeAttainment(rubric, bar, tally.criteria, decisions);
  const proposal = propose(now.tally, now.decisions);
  const isOther = !isSame(proposal, propose(before.tally, before.decisions));
  const { outcome, missed, words } = asked;
  if (outcome === undefined && isOther)
    throw new InvalidInput([{ field: 'outcome', message: 'results.problem.outcome-missing' }]);
  if (outcome === undefined || (!isOther && isSaid(said, asked))) return said;
  const again = { outcome, missed, words, reason: asked.reason };
  return settleAttainment(rubric, bar, proposal, again, actor) ?? undefined;
}

const isSaid = (said: Attainment | undefined, { outcome, missed = [], words = '' }: Correcting): boolean =>
  outcome === (said?.outcome ?? 'none') &&
  words.trim() === (said?.words ?? '') &&
  (outcome !== 'not-yet' || isSame([...missed].sort(), [...(said?.missed ?? [])].sort()));
