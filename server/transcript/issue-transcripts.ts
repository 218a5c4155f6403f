/**
 * Issues transcripts, one student after another with as many prints at a time as the printer has pages. Can be broken off and begun
 * again anywhere: numbers that were taken are used first, and what was issued already is left alone.
 */
import { createHash } from 'node:crypto';
import os from 'node:os';
import { Readable } from 'node:stream';
import { customAlphabet } from 'nanoid';
import type { Storage } from '../../storage/storage.js';
import { storageKey } from '../../storage/storage-key.js';
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import { canonicalJson, hashOf } from '../canonical.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../database.js';
import { newId } from '../ids.js';
import type { Person } from '../people/person.js';
import type { Printer } from '../rendering/printer.js';
import type { Templates } from '../rendering/templates.js';
import type { Texts } from '../rendering/texts.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import type { School, Term } from '../school/school.js';
import { resultHolds } from '../results/result.js';
import { listResultsOfStudents } from '../results/result-records.js';
import { factsHash, gatherFacts, type TranscriptFacts } from './gather-facts.js';
import type { TranscriptSnapshot } from './snapshot.js';
import { codeAlphabet, codeLength, codeText, numberText, type Transcript } from './transcript.js';
import { transcriptPrint } from './transcript-html.js';
import {
  findTranscript,
  listOpenTranscripts,
  saveIssued,
  saveNextSerials,
  saveSuperseded,
  saveTranscripts,
  type ListedTranscript,
} from './transcript-records.js';

export interface IssueNeeds {
  storage: Storage;
  printer: Printer;
  templates: Templates;
  texts: Texts;
  rubrics: RubricLibrary;
  clock: Clock;
  /** Where strangers verify: `https://vitrine.school.example`. */
  publicAddress: string;
}

export interface IssueOrder {
  school: School;
  term: Term;
  students: readonly Person[];
  template: string;
  jobId: string | null;
  /** Also where nothing has changed since the last one. */
  again: boolean;
}

export interface Issued {
  student: Person;
  transcript: ListedTranscript | Transcript;
  /** False when the one that stood before says the same already. */
  fresh: boolean;
}

export interface IssueProgress {
  issued(done: Issued): Promise<unknown> | void;
  failed(student: Person, error: unknown): Promise<unknown> | void;
  signal?: AbortSignal;
}

/** Two issuers had the same number in hand; the first one has issued it. */
class FinishedElsewhere extends Error {
  constructor(readonly id: string) {
    super(`Transcript ${id} was issued by another process meanwhile`);
  }
}

const newCode = customAlphabet(codeAlphabet, codeLength);
const batchSize = 40;
/** One more than prints, so that facts and files of the next are at hand while the pages are busy. */
const atOnce = Math.min(8, os.availableParallelism()) + 1;

