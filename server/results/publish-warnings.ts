/** What whoever publishes a result is asked about first. None of it stands in the way: publishing then is confirmed. Pure. */
import { z } from 'zod';
import { Conflict } from '../errors.js';
import { isRequired, type Rubric } from '../rubrics/rubric.js';
import { decisionsOn, type Decision } from './decision.js';
import { openRows } from './open-rows.js';
import type { CriterionTally, Tally } from './tally.js';

export const warningKinds = ['tie', 'apart', 'voices', 'row-voices', 'missing-sheets'] as const;
export type WarningKind = (typeof warningKinds)[number];

export interface PublishWarning {
  kind: WarningKind;
  /** Null where it concerns the whole result. */
  criterionId: string | null;
  /** Of `apart` the level steps, of `missing-sheets` the sheets, else the voices that are there. */
  count: number;
  /** Of `apart` the steps that the rubric permits, of `voices` and `row-voices` the voices that are asked for. */
  asked: number;
}

/**
 * A row that nobody saw is "not observed", and is said as such: it is asked about only where more than one voice is asked for.
 * @param facts.minVoices what the school asks for; a rubric may ask for more, never for less
 */
export function publishWarnings(
  rubric: Rubric,
  tally: Tally,
  facts: { decisions: readonly Pick<Decision, 'criterionId' | 'turn'>[]; awaited: number; minVoices: number },
): PublishWarning[] {
  const asked = Math.max(facts.minVoices, rubric.tally.voices ?? 1);
  const few: PublishWarning[] =
    tally.sheets < asked
      ? [{ kind: 'voices', criterionId: null, count: tally.sheets, asked }]
      : tally.criteria
          .filter((row) => asked > 1 && row.scored < asked && isAsked(rubric, row))
          .filter((row) => isOpen(row, facts.decisions))
          .map((row) => ({
            ...{ kind: 'row-voices' as const, criterionId: row.criterionId },
            ...{ count: row.scored, asked },
          }));
  return [
    ...openRows(tally, facts.decisions).map(({ row, kind }) => ({
      ...{ kind, criterionId: row.criterionId },
      ...{ count: kind === 'apart' ? (row.spread ?? 0) : 0, asked: tally.threshold },
    })),
    ...few,
    ...(facts.awaited > 0
      ? [{ kind: 'missing-sheets' as const, criterionId: null, count: facts.awaited, asked: 0 }]
      : []),
  ];
}

const isAsked = (rubric: Rubric, { criterionId }: CriterionTally): boolean =>
  rubric.criteria.some((row) => row.id === criterionId && isRequired(row));
const isOpen = (row: CriterionTally, decisions: readonly Pick<Decision, 'criterionId' | 'turn'>[]): boolean =>
  decisionsOn(row.criterionId, decisions).length === 0;

/** 409: there is something to be asked about first, and the act was not confirmed. */
export class UnconfirmedResult extends Conflict {
  constructor(readonly warnings: readonly PublishWarning[]) {
    super('results.problem.unconfirmed', { count: warnings.length }, 'unconfirmed');
  }
}

export const warningAnswer = z.object({
  kind: z.enum(warningKinds),
  criterionId: z.string().nullable(),
  name: z.string().nullable().describe('Of the row.'),
  count: z.number(),
  asked: z.number(),
  words: z.string(),
  href: z.string().describe('Where to do something about it.'),
});
export type WarningView = z.output<typeof warningAnswer>;

/** @param facts.mayDecide whether the reader may record a decision on a row */
export function warningView(
  warning: PublishWarning,
  { rubric, slotId, mayDecide }: { rubric: Rubric; slotId: string; mayDecide: boolean },
  t: (key: string, params: Record<string, string | number>) => string,
): WarningView {
  const { kind, criterionId, count, asked } = warning;
  const name = rubric.criteria.find((row) => row.id === criterionId)?.name ?? null;
  const row = criterionId ?? '';
  const hrefs: Record<WarningKind, string> = {
    tie: mayDecide ? `/slots/${slotId}/reveal?decide=${row}#act` : `#${row}`,
    apart: mayDecide ? `/slots/${slotId}/reveal?decide=${row}#act` : `#${row}`,
    voices: `/slots/${slotId}`,
    'row-voices': `#${row}`,
    'missing-sheets': `/slots/${slotId}`,
  };
  const words = t(`results.warning.${kind}`, { name: name ?? '', count, asked });
  return { kind, criterionId, name, count, asked, words, href: hrefs[kind] };
}
