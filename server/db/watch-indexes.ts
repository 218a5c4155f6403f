/** Whether the declared indexes are still there, for whoever asks often. */
import type { CollectionDeclaration } from './declaration.js';
import { planIndexes } from './indexes.js';
import type { Db } from './migration.js';

const freshMilliseconds = 5000;

/** `areThere` looks at most every five seconds, and once for all who ask meanwhile. */
export function watchIndexes(
  db: Db,
  collections: readonly CollectionDeclaration[],
): { areThere(): Promise<boolean> } {
  let last: { at: number; answer: Promise<boolean> } | null = null;
  return {
    areThere() {
      const now = performance.now();
      if (last && now - last.at < freshMilliseconds) return last.answer;
      const answer = planIndexes(db, collections).then(({ missing }) => missing.length === 0);
      last = { at: now, answer };
      answer.catch(() => (last = null));
      return answer;
    },
  };
}
