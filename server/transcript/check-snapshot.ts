/** Refuses to vouch for a record that is not what was issued: nobody is told "it stands" by a changed one. */
import type { AuditEntry, AuditKeys } from '../audit/audit-entry.js';
import { AppError } from '../errors.js';
import type { Log } from '../log.js';
import { historyOf, printedOf, type TranscriptHistory } from './transcript-history.js';
import { isUnchangedTranscript, type IssuedTranscript } from './transcript.js';

/** @throws AppError `record-broken`; the log says which */
export function checkSnapshot(log: Log, transcript: IssuedTranscript): void {
  if (!isUnchangedTranscript(transcript))
    refuse(log, transcript, 'the snapshot of a transcript does not hold');
}

/**
 * What the audit chain says of it.
 * @throws AppError `record-broken` when no genuine entry says that this very snapshot was issued under this code
 */
export function checkHistory(
  log: Log,
  keys: AuditKeys,
  transcript: IssuedTranscript,
  entries: readonly AuditEntry[],
): TranscriptHistory {
  const history = historyOf(keys, entries);
  if (history?.snapshotHash !== transcript.snapshotHash)
    return refuse(log, transcript, 'the audit chain does not say that this transcript was issued');
  const { code } = printedOf(transcript);
  if (code !== null && code !== transcript.code)
    refuse(log, transcript, 'the code of a transcript was changed');
  return history;
}

function refuse(log: Log, { schoolId, id, number }: IssuedTranscript, problem: string): never {
  log.error({ schoolId, transcriptId: id, number }, problem);
  throw new AppError(500, 'record-broken', 'transcript.problem.record-broken');
}
