/**
 * Runs the parts of an erasure, each portion in one transaction with its audit entry: what is gone and what
 * says something else now.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import type { ErasePart, ErasedPerson } from '../person-traces.js';
import { countKey, type Erasure } from './erasure.js';
import { saveErasureCount } from './erasure-records.js';

/** @param signal stops after the portion at hand */
export async function runPart(
  clock: Clock,
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'via'>,
  erasure: Pick<Erasure, 'id' | 'personId'>,
  part: ErasePart,
  person: ErasedPerson,
  signal?: AbortSignal,
): Promise<void> {
  const { erase } = part;
  if (!erase) return;
  for (let after: string | null = ''; after !== null && !signal?.aborted;) {
    const from: string = after;
    after = await inTransaction(scope, async (inside) => {
      const { count, last, erased, records } = await erase(inside, person, from);
      if (count > 0) {
        if (part.kind !== null)
          await saveErasureCount(inside, erasure.id, countKey(part.outcome, part.kind), count);
        const { collection } = part;
        await appendAudit(
          inside,
          clock,
          actor,
          'people.erase-records',
          { kind: 'person', id: erasure.personId },
          { erasureId: erasure.id, collection, count, erased, records },
        );
      }
      return last;
    });
  }
}
