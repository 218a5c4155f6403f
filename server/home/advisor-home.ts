/** The advisor: who of mine presents today, whose narrative waits, and my advisory on the wall. */
import { presentersOf } from '../exhibition/group.js';
import { listSlotsBetween, listSlotsOfStudents } from '../exhibition/slot-records.js';
import { listStudentsOfAdvisories } from '../people/people-records.js';
import { initialsOf } from '../people/people-view.js';
import { attemptTasks } from './attempts-waiting.js';
import { dayAround } from './day.js';
import { narrativeTasks } from './narratives-waiting.js';
import { resultTasks } from './results-waiting.js';
import type { HomePart, SchoolHomeNeeds } from './home.js';
import { presentationsToday } from './panel-home.js';

export async function advisorHome(needs: SchoolHomeNeeds): Promise<HomePart> {
  const { actor, scope, context, timeZone, t } = needs;
  const students = await listStudentsOfAdvisories(scope, actor.advisoryIds);
  const own = new Set(students.map((student) => student.id));
  const { from, until } = dayAround(context.clock.now(), timeZone);
  const slots = (await listSlotsBetween(scope, from, until)).filter((slot) =>
    presentersOf(slot).some((id) => own.has(id)),
  );
  const presented = await listSlotsOfStudents(
    scope,
    students.map((student) => student.id),
  );
  return {
    tasks: [
      ...(await resultTasks(needs, presented)),
      ...(await attemptTasks(
        needs,
        students.map((student) => student.id),
      )),
      ...(await narrativeTasks(needs, students, 'advisor')),
    ],
    today: await presentationsToday(needs, slots),
    peopleTitle: 'home.advisor.title',
    people: students.map((student) => ({
      name: student.displayName,
      initials: initialsOf(student.displayName),
      href: `/students/${student.id}`,
      line: student.grade ? t('home.grade', { grade: student.grade }) : '',
    })),
  };
}
