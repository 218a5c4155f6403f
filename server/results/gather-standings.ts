/** Says of published results which of several attempts counts. Reads only; two questions, however many students. */
import type { SchoolScope } from '../db/database.js';
import { attemptRuleOf, type School } from '../school/school.js';
import { listAttemptChoices } from './attempt-choice-records.js';
import { standingsOf, type Attempt, type Standing } from './attempts.js';

/** @param results every published result of the students that may compete, in any order */
export async function gatherStandings(
  scope: SchoolScope,
  school: Pick<School, 'policies'> | null,
  results: readonly Attempt[],
): Promise<Map<string, Standing>> {
  const students = [...new Set(results.map((result) => result.studentId))];
  const choices = students.length > 0 ? await listAttemptChoices(scope, students) : [];
  return standingsOf(results, attemptRuleOf(school), choices);
}
