/**
 * The bar of an exhibition: the level that each row, or each of some named rows, has to reach. Whether a presentation
 * meets it is worked out by the results; an exhibition without a bar asks for nothing.
 */
import { InvalidInput } from '../../errors.js';
import { findCriterion, levelPosition, type Criterion, type Rubric } from '../../rubrics/rubric.js';
import type { Phase } from '../exhibition.js';

export interface Bar {
  /** To be reached or passed. */
  levelId: string;
  /** The rows that must reach it, in the order of the rubric; null for all of them. */
  criterionIds: string[] | null;
}

/** Everybody knows it before the first sheet is written; afterwards it stands. */
export const mayChangeBar = (phase: Phase): boolean => phase === 'draft' || phase === 'open';

export const rowsOfBar = (rubric: Rubric, bar: Bar): Criterion[] =>
  rubric.criteria.filter((row) => bar.criterionIds === null || bar.criterionIds.includes(row.id));

/**
 * The bar as it is kept: rows in the rubric's order, each once.
 * @throws InvalidInput for a level or a row that the rubric does not have, and for a list of rows that is empty
 */
export function readBar(rubric: Rubric, bar: Bar): Bar {
  if (levelPosition(rubric, bar.levelId) < 0)
    throw new InvalidInput([{ field: 'levelId', message: 'exhibition.problem.bar-level' }]);
  if (bar.criterionIds === null) return bar;
  if (bar.criterionIds.some((id) => !findCriterion(rubric, id)))
    throw new InvalidInput([{ field: 'criterionIds', message: 'exhibition.problem.bar-row' }]);
  if (bar.criterionIds.length === 0)
    throw new InvalidInput([{ field: 'criterionIds', message: 'exhibition.problem.bar-no-row' }]);
  return { levelId: bar.levelId, criterionIds: rowsOfBar(rubric, bar).map((row) => row.id) };
}

/** Whether the rubric has the level and every criterion that the bar names. */
export const barFits = (rubric: Rubric, bar: Bar): boolean =>
  levelPosition(rubric, bar.levelId) >= 0 &&
  (bar.criterionIds ?? []).every((id) => findCriterion(rubric, id));

/** The bar in the words of its rubric. */
export function barView(rubric: Rubric, bar: Bar) {
  return {
    ...bar,
    level: rubric.levels.find((level) => level.id === bar.levelId)?.name ?? '',
    rows: bar.criterionIds === null ? null : rowsOfBar(rubric, bar).map((row) => row.name),
  };
}
