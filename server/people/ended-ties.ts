/**
 * Ties between students and guardians that somebody has ended. A court may have decided it, and the file of a
 * student information system still has the old guardian: who may read about a child is then for a person to
 * say, and not for the next file. Pure.
 */
import type { RosterDraft } from './draft-roster.js';
import type { Person } from './person.js';
import type { RowProblem } from './roster.js';
import type { RosterQuestion } from './roster-questions.js';

type Ties = Pick<Person, 'guardianIds' | 'endedGuardianIds'>;

/** Whose tie has ended once these are the guardians: also those whose tie ended before. */
export const endedAfter = (before: Ties | null, guardianIds: readonly string[]): string[] =>
  [...new Set([...(before?.endedGuardianIds ?? []), ...(before?.guardianIds ?? [])])].filter(
    (id) => !guardianIds.includes(id),
  );

/** Names the tie between a student and a guardian. */
export const tieKey = (studentId: string, guardianId: string): string => `${studentId} ${guardianId}`;
export const restoreKey = (studentId: string, guardianId: string): string =>
  `tie ${tieKey(studentId, guardianId)}`;

/**
 * What is asked, and told beside the row of the student, of guardians whom the file names and whose tie has ended.
 * @param nameOf of a person, by id
 */
export function endedTies(
  drafts: readonly RosterDraft[],
  nameOf: (id: string) => string,
): { questions: RosterQuestion[]; problems: RowProblem[] } {
  const found = drafts.flatMap(({ place, after, returning, restored }) =>
    [...returning, ...restored].map((id) => ({
      place,
      isOpen: returning.includes(id),
      key: restoreKey(after.id, id),
      params: { guardian: nameOf(id), student: after.displayName },
    })),
  );
  return {
    questions: found.map(({ key, params }) => ({
      kind: 'tie',
      key,
      params,
      options: [{ value: 'restore' }],
    })),
    problems: found
      .filter(({ isOpen }) => isOpen)
      .map(({ place, params }) => ({
        ...{ ...place, field: 'guardians', message: 'people.import.row.tie-ended', params },
      })),
  };
}
