/**
 * Corrects a published result by a new version with a reason. The version before stays readable and keeps its
 * seal; decisions that are corrected are appended like any other, and never replace one. What it means for
 * whom is said first (`correction-consequences.ts`).
 */
import type { Actor } from '../access/actor.js';
import { admitAfterPublishing } from '../exhibitions/counting/admit-guest.js';
import { setSheetAside } from '../exhibitions/counting/set-aside-sheet.js';
import type { SheetState } from '../exhibitions/seats/seat.js';
import { runsSchool } from '../access/actor.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, Forbidden, InvalidInput } from '../errors.js';
import { getPresentation } from '../exhibitions/slots/slot-records.js';
import type { Log } from '../log.js';
import { maySetAside } from '../exhibitions/counting/counted-seats.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { findSchool } from '../school/school-records.js';
import { minVoicesOf } from '../school/school.js';
import { isGroupRow } from '../scores/group-rows.js';
import { awaitsOwnSheet } from '../scores/seal.js';
import { appendRowDecision } from './append-row-decision.js';
import { decideAttainment, type AskedAttainment, type Attainment, type Met } from './attainment.js';
import { checkResultSeal, checkSheetSeals } from './check-seals.js';
import {
  gatherConsequence,
  isSame,
  UnansweredConsequences,
  UnseenConsequences,
  type Consequence,
} from './correction-consequences.js';
import { outcomeOf, type Decision } from './decision.js';
import { freezeCorrection } from './freeze-correction.js';
import { gatherPanel, refuseErasedStudent, type SlotPanel } from './gather-result.js';
import { gatherSeen } from './gather-seen.js';
import { requireSeen } from './result-state.js';
import { countedSheets, type Result } from './result.js';
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
  /** Seats of guests who are admitted, so that their sheet counts. */
  admit: readonly string[];
  /** `seen` of each consequence of which its sender was told. */
  consequences: readonly string[];
  /** What a result comes to for which something else is proposed now, by its slot. */
  answers: readonly { slotId: string; outcome: Met }[];
  answersMissed: readonly { slotId: string; criterionId: string }[];
}

/** That the result is published is why it goes through a correction; whose own sheet is awaited makes none. */
const afterPublishing = {
  isPublished: () => Promise.resolve(false),
  listSheetStates: () => Promise.resolve(new Map<string, SheetState>()),
};

interface CorrectNeeds {
  clock: Clock;
  rubrics: RubricLibrary;
  log: Log;
}

/** The office: a correction changes what was told to the family and printed on transcripts. */
const mayCorrectAll = (actor: Actor): boolean => actor.seatIds === null && runsSchool(actor);

/** `all`: the office. `counting`: the panel's chair, who says whose sheets count, and nothing else. */
export function correctionRights(
  actor: Actor,
  { seats, panelEndedAt = null }: Pick<SlotPanel, 'seats' | 'panelEndedAt'>,
): 'all' | 'counting' | null {
  if (mayCorrectAll(actor)) return 'all';
  return maySetAside(actor, { seats, panelEndedAt }) ? 'counting' : null;
}