export async function issueTranscripts(
  needs: IssueNeeds,
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'name' | 'via'>,
  order: IssueOrder,
  progress: IssueProgress,
): Promise<void> {
  // Writes of one school follow each other: they share the audit chain, and would only make each other start again.
  let writes: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = writes.then(work);
    writes = next.catch(() => undefined);
    return next;
  };

  for (let at = 0; at < order.students.length && !progress.signal?.aborted; at += batchSize) {
    const batch = order.students.slice(at, at + batchSize);
    const facts = await gatherFacts(needs, scope, order.school, order.term, batch);
    const open = await listOpenTranscripts(
      scope,
      order.term.id,
      batch.map((student) => student.id),
    );
    const standing = new Map(
      open.filter((each) => each.state === 'issued').map((each) => [each.studentId, each]),
    );
    const isDone = (student: Person) => {
      const current = standing.get(student.id);
      if (!current) return false;
      if (order.jobId !== null && current.jobId === order.jobId) return true;
      return !order.again && current.factsHash === factsHash(facts.get(student.id)!);
    };
    const broken = await listBroken(scope, batch);
    for (const student of batch.filter(({ id }) => broken.has(id)))
      await progress.failed(student, new Error(`A published result of student ${student.id} does not hold`));
    const sound = batch.filter(({ id }) => !broken.has(id));
    const todo = sound.filter((student) => !isDone(student));
    for (const student of sound) {
      const current = standing.get(student.id);
      if (current && !todo.includes(student))
        await progress.issued({ student, transcript: current, fresh: false });
    }
    const prepared = await prepare(needs, scope, actor, order, todo);
    const queue = [...todo];
    const worker = async () => {
      for (let student = queue.shift(); student && !progress.signal?.aborted; student = queue.shift()) {
        try {
          const transcript = await issueOne(needs, scope, actor, order, {
            transcript: prepared.get(student.id)!,
            facts: facts.get(student.id)!,
            inTurn,
          });
          await progress.issued({ student, transcript, fresh: true });
        } catch (error) {
          const other = error instanceof FinishedElsewhere ? await findTranscript(scope, error.id) : null;
          if (other) await progress.issued({ student, transcript: other, fresh: false });
          else await progress.failed(student, error);
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }
}

/** Who has a published result that is not what was published: nothing is signed on the strength of it. */
async function listBroken(scope: SchoolScope, students: readonly Person[]): Promise<Set<string>> {
  const results = await listResultsOfStudents(
    scope,
    students.map((student) => student.id),
  );
  return new Set(results.filter((result) => !resultHolds(result)).map((result) => result.studentId));
}

/** Gives every student of the batch a numbered record; those that a broken-off run has left behind come first. */
async function prepare(
  { clock }: IssueNeeds,
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'name'>,
  { school, term, template, jobId }: IssueOrder,
  students: readonly Person[],
): Promise<Map<string, ListedTranscript>> {
  const ids = students.map((student) => student.id);
  for (let attempt = 0; ; attempt += 1) {
    try {
      await inTransaction(scope, async (inside) => {
        const left = await listOpenTranscripts(inside, term.id, ids);
        const has = new Set(left.filter((each) => each.state === 'preparing').map((each) => each.studentId));
        const without = students.filter((student) => !has.has(student.id));
        if (without.length === 0) return;
        const first = await saveNextSerials(inside, without.length);
        const year = clock.now().getUTCFullYear();
        await saveTranscripts(
          inside,
          without.map((student, index) => ({
            id: newId(),
            schoolId: scope.schoolId,
            serial: first + index,
            number: numberText(school.policies.numberPrefix, year, first + index),
            code: codeText(newCode()),
            studentId: student.id,
            studentName: student.displayName,
            termId: term.id,
            termName: term.name,
            jobId,
            state: 'preparing',
            snapshot: null,
            snapshotHash: null,
            factsHash: null,
            template,
            pageSize: school.policies.pageSize,
            pdf: null,
            issuedAt: null,
            issuedBy: actor.personId,
            issuedName: actor.name,
            supersededBy: null,
            revokedAt: null,
            reason: null,
          })),
        );
      });
      break;
    } catch (error) {
      // Somebody else has prepared one of them at the same moment: theirs is found in the next round.
      if (!isDuplicate(error) || attempt >= 5) throw error;
    }
  }
  const open = await listOpenTranscripts(scope, term.id, ids);
  return new Map(open.filter((each) => each.state === 'preparing').map((each) => [each.studentId, each]));
}

async function issueOne(
  needs: IssueNeeds,
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'name' | 'via'>,
  order: IssueOrder,
  {
    transcript,
    facts,
    inTurn,
  }: {
    transcript: ListedTranscript;
    facts: TranscriptFacts;
    inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  },
): Promise<Transcript> {
  const issuedAt = needs.clock.now();
  const snapshot: TranscriptSnapshot = {
    ...facts,
    number: transcript.number,
    code: transcript.code,
    verifyUrl: `${needs.publicAddress}/verify/${transcript.code}`,
    issued: { at: issuedAt.toISOString(), by: actor.name },
  };
  const { template, pageSize } = transcript;
  const bytes = await needs.printer.print(await transcriptPrint(needs, snapshot, { template, pageSize }));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const pdf = { key: storageKey(transcript.studentId, sha256), bytes: bytes.length, sha256 };
  await needs.storage.write(pdf.key, Readable.from([bytes]), {
    type: 'application/pdf',
    bytes: bytes.length,
  });
  const change = {
    snapshot: canonicalJson(snapshot),
    snapshotHash: hashOf(snapshot),
    factsHash: factsHash(facts),
    studentName: facts.student.name,
    termName: facts.term.name,
    jobId: order.jobId,
    pdf,
    issuedAt,
    issuedBy: actor.personId,
    issuedName: actor.name,
  };
  await inTurn(() =>
    inTransaction(scope, async (inside) => {
      await saveSuperseded(inside, transcript.studentId, transcript.termId, transcript.id);
      if ((await saveIssued(inside, transcript.id, change)) !== 1) {
        throw new FinishedElsewhere(transcript.id);
      }
      await appendAudit(
        inside,
        needs.clock,
        actor,
        'transcript.issue',
        { kind: 'transcript', id: transcript.id },
        { number: transcript.number, sha256, snapshotHash: change.snapshotHash },
      );
    }),
  );
  return { ...transcript, ...change, state: 'issued' };
}
