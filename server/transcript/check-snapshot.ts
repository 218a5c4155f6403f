/** Refuses to vouch for a record that is not what was issued: nobody is told "it stands" by a changed one. */
import { AppError } from '../errors.js';
import type { Log } from '../log.js';
import { snapshotHolds, type IssuedTranscript } from './transcript.js';

/** @throws AppError `record-broken`; the log says which */
export function checkSnapshot(log: Log, transcript: IssuedTranscript): void {
  if (snapshotHolds(transcript)) return;
  const { schoolId, id, number } = transcript;
  log.error({ schoolId, transcriptId: id, number }, 'the snapshot of a transcript does not hold');
  throw new AppError(500, 'record-broken', 'transcript.problem.record-broken');
}