/**
 * The result as it is now. Of a group, everybody's result about whom it changes something gets a new version.
 * @throws Forbidden for anybody but the office, and the panel's chair about whose sheets count; while their
 *   own sheet is awaited
 * @throws Conflict before publishing, where nothing would be another, and where no sheet would count;
 *   StateMissing, StaleResult as everywhere
 * @throws UnseenConsequences until its sender says that they were told, UnansweredConsequences where an
 *   outcome is missing
 * @throws AppError `seal-broken` when result or sheets are not what was sealed
 * @throws InvalidInput for an unknown row, level or seat
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
    const rights = correctionRights(actor, panel);
    if (!rights) throw new Forbidden('results.problem.may-not-correct');
    if (rights === 'counting' && asked.levels.length > 0)
      throw new Forbidden('results.problem.may-not-correct');
    if (awaitsOwnSheet(actor, panel)) throw new Forbidden('results.problem.own-sheet-first');
    if (!panel.result) throw new Conflict('results.waiting.not-published', {}, 'not-published');
    refuseErasedStudent(panel);
    requireSeen(panel, await gatherSeen(inside, panel), asked.state);
    await checkSheetSeals(needs.log, inside, id);
    checkResultSeal(needs.log, panel.result);
    await changeCounting(needs, inside, actor, panel, asked);
    const decided = await decideRows(needs, inside, actor, panel, { asked, turn });
    const minVoices = minVoicesOf(await findSchool(inside, inside.schoolId));
    // As the panel is now: whose sheet counts may have changed.
    const now = await gatherPanel(inside, needs.rubrics, slotId, needs.clock.now());
    const own = await gatherConsequence(inside, now, decided, minVoices);
    const others = await gatherOthers(needs, inside, now, { decided, minVoices });
    const isSaidOtherwise = !own.isOther && says(own, asked);
    if (isSaidOtherwise && rights === 'counting') throw new Forbidden('results.problem.may-not-correct');
    if (!own.differs && !isSaidOtherwise)
      throw new Conflict('results.problem.nothing-to-correct', {}, 'nothing-to-correct');
    if (countedSheets(own.sheets).length === 0)
      throw new Conflict('results.problem.no-sheets-left', {}, 'no-sheets');
    const told = [own, ...others].filter((each) => each !== own || each.isOther || each.warnings.length > 0);
    if (told.some(({ seen }) => !asked.consequences.includes(seen))) throw new UnseenConsequences(told);

    const settled = decideAll(own, others, { asked, actor, told });
    const corrected = await freezeCorrection(needs.clock, inside, actor, own, {
      ...{ reason: asked.reason, attainment: settled.get(own) },
    });
    if (!corrected) throw new Conflict('results.problem.nothing-to-correct', {}, 'nothing-to-correct');
    for (const other of others) {
      const said = { reason: asked.reason, attainment: settled.get(other) };
      await freezeCorrection(needs.clock, inside, actor, other, said);
    }
    return corrected;
  });
}

/** @throws InvalidInput for a seat that is not of this panel; Conflict where it is so already */
async function changeCounting(
  { clock }: CorrectNeeds,
  inside: SchoolScope,
  actor: Actor,
  { seats }: SlotPanel,
  asked: AskedCorrection,
): Promise<void> {
  const check = (field: 'setAside' | 'countAgain' | 'admit', seatId: string) => {
    if (seats.some(({ id }) => id === seatId)) return;
    throw new InvalidInput([{ field, message: 'results.problem.no-such-sheet' }]);
  };
  for (const [field, kind] of [
    ['setAside', 'set-aside'],
    ['countAgain', 'count'],
  ] as const)
    for (const seatId of asked[field]) {
      check(field, seatId);
      await setSheetAside({ ...afterPublishing, clock }, inside, actor, seatId, kind, asked.reason);
    }
  for (const seatId of asked.admit) {
    check('admit', seatId);
    await admitAfterPublishing({ clock }, inside, actor, seatId);
  }
}

async function decideRows(
  needs: CorrectNeeds,
  inside: SchoolScope,
  actor: Actor,
  panel: SlotPanel,
  { asked, turn }: { asked: AskedCorrection; turn: number },
): Promise<Decision[]> {
  const decided: Decision[] = [];
  // Said twice of one row, the last counts.
  const levels = new Map(asked.levels.map(({ criterionId, levelId }) => [criterionId, levelId]));
  for (const [criterionId, levelId] of levels) {
    if (levelNow(panel.result!, criterionId) === levelId) continue;
    const of = { criterionId, levelId, kind: 'moderation' as const, reason: asked.reason };
    const at = decided.length === 0 ? turn : null;
    decided.push(await appendRowDecision(needs, inside, actor, panel, of, at));
  }
  return decided;
}

const levelNow = ({ tally, decisions }: Result, criterionId: string): string | null => {
  const row = tally.criteria.find((one) => one.criterionId === criterionId);
  return row ? outcomeOf(row, decisions).levelId : null;
};

