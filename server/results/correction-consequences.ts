/**
 * What a correction makes of each published result that it changes, before any of them is frozen: other
 * levels, another proposal, new things to be asked about. Whoever corrects is told all of it first, and says
 * the outcome where another one is proposed. Reads only.
 */
import { hashOf } from '../canonical.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput, type FieldProblem } from '../errors.js';
import type { Bar } from '../exhibitions/bar/bar.js';
import { proposeAttainment, type AttainmentProposal } from './attainment.js';
import { outcomeOf, type Decision } from './decision.js';
import type { SlotPanel } from './gather-result.js';
import { sheetsSince } from './gather-seen.js';
import { newWarnings, type PublishWarning } from './publish-warnings.js';
import type { FrozenSheet, Result } from './result.js';
import { revisedSheets } from './revision.js';
import { warningsOfPanel } from './show-warnings.js';
import { tallySheets, type Tally } from './tally.js';

export interface Consequence {
  panel: SlotPanel;
  before: Result;
  sheets: FrozenSheet[];
  tally: Tally;
  decisions: Decision[];
  /** Null where nothing was asked for. */
  bar: Bar | null;
  proposal: AttainmentProposal | null;
  /** Something else is proposed than before, so that it has to be said again whether it is met. */
  isOther: boolean;
  /** What there is to be asked about, and was not before. */
  warnings: PublishWarning[];
  /** Sheets, levels or decisions are not what they were. */
  differs: boolean;
  /** Stands for all of this: sent back, it says that its sender was told. */
  seen: string;
}

export const isSame = (a: unknown, b: unknown): boolean => hashOf(a) === hashOf(b);

/** The bar that a result was judged by; it may have been set or moved since. */
const barOf = ({ exhibition }: SlotPanel, { attainment }: Pick<Result, 'attainment'>): Bar | null =>
  attainment ? attainment.bar : (exhibition.bar ?? null);

/**
 * @param panel of a published result, as it is now
 * @param decided decisions of this correction
 * @param minVoices what the school asks for
 */
export async function gatherConsequence(
  inside: SchoolScope,
  panel: SlotPanel,
  decided: readonly Decision[],
  minVoices: number,
): Promise<Consequence> {
  const before = panel.result!;
  const { rubric } = panel;
  const sheets = await sheetsSince(inside, panel, before);
  const tally = isSame(sheets, before.sheets)
    ? before.tally
    : tallySheets(rubric, revisedSheets(sheets, before.revisions ?? []));
  const decisions = [...(before.decisions ?? []), ...decided];
  const bar = barOf(panel, before);
  const propose = (of: Tally, said: readonly Decision[]) =>
    bar && proposeAttainment(rubric, bar, of.criteria, said);
  const proposal = propose(tally, decisions);
  const isOther = !isSame(proposal, propose(before.tally, before.decisions ?? []));
  const warnings = newWarnings(
    warningsOfPanel(panel, before.tally, { decisions: before.decisions ?? [], minVoices }),
    warningsOfPanel(panel, tally, { decisions, minVoices }),
  );
  const levels = tally.criteria.map((row) => outcomeOf(row, decisions).levelId);
  const digest = hashOf([before.hash, levels, proposal, warnings]).slice(0, 16);
  return {
    ...{ panel, before, sheets, tally, decisions, bar, proposal, isOther, warnings },
    differs: decided.length > 0 || !isSame(sheets, before.sheets),
    seen: `${before.id}:${digest}`,
  };
}

/** 409: the correction has consequences of which its sender was not told. Its words are said by the route. */
export class UnseenConsequences extends Conflict {
  constructor(
    readonly consequences: readonly Consequence[],
    detail: Readonly<Record<string, unknown>> = {},
  ) {
    super('results.problem.consequences', { count: consequences.length }, 'unconfirmed', detail);
  }
}

/** 422: something else is proposed for a result, and it was not said what it comes to. */
export class UnansweredConsequences extends InvalidInput {
  constructor(
    fields: FieldProblem[],
    readonly consequences: readonly Consequence[],
  ) {
    super(fields);
  }
}

/** Rows that come to another level. */
export const changedRows = ({ before, tally, decisions, panel }: Consequence) =>
  tally.criteria.flatMap((row) => {
    const was = before.tally.criteria.find(({ criterionId }) => criterionId === row.criterionId);
    const [from, to] = [was && outcomeOf(was, before.decisions).levelId, outcomeOf(row, decisions).levelId];
    if (from === to) return [];
    const nameOf = (id: string | null | undefined) =>
      panel.rubric.levels.find((level) => level.id === id)?.name ?? null;
    const criterion = panel.rubric.criteria.find(({ id }) => id === row.criterionId);
    return [{ id: row.criterionId, name: criterion?.name ?? '', before: nameOf(from), after: nameOf(to) }];
  });
