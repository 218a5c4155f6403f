/** `--complete-only`: who is left out, and what each of them lacks. */
import type { SchoolScope } from '../database.js';
import type { Person } from '../people/person.js';
import type { IssueNeeds, IssueOrder } from '../transcript/issue-transcripts.js';
import { isComplete, previewTranscripts, type PreviewedTranscript } from './preview-transcripts.js';

export type LeftOut = Pick<PreviewedTranscript, 'studentId' | 'name' | 'missing' | 'problem'>;

export async function leaveOutIncomplete(
  needs: Pick<IssueNeeds, 'rubrics' | 'texts'>,
  scope: SchoolScope,
  order: Pick<IssueOrder, 'school' | 'term' | 'students' | 'again'>,
  issuer: string,
): Promise<{ students: Person[]; leftOut: LeftOut[] }> {
  const seen = await previewTranscripts(needs, scope, order, issuer);
  const complete = new Set(seen.filter(isComplete).map(({ studentId }) => studentId));
  return {
    students: order.students.filter(({ id }) => complete.has(id)),
    leftOut: seen
      .filter(({ studentId }) => !complete.has(studentId))
      .map(({ studentId, name, missing, problem }) => ({ studentId, name, missing, problem })),
  };
}
