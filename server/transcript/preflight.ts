/** What is missing before a student's transcript is complete. It never forbids issuing: a school may decide to. */
import type { SchoolScope } from '../db/database.js';
import { listAllStudentsSigned, listNarrativeStates } from '../narratives/narrative-records.js';
import { enrolledTest, listEnrolledIds } from '../people/read-enrollments.js';
import type { Person } from '../people/person.js';
import { listAllStudentsWithSnapshot, listStudentsWithSnapshot } from '../portfolio/portfolio-records.js';
import { listAllStudentsWithResult, listStudentsWithResult } from '../results/result-records.js';
import { findOutOfDate, type OutOfDate } from './out-of-date.js';
import { listMissed } from './term-records.js';
import { listAllStudentsIssued, listOpenTranscripts, type ListedTranscript } from './transcript-records.js';

export const gaps = ['portfolio', 'result', 'advisor-narrative', 'student-narrative'] as const;
export type Gap = (typeof gaps)[number];

export interface Preflight {
  student: Person;
  missing: Gap[];
  /** Narratives begun and not signed, or signed and being written again. */
  drafts: number;
  transcript: ListedTranscript | null;
  /** Why it says less, or something else, than a new one would. */
  outOfDate: OutOfDate | undefined;
}

/** One line per student, in the order given; the same number of questions however many students. */
export async function preflight(
  scope: SchoolScope,
  termId: string,
  students: readonly Person[],
): Promise<Preflight[]> {
  const ids = students.map((student) => student.id);
  const [narratives, results, portfolios, transcripts] = await Promise.all([
    listNarrativeStates(scope, termId, ids),
    listStudentsWithResult(scope, termId, ids),
    listStudentsWithSnapshot(scope, termId, ids),
    listOpenTranscripts(scope, termId, ids),
  ]);
  const issued = new Map(
    transcripts.filter((each) => each.state === 'issued').map((each) => [each.studentId, each]),
  );
  const outOfDate = await findOutOfDate(scope, [...issued.values()]);
  const written = new Map<string, typeof narratives>();
  for (const each of narratives) written.set(each.studentId, [...(written.get(each.studentId) ?? []), each]);
  return students.map((student) => {
    const own = written.get(student.id) ?? [];
    const signed = (voice: string) => own.some((each) => each.voice === voice && each.latestVersion > 0);
    const lacks: Record<Gap, boolean> = {
      portfolio: !portfolios.has(student.id),
      result: !results.has(student.id),
      'advisor-narrative': !signed('advisor'),
      'student-narrative': !signed('student'),
    };
    return {
      student,
      missing: gaps.filter((gap) => lacks[gap]),
      drafts: own.filter((each) => each.state === 'draft').length,
      transcript: issued.get(student.id) ?? null,
      outOfDate: outOfDate.get(issued.get(student.id)?.id ?? ''),
    };
  });
}

/** What the list can be narrowed to; a gap shows those who lack it. */
export const preflightFilters = ['complete', 'incomplete', ...gaps, 'issued', 'not-issued'] as const;
export type PreflightFilter = (typeof preflightFilters)[number];

/** Of these students those for whom this holds. Reads indexes alone, as `countPreflight` does. */
export async function listFiltered(
  scope: SchoolScope,
  termId: string,
  students: readonly string[],
  filter: PreflightFilter,
): Promise<string[]> {
  const having: Record<PreflightFilter, () => Promise<Set<string>>> = {
    ...{ complete: () => withEverything(scope, termId), incomplete: () => withEverything(scope, termId) },
    portfolio: () => listAllStudentsWithSnapshot(scope, termId),
    result: () => listAllStudentsWithResult(scope, termId),
    'advisor-narrative': () => listAllStudentsSigned(scope, termId, 'advisor'),
    'student-narrative': () => listAllStudentsSigned(scope, termId, 'student'),
    ...{
      issued: () => listAllStudentsIssued(scope, termId),
      'not-issued': () => listAllStudentsIssued(scope, termId),
    },
  };
  const ids = await having[filter]();
  const wanted = filter === 'complete' || filter === 'issued';
  return students.filter((id) => ids.has(id) === wanted);
}

/**
 * Of these students those of whom an incomplete transcript would be issued that the office has not issued
 * before: whoever has a valid one was decided on then.
 * @param again a new one is asked for of everybody, also where a valid one stands
 */
export async function listIncomplete(
  scope: SchoolScope,
  termId: string,
  students: readonly string[],
  again: boolean,
): Promise<string[]> {
  const [complete, issued] = await Promise.all([
    withEverything(scope, termId),
    again ? new Set<string>() : listAllStudentsIssued(scope, termId),
  ]);
  return students.filter((id) => !complete.has(id) && !issued.has(id));
}

export interface PreflightCounts {
  /** To whom nothing is missing. */
  complete: number;
  issued: number;
  /** To whom nothing is missing or who have a valid one: of the others an incomplete one would be issued. */
  settled: number;
}

/**
 * The whole school in numbers. Reads who has what from indexes alone, never a document: whoever was not
 * enrolled in the term is taken out again.
 * @param missed of `listMissed`
 */
export async function countPreflight(
  scope: SchoolScope,
  termId: string,
  missed: ReadonlySet<string>,
): Promise<PreflightCounts> {
  const [complete, issued, isEnrolled] = await Promise.all([
    withEverything(scope, termId),
    listAllStudentsIssued(scope, termId),
    enrolledTest(scope, termId, missed),
  ]);
  const here = (ids: Iterable<string>) => [...ids].filter(isEnrolled).length;
  return {
    complete: here(complete),
    issued: here(issued),
    settled: here(new Set([...complete, ...issued])),
  };
}

/** Ids of the students of the term to whom nothing is missing. */
export async function listComplete(scope: SchoolScope, termId: string): Promise<string[]> {
  const [missed, complete] = await Promise.all([listMissed(scope, termId), withEverything(scope, termId)]);
  const students = await listEnrolledIds(scope, termId, missed);
  return students.filter((id) => complete.has(id));
}

async function withEverything(scope: SchoolScope, termId: string): Promise<Set<string>> {
  const [first, ...others] = await Promise.all([
    listAllStudentsWithSnapshot(scope, termId),
    listAllStudentsWithResult(scope, termId),
    listAllStudentsSigned(scope, termId, 'advisor'),
    listAllStudentsSigned(scope, termId, 'student'),
  ]);
  return new Set([...first].filter((id) => others.every((ids) => ids.has(id))));
}
