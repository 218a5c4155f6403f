/**
 * Whether a panel in the making understands a language: somebody interprets, or everybody speaks it. As
 * `rules.ts` has it, on numbers.
 */
import type { Panelist } from './problem.js';

export function understands(
  language: string,
  given: readonly { person: number }[],
  seats: ArrayLike<number>,
  panelists: readonly (Panelist | null)[],
): boolean {
  let speakers = 0;
  let count = 0;
  const hear = (p: number): boolean => {
    const person = panelists[p];
    count += 1;
    if (person?.speaks.includes(language)) speakers += 1;
    return person?.interprets.includes(language) ?? false;
  };
  for (const { person } of given) if (hear(person)) return true;
  for (let n = 0; n < seats.length; n += 1) if (seats[n]! >= 0 && hear(seats[n]!)) return true;
  return count > 0 && speakers === count;
}
