import { randomUUID } from 'node:crypto';

/** A new identifier: a random UUID (version 4) as text. */
export function newId(): string {
  return randomUUID();
}
