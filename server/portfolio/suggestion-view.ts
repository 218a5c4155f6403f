/** What pages and programs see of the suggestions for a portfolio: each by itself, and how many wait from whom. */
import { z } from 'zod';
import type { Actor } from '../access/actor.js';
import type { SchoolScope } from '../db/database.js';
import { listPeopleByIds } from '../people/people-records.js';
import type { Portfolio } from './portfolio.js';
import { isOnOlderWords, openSuggestions } from './suggestion.js';

export async function suggestionViews(
  { scope, actor }: { scope: SchoolScope; actor: Pick<Actor, 'personId'> },
  portfolio: Portfolio,
) {
  const open = openSuggestions(portfolio);
  const people = open.length > 0 ? await listPeopleByIds(scope, [...new Set(open.map(({ by }) => by))]) : [];
  return open.map((suggestion) => {
    const { id, field, entryId, text, by, at } = suggestion;
    return {
      ...{ id, field, entryId, text, at: at.toISOString() },
      outdated: isOnOlderWords(portfolio, suggestion),
      by: { id: by, name: people.find((person) => person.id === by)?.displayName ?? '' },
      own: by === actor.personId,
    };
  });
}
type SuggestionView = Awaited<ReturnType<typeof suggestionViews>>[number];

export const waitingSuggestionsAnswer = z
  .array(
    z.object({
      by: z.object({ id: z.string(), name: z.string() }),
      count: z.number(),
      href: z.string().describe('Opens the first of them beside the words it is about.'),
    }),
  )
  .describe('How many suggestions wait for the student, by who made them.');

/** One line for each person who suggested something, in the order of their first suggestion. */
export function waitingSuggestions(
  portfolioId: string,
  suggestions: readonly Pick<SuggestionView, 'id' | 'by'>[],
): z.output<typeof waitingSuggestionsAnswer> {
  const lines = new Map<string, { by: SuggestionView['by']; count: number; href: string }>();
  for (const { id, by } of suggestions) {
    const line = lines.get(by.id);
    if (line) line.count += 1;
    else lines.set(by.id, { by, count: 1, href: `/portfolios/${portfolioId}?edit=yes#suggestion-${id}` });
  }
  return [...lines.values()];
}
