/** Whether what happened after a transcript was issued changes what it says: compared with its own frozen words. */
import type { SchoolScope } from '../db/database.js';
import type { NarrativeVersion } from '../narratives/narrative.js';
import type { SubmittedWords } from '../portfolio/portfolio-records.js';
import type { AttemptChoice } from '../results/attempts.js';
import { gatherStandings } from '../results/gather-standings.js';
import { listGrowthOfStudent, type GrowthResult } from '../results/result-records.js';
import { findSchool } from '../school/school-records.js';
import type { TranscriptSnapshot } from './snapshot.js';

/** Of a frozen snapshot what is looked at. */
export type FrozenParts = Partial<Pick<TranscriptSnapshot, 'exhibitions' | 'narratives' | 'intent'>>;

/** When it was chosen which attempt counts, where one that is printed as counting does not count any more. */
export async function decidedSince(
  scope: SchoolScope,
  studentId: string,
  { exhibitions = [] }: FrozenParts,
  choices: readonly Pick<AttemptChoice, 'at'>[],
  isCounted: (result: GrowthResult) => boolean,
): Promise<Date[]> {
  if (choices.length === 0) return [];
  const [school, all] = await Promise.all([
    findSchool(scope, scope.schoolId),
    listGrowthOfStudent(scope, studentId),
  ]);
  const results = all.filter(isCounted);
  const standings = await gatherStandings(scope, school, results);
  const isPrinted = ({ slot: { startsAt, attempt } }: GrowthResult): boolean =>
    exhibitions.some((each) => each.startsAt === startsAt.toISOString() && each.attempt === attempt);
  const isOver = results.some((result) => isPrinted(result) && !standings.get(result.id)!.counts);
  return isOver ? choices.map(({ at }) => at) : [];
}

/** When narratives were signed that are not in it, in this version. */
export const signedSince = (
  { narratives = [] }: FrozenParts,
  signed: readonly Pick<NarrativeVersion, 'voice' | 'number' | 'signedAt'>[],
): Date[] =>
  signed
    .filter(({ voice, number }) =>
      narratives.every((printed) => printed.voice !== voice || printed.version !== number),
    )
    .map(({ signedAt }) => signedAt);

/**
 * When a portfolio was submitted that says something else of what the student set out to do. @param submitted
 * newest first
 */
export function submittedSince({ intent = null }: FrozenParts, [newest]: readonly SubmittedWords[]): Date[] {
  if (!newest) return [];
  const { title, statement } = newest.content;
  // Without a statement nothing is printed.
  const isPrinted = statement.trim() !== '';
  const isSame = isPrinted ? intent?.title === title && intent.statement === statement : intent === null;
  return isSame ? [] : [newest.submittedAt];
}
