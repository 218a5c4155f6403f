/**
 * Reads the chain of a school with everything that was done before the question: what waits gets its place
 * first. Writes nothing itself.
 */
import type { SchoolScope } from '../db/database.js';
import { auditChainOf } from './audit-chain.js';
import type { AuditEntry } from './audit-entry.js';
import { listChainFrom, listEntriesOn } from './chain-records.js';

export type { AuditEntry } from './audit-entry.js';

/** Entries from this number on, in order. */
export async function listEntriesFrom(
  scope: SchoolScope,
  number: number,
  limit: number,
): Promise<AuditEntry[]> {
  await auditChainOf(scope.db).settle(scope.schoolId);
  return listChainFrom(scope, number, limit);
}

/** Everything that was done with one thing, in order. */
export async function listHistoryOf(scope: SchoolScope, kind: string, id: string): Promise<AuditEntry[]> {
  await auditChainOf(scope.db).settle(scope.schoolId);
  return listEntriesOn(scope, kind, [id]);
}
