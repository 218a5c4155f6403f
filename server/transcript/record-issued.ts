/**
 * Writes down that transcripts are issued: those that are ready at about the same moment in one transaction,
 * with their entries in the audit chain. Each of them is issued by one process alone.
 */
import type { Actor } from '../access/actor.js';
import { appendAudits } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { concernsDocument } from '../people/name-correction.js';
import { listCorrectionsConcerning } from '../people/name-correction-records.js';
import { namesLock, sharedBy, withLocks } from '../db/record-locks.js';
import { readSources, type DocumentSources } from './document-sources.js';
import type { ReadNames } from './gather-facts.js';
import { checkStillHere } from './still-here.js';
import type { Transcript } from './transcript.js';
import { listStanding, saveIssued, saveSuperseded, type ListedTranscript } from './transcript-records.js';

type Pdf = NonNullable<Transcript['pdf']>;

export interface ReadyTranscript {
  transcript: ListedTranscript;
  names: ReadNames;
  sources: DocumentSources;
  change: Partial<Transcript> & { pdf: Pdf; snapshotHash: string };
}

/** Two issuers had the same number in hand; the first one has issued it. */
export class FinishedElsewhere extends Error {
  constructor(readonly id: string) {
    super(`Transcript ${id} was issued by another process meanwhile`);
  }
}

/** The record is not what it was when the facts were read: they are read again. */
export class RecordChanged extends Error {}

/**
 * Somebody whom it names got another name after the facts were read: nobody was asked about a document that
 * did not stand yet.
 */
export class NamesChanged extends RecordChanged {
  constructor() {
    super('A name was corrected since this document was prepared');
  }
}

/** A result in it was corrected, another attempt counts, or a narrative was signed again. */
class SourcesChanged extends RecordChanged {
  constructor() {
    super('The record was changed since this document was prepared');
  }
}

export interface IssueRecorder {
  /**
   * Resolves when it stands in the record. @throws FinishedElsewhere, RecordChanged, CannotPrint for a
   * student who is gone
   */
  record(ready: ReadyTranscript): Promise<void>;
  /** Nothing more comes: what waits is written now. */
  noMore(): void;
}

/** Written at the latest when so many wait, or the first of them has waited so long. */
const together = 4;
const patienceMilliseconds = 200;

interface Waiting {
  ready: ReadyTranscript;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export function issueDesk(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'via'>,
): IssueRecorder {
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;
  let last = false;
  // Groups are written one after the other, in the order in which they were ready.
  let writing: Promise<void> = Promise.resolve();

  async function write(group: Waiting[]): Promise<void> {
    try {
      await issueTogether(
        needs,
        scope,
        actor,
        group.map(({ ready }) => ready),
      );
      group.forEach(({ resolve }) => resolve());
    } catch (error) {
      // One that cannot be written must not keep the others from it.
      if (group.length > 1) for (const each of group) await write([each]);
      else group[0]!.reject(error);
    }
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const group = waiting;
    waiting = [];
    if (group.length > 0) writing = writing.then(() => write(group));
  }

  return {
    record: (ready) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ ready, resolve, reject });
        if (last || waiting.length >= together) flush();
        else timer ??= setTimeout(flush, patienceMilliseconds);
      }),
    noMore() {
      last = true;
      flush();
    },
  };
}

/** @throws NamesChanged where one of them says another name now */
async function checkNames(inside: SchoolScope, documents: readonly ReadNames[]): Promise<void> {
  const corrections = await listCorrectionsConcerning(inside, documents);
  const isNew = (names: ReadNames) =>
    corrections.some((each) => !names.known.has(each.id) && concernsDocument(each, names));
  if (documents.some(isNew)) throw new NamesChanged();
}

/** @throws SourcesChanged where one of them is made from what is no longer so */
async function checkSources(inside: SchoolScope, list: readonly ReadyTranscript[]): Promise<void> {
  for (const termId of new Set(list.map(({ transcript }) => transcript.termId))) {
    const own = list.filter(({ transcript }) => transcript.termId === termId);
    const ids = own.map(({ transcript }) => transcript.studentId);
    const now = await readSources(inside, termId, ids);
    const isSame = ({ transcript, sources }: ReadyTranscript) =>
      now.get(transcript.studentId)!.hash === sources.hash;
    if (!own.every(isSame)) throw new SourcesChanged();
  }
}

function issueTogether(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'via'>,
  list: ReadyTranscript[],
): Promise<void> {
  const locks = list.map(({ transcript }) => sharedBy(namesLock, transcript.id));
  return withLocks(scope, locks, async (inside) => {
    await checkStillHere(
      inside,
      list.map(({ transcript }) => transcript.studentId),
    );
    await checkNames(
      inside,
      list.map(({ names }) => names),
    );
    await checkSources(inside, list);
    const replaced = await listStanding(
      inside,
      list.map(({ transcript }) => transcript),
    );
    await saveSuperseded(
      inside,
      list.map(({ transcript }) => transcript),
    );
    const issued = await saveIssued(
      inside,
      list.map(({ transcript, sources, change }) => ({
        id: transcript.id,
        change: { ...change, results: sources.results },
      })),
    );
    if (issued !== list.length) throw new FinishedElsewhere(list[0]!.transcript.id);
    await appendAudits(
      inside,
      clock,
      actor,
      'transcript.supersede',
      replaced.map(({ id, by }) => ({ subject: { kind: 'transcript', id }, detail: { by } })),
    );
    await appendAudits(
      inside,
      clock,
      actor,
      'transcript.issue',
      list.map(({ transcript, change }) => ({
        subject: { kind: 'transcript', id: transcript.id },
        detail: {
          number: transcript.number,
          sha256: change.pdf.sha256,
          snapshotHash: change.snapshotHash,
        },
      })),
    );
  });
}
