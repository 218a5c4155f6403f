/**
 * What is said of one goal: the level reached, how it came to it, and the chart where there is something to
 * draw. Also for pages on screen.
 */
import type { MessageParams } from '../errors.js';
import { growthChart } from './growth-chart.js';
import {
  countingSteps,
  levelReached,
  type TranscriptGoal,
  type TranscriptRubric,
  type TranscriptSnapshot,
} from './snapshot.js';

export type Translate = (key: string, params?: MessageParams) => string;

/** One or two terms are a sentence, not a chart. */
const FEWEST_COLUMNS = 3;
/** Terms that a chart has room for: the last ones. What is said in words is about all of them. */
export const MAX_COLUMNS = 6;

interface Outcome {
  termId: string;
  termName: string;
  levelName: string;
  /** Place of the level, from the lowest. */
  index: number;
}

/** The outcome of each term that has one. The last of them is the level reached, whatever the order of the terms. */
function outcomesOf(
  rubric: TranscriptRubric,
  goal: TranscriptGoal,
  terms: TranscriptSnapshot['terms'],
): Outcome[] {
  const steps = countingSteps(goal).filter((step) => rubric.levels.some(({ id }) => id === step.levelId));
  return steps
    .filter((step, at) => !steps.slice(at + 1).some(({ termId }) => termId === step.termId))
    .map(({ termId, levelId, on }) => {
      const index = rubric.levels.findIndex(({ id }) => id === levelId);
      // Older documents name six terms at most: of what was before them the year is known.
      const termName = terms.find(({ id }) => id === termId)?.name ?? on.slice(0, 4);
      return { termId, termName, levelName: rubric.levels[index]!.name, index };
    });
}

function growthWords(t: Translate, name: string, outcomes: readonly Outcome[]): string {
  const first = outcomes[0];
  const last = outcomes.at(-1);
  if (!first || !last) return t('transcript.goals.never', { goal: name });
  if (outcomes.length === 1)
    return t('transcript.goals.once', { goal: name, level: last.levelName, term: last.termName });
  const params = {
    goal: name,
    from: first.levelName,
    since: first.termName,
    to: last.levelName,
    term: last.termName,
  };
  if (last.index === first.index) return t('transcript.goals.steady', params);
  return t(last.index > first.index ? 'transcript.goals.grown' : 'transcript.goals.moved', params);
}

/**
 * Of a level between two others the rubric says nothing; its neighbors are what it lies between. Null for any other.
 */
function betweenWords(
  { levels }: TranscriptRubric,
  { neighbors }: TranscriptGoal,
  levelId: string | undefined,
  t: Translate,
): string | null {
  const at = levels.findIndex(({ id }) => id === levelId);
  const [lower, upper] = [levels[at - 1], levels[at + 1]];
  if (!levels[at]?.between || !lower || !upper) return null;
  const said = [
    { level: lower.name, words: neighbors?.lower },
    { level: upper.name, words: neighbors?.upper },
  ].flatMap(({ level, words }) => (words ? [t('transcript.goals.neighbor', { level, words })] : []));
  return [t('transcript.goals.between', { lower: lower.name, upper: upper.name }), ...said].join(' ');
}

/** "in Spring 2026", where the level was reached in another term than the transcript's own; else null. */
export function otherTermWords(
  { term, terms }: Pick<TranscriptSnapshot, 'term' | 'terms'>,
  rubric: TranscriptRubric,
  goal: TranscriptGoal,
  t: Translate,
): string | null {
  const last = outcomesOf(rubric, goal, terms).at(-1);
  return last && last.termId !== term.id ? t('transcript.reached.in', { term: last.termName }) : null;
}

export function goalView(
  snapshot: Pick<TranscriptSnapshot, 'terms'>,
  rubric: TranscriptRubric,
  goal: TranscriptGoal,
  t: Translate,
) {
  const reached = levelReached(rubric, goal);
  const axis = snapshot.terms.slice(-MAX_COLUMNS);
  const others = goal.history.filter((step) => step.counts === false);
  const areMarked = others.every((step) => axis.some(({ id }) => id === step.termId));
  const growth = growthWords(t, goal.name, outcomesOf(rubric, goal, snapshot.terms));
  const chart = growthChart(rubric, goal, axis, `${goal.name}: ${growth}`);
  const withOthers = (key: string): string =>
    [growth, ...(others.length > 0 ? [t(key, { count: others.length })] : [])].join(' ');
  return {
    name: goal.name,
    reached: reached?.name ?? t('transcript.goals.not-observed'),
    observed: reached !== null,
    meaning: goal.meaning ?? betweenWords(rubric, goal, reached?.id, t),
    chartHtml: chart.columns > 0 ? chart.svgHtml : '',
    showsChart: reached !== null && chart.columns >= FEWEST_COLUMNS,
    words: withOthers(areMarked ? 'transcript.goals.others' : 'transcript.goals.others-alone'),
    /** Where the chart is left out, nothing is marked. */
    wordsAlone: withOthers('transcript.goals.others-alone'),
  };
}
