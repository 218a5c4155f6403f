/**
 * Growth of one goal over the terms as an SVG text: one step line, the level names at the left, every attempt
 * a hollow mark, the outcome of a term a full one. Pure; the same facts give the same text.
 */
import { scalePoint } from 'd3-scale';
import { curveStep, line } from 'd3-shape';
import { countingSteps, levelReached, type TranscriptGoal, type TranscriptRubric } from './snapshot.js';

export interface GrowthChart {
  svgHtml: string;
  /** Terms in which it marks something, other attempts among them. */
  columns: number;
}

const width = 300;
const rowHeight = 13;
/** Of a letter on the axis, on average and with the space beside it. */
const letterWidth = 4.8;
const labels = { left: 84, right: 12, top: 8, bottom: 20 };

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const round = (value: number) => Math.round(value * 100) / 100;

/**
 * @param terms the axis, in order: what happened in another term is not drawn
 * @param described the sentence for those who cannot see the chart
 */
export function growthChart(
  rubric: TranscriptRubric,
  goal: TranscriptGoal,
  terms: { id: string; name: string }[],
  described: string,
): GrowthChart {
  const order = rubric.levels.map((level) => level.id);
  const inner = (rubric.levels.length - 1) * rowHeight;
  const height = labels.top + inner + labels.bottom;
  const x = scalePoint(
    terms.map((term) => term.id),
    [labels.left + 18, width - labels.right - 26],
  );
  const y = scalePoint(order, [labels.top + inner, labels.top]);
  const at = (termId: string, levelId: string): [number, number] => [
    round(x(termId) ?? 0),
    round(y(levelId) ?? 0),
  ];

  const known = goal.history.filter(
    (entry) => order.includes(entry.levelId) && terms.some((term) => term.id === entry.termId),
  );
  const outcomes = terms.flatMap((term) =>
    known.filter((entry) => entry.termId === term.id && entry.counts !== false).slice(-1),
  );

  const rules = rubric.levels.map((level) => {
    const place = round(y(level.id) ?? 0);
    const rule = `<line class="chart-rule${level.between ? ' chart-between' : ''}" x1="${labels.left}" x2="${width - labels.right}" y1="${place}" y2="${place}"/>`;
    const reached = level.id === levelReached(rubric, goal)?.id;
    if (level.between && !reached) return rule;
    const name = `<text class="chart-level${reached ? ' chart-here' : ''}" x="${labels.left - 8}" y="${place + 2.8}" text-anchor="end">${escape(level.name)}</text>`;
    return rule + name;
  });
  // Names that would run into each other are left out, the last one never.
  const widest = Math.max(...terms.map((term) => term.name.length)) * letterWidth;
  const every = Math.max(1, Math.ceil(widest / (x.step() || width)));
  const named = terms.filter((_term, index) => (terms.length - 1 - index) % every === 0);
  const axis = named.map(
    (term) =>
      `<text class="chart-term" x="${round(x(term.id) ?? 0)}" y="${height - 4}" text-anchor="middle">${escape(term.name)}</text>`,
  );
  const path = line().curve(curveStep)(outcomes.map((entry) => at(entry.termId, entry.levelId)));
  const attempts = known
    .filter((entry) => !outcomes.includes(entry))
    .map((entry) => mark(at(entry.termId, entry.levelId), 'chart-attempt', 3));
  const latest = countingSteps(goal).at(-1);
  const marks = outcomes.map((entry) =>
    mark(at(entry.termId, entry.levelId), 'chart-mark', entry === latest ? 4.2 : 3),
  );

  const svgHtml =
    `<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(described)}">` +
    rules.join('') +
    axis.join('') +
    (outcomes.length > 1 && path ? `<path class="chart-line" d="${path}"/>` : '') +
    attempts.join('') +
    marks.join('') +
    '</svg>';
  return { svgHtml, columns: new Set(known.map((entry) => entry.termId)).size };
}

function mark([cx, cy]: [number, number], name: string, radius: number): string {
  return `<circle class="${name}" cx="${cx}" cy="${cy}" r="${radius}"/>`;
}
