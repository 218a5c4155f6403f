/** Students who are to present again and for whom no time is planned yet. */
import { listExhibitionsByIds } from '../exhibition/exhibition-records.js';
import { listSlotsOfStudents } from '../exhibition/slot-records.js';
import { listPeopleByIds } from '../people/people-records.js';
import { byId } from '../people/people-view.js';
import { chainOf } from '../results/attempts.js';
import { gatherStandings } from '../results/gather-standings.js';
import { listNotYet, listResultsOfStudents } from '../results/result-records.js';
import { findSchool, listTerms } from '../school/school-records.js';
import type { SchoolHomeNeeds, Task } from './home.js';

/** Terms after which nobody is reminded any more. */
const TERMS = 2;

/**
 * Nobody waits where a later attempt is planned, another attempt has met the bar, or somebody said with a reason which one counts.
 * @param studentIds null for the whole school
 */
export async function attemptTasks(
  { scope, t }: SchoolHomeNeeds,
  studentIds: readonly string[] | null,
): Promise<Task[]> {
  const [school, terms] = await Promise.all([findSchool(scope, scope.schoolId), listTerms(scope)]);
  const current = terms.findIndex((term) => term.id === school?.currentTermId);
  const recent = terms.slice(Math.max(0, current + 1 - TERMS), current + 1).map((term) => term.id);
  const waiting = await listNotYet(scope, recent, studentIds);
  if (waiting.length === 0) return [];
  const ids = [...new Set(waiting.map((result) => result.studentId))];
  const [slots, results, people, exhibitions] = await Promise.all([
    listSlotsOfStudents(scope, ids),
    listResultsOfStudents(scope, ids),
    listPeopleByIds(scope, ids).then(byId),
    listExhibitionsByIds(scope, [...new Set(waiting.map((result) => result.exhibitionId))]).then(byId),
  ]);
  const standings = await gatherStandings(scope, school, results);
  return waiting.flatMap((result): Task[] => {
    const chain = chainOf({ ...result, ...result.slot });
    const later = slots.some((slot) => chainOf(slot) === chain && slot.attempt > result.slot.attempt);
    const standing = standings.get(result.id);
    const settled =
      standing?.by === 'choice' || standing?.attempts.some((each) => each.attainment?.outcome === 'met');
    const student = people.get(result.studentId);
    if (later || settled || !student?.active) return [];
    return [
      {
        kind: 'attempt',
        title: t('home.attempt.title', { student: student.displayName, attempt: result.slot.attempt + 1 }),
        line: t('home.attempt.line', {
          exhibition: exhibitions.get(result.exhibitionId)?.title ?? result.slot.exhibitionTitle,
          count: result.attainment?.missed.length ?? 0,
        }),
        href: `/slots/${result.id}/result#again`,
        action: t('home.attempt.action'),
        at: null,
      },
    ];
  });
}
