/** Canonical JSON (RFC 8785) and its SHA-256: what every frozen thing is hashed by. */
import { createHash } from 'node:crypto';
import canonicalizeModule from 'canonicalize';

const canonicalize = canonicalizeModule;

/** The one text form of a value: keys sorted, no white space; Dates become ISO 8601 text. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(JSON.parse(JSON.stringify(value)));
  if (text === undefined) throw new TypeError('undefined has no canonical JSON');
  return text;
}

/** SHA-256, lower-case hex, of the canonical JSON of `value`. */
export const hashOf = (value: unknown): string => sha256Of(canonicalJson(value));

/** SHA-256, lower-case hex. */
export const sha256Of = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');
