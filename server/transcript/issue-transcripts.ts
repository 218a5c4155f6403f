/**
 * Issues transcripts, one student after another with as many prints at a time as the printer has pages; facts
 * are fetched and records written meanwhile. Can be broken off and begun again anywhere: numbers that were
 * taken are used first, and what was issued is left alone.
 */
import os from 'node:os';
import type { Actor } from '../access/actor.js';
import { canonicalJson } from '../canonical.js';
import type { SchoolScope } from '../db/database.js';
import { listPeopleByIds } from '../people/people-records.js';
import type { Person } from '../people/person.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import type { School, Term } from '../school/school.js';
import { resultHolds } from '../results/result.js';
import { listResultsOfStudents } from '../results/result-records.js';
import { saysTheSame } from './facts-hash.js';
import { gatherDocuments, type TranscriptFacts } from './gather-facts.js';
import { CannotPrint, lettersProblem } from './cannot-print.js';
import { numberTranscripts, releaseNumber } from './number-transcripts.js';
import { preflight, type Gap } from './preflight.js';
import { printTranscript, type NumberedDocument, type PrintNeeds } from './print-transcript.js';
import {
  FinishedElsewhere,
  issueDesk,
  RecordChanged,
  type IssueRecorder,
  type ReadyTranscript,
} from './record-issued.js';
import { listStillHere } from './still-here.js';
import type { Transcript } from './transcript.js';
import {
  findTranscript,
  listOpenTranscripts,
  saveMadeFrom,
  type ListedTranscript,
} from './transcript-records.js';
import { checkVerifyAddress } from './verify-address.js';

export interface IssueNeeds extends PrintNeeds {
  rubrics: RubricLibrary;
}

export interface IssueOrder {
  school: School;
  term: Term;
  students: readonly Person[];
  template: string;
  jobId: string | null;
  /** Also where nothing has changed since the last one. */
  again: boolean;
  /** Leaves out whoever lacks something, or has letters that cannot be printed. */
  completeOnly?: boolean;
}

export interface StudentLeftOut {
  student: Person;
  missing: Gap[];
  problem: CannotPrint | null;
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
  /** Where only complete ones were asked for. */
  leftOut?(left: StudentLeftOut): void;
  signal?: AbortSignal;
}

const batchSize = 40;
/** One more than prints, so that facts and files of the next are at hand while the pages are busy. */
const atOnce = Math.min(8, os.availableParallelism()) + 1;

/**
 * @throws Conflict `public-url-needed` before anything is numbered, where the code on the paper would lead nobody here
 */
