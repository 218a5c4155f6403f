/**
 * Who wrote a submitted portfolio and who handed it in: mostly one, but a school may let an advisor submit
 * for a student.
 */
import { z } from 'zod';
import type { SchoolScope } from '../db/database.js';
import { listPeopleByIds } from '../people/people-records.js';
import type { PortfolioSnapshot } from './portfolio.js';

export const submissionAnswer = z.object({
  author: z.object({ id: z.string(), name: z.string() }),
  submitter: z
    .object({ id: z.string(), name: z.string() })
    .nullable()
    .describe('Null where no record of that person is left.'),
  forStudent: z.boolean().describe('Whether somebody else than the student submitted it.'),
});
export type Submission = z.output<typeof submissionAnswer>;

type Submitted = Pick<PortfolioSnapshot, 'id' | 'studentId' | 'submittedBy'>;

/** By id of the snapshot. */
export async function findSubmissions(
  scope: SchoolScope,
  snapshots: readonly Submitted[],
): Promise<Map<string, Submission>> {
  const ids = new Set(snapshots.flatMap(({ studentId, submittedBy }) => [studentId, submittedBy]));
  const people = ids.size > 0 ? await listPeopleByIds(scope, [...ids]) : [];
  const names = new Map(people.map(({ id, displayName }) => [id, displayName]));
  return new Map(
    snapshots.map(({ id, studentId, submittedBy }) => {
      const name = names.get(submittedBy);
      return [
        id,
        {
          author: { id: studentId, name: names.get(studentId) ?? '' },
          submitter: name === undefined ? null : { id: submittedBy, name },
          // Duplicates that were merged left their old id where they did something; that is no second person.
          forStudent: name !== undefined && submittedBy !== studentId,
        },
      ];
    }),
  );
}
