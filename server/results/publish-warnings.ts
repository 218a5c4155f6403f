/**
 * What whoever publishes a result is asked about first. None of it stands in the way: publishing then is
 * confirmed. Pure.
 */
import { z } from 'zod';
import { Conflict, type MessageParams } from '../errors.js';
import { isRequired, type Rubric } from '../rubrics/rubric.js';
import { decisionsOn, type Decision } from './decision.js';
import { openRows } from './open-rows.js';
import type { CriterionTally, Tally } from './tally.js';

const warningKinds = [
  'tie',
  'apart',
  'voices',
  'row-voices',
  'missing-sheets',
  'late-sheets',
  'late-visits',
  'not-admitted',
  'missing-elsewhere',
] as const;
type WarningKind = (typeof warningKinds)[number];

export interface PublishWarning {
  kind: WarningKind;
  /** Null where it concerns the whole result. */
  criterionId: string | null;
  /** Of `apart` the level steps, of those that name people the sheets, else the voices that are there. */
  count: number;
  /** Of `apart` the steps that the rubric permits, of `voices` and `row-voices` the voices that are asked for. */
  asked: number;
  /**
   * Whose sheets are missing, here or in another member's result, or wait for the office, or do not count
   * because nobody has admitted them.
   */
  names?: string[];
  /** When each of `late-sheets` was handed in, in the order of the names. */
  handedInAt?: Date[];
}

export interface WarningFacts {
  decisions: readonly Pick<Decision, 'criterionId' | 'turn'>[];
  /** Names of those whose sheets the panel waits for. */
  missing: readonly string[];
  /** Whose sheets were handed in after closing, and wait for the office to decide. */
  late: readonly { name: string; at: Date }[];
  /** Visits that arrived after the stand was over, and wait for the office; left out where there is no stand. */
  lateVisits?: number;
  /** Names of guests who have scored and whom nobody has admitted. */
  unadmitted: readonly string[];
  /** Names of those whose sheet the published result of another member does without. */
  elsewhere: readonly string[];
  /** What the school asks for; a rubric may ask for more, never for less. */
  minVoices: number;
}

/**
 * A row that nobody saw is "not observed", and is said as such: it is asked about only where more than one
 * voice is asked for.
 */
export function publishWarnings(rubric: Rubric, tally: Tally, facts: WarningFacts): PublishWarning[] {
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
    ...ofPeople('missing-sheets', facts.missing),
    ...ofPeople(
      'late-sheets',
      facts.late.map(({ name }) => name),
    ).map((warning) => ({ ...warning, handedInAt: facts.late.map(({ at }) => at) })),
    ...(facts.lateVisits
      ? [{ kind: 'late-visits' as const, criterionId: null, count: facts.lateVisits, asked: 0 }]
      : []),
    ...ofPeople('not-admitted', facts.unadmitted),
    ...ofPeople('missing-elsewhere', facts.elsewhere),
  ];
}

const ofPeople = (kind: WarningKind, names: readonly string[]): PublishWarning[] =>
  names.length === 0 ? [] : [{ kind, criterionId: null, count: names.length, asked: 0, names: [...names] }];

/** What a change brings that there was not before it. */
export function newWarnings(
  before: readonly PublishWarning[],
  after: readonly PublishWarning[],
): PublishWarning[] {
  const known = new Set(before.map((each) => JSON.stringify(each)));
  return after.filter((each) => !known.has(JSON.stringify(each)));
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
  names: z
    .array(z.string())
    .describe(
      'Whose sheets are missing or wait for the office, or do not count because nobody has admitted them.',
    ),
  words: z.string(),
  href: z.string().describe('Where to do something about it.'),
});
export type WarningView = z.output<typeof warningAnswer>;

export interface WarningPlace {
  rubric: Rubric;
  slotId: string;
  /** Whether the reader may record a decision on a row. */
  mayDecide: boolean;
  /** Where guests are admitted. */
  admitHref: string;
  /** Where it is decided whether late sheets count, or who they are of is seen. */
  lateHref: string;
  /** The same for visits. */
  lateVisitsHref: string;
  /** A moment in words. */
  when: (at: Date) => string;
  /** What comes before the id of a row, on a page that does not show the row itself. */
  rowsAt?: string;
}

export function warningView(
  warning: PublishWarning,
  { rubric, slotId, mayDecide, admitHref, lateHref, lateVisitsHref, when, rowsAt = '' }: WarningPlace,
  t: (key: string, params: MessageParams) => string,
): WarningView {
  const { kind, criterionId, count, asked, names = [], handedInAt = [] } = warning;
  const name = rubric.criteria.find((row) => row.id === criterionId)?.name ?? null;
  const row = criterionId ?? '';
  const hrefs: Record<WarningKind, string> = {
    tie: mayDecide ? `/slots/${slotId}/reveal?decide=${row}#act` : `${rowsAt}#${row}`,
    apart: mayDecide ? `/slots/${slotId}/reveal?decide=${row}#act` : `${rowsAt}#${row}`,
    voices: `/slots/${slotId}`,
    'row-voices': `${rowsAt}#${row}`,
    'missing-sheets': `/slots/${slotId}`,
    'late-sheets': lateHref,
    'late-visits': lateVisitsHref,
    'not-admitted': admitHref,
    // Once somebody of the group is published this leads to the correction of that result.
    'missing-elsewhere': admitHref,
  };
  const said = names.map((each, at) => {
    const moment = handedInAt[at];
    return moment ? t('results.warning.late-name', { name: each, when: when(moment) }) : each;
  });
  const words = t(`results.warning.${kind}`, { name: name ?? '', count, asked, names: said });
  return { kind, criterionId, name, count, asked, names, words, href: hrefs[kind] };
}
