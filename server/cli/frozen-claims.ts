/** Which frozen records an audit entry has put on record, by the names of `frozenWalks`. Pure. */
import type { AuditEntry } from '../audit/audit-entry.js';
import type { FrozenRecord } from '../audit/frozen-record.js';
import { numbered } from './frozen-kinds.js';

/** The frozen records that an entry has put on record, by the names of `frozenWalks`. */
export function claimsOf({ act, subject: { id }, detail }: AuditEntry): FrozenRecord[] {
  const { hash, number, snapshotHash, records } = detail as Record<string, string> & {
    records?: FrozenRecord[];
  };
  switch (act) {
    case 'scores.submit':
      return hash ? [{ kind: 'score sheet', id, hash }] : [];
    case 'results.publish':
      return hash ? [{ kind: 'result', id, hash }] : [];
    case 'results.correct':
      return hash ? [{ kind: 'result', id: numbered(id, Number(number)), hash }] : [];
    case 'portfolio.submit':
      return hash ? [{ kind: 'portfolio', id: numbered(id, Number(number)), hash }] : [];
    case 'narrative.sign':
      return hash ? [{ kind: 'narrative', id: numbered(id, Number(number)), hash }] : [];
    case 'transcript.issue':
      return [{ kind: 'transcript', id, hash: snapshotHash ?? '' }];
    default:
      return Array.isArray(records) ? records : [];
  }
}
