/**
 * Rehearsals that somebody was asked to and whose sheet is not in yet. They stand with what is to do, and in no number.
 */
import { listPeopleByIds } from '../people/people-records.js';
import { byId } from '../people/person.js';
import { REHEARSAL_DAYS, seatIn } from '../rehearsals/rehearsal.js';
import { listRehearsalsOf } from '../rehearsals/rehearsal-records.js';
import type { HomePart, SchoolHomeNeeds, Task } from './home.js';

/** Looked at, newest first. */
const REHEARSALS = 20;

export async function rehearsalHome({ actor, scope, context, t }: SchoolHomeNeeds): Promise<HomePart> {
  if (actor.seatIds !== null) return {};
  const found = await listRehearsalsOf(scope, actor.personId, 1, REHEARSALS);
  const since = context.clock.now().getTime() - REHEARSAL_DAYS * 86_400_000;
  const open = found.items.filter((rehearsal) => {
    const seat = seatIn(actor, rehearsal);
    return seat && !seat.submittedAt && rehearsal.createdAt.getTime() >= since;
  });
  if (open.length === 0) return {};
  const students = byId(await listPeopleByIds(scope, [...new Set(open.map(({ studentId }) => studentId))]));
  const tasks = open
    .filter(({ studentId }) => !students.get(studentId)?.sealedAt)
    .map((rehearsal): Task => ({
      kind: 'rehearsal',
      title: t('home.rehearsal.title', { student: rehearsal.studentName }),
      line: t('home.rehearsal.line', { title: rehearsal.title }),
      href: `/rehearsals/${rehearsal.id}/sheet`,
      action: t('home.rehearsal.action'),
      at: null,
    }));
  return { tasks };
}
