/** Adds one entry to the school's audit chain, in the transaction of the act that it records. */
import type { Actor } from '../access/actor.js';
import { hashOf } from '../canonical.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../database.js';
import { newId } from '../ids.js';
import { findLastEntry, listEntriesFrom, saveEntry, type AuditEntry } from './audit-records.js';

const firstHash = '0'.repeat(64);

/**
 * @param act `<room>.<verb>`
 * @param detail facts by id or number; never names, texts or secrets
 */
export async function appendAudit(
  scope: SchoolScope,
  clock: Clock,
  actor: Pick<Actor, 'personId' | 'via'>,
  act: string,
  subject: { kind: string; id: string },
  detail: Record<string, unknown> = {},
): Promise<void> {
  // Two acts at once want the same number: inside a transaction MongoDB makes one of them start again; outside, the unique index does.
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await inTransaction(scope, async (inside) => {
        const last = await findLastEntry(inside);
        const content = {
          number: (last?.number ?? 0) + 1,
          at: clock.now(),
          actorId: actor.personId,
          via: actor.via,
          act,
          subject,
          detail,
          previousHash: last?.hash ?? firstHash,
        };
        await saveEntry(inside, { id: newId(), schoolId: scope.schoolId, ...content, hash: hashOf(content) });
      });
    } catch (error) {
      if (scope.session || !isDuplicate(error) || attempt >= 20) throw error;
    }
  }
}

/**
 * Walks the whole chain of a school. Returns the number of the first entry that does not hold, or null when all do.
 * @param visit sees every entry that holds, in order
 */
export async function findBrokenEntry(
  scope: SchoolScope,
  visit: (entry: AuditEntry) => void = () => undefined,
): Promise<number | null> {
  let previousHash = firstHash;
  let number = 1;
  for (;;) {
    const batch = await listEntriesFrom(scope, number, 500);
    if (batch.length === 0) return null;
    for (const entry of batch) {
      if (
        entry.number !== number ||
        entry.previousHash !== previousHash ||
        hashOf(contentOf(entry)) !== entry.hash
      )
        return number;
      visit(entry);
      previousHash = entry.hash;
      number += 1;
    }
  }
}

function contentOf({ number, at, actorId, via, act, subject, detail, previousHash }: AuditEntry): object {
  return { number, at, actorId, via, act, subject, detail, previousHash };
}
