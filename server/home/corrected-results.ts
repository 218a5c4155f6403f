/** For student and family: published results that were corrected lately. */
import { dateText } from '../exhibitions/day-and-time.js';
import { listCorrected, listCorrectedLines } from '../results/result-records.js';
import type { Home, SchoolHomeNeeds } from './home.js';

/** For so many days a first page tells of a correction; the result itself always does. */
const TOLD_DAYS = 30;
const DAY_MILLISECONDS = 86_400_000;

/** @param students the reader alone, or their children */
export async function correctedNews(
  { scope, context, actor, timeZone, locale, t }: SchoolHomeNeeds,
  students: readonly { id: string; displayName: string }[],
): Promise<Home['news']> {
  if (students.length === 0) return [];
  const since = new Date(context.clock.now().getTime() - TOLD_DAYS * DAY_MILLISECONDS);
  const corrected = await listCorrected(
    scope,
    students.map(({ id }) => id),
    since,
  );
  if (corrected.length === 0) return [];
  const lines = await listCorrectedLines(
    scope,
    corrected.map(({ id }) => id),
  );
  return lines.map(({ id, studentId, slot, correction }) => {
    const student = students.find((each) => each.id === studentId)?.displayName ?? '';
    const params = {
      ...{ student, exhibition: slot.exhibitionTitle },
      date: correction ? dateText(correction.at, timeZone, locale) : '',
    };
    const text = t(studentId === actor.personId ? 'home.corrected.own' : 'home.corrected.child', params);
    return { text, href: `/slots/${id}/result` };
  });
}
