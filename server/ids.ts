import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

const sources = new AsyncLocalStorage<() => string>();

/** A new identifier: a random UUID (version 4) as text. Names things; it is never a secret. */
export function newId(): string {
  return (sources.getStore() ?? randomUUID)();
}

/** Runs `work` with ids from `source` instead: the sample school has the same ids whenever it is loaded. */
export function withIds<T>(source: () => string, work: () => Promise<T>): Promise<T> {
  return sources.run(source, work);
}
