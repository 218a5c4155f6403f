/** Moves everybody of an advisory into another one, and deletes an advisory that nobody is in. What past terms say of it stays. */
import type { Actor } from '../access/actor.js';
import { appendAudit, appendAudits } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../database.js';
import { Conflict, InvalidInput, NotFound } from '../errors.js';
import { noteEnrollments } from './keep-enrollments.js';
import { listPeopleOfAdvisory, removeAdvisoryRecord } from './advisory-records.js';
import { findAdvisory, savePeopleChanges } from './people-records.js';
import type { Person } from './person.js';

export interface AdvisoryPorts {
  /** Whether the timetable of an exhibition was set up with this advisory; timetables come downstream. */
  isAdvisoryScheduled(scope: SchoolScope, advisoryId: string): Promise<boolean>;
}

type By = Pick<Actor, 'personId' | 'via'>;

/**
 * Those who have left are moved as well, so that nothing is left that names the advisory.
 * @returns how many people were moved
 * @throws NotFound for an advisory that does not exist; InvalidInput for one to which nobody can be moved
 */
export const moveAdvisory = (
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: By,
  { from, to }: { from: string; to: string },
): Promise<number> =>
  inTransaction(scope, async (inside) => {
    if (!(await findAdvisory(inside, from))) throw new NotFound();
    if (from === to || !(await findAdvisory(inside, to)))
      throw new InvalidInput([{ field: 'to', message: 'people.problem.advisory-unknown' }]);
    const people = await listPeopleOfAdvisory(inside, from);
    await placePeople(inside, clock, actor, people, to);
    const detail = { to, count: people.length };
    await appendAudit(inside, clock, actor, 'people.advisory-move', { kind: 'advisory', id: from }, detail);
    return people.length;
  });

/**
 * Who was in it and has left is in none from then on.
 * @throws NotFound for an advisory that does not exist; Conflict while somebody is in it or a timetable names it
 */
export const removeAdvisory = (
  { clock, isAdvisoryScheduled }: AdvisoryPorts & { clock: Clock },
  scope: SchoolScope,
  actor: By,
  id: string,
): Promise<void> =>
  inTransaction(scope, async (inside) => {
    if (!(await findAdvisory(inside, id))) throw new NotFound();
    const people = await listPeopleOfAdvisory(inside, id);
    const count = people.filter(({ active }) => active).length;
    if (count > 0) throw new Conflict('people.problem.advisory-used', { count }, 'advisory-used');
    if (await isAdvisoryScheduled(inside, id))
      throw new Conflict('people.problem.advisory-scheduled', {}, 'advisory-used');
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
