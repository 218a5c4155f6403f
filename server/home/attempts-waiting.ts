/** Students who are to present again and for whom no time is planned yet. */
import { listExhibitionsByIds } from '../exhibitions/exhibition-records.js';
import { listLaterAttempts } from '../exhibitions/slots/slot-records.js';
import { listPeopleByIds } from '../people/people-records.js';
import { byId } from '../people/people-view.js';
import { listAttemptChoices } from '../results/attempt-choice-records.js';
import { chainOf } from '../results/attempts.js';
import { listMet, listNotYet, listResultLines, type AttemptKey } from '../results/result-records.js';
import type { SchoolHomeNeeds, Task } from './home.js';

/** Terms after which nobody is reminded any more. */
const TERMS = 2;
/** Students named on one page, the longest waiting first. */
const MAX_SHOWN = 50;

/**
 * Nobody waits where a later attempt is planned, another attempt has met the bar, or somebody said with a
 * reason which one counts.
 * @param studentIds null for the whole school
 */
export async function attemptTasks(
  { scope, t, year }: SchoolHomeNeeds,
  studentIds: readonly string[] | null,
): Promise<Task[]> {
  const { school, terms } = await year;
  const current = terms.findIndex((term) => term.id === school?.currentTermId);
  const recent = terms.slice(Math.max(0, current + 1 - TERMS), current + 1).map((term) => term.id);
  if (recent.length === 0 || studentIds?.length === 0) return [];
  const notYet = await listNotYet(scope, recent, studentIds);
  if (notYet.length === 0) return [];
  const ids = [...new Set(notYet.map((result) => result.studentId))];
  const [later, met, choices] = await Promise.all([
    listLaterAttempts(scope, ids),
    listMet(scope, ids),
    listAttemptChoices(scope, ids),
  ]);
  const lastPlanned = new Map<string, number>();
  for (const slot of later)
    lastPlanned.set(chainOf(slot), Math.max(slot.attempt, lastPlanned.get(chainOf(slot)) ?? 0));
  const settled = new Set(met.map(chainOfKey));
  // In the order in which they were made: the last one stands, also when it goes back to the school's rule.
  const chosen = new Map(choices.map((choice) => [chainOf(choice), choice.slotId !== null]));
  const waiting = notYet
    .filter((result) => {
      const chain = chainOfKey(result);
      const isPlanned = (lastPlanned.get(chain) ?? 0) > result.slot.attempt;
      return !isPlanned && !settled.has(chain) && !chosen.get(chain);
    })
    .slice(0, MAX_SHOWN);
  if (waiting.length === 0) return [];
  const [lines, people, exhibitions] = await Promise.all([
    listResultLines(
      scope,
      waiting.map((result) => result.id),
    ).then(byId),
    listPeopleByIds(scope, [...new Set(waiting.map((result) => result.studentId))]).then(byId),
    listExhibitionsByIds(scope, [...new Set(waiting.map((result) => result.exhibitionId))]).then(byId),
  ]);
  return waiting.flatMap((result): Task[] => {
    const student = people.get(result.studentId);
    const line = lines.get(result.id);
    if (!student?.active || !line) return [];
    return [
      {
        kind: 'attempt',
        title: t('home.attempt.title', { student: student.displayName, attempt: line.slot.attempt + 1 }),
        line: t('home.attempt.line', {
          exhibition: exhibitions.get(result.exhibitionId)?.title ?? line.slot.exhibitionTitle,
          count: line.attainment?.missed.length ?? 0,
        }),
        href: `/slots/${result.id}/result#again`,
        action: t('home.attempt.action'),
        at: null,
      },
    ];
  });
}

const chainOfKey = (result: AttemptKey): string => chainOf({ ...result, ...result.slot });
