/** Prints a transcript that has its number, and stores the file. */
import { Readable } from 'node:stream';
import type { Storage } from '../../storage/storage.js';
import { storageKey } from '../../storage/storage-key.js';
import type { Actor } from '../access/actor.js';
import { canonicalJson, sha256Of } from '../canonical.js';
import type { Clock } from '../clock.js';
import type { Person } from '../people/person.js';
import type { Printer } from '../rendering/printer.js';
import type { Templates } from '../rendering/templates.js';
import type { Texts } from '../rendering/texts.js';
import { asCannotPrint } from './cannot-print.js';
import type { DocumentSources } from './document-sources.js';
import { factsHash } from './facts-hash.js';
import type { ReadNames, TranscriptFacts } from './gather-facts.js';
import type { ReadyTranscript } from './record-issued.js';
import type { TranscriptSnapshot } from './snapshot.js';
import { transcriptPrint } from './transcript-html.js';
import type { ListedTranscript } from './transcript-records.js';

export interface PrintNeeds {
  storage: Storage;
  printer: Printer;
  templates: Templates;
  texts: Texts;
  clock: Clock;
  /** Where strangers verify: `https://vitrine.school.example`. */
  publicAddress: string;
}

export interface NumberedDocument {
  student: Person;
  transcript: ListedTranscript;
  facts: TranscriptFacts;
  names: ReadNames;
  sources: DocumentSources;
}

/** Prints, checks and stores; what is left to do is the record. */
export async function printTranscript(
  needs: PrintNeeds,
  actor: Pick<Actor, 'personId' | 'name'>,
  jobId: string | null,
  { transcript, facts, names, sources }: NumberedDocument,
): Promise<ReadyTranscript> {
  const issuedAt = needs.clock.now();
  const snapshot: TranscriptSnapshot = {
    ...facts,
    number: transcript.number,
    code: transcript.code,
    verifyUrl: `${needs.publicAddress}/verify/${transcript.code}`,
    issued: { at: issuedAt.toISOString(), by: actor.name },
  };
  const { template, pageSize } = transcript;
  const print = await transcriptPrint(needs, snapshot, { template, pageSize });
  const bytes = await needs.printer.print({ ...print, owner: transcript.schoolId }).catch(asCannotPrint);
  const sha256 = sha256Of(bytes);
  const pdf = { key: storageKey(transcript.studentId, sha256), bytes: bytes.length, sha256 };
  await needs.storage.write(pdf.key, Readable.from([bytes]), {
    type: 'application/pdf',
    bytes: bytes.length,
  });
  const frozen = canonicalJson(snapshot);
  return {
    ...{ transcript, names, sources },
    change: {
      snapshot: frozen,
      snapshotHash: sha256Of(frozen),
      factsHash: factsHash(facts),
      studentName: facts.student.name,
      termName: facts.term.name,
      jobId,
      pdf,
      issuedAt,
      issuedBy: actor.personId,
      issuedName: actor.name,
    },
  };
}
