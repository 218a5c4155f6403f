/**
 * Whoever issues a whole school has read its students at the beginning: no document comes in about one who is
 * gone since. Erased, merged into somebody else, or handed over and sealed.
 */
import type { SchoolScope } from '../db/database.js';
import { listPeopleByIds } from '../people/people-records.js';
import { byId, type Person } from '../people/person.js';
import { CannotPrint } from './cannot-print.js';
import type { IssueProgress } from './issue-transcripts.js';

const isHere = ({ erasedAt, sealedAt }: Pick<Person, 'erasedAt' | 'sealedAt'>): boolean =>
  !erasedAt && !sealedAt;
const gone = (): CannotPrint => new CannotPrint('transcript.problem.gone', {});

/** The students as they are now; of those who are gone it is said. */
export async function listStillHere(
  scope: SchoolScope,
  students: readonly Person[],
  progress: Pick<IssueProgress, 'failed'>,
): Promise<Person[]> {
  const ids = students.map(({ id }) => id);
  const people = byId(await listPeopleByIds(scope, ids));
  const here: Person[] = [];
  for (const before of students) {
    const now = people.get(before.id);
    if (now && isHere(now)) here.push(now);
    else await progress.failed(now ?? before, gone());
  }
  return here;
}

/** In the transaction that records documents about them. @throws CannotPrint when one of them is gone */
export async function checkStillHere(inside: SchoolScope, studentIds: readonly string[]): Promise<void> {
  const here = byId((await listPeopleByIds(inside, studentIds)).filter(isHere));
  if (studentIds.some((id) => !here.has(id))) throw gone();
}
