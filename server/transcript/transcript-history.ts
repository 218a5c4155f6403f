/**
 * What the audit chain says of a transcript: when it was issued and as what, and whether it was superseded or
 * revoked since.
 */
import { isEntryGenuine, type AuditEntry, type AuditKeys } from '../audit/audit-entry.js';
import type { IssuedTranscript, Transcript, TranscriptState } from './transcript.js';

export interface TranscriptHistory {
  snapshotHash: string;
  /** Of the PDF. */
  sha256: string;
  number: string;
  state: Exclude<TranscriptState, 'preparing' | 'withdrawn'>;
  revokedAt: Date | null;
}

/**
 * Null when no genuine entry says that it was issued.
 * @param entries on this transcript, in order
 */
export function historyOf(keys: AuditKeys, entries: readonly AuditEntry[]): TranscriptHistory | null {
  const genuine = entries.filter((entry) => isEntryGenuine(keys, entry));
  const issued = genuine.find(({ act }) => act === 'transcript.issue');
  if (!issued) return null;
  const revoked = genuine.find(({ act }) => act === 'transcript.revoke');
  const superseded = genuine.some(({ act }) => act === 'transcript.supersede');
  const { snapshotHash = '', sha256 = '', number = '' } = issued.detail as Record<string, string>;
  return {
    ...{ snapshotHash, sha256, number },
    state: revoked ? 'revoked' : superseded ? 'superseded' : 'issued',
    revokedAt: revoked?.at ?? null,
  };
}

/** What its frozen data say of themselves; its columns are copies of that, made for lists. */
export function printedOf({ snapshot }: Pick<IssuedTranscript, 'snapshot'>): {
  number: string | null;
  code: string | null;
  studentId: string | null;
  student: string | null;
  term: string | null;
} {
  const { number, code, student, term } = JSON.parse(snapshot) as {
    number?: string;
    code?: string;
    student?: { id?: string; name?: string };
    term?: { name?: string };
  };
  return {
    number: number ?? null,
    code: code ?? null,
    studentId: student?.id ?? null,
    student: student?.name ?? null,
    term: term?.name ?? null,
  };
}

/** Superseded before supersessions had an entry of their own: the column says so, and names the newer one. */
export const transcriptStateOf = (
  { state, supersededBy }: Pick<Transcript, 'state' | 'supersededBy'>,
  history: Pick<TranscriptHistory, 'state'>,
): TranscriptHistory['state'] =>
  history.state === 'issued' && state === 'superseded' && supersededBy ? 'superseded' : history.state;