export async function issueTranscripts(
  needs: IssueNeeds,
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'name' | 'via'>,
  order: IssueOrder,
  progress: IssueProgress,
): Promise<void> {
  await checkVerifyAddress(scope, needs.publicAddress);
  const desk = issueDesk(needs, scope, actor);
  const next = comingStudents(needs, scope, actor, order, progress);
  const waiting = new Set<Promise<unknown>>();
  const worker = async () => {
    for (let item = await next(); item && !progress.signal?.aborted; item = await next()) {
      const { student } = item;
      const issuing = printTranscript(needs, actor, order.jobId, item);
      const recorded = issuing.then(async (printed) => {
        const ready = await recordAsItIs(needs, scope, actor, order, desk, item, printed);
        const transcript = { ...ready.transcript, ...ready.change, state: 'issued' as const };
        await progress.issued({ student, transcript, fresh: true });
      });
      waiting.add(
        recorded.catch(async (error: unknown) => {
          const other = error instanceof FinishedElsewhere ? await findTranscript(scope, error.id) : null;
          if (other) await progress.issued({ student, transcript: other, fresh: false });
          else {
            // A document that cannot be printed gets no number: the next one takes it.
            if (error instanceof CannotPrint) await releaseNumber(scope, item.transcript);
            await progress.failed(student, error);
          }
        }),
      );
      // The record is written while the next one is printed.
      await issuing.catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  desk.noMore();
  await Promise.all(waiting);
}

/** What the number begins with, and who issues. */
const issuerOf = ({ school }: IssueOrder, { name }: Pick<Actor, 'name'>) => ({
  prefix: school.policies.numberPrefix,
  name,
});

/** Times that one transcript is looked at again while the record changes. */
const MAX_ROUNDS = 5;

/**
 * Records it. Where the record was changed meanwhile, it is looked at again first, and printed again if it
 * says something else now.
 */
async function recordAsItIs(
  needs: IssueNeeds,
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'name' | 'via'>,
  order: IssueOrder,
  desk: IssueRecorder,
  first: NumberedDocument,
  printed: ReadyTranscript,
): Promise<ReadyTranscript> {
  let [item, ready] = [first, printed];
  for (let round = 1; ; round += 1) {
    try {
      await desk.record(ready);
      return ready;
    } catch (error) {
      if (!(error instanceof RecordChanged) || round >= MAX_ROUNDS) throw error;
    }
    const [student = item.student] = await listPeopleByIds(scope, [item.student.id]);
    const gathered = await gatherDocuments(needs, scope, order.school, order.term, [student]);
    const { facts, names, sources } = gathered.get(student.id)!;
    const isSame = canonicalJson(facts) === canonicalJson(item.facts);
    item = { ...item, student, facts, names, sources };
    if (isSame) {
      ready = { ...ready, names, sources };
      continue;
    }
    const problem = await lettersProblem(needs, facts, issuerOf(order, actor));
    if (problem) throw problem;
    ready = await printTranscript(needs, actor, order.jobId, item);
  }
}

/**
 * One student after another; the facts and numbers of the next batch are fetched while this one is printed.
 * Null after the last.
 */
function comingStudents(
  needs: IssueNeeds,
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'name'>,
  order: IssueOrder,
  progress: IssueProgress,
): () => Promise<NumberedDocument | null> {
  let at = 0;
  let queue: NumberedDocument[] = [];
  const fetchNext = (): Promise<NumberedDocument[] | null> => {
    const batch = order.students.slice(at, at + batchSize);
    at += batchSize;
    if (batch.length === 0 || progress.signal?.aborted) return Promise.resolve(null);
    const fetched = readBatch(needs, scope, actor, order, batch, progress);
    fetched.catch(() => undefined);
    return fetched;
  };
  let coming = fetchNext();
  return async () => {
    while (queue.length === 0) {
      const mine = coming;
      const batch = await mine;
      if (!batch) return null;
      if (coming !== mine) continue;
      queue = batch;
      coming = fetchNext();
    }
    return queue.shift()!;
  };
}

/**
 * Those of the batch that need a transcript and can be printed, each with a number; of the others it is said
 * that theirs stands.
 */
async function readBatch(
  needs: IssueNeeds,
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'name'>,
  order: IssueOrder,
  asked: readonly Person[],
  progress: IssueProgress,
): Promise<NumberedDocument[]> {
  const batch = await listStillHere(scope, asked, progress);
  const ids = batch.map((student) => student.id);
  const documents = await gatherDocuments(needs, scope, order.school, order.term, batch);
  const factsOf = (student: Person): TranscriptFacts => documents.get(student.id)!.facts;
  const open = await listOpenTranscripts(scope, order.term.id, ids);
  const standing = new Map(
    open.filter((each) => each.state === 'issued').map((each) => [each.studentId, each]),
  );
  const isDone = async (student: Person): Promise<boolean> => {
    const current = standing.get(student.id);
    if (!current) return false;
    if (order.jobId !== null && current.jobId === order.jobId) return true;
    if (order.again || !(await saysTheSame(scope, current, factsOf(student)))) return false;
    // It says what the record says now, whatever was corrected since.
    await saveMadeFrom(scope, current, documents.get(student.id)!.sources.results);
    return true;
  };
  const broken = await listBroken(scope, batch);
  for (const student of batch.filter(({ id }) => broken.has(id)))
    await progress.failed(student, new Error(`A published result of student ${student.id} does not hold`));
  const missing = order.completeOnly
    ? await listMissing(scope, order.term.id, batch)
    : new Map<string, Gap[]>();
  const sound = batch.filter(({ id }) => !broken.has(id));
  const todo: Person[] = [];
  const refused: Person[] = [];
  for (const student of sound) {
    const gaps = missing.get(student.id) ?? [];
    if (gaps.length === 0 && (await isDone(student))) continue;
    const problem = await lettersProblem(needs, factsOf(student), issuerOf(order, actor));
    if (order.completeOnly && (problem || gaps.length > 0)) {
      refused.push(student);
      progress.leftOut?.({ student, missing: gaps, problem });
    } else if (!problem) todo.push(student);
    else {
      refused.push(student);
      // Of a run that was broken off, before the letters were written.
      const begun = open.find((each) => each.studentId === student.id && each.state === 'preparing');
      if (begun) await releaseNumber(scope, begun);
      await progress.failed(student, problem);
    }
  }
  for (const student of sound) {
    const current = standing.get(student.id);
    if (current && !todo.includes(student) && !refused.includes(student))
      await progress.issued({ student, transcript: current, fresh: false });
  }
  const numbered = await numberTranscripts(needs, scope, actor, order, todo);
  return todo.map((student) => ({
    student,
    transcript: numbered.get(student.id)!,
    ...documents.get(student.id)!,
  }));
}

/** What each of them lacks. */
async function listMissing(
  scope: SchoolScope,
  termId: string,
  students: readonly Person[],
): Promise<Map<string, Gap[]>> {
  const lines = await preflight(scope, termId, students);
  return new Map(lines.map(({ student, missing }) => [student.id, missing]));
}

/** Who has a published result that is not what was published: nothing is signed on the strength of it. */
async function listBroken(scope: SchoolScope, students: readonly Person[]): Promise<Set<string>> {
  const results = await listResultsOfStudents(
    scope,
    students.map((student) => student.id),
  );
  return new Set(results.filter((result) => !resultHolds(result)).map((result) => result.studentId));
}
