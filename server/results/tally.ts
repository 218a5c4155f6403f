/**
 * Sums up the voices of a panel, row by row, by the policy that the rubric names. Pure: no clock, no
 * database. Levels are compared by their place in the rubric's order and told apart by id; of values the
 * spread alone reads that equal ones are no step. "Not observed" is a voice without a score: it is shown and
 * counts nowhere. A holistic row is summed up like any other, from its own marks alone. There is no total
 * over rows: the networks' practice knows none, and levels of different rows do not add up.
 */
import {
  DEFAULT_SHARE,
  levelPosition,
  type Criterion,
  type Rubric,
  type TallyPolicy,
} from '../rubrics/rubric.js';

/** What the tally needs to know of a sealed sheet. */
export interface TallySheet {
  seatId: string;
  responses: Record<string, { levelId: string | null; notObserved: boolean } | undefined>;
}

interface TallyVoice {
  seatId: string;
  state: 'scored' | 'not-observed' | 'unanswered';
  levelId: string | null;
  /** Place in the order, 0 for the lowest, between-levels counted. */
  position: number | null;
}

interface TallyDecision {
  /** The level that the policy names; null when it names none (see `why`). */
  levelId: string | null;
  /** The mean of values, two decimals; only with mean-of-values. */
  number: number | null;
  why: 'decided' | 'number-only' | 'no-voice' | 'tie' | 'voices-only';
  /** The levels between which a mode is tied, low to high. */
  tiedLevelIds: string[];
}

export interface CriterionTally {
  criterionId: string;
  section: 'individual' | 'group' | 'holistic';
  /** One entry per level of the rubric, low to high, those with no voice included. */
  counts: { levelId: string; voices: number }[];
  voices: TallyVoice[];
  scored: number;
  notObserved: number;
  lowestLevelId: string | null;
  highestLevelId: string | null;
  /**
   * Level steps between the lowest and the highest voice, levels of one value being none apart; null without a score.
   */
  spread: number | null;
  /** The spread is larger than the rubric's threshold. */
  needsTalk: boolean;
  decision: TallyDecision;
}

export interface Tally {
  policy: TallyPolicy;
  share: number | null;
  threshold: number;
  sheets: number;
  criteria: CriterionTally[];
}

type Policy = (positions: number[], rubric: Rubric) => TallyDecision;

const decided = (rubric: Rubric, position: number): TallyDecision => ({
  levelId: rubric.levels[position]!.id,
  number: null,
  why: 'decided',
  tiedLevelIds: [],
});

/** Positions arrive sorted, lowest first, and are never empty. */
const POLICIES: Record<TallyPolicy, Policy> = {
  /**
   * The middle voice, of two middle ones the lower: sorted voices x₁ ≤ … ≤ xₙ give x₍⌈n/2⌉₎. It is always a
   * level that somebody gave: the highest one that more than half of the voices gave or went beyond. Source:
   * the "majority grade" of Balinski & Laraki (2007), A theory of measuring, electing, and ranking, PNAS 104
   * (21), 8720–8725.
   */
  'median-low': (sorted, rubric) => decided(rubric, sorted[Math.ceil(sorted.length / 2) - 1]!),

  /** The middle voice, of two middle ones the higher: x₍⌊n/2⌋+1₎. */
  'median-high': (sorted, rubric) => decided(rubric, sorted[Math.floor(sorted.length / 2)]!),

  /**
   * The level that most voices gave. Where two or more levels share the most voices nothing is decided: the
   * tie is shown.
   */
  mode(sorted, rubric) {
    const voices = (position: number): number => sorted.filter((one) => one === position).length;
    const most = Math.max(...sorted.map(voices));
    const winners = [...new Set(sorted)].filter((position) => voices(position) === most);
    if (winners.length === 1) return decided(rubric, winners[0]!);
    return {
      levelId: null,
      number: null,
      why: 'tie',
      tiedLevelIds: winners.map((one) => rubric.levels[one]!.id),
    };
  },

  /**
   * The highest level that at least `share` of the voices gave or went beyond: max { L : #{xᵢ ≥ L} ≥ share ·
   * n }, read among the levels given. With the share near one half it is the lower median, with share 1 the
   * lowest voice: the quantile rule of ordinal aggregation.
   */
  'highest-agreed'(sorted, rubric) {
    const needed = voicesNeeded(rubric.tally.share ?? DEFAULT_SHARE, sorted.length);
    return decided(rubric, sorted[sorted.length - needed]!);
  },

  /**
   * The arithmetic mean of the level values, rounded to two decimals. It presumes that the school's values
   * are distances (an interval scale, Stevens 1946), and it names no level, because several levels may carry
   * one value.
   */
  'mean-of-values'(sorted, rubric) {
    const number = Math.round(meanOf(rubric, sorted) * 100) / 100;
    return { levelId: null, number, why: 'number-only', tiedLevelIds: [] };
  },

  /** Nothing is summed up: the voices stand for themselves. */
  'voices-only': () => ({ levelId: null, number: null, why: 'voices-only', tiedLevelIds: [] }),
};