/** What is about the whole group, and whose sheets count, is in everybody's result. */
async function gatherOthers(
  { log, rubrics, clock }: CorrectNeeds,
  inside: SchoolScope,
  { members, slot, rubric }: SlotPanel,
  { decided, minVoices }: { decided: readonly Decision[]; minVoices: number },
): Promise<Consequence[]> {
  const aboutAll = decided.filter(({ criterionId }) =>
    rubric.criteria.some((row) => row.id === criterionId && isGroupRow(row)),
  );
  const found: Consequence[] = [];
  for (const member of members) {
    if (member.slotId === slot.id || !member.published) continue;
    const panel = await gatherPanel(inside, rubrics, member.slotId, clock.now());
    const consequence = await gatherConsequence(inside, panel, aboutAll, minVoices);
    if (!consequence.differs) continue;
    checkResultSeal(log, consequence.before);
    found.push(consequence);
  }
  return found;
}

interface Settling {
  asked: AskedCorrection;
  actor: Actor;
  told: readonly Consequence[];
}

/** @throws UnansweredConsequences */
function decideAll(
  own: Consequence,
  others: readonly Consequence[],
  { asked, actor, told }: Settling,
): Map<Consequence, Attainment | undefined> {
  const settled = new Map<Consequence, Attainment | undefined>();
  for (const each of [own, ...others]) {
    const said = each.before.attainment;
    if (each.isOther) settled.set(each, answered(each, asked, each === own, { actor, told }));
    else if (each !== own || !says(each, asked)) settled.set(each, said);
    else settled.set(each, decide(each, saidAnew(each, asked), asked.reason, actor));
  }
  return settled;
}

/** Words that stay as they were stay their author's, whoever corrects the outcome. */
function decide(
  { panel, bar, proposal, before }: Consequence,
  { outcome, missed, words }: AskedAttainment,
  reason: string,
  actor: Actor,
): Attainment | undefined {
  const settled = decideAttainment(panel.rubric, bar, proposal, { outcome, missed, words, reason }, actor);
  const said = before.attainment;
  const isQuoted = said && settled && said.words !== '' && settled.words === said.words;
  return (isQuoted ? { ...settled, by: said.by, byName: said.byName } : settled) ?? undefined;
}

/** Where something else is proposed nothing goes without saying. */
function answered(
  consequence: Consequence,
  asked: AskedCorrection,
  isOwn: boolean,
  { actor, told }: Pick<Settling, 'actor' | 'told'>,
): Attainment | undefined {
  const { id } = consequence.before;
  const answer = asked.answers.find(({ slotId }) => slotId === id);
  const missed = asked.answersMissed.filter(({ slotId }) => slotId === id);
  const words = (isOwn ? asked.words : undefined) ?? consequence.before.attainment?.words;
  const said = answer
    ? { outcome: answer.outcome, missed: missed.map(({ criterionId }) => criterionId), words }
    : isOwn
      ? { outcome: asked.outcome, missed: asked.missed, words }
      : { outcome: undefined };
  const refuse = (message: string, field = 'answers') =>
    new UnansweredConsequences([{ field, message }], told);
  if (said.outcome === undefined) throw refuse('results.problem.outcome-missing');
  try {
    return decide(consequence, said, asked.reason, actor);
  } catch (error) {
    const [problem] = error instanceof InvalidInput ? error.fields : [];
    if (!problem) throw error;
    throw refuse(problem.message, problem.field === 'missed' ? 'answersMissed' : 'answers');
  }
}

/** What is to be said where the proposal is the same; the words alone may change, too. */
function saidAnew({ before: { attainment: said } }: Consequence, asked: AskedAttainment): AskedAttainment {
  const { outcome, missed, words } = asked;
  if (outcome !== undefined || words === undefined || !said) return { outcome, missed, words };
  return { outcome: said.outcome, missed: said.missed, words };
}

/** Whether something else is asked for than was said, where the proposal is the same. */
function says(consequence: Consequence, asked: AskedAttainment): boolean {
  const said = consequence.before.attainment;
  const { outcome, missed = [], words = '' } = saidAnew(consequence, asked);
  if (outcome === undefined) return false;
  const isSaid =
    outcome === (said?.outcome ?? 'none') &&
    words.trim() === (said?.words ?? '') &&
    (outcome !== 'not-yet' || isSame([...missed].sort(), [...(said?.missed ?? [])].sort()));
  return !isSaid;
}
