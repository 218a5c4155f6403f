/**
 * What an advisor suggests for words of a student's portfolio. The words stay the student's until the student
 * takes the suggestion. Pure.
 */
import { hashOf } from '../canonical.js';
import type { Portfolio } from './portfolio.js';

export const suggestedFields = ['title', 'statement', 'reflection'] as const;
type SuggestedField = (typeof suggestedFields)[number];

export interface Suggestion {
  id: string;
  field: SuggestedField;
  /** Of the entry with the reflection; null for the others. */
  entryId: string | null;
  text: string;
  /** Hash of the words that it was made on; left out by suggestions from before that was kept. */
  base?: string;
  by: string;
  at: Date;
}

/** Somebody may suggest again and again; what is older than that many is answered first. */
export const MAX_SUGGESTIONS = 60;

/** The words that a suggestion is about; null when their entry is gone. */
export function suggestedWords(
  portfolio: Pick<Portfolio, 'title' | 'statement' | 'entries'>,
  { field, entryId }: Pick<Suggestion, 'field' | 'entryId'>,
): string | null {
  if (field !== 'reflection') return portfolio[field];
  return portfolio.entries.find(({ id }) => id === entryId)?.reflection ?? null;
}

/** Whether somebody has changed the words since: then the suggestion may not simply take their place. */
export const isOnOlderWords = (
  portfolio: Pick<Portfolio, 'title' | 'statement' | 'entries' | 'changedAt'>,
  suggestion: Pick<Suggestion, 'field' | 'entryId' | 'base' | 'at'>,
): boolean =>
  suggestion.base === undefined
    ? portfolio.changedAt > suggestion.at
    : suggestion.base !== hashOf(suggestedWords(portfolio, suggestion) ?? '');

/** The part of the portfolio that changes when a suggestion is taken. */
export function withSuggestion(
  { entries }: Pick<Portfolio, 'entries'>,
  { field, entryId, text }: Suggestion,
): Partial<Pick<Portfolio, 'title' | 'statement' | 'entries'>> {
  if (field !== 'reflection') return { [field]: text };
  return { entries: entries.map((each) => (each.id === entryId ? { ...each, reflection: text } : each)) };
}

/** Those whose words are still there. */
export const openSuggestions = (portfolio: Portfolio): Suggestion[] =>
  (portfolio.suggestions ?? []).filter((each) => suggestedWords(portfolio, each) !== null);
