/** Adds to the school's audit chain, in the transaction of the acts that it records. */
import type { Actor } from '../access/actor.js';
import { hashOf } from '../canonical.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../database.js';
import { newId } from '../ids.js';
import { findLastEntry, listEntriesFrom, saveEntries, type AuditEntry } from './audit-records.js';

const firstHash = '0'.repeat(64);

export interface Act {
  subject: { kind: string; id: string };
  /** Facts by id or number; never names, texts or secrets. */
  detail?: Record<string, unknown>;
}

/**
 * @param act `<room>.<verb>`
 * @param detail facts by id or number; never names, texts or secrets
 */
export const appendAudit = (
  scope: SchoolScope,
  clock: Clock,
  actor: Pick<Actor, 'personId' | 'via'>,
  act: string,
  subject: Act['subject'],
  detail: Record<string, unknown> = {},
): Promise<void> => appendAudits(scope, clock, actor, act, [{ subject, detail }]);

/** Several acts of one kind, in their order. */
export async function appendAudits(
  scope: SchoolScope,
  clock: Clock,
  actor: Pick<Actor, 'personId' | 'via'>,
  act: string,
  acts: readonly Act[],
): Promise<void> {
  // Two acts at once want the same number: inside a transaction MongoDB makes one of them start again; outside, the unique index does.
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await inTransaction(scope, async (inside) => {
        let last: Pick<AuditEntry, 'number' | 'hash'> | null = await findLastEntry(inside);
        const entries: AuditEntry[] = [];
        for (const { subject, detail = {} } of acts) {
          const content: Omit<AuditEntry, 'id' | 'schoolId' | 'hash'> = {
            number: (last?.number ?? 0) + 1,
            at: clock.now(),
            actorId: actor.personId,
            via: actor.via,
            act,
            subject,
            detail,
            previousHash: last?.hash ?? firstHash,
          };
          last = { number: content.number, hash: hashOf(content) };
          entries.push({ id: newId(), schoolId: scope.schoolId, ...content, hash: last.hash });
        }
        await saveEntries(inside, entries);
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
