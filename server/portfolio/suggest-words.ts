/** An advisor suggests words, and takes the suggestion back; the student accepts or declines it. */
import type { Actor } from '../access/actor.js';
import type { Clock } from '../clock.js';
import { hashOf } from '../canonical.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput, NotFound } from '../errors.js';
import { newId } from '../ids.js';
import type { Portfolio } from './portfolio.js';
import { saveSuggestion, saveSuggestionAnswer, saveSuggestionRemoved } from './portfolio-records.js';
import {
  isOnOlderWords,
  MAX_SUGGESTIONS,
  withSuggestion,
  suggestedWords,
  type Suggestion,
} from './suggestion.js';

/**
 * @throws InvalidInput when it is what the student wrote already, when there are too many, or for a title of nothing
 * @throws NotFound when the entry is gone
 */
export async function suggestWords(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Pick<Actor, 'personId'>,
  portfolio: Portfolio,
  wanted: Pick<Suggestion, 'field' | 'entryId' | 'text'>,
): Promise<Portfolio> {
  const entryId = wanted.field === 'reflection' ? wanted.entryId : null;
  const words = suggestedWords(portfolio, { ...wanted, entryId });
  if (words === null) throw new NotFound();
  if (wanted.text === words || wanted.text === '')
    throw new InvalidInput([{ field: 'text', message: 'portfolio.problem.suggestion-same' }]);
  const made = { base: hashOf(words), by: actor.personId, at: clock.now() };
  const suggestion = { id: newId(), ...wanted, entryId, ...made };
  const after = await saveSuggestion(scope, portfolio.id, suggestion, MAX_SUGGESTIONS);
  if (!after)
    throw new InvalidInput([
      {
        field: 'text',
        message: 'portfolio.problem.suggestions-too-many',
        params: { maximum: MAX_SUGGESTIONS },
      },
    ]);
  return after;
}

const suggestionOf = (portfolio: Portfolio, id: string): Suggestion => {
  const found = portfolio.suggestions?.find((each) => each.id === id);
  if (!found) throw new NotFound();
  return found;
};

/** Whether the words were changed since it was made. @throws NotFound */
export const isOutdated = (portfolio: Portfolio, suggestionId: string): boolean =>
  isOnOlderWords(portfolio, suggestionOf(portfolio, suggestionId));

/** @throws Conflict when the words, as they would be saved, are not those that it was made on */
export function checkSuggestedOn(
  portfolio: Portfolio,
  change: Partial<Pick<Portfolio, 'title' | 'statement'>> & { entries?: readonly unknown[] },
  suggestionId: string | undefined,
): void {
  const after = { ...portfolio, ...change } as Portfolio;
  if (suggestionId && isOnOlderWords(after, suggestionOf(portfolio, suggestionId)))
    throw new Conflict('portfolio.problem.words-newer', {}, 'words-newer');
}

/**
 * The student's answer; accepted, the suggestion takes the place of what they wrote.
 * @throws Conflict when the portfolio was changed meanwhile; NotFound when the suggestion or its entry is gone
 */
export async function answerSuggestion(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  portfolio: Portfolio,
  suggestionId: string,
  answer: 'accept' | 'replace' | 'decline',
): Promise<Portfolio> {
  const suggestion = suggestionOf(portfolio, suggestionId);
  if (answer === 'decline')
    return (await saveSuggestionRemoved(scope, portfolio.id, suggestionId)) ?? portfolio;
  if (suggestedWords(portfolio, suggestion) === null) throw new NotFound();
  const change = {
    ...withSuggestion(portfolio, suggestion),
    state: 'draft' as const,
    changedAt: clock.now(),
  };
  const after = await saveSuggestionAnswer(scope, portfolio.id, portfolio.revision, change, suggestionId);
  if (!after) throw new Conflict('portfolio.problem.stale', {}, 'stale-revision');
  return after;
}

/** @throws NotFound for what somebody else has suggested */
export async function withdrawSuggestion(
  scope: SchoolScope,
  actor: Pick<Actor, 'personId'>,
  portfolio: Portfolio,
  suggestionId: string,
): Promise<Portfolio> {
  const { by } = suggestionOf(portfolio, suggestionId);
  if (by !== actor.personId) throw new NotFound();
  return (await saveSuggestionRemoved(scope, portfolio.id, suggestionId)) ?? portfolio;
}
