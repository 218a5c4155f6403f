/**
 * What a change of a portfolio would take away for good. A form is asked about it first; a program says what
 * it means. Pure.
 */
import type { PortfolioChange } from './change-portfolio.js';
import { moved, type PortfolioEntry, type Portfolio } from './portfolio.js';

export interface Loss {
  /** Somebody has written about the work. */
  reflection: boolean;
  ticks: number;
  pins: number;
}

const lossOf = (entries: readonly PortfolioEntry[], isLost: (criterionId: string) => boolean): Loss => ({
  reflection: false,
  ticks: entries.flatMap(({ criterionIds }) => criterionIds).filter(isLost).length,
  pins: entries.flatMap(({ pins = [] }) => pins).filter(({ criterionId }) => isLost(criterionId)).length,
});
const isAny = ({ reflection, ticks, pins }: Loss): boolean => reflection || ticks + pins > 0;

/** Null where nothing is lost with the work's entry, or there is none. */
export function lossOfRemoval({ entries }: Pick<Portfolio, 'entries'>, entryId: string): Loss | null {
  const entry = entries.find(({ id }) => id === entryId);
  if (!entry) return null;
  const loss = { ...lossOf([entry], () => true), reflection: entry.reflection.trim() !== '' };
  return isAny(loss) ? loss : null;
}

/** @param criterionIds of the rubric that takes the place of the one before; none without a rubric */
export function lossOfRubric(
  { entries }: Pick<Portfolio, 'entries'>,
  criterionIds: readonly string[],
): Loss | null {
  const loss = lossOf(entries, (id) => !criterionIds.includes(id));
  return isAny(loss) ? loss : null;
}

/** What is asked, as an address says it: `remove:<entry id>` or `rubric:<slug>`, without a slug for none. */
export type Question = { act: 'remove'; entryId: string } | { act: 'rubric'; slug: string | null };

export function readQuestion(text: string | undefined): Question | null {
  const [act, about = ''] = (text ?? '').split(':');
  if (act === 'remove' && about !== '') return { act, entryId: about };
  return act === 'rubric' ? { act, slug: about || null } : null;
}

export interface Asked {
  /** What can be saved at once: everything but what is asked about. */
  change: PortfolioChange;
  question: string | null;
}

/**
 * The change without what would be lost by it, and the question about that.
 * @param removes id of the entry that a button takes out
 * @param criteriaOf the ids of a rubric's criteria, none for null
 */
export function withoutLosses(
  portfolio: Portfolio,
  change: PortfolioChange,
  typed: PortfolioChange,
  removes: string | null,
  criteriaOf: (slug: string | null) => readonly string[],
): Asked {
  const entries = typed.entries.map((entry) => ({
    ...entry,
    id: entry.id ?? '',
    pins: entry.pins ?? portfolio.entries.find(({ id }) => id === entry.id)?.pins,
  }));
  if (removes !== null && lossOfRemoval({ entries }, removes))
    return { change: typed, question: `remove:${removes}` };
  const isOther = (change.rubric ?? null) !== (portfolio.rubric?.slug ?? null);
  const left = removes === null ? entries : moved(entries, removes, 'remove');
  if (isOther && lossOfRubric({ entries: left }, criteriaOf(change.rubric)))
    return {
      change: { ...change, rubric: portfolio.rubric?.slug ?? null },
      question: `rubric:${change.rubric ?? ''}`,
    };
  return { change, question: null };
}
