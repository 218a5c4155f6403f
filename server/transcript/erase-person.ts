/**
 * What is erased of a person among transcripts: nothing that was issued, unless the school wants that, too.
 * Then number and code stay, so that whoever verifies it learns that it was withdrawn. Transcripts of others
 * are their documents and stay as they were issued.
 */
import { noteFilesToRemove } from '../artifacts/remove-files.js';
import { keeping, rewriting, type ErasePart } from '../person-traces.js';
import { wasIssued, type Transcript } from './transcript.js';
import {
  countKeptTranscripts,
  countTranscriptsNaming,
  saveIssuerUnnamed,
  saveTranscriptsWithdrawn,
} from './transcript-records.js';

const withdrawn = (transcript: Transcript, mark: string): Transcript => ({
  ...transcript,
  ...{ studentName: mark, state: 'withdrawn', jobId: null, reason: null },
  ...{ snapshot: null, snapshotHash: null, factsHash: null, results: null, pdf: null },
});

export const erasePersonFromTranscripts: readonly ErasePart[] = [
  rewriting('transcript', saveTranscriptsWithdrawn, (transcript, { mark }) => withdrawn(transcript, mark), {
    outcome: 'erased',
    names: (before) => (wasIssued(before) ? [{ kind: 'transcript', id: before.id }] : []),
    also: (inside, before, { at }) =>
      noteFilesToRemove(
        inside,
        before.flatMap(({ pdf }) => pdf?.key ?? []),
        at,
      ),
  }),
  keeping('transcript', countKeptTranscripts),
  rewriting('transcript-issuer', saveIssuerUnnamed, (transcript, { mark }) => ({
    ...transcript,
    issuedName: mark,
  })),
  keeping('transcript-naming', countTranscriptsNaming),
];
