/** What is said of one goal: the level reached, how it came to it, and the chart where there is something to draw. Also for pages on screen. */
import type { MessageParams } from '../errors.js';
import { growthChart, type GrowthChart } from './growth-chart.js';
import {
  levelReached,
  type TranscriptGoal,
  type TranscriptRubric,
  type TranscriptSnapshot,
} from './snapshot.js';

export type Translate = (key: string, params?: MessageParams) => string;

/** One or two points are a sentence, not a chart. */
const FEWEST_MARKS = 3;

function growthWords(t: Translate, name: string, steps: GrowthChart['steps']): string {
  const first = steps[0];
  const last = steps.at(-1);
  if (!first || !last) return t('transcript.goals.never', { goal: name });
  if (steps.length === 1)
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

export function goalView(
  snapshot: Pick<TranscriptSnapshot, 'terms'>,
  rubric: TranscriptRubric,
  goal: TranscriptGoal,
  t: Translate,
) {
  const reached = levelReached(rubric, goal);
  const others = goal.history.filter((step) => step.counts === false).length;
  const chart = growthChart(
    rubric,
    goal,
    snapshot.terms,
    (steps) => `${goal.name}: ${growthWords(t, goal.name, steps)}`,
  );
  const growth = growthWords(t, goal.name, chart.steps);
  return {
    name: goal.name,
    reached: reached?.name ?? t('transcript.goals.not-observed'),
    observed: reached !== null,
    meaning: goal.meaning,
    chartHtml: chart.svgHtml,
    showsChart: reached !== null && chart.marks >= FEWEST_MARKS,
    words: [growth, ...(others > 0 ? [t('transcript.goals.others', { count: others })] : [])].join(' '),
    /** Where the chart is left out, nothing is marked. */
    wordsAlone: [growth, ...(others > 0 ? [t('transcript.goals.others-alone', { count: others })] : [])].join(
      ' ',
    ),
  };
}
