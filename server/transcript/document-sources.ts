/**
 * From which versions of the record a transcript is made: results with their corrections, which attempt
 * counts, and signed narratives. Read before the facts are, and again when the transcript is recorded: what
 * was changed between would be printed as it was before.
 */
import { hashOf } from '../canonical.js';
import type { SchoolScope } from '../db/database.js';
import { listNarrativeStates } from '../narratives/narrative-records.js';
import { listAttemptChoices } from '../results/attempt-choice-records.js';
import { listResultVersions } from '../results/result-records.js';

export interface DocumentSources {
  /** The versions of the student's results, of whatever term. */
  results: { id: string; version: number }[];
  /** Of everything that is looked at: another one means that something changed. */
  hash: string;
}

/** By student; the same number of questions however many students. */
export async function readSources(
  scope: SchoolScope,
  termId: string,
  studentIds: readonly string[],
): Promise<Map<string, DocumentSources>> {
  const [results, choices, narratives] = await Promise.all([
    listResultVersions(scope, studentIds),
    listAttemptChoices(scope, studentIds),
    listNarrativeStates(scope, termId, studentIds),
  ]);
  return new Map(
    studentIds.map((studentId) => {
      const own = results.filter((each) => each.studentId === studentId);
      const hash = hashOf({
        results: own.map(({ id, correction, unnamedHash }) => [id, correction?.version, unnamedHash]),
        choices: choices.filter((each) => each.studentId === studentId).map(({ id }) => id),
        narratives: narratives
          .filter((each) => each.studentId === studentId)
          .map(({ id, latestVersion }) => [id, latestVersion])
          .sort(),
      });
      return [
        studentId,
        { results: own.map(({ id, correction }) => ({ id, version: correction?.version ?? 1 })), hash },
      ] as const;
    }),
  );
}
