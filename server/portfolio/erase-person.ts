/** What is erased of a person among the portfolios: drafts, and what was submitted unless the school keeps it. */
import { erasing, keeping, rewriting, type ErasePart } from '../person-traces.js';
import type { PortfolioSnapshot } from './portfolio.js';
import {
  countKeptSnapshots,
  removePortfoliosOf,
  removeSnapshotsOf,
  saveSuggestionsErased,
} from './portfolio-records.js';

const namesOf = ({ id, portfolioId, number, takenDownHash }: PortfolioSnapshot) => [
  { kind: 'portfolio' as const, id: `${portfolioId} ${number}` },
  ...(takenDownHash ? [{ kind: 'shortened portfolio' as const, id }] : []),
];

export const erasePersonFromPortfolios: readonly ErasePart[] = [
  erasing('portfolio', removePortfoliosOf),
  erasing('snapshot', removeSnapshotsOf, namesOf),
  keeping('snapshot', countKeptSnapshots),
  rewriting(null, saveSuggestionsErased, (portfolio, { ids }) => ({
    ...portfolio,
    suggestions: (portfolio.suggestions ?? []).filter(({ by }) => !ids.includes(by)),
  })),
];
