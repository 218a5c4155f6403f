/** Names of the fields that a change has changed, for an entry of the audit chain: which ones, never what they say. */
import { canonicalJson } from '../canonical.js';

/** @param after the fields that were written; those with the same value as before are not named */
export function fieldsChanged(before: object, after: object): string[] {
  const was = before as Record<string, unknown>;
  return Object.entries(after)
    .filter(([field, value]) => canonicalJson(was[field] ?? null) !== canonicalJson(value ?? null))
    .map(([field]) => field)
    .sort();
}
