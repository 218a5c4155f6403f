/**
 * What a token may do of what its owner may do. Deny by default: a token has the scopes that were chosen for
 * it, a route that changes something asks for the scope of its part of the product, and what would let a
 * token outlive its limits no token may do at all.
 */
import { Forbidden } from '../errors.js';
import type { Actor } from './actor.js';

export const tokenScopes = [
  'read',
  'people:import',
  'people:write',
  'school:write',
  'work:write',
  'exhibitions:write',
  'scores:write',
  'results:write',
  'narratives:write',
  'transcripts:issue',
] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** `never`: whatever the token holds. `none`: any token. */
export type ScopeNeeded = TokenScope | 'never' | 'none';

/** By the part of the product that a changing route belongs to; a part that is not named is closed to tokens. */
const scopeByPart: Readonly<Record<string, TokenScope>> = {
  school: 'school:write',
  people: 'people:write',
  plan: 'work:write',
  artifacts: 'work:write',
  portfolio: 'work:write',
  rehearsals: 'work:write',
  rubrics: 'exhibitions:write',
  exhibition: 'exhibitions:write',
  panel: 'exhibitions:write',
  schedule: 'exhibitions:write',
  calendar: 'exhibitions:write',
  visits: 'exhibitions:write',
  scores: 'scores:write',
  results: 'results:write',
  narratives: 'narratives:write',
  transcript: 'transcripts:issue',
  jobs: 'transcripts:issue',
};

/** @param part the name under which the route was declared */
export function scopeNeeded(part: string, method: string, declared?: ScopeNeeded): ScopeNeeded {
  if (declared) return declared;
  if (part === 'operations') return 'none';
  return method === 'get' ? 'read' : (scopeByPart[part] ?? 'never');
}

/** @throws Forbidden when the caller is a token that may not do this */
export function checkScope(needed: ScopeNeeded, actor: Actor | null): void {
  if (actor?.via !== 'token' || needed === 'none') return;
  if (needed === 'never') throw new Forbidden('access.problem.not-by-token');
  // Tokens from before there were scopes do everything else that their owner may, until they expire.
  const { scopes = null } = actor;
  if (scopes !== null && !scopes.includes(needed))
    throw new Forbidden('access.problem.token-scope', { scope: needed });
}
