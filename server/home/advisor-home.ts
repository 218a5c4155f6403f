/** The advisor: who of mine presents today, whose narrative waits, and my advisory on the wall. */
import { presentationIdOf } from '../exhibitions/groups/group.js';
import { endOf, type Slot } from '../exhibitions/slots/slot.js';
import { listSlotsByIds, listSlotsOfStudents } from '../exhibitions/slots/slot-records.js';
import { listLeftOfAdvisories, listStudentsOfAdvisories } from '../people/people-records.js';
import { byId, initialsOf } from '../people/people-view.js';
import { listPublishedSlotIdsOfStudents } from '../results/result-records.js';
import { attemptTasks } from './attempts-waiting.js';
import { dayAround } from './day.js';
import { narrativeTasks } from './narratives-waiting.js';
import { resultTasks } from './results-waiting.js';
import type { HomePart, SchoolHomeNeeds } from './home.js';
import { presentationsToday } from './panel-home.js';

export async function advisorHome(needs: SchoolHomeNeeds): Promise<HomePart> {
  const { actor, scope, t } = needs;
  if (actor.advisoryIds.length === 0) return { peopleTitle: 'home.advisor.title', people: [] };
  const [students, left] = await Promise.all([
    listStudentsOfAdvisories(scope, actor.advisoryIds),
    listLeftOfAdvisories(scope, actor.advisoryIds),
  ]);
  const ids = students.map((student) => student.id);
  const presented = Promise.all([
    listSlotsOfStudents(scope, ids),
    listPublishedSlotIdsOfStudents(scope, ids),
  ]);
  const [results, today, attempts, narratives] = await Promise.all([
    presented.then(([slots, published]) => resultTasks(needs, slots, byId(students), published)),
    presented.then(([slots]) => todayOf(needs, slots)),
    attemptTasks(needs, ids),
    narrativeTasks(needs, students, 'advisor', left),
  ]);
  return {
    tasks: [...results, ...attempts, ...narratives],
    today,
    peopleTitle: 'home.advisor.title',
    people: students.map((student) => ({
      name: student.displayName,
      initials: initialsOf(student.displayName),
      href: `/students/${student.id}`,
      line: student.grade ? t('home.grade', { grade: student.grade }) : '',
    })),
  };
}

/** Of a member of a group the group's presentation, once. */
async function todayOf(needs: SchoolHomeNeeds, slots: readonly Slot[]) {
  const { from, until } = dayAround(needs.context.clock.now(), needs.timeZone);
  const own = slots.filter((slot) => endOf(slot) > from && slot.startsAt < until);
  const known = new Map(own.filter((slot) => !slot.partOf).map((slot) => [slot.id, slot]));
  const others = own.map(presentationIdOf).filter((id) => !known.has(id));
  const found = others.length > 0 ? await listSlotsByIds(needs.scope, [...new Set(others)]) : [];
  return presentationsToday(needs, [...known.values(), ...found]);
}
