/** What is missing before a student's transcript is complete. It never forbids issuing: a school may decide to. */
import type { SchoolScope } from '../database.js';
import { listNarrativeStates } from '../narratives/narrative-records.js';
import type { Person } from '../people/person.js';
import { listNewestSnapshots } from '../portfolio/portfolio-records.js';
import { listResultsOfStudents } from '../results/result-records.js';
import { listOpenTranscripts, type ListedTranscript } from './transcript-records.js';

export const gaps = ['portfolio', 'result', 'advisor-narrative', 'student-narrative'] as const;
export type Gap = (typeof gaps)[number];

export interface Preflight {
  student: Person;
  missing: Gap[];
  /** Narratives begun and not signed, or signed and being written again. */
  drafts: number;
  transcript: ListedTranscript | null;
}

export const isComplete = ({ missing }: Pick<Preflight, 'missing'>): boolean => missing.length === 0;

/** One line per student, in the order given; the same number of questions however many students. */
export async function preflight(
  scope: SchoolScope,
  termId: string,
  students: readonly Person[],
): Promise<Preflight[]> {
  const ids = students.map((student) => student.id);
  const [narratives, results, portfolios, transcripts] = await Promise.all([
    listNarrativeStates(scope, termId, ids),
    listResultsOfStudents(scope, ids),
    listNewestSnapshots(scope, ids, termId),
    listOpenTranscripts(scope, termId, ids),
  ]);
  return students.map((student) => {
    const own = narratives.filter((each) => each.studentId === student.id);
    const signed = (voice: string) => own.some((each) => each.voice === voice && each.latestVersion > 0);
    const lacks: Record<Gap, boolean> = {
      portfolio: !portfolios.some((snapshot) => snapshot.studentId === student.id),
      result: !results.some((result) => result.studentId === student.id && result.termId === termId),
      'advisor-narrative': !signed('advisor'),
      'student-narrative': !signed('student'),
    };
    return {
      student,
      missing: gaps.filter((gap) => lacks[gap]),
      drafts: own.filter((each) => each.state === 'draft').length,
      transcript:
        transcripts.find((each) => each.studentId === student.id && each.state === 'issued') ?? null,
    };
  });
}