/** The arithmetic mean of the values of these levels, not rounded. @param positions never empty */
export const meanOf = ({ levels }: Pick<Rubric, 'levels'>, positions: readonly number[]): number =>
  positions.reduce((total, position) => total + (levels[position]!.value ?? 0), 0) / positions.length;

/**
 * On which step each level is, low to high. Levels of one value differ in words and not in height: they are
 * on one step, also with a between-level between them that has no value of its own.
 */
export function levelSteps({ levels }: Pick<Rubric, 'levels'>): number[] {
  const around = (at: number) => [levels[at - 1]?.value, levels[at + 1]?.value];
  const values = levels.map(({ value }, at) => {
    const [below, above] = around(at);
    return value ?? (below === above ? below : undefined);
  });
  let step = 0;
  return values.map((value, at) => {
    if (at > 0 && (value === undefined || value !== values[at - 1])) step += 1;
    return step;
  });
}

/** What a share of so many voices is in whole voices: never less than the share. */
export const voicesNeeded = (share: number, voices: number): number => Math.ceil(share * voices - 1e-9);

function sectionOf(row: Criterion): CriterionTally['section'] {
  if (row.holistic) return 'holistic';
  return row.unit === 'group' ? 'group' : 'individual';
}

function voiceOf(rubric: Rubric, sheet: TallySheet, criterionId: string): TallyVoice {
  const response = sheet.responses[criterionId];
  const seatId = sheet.seatId;
  if (response?.notObserved) return { seatId, state: 'not-observed', levelId: null, position: null };
  if (!response?.levelId) return { seatId, state: 'unanswered', levelId: null, position: null };
  const position = levelPosition(rubric, response.levelId);
  if (position < 0) throw new RangeError(`the rubric has no level "${response.levelId}"`);
  return { seatId, state: 'scored', levelId: response.levelId, position };
}

function tallyRow(rubric: Rubric, row: Criterion, sheets: TallySheet[]): CriterionTally {
  const voices = sheets.map((sheet) => voiceOf(rubric, sheet, row.id));
  const sorted = voices
    .flatMap((voice) => (voice.position === null ? [] : [voice.position]))
    .sort((a, b) => a - b);
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  const steps = levelSteps(rubric);
  const spread = lowest === undefined || highest === undefined ? null : steps[highest]! - steps[lowest]!;
  return {
    criterionId: row.id,
    section: sectionOf(row),
    counts: rubric.levels.map(({ id }) => ({
      levelId: id,
      voices: voices.filter((one) => one.levelId === id).length,
    })),
    voices,
    scored: sorted.length,
    notObserved: voices.filter((one) => one.state === 'not-observed').length,
    lowestLevelId: lowest === undefined ? null : rubric.levels[lowest]!.id,
    highestLevelId: highest === undefined ? null : rubric.levels[highest]!.id,
    spread,
    needsTalk: spread !== null && spread > rubric.tally.threshold,
    decision:
      sorted.length === 0
        ? { levelId: null, number: null, why: 'no-voice', tiedLevelIds: [] }
        : POLICIES[rubric.tally.policy](sorted, rubric),
  };
}

/**
 * The tally of sealed sheets. The order of the sheets changes nothing but the order of the voices.
 * @throws RangeError when a sheet names a level that the rubric does not have
 */
export function tallySheets(rubric: Rubric, sheets: TallySheet[]): Tally {
  const { policy, share, threshold } = rubric.tally;
  return {
    policy,
    share: policy === 'highest-agreed' ? (share ?? DEFAULT_SHARE) : null,
    threshold,
    sheets: sheets.length,
    criteria: rubric.criteria.map((row) => tallyRow(rubric, row, sheets)),
  };
}
