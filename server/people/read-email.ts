/**
 * Addresses as rosters write them: `N/A`, `none` and a dash are no address, and no reason to leave somebody out. Pure.
 */
import { z } from 'zod';

const emailShape = z.email().max(254);

const isEmail = (text: string): boolean => emailShape.safeParse(text).success;

/** `none`: nothing that could be meant as an address. */
export type EmailProblem = 'email-none' | 'email' | 'emails-several';

/**
 * @returns the address in lower case; null where the cell has none that can be used, with what is wrong
 *   unless it is empty
 */
export function readEmail(text: string): { address: string | null; problem: EmailProblem | null } {
  const value = text.toLowerCase();
  if (value === '') return { address: null, problem: null };
  if (!value.includes('@')) return { address: null, problem: 'email-none' };
  if (isEmail(value)) return { address: value, problem: null };
  const several = value.split(/[\s;,|/]+/).filter((each) => each.includes('@')).length > 1;
  return { address: null, problem: several ? 'emails-several' : 'email' };
}
