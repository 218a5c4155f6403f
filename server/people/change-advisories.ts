/**
 * Moves everybody of an advisory into another one, and deletes an advisory that nobody is in. What past terms
 * say of it stays.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit, appendAudits } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput, NotFound } from '../errors.js';
import { noteEnrollments } from './keep-enrollments.js';
import { listPeopleOfAdvisory, removeAdvisoryRecord } from './advisory-records.js';
import { findAdvisory, savePeopleChanges } from './people-records.js';
import type { Person } from './person.js';
import { advisoryLock, sharedBy, withLocks } from '../db/record-locks.js';

export interface AdvisoryExhibition {
  id: string;
  title: string;
}

export interface AdvisoryPorts {
  /**
   * Exhibitions, as far as they are not closed, for whose timetable this advisory was chosen; timetables come
   * downstream.
   */
  listAdvisoryTimetables(scope: SchoolScope, advisoryId: string): Promise<AdvisoryExhibition[]>;
  /** Puts one advisory in the place of another in these timetables, and tells which they are. */
  moveInTimetables(
    needs: { clock: Clock },
    inside: SchoolScope,
    actor: By,
    advisories: { from: string; to: string },
  ): Promise<AdvisoryExhibition[]>;
}

type By = Pick<Actor, 'personId' | 'via'>;

/**
 * Those who have left are moved as well, and timetables follow, so that nothing is left that names the advisory.
 * @returns how many people were moved, and in which exhibitions everybody of the other advisory presents now
 * @throws NotFound for an advisory that does not exist; InvalidInput for one to which nobody can be moved
 */
export const moveAdvisory = (
  { clock, moveInTimetables }: Pick<AdvisoryPorts, 'moveInTimetables'> & { clock: Clock },
  scope: SchoolScope,
  actor: By,
  { from, to }: { from: string; to: string },
): Promise<{ moved: number; exhibitions: AdvisoryExhibition[] }> =>
  withLocks(scope, [advisoryLock(from), sharedBy(advisoryLock(to), from)], async (inside) => {
    if (!(await findAdvisory(inside, from))) throw new NotFound();
    if (from === to || !(await findAdvisory(inside, to)))
      throw new InvalidInput([{ field: 'to', message: 'people.problem.advisory-unknown' }]);
    const people = await listPeopleOfAdvisory(inside, from);
    await placePeople(inside, clock, actor, people, to);
    const detail = { to, count: people.length };
    await appendAudit(inside, clock, actor, 'people.advisory-move', { kind: 'advisory', id: from }, detail);
    const exhibitions = await moveInTimetables({ clock }, inside, actor, { from, to });
    return { moved: people.length, exhibitions };
  });

/**
 * Who was in it and has left is in none from then on.
 * @throws NotFound for an advisory that does not exist; Conflict while somebody is in it or a timetable names it
 */
export const removeAdvisory = (
  { clock, listAdvisoryTimetables }: Pick<AdvisoryPorts, 'listAdvisoryTimetables'> & { clock: Clock },
  scope: SchoolScope,
  actor: By,
  id: string,
): Promise<void> =>
  withLocks(scope, [advisoryLock(id)], async (inside) => {
    if (!(await findAdvisory(inside, id))) throw new NotFound();
    const people = await listPeopleOfAdvisory(inside, id);
    const count = people.filter(({ active }) => active).length;
    if (count > 0) throw new Conflict('people.problem.advisory-used', { count }, 'advisory-used');
    const planned = await listAdvisoryTimetables(inside, id);
    if (planned.length > 0) {
      const exhibitions = planned.map(({ title }) => title);
      const params = { count: planned.length, exhibitions };
      throw new Conflict('people.problem.advisory-scheduled', params, 'advisory-used');
    }
    await placePeople(inside, clock, actor, people, null);
    await removeAdvisoryRecord(inside, id);
    await appendAudit(inside, clock, actor, 'people.advisory-remove', { kind: 'advisory', id });
  });

async function placePeople(
  inside: SchoolScope,
  clock: Clock,
  actor: By,
  people: readonly Person[],
  advisoryId: string | null,
): Promise<void> {
  await noteEnrollments(
    inside,
    clock,
    people.map((before) => ({ before, after: { ...before, advisoryId } })),
  );
  await savePeopleChanges(
    inside,
    people.map(({ id }) => ({ id, change: { advisoryId } })),
  );
  const acts = people.map(({ id }) => ({
    ...{ subject: { kind: 'person', id }, detail: { fields: ['advisoryId'] } },
  }));
  await appendAudits(inside, clock, actor, 'people.change', acts);
}
