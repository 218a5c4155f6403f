/** Reads the chain of a school with everything that was done before the question: what waits gets its place first. Writes nothing itself. */
import type { SchoolScope } from '../database.js';
import { auditChainOf } from './audit-chain.js';
import type { AuditEntry } from './audit-entry.js';
import { listChainFrom } from './chain-records.js';

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
