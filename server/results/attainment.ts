/**
 * Met or not yet: whether a presentation reached the bar of its exhibition, and on which rows it did not. The
 * proposal is worked out from the voices and the panel's decisions; whoever publishes confirms it or says
 * otherwise, with a reason. Pure.
 */
import { InvalidInput } from '../errors.js';
import { rowsOfBar, type Bar } from '../exhibitions/bar/bar.js';
import { findCriterion, levelPosition, type Rubric } from '../rubrics/rubric.js';
import { outcomeOf, type Decision } from './decision.js';
import { meanOf, type CriterionTally } from './tally.js';

export const attainments = ['met', 'not-yet'] as const;
export type Met = (typeof attainments)[number];

/** Ids of rows, in the order of the rubric. */
export interface AttainmentProposal {
  /** Null where it cannot be said: a row is undecided, or the panel saw nothing of what the bar asks for. */
  outcome: Met | null;
  reached: string[];
  missed: string[];
  /** Nobody on the panel scored the row: "not observed" or left open. */
  notShown: string[];
  /** Scored, and the voices name no common level: a tie across the bar, or a rubric that sums nothing up. */
  undecided: string[];
}

/** As the result keeps it. */
export interface Attainment {
  outcome: Met;
  /** What was asked for; null where the exhibition has no bar. */
  bar: Bar | null;
  /** What "not yet" names; empty with "met". */
  missed: string[];
  notShown: string[];
  /** What the voices alone proposed; null where they proposed nothing. */
  proposed: { outcome: Met; missed: string[] } | null;
  /** Why it was decided otherwise than proposed, or without a proposal; '' where it was confirmed. */
  reason: string;
  /** To the student: what to work on; '' for nothing. */
  words: string;
  by: string;
  byName: string;
}

export interface AskedAttainment {
  /** `none`: the result says neither. Left out: what is proposed. */
  outcome?: Met | 'none' | undefined;
  missed?: readonly string[] | undefined;
  reason?: string | undefined;
  words?: string | undefined;
}

/** Sums of values such as 0.1 are not exact. */
const MEAN_PRECISION = 1e-9;

type Reach = 'reached' | 'missed' | 'notShown' | 'undecided';

/**
 * Where one row stands against the bar. A decision of the panel speaks first, then the tally's level, then
 * its mean against the value of the bar's level, and where the rubric names no level the voices, if all of
 * them lie on one side of the bar.
 */
function reachOf(rubric: Rubric, bar: Bar, row: CriterionTally, decisions: readonly Decision[]): Reach {
  const asked = levelPosition(rubric, bar.levelId);
  const side = (position: number): Reach => (position >= asked ? 'reached' : 'missed');
  const { levelId } = outcomeOf(row, decisions);
  if (levelId !== null) return side(levelPosition(rubric, levelId));
  if (row.scored === 0) return 'notShown';
  const value = rubric.levels[asked]?.value;
  const positions = row.voices.flatMap(({ position }) => (position === null ? [] : [position]));
  // The mean itself: what is shown is rounded, and a rounded one may reach a bar that the voices do not.
  if (row.decision.number !== null && value !== undefined)
    return meanOf(rubric, positions) >= value - MEAN_PRECISION ? 'reached' : 'missed';
  const sides = new Set(positions.map(side));
  return sides.size === 1 ? [...sides][0]! : 'undecided';
}

/**
 * What the voices propose. A row that nobody saw is no miss by itself: it is named as not shown, and neither
 * meets nor fails the bar. One row below the bar is enough for "not yet"; "met" needs at least one row that
 * reached it and none that is undecided.
 */
export function proposeAttainment(
  rubric: Rubric,
  bar: Bar,
  rows: readonly CriterionTally[],
  decisions: readonly Decision[] = [],
): AttainmentProposal {
  const proposal: AttainmentProposal = {
    outcome: null,
    reached: [],
    missed: [],
    notShown: [],
    undecided: [],
  };
  for (const { id } of rowsOfBar(rubric, bar)) {
    const row = rows.find((one) => one.criterionId === id);
    if (row) proposal[reachOf(rubric, bar, row, decisions)].push(id);
  }
  if (proposal.missed.length > 0) proposal.outcome = 'not-yet';
  else if (proposal.undecided.length === 0 && proposal.reached.length > 0) proposal.outcome = 'met';
  return proposal;
}

const wrong = (field: string, message: string) => new InvalidInput([{ field, message }]);
const sameRows = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((id) => b.includes(id));

/**
 * What is frozen: the proposal as confirmed, or what the publisher says instead; null when the result says neither.
 * @param proposal null without a bar
 * @throws InvalidInput when a bar was set and nothing is said, when "not yet" names no row, or when a reason is missing
 */
export function decideAttainment(
  rubric: Rubric,
  bar: Bar | null,
  proposal: AttainmentProposal | null,
  asked: AskedAttainment,
  by: { personId: string; name: string },
): Attainment | null {
  const words = asked.words?.trim() ?? '';
  const reason = asked.reason?.trim() ?? '';
  const outcome = asked.outcome ?? proposal?.outcome ?? 'none';
  if (outcome === 'none') {
    if (bar || words !== '') throw wrong('outcome', 'results.problem.outcome-missing');
    return null;
  }
  const named = asked.outcome === undefined ? (proposal?.missed ?? []) : (asked.missed ?? []);
  if (outcome === 'not-yet' && named.some((id) => !findCriterion(rubric, id)))
    throw wrong('missed', 'scores.problem.unknown-criterion');
  const missed =
    outcome === 'met' ? [] : rubric.criteria.map((row) => row.id).filter((id) => named.includes(id));
  if (outcome === 'not-yet' && missed.length === 0) throw wrong('missed', 'results.problem.missed-missing');
  const proposed = proposal?.outcome ? { outcome: proposal.outcome, missed: proposal.missed } : null;
  const confirmed = proposed?.outcome === outcome && sameRows(proposed.missed, missed);
  if (bar && !confirmed && reason === '') throw wrong('reason', 'results.problem.outcome-reason');
  return {
    ...{ outcome, bar, missed, notShown: proposal?.notShown ?? [], proposed },
    ...{ reason: confirmed ? '' : reason, words, by: by.personId, byName: by.name },
  };
}
