/**
 * Who has records of a term: a narrative, a submitted portfolio, a published result or a transcript. They
 * were at the school in it.
 */
import type { SchoolScope } from '../db/database.js';
import { listAllStudentsWithNarrative, listNarrativesOfStudent } from '../narratives/narrative-records.js';
import { listMissedTerm } from '../people/missed-terms.js';
import { listAllStudentsWithSnapshot, listSnapshotLines } from '../portfolio/portfolio-records.js';
import { listAllStudentsWithResult, listGrowthOfStudent } from '../results/result-records.js';
import { listAllStudentsIssued, listTranscriptsOfStudent } from './transcript-records.js';

/** Ids of the students of the whole school, from indexes alone. */
export async function listWithRecords(scope: SchoolScope, termId: string): Promise<ReadonlySet<string>> {
  const found = await Promise.all([
    listAllStudentsWithNarrative(scope, termId),
    listAllStudentsWithSnapshot(scope, termId),
    listAllStudentsWithResult(scope, termId),
    listAllStudentsIssued(scope, termId),
  ]);
  return new Set(found.flatMap((ids) => [...ids]));
}

/**
 * Ids of students whom everything that is asked of the term leaves out. Once for a request: it reads much of
 * a large school.
 */
export const listMissed = (scope: SchoolScope, termId: string): Promise<ReadonlySet<string>> =>
  listMissedTerm(scope, termId, listWithRecords);

/** Ids of the terms of which one student has records. */
export async function listTermsWithRecords(
  scope: SchoolScope,
  studentId: string,
): Promise<ReadonlySet<string>> {
  const [narratives, snapshots, results, transcripts] = await Promise.all([
    listNarrativesOfStudent(scope, studentId),
    listSnapshotLines(scope, studentId),
    listGrowthOfStudent(scope, studentId),
    listTranscriptsOfStudent(scope, studentId),
  ]);
  return new Set([...narratives, ...snapshots, ...results, ...transcripts].map(({ termId }) => termId));
}
