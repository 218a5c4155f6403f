/** Somebody looked at two people who look alike: they are two, and nobody is asked about them again. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { NotFound } from '../errors.js';
import { saveDistinctPair } from './merged-people-records.js';
import { listPeopleByIds } from './people-records.js';
import { requirePermission } from './person.js';

/** @throws NotFound when one of them is no person of this school, or both are the same */
export async function decidePair(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'via' | 'roles'>,
  [first, second]: readonly [string, string],
): Promise<void> {
  requirePermission(actor.roles.some((role) => role === 'registrar' || role === 'admin'));
  await inTransaction(scope, async (inside) => {
    if ((await listPeopleByIds(inside, [first, second])).length !== 2) throw new NotFound();
    await saveDistinctPair(inside, [first, second], { at: clock.now(), by: actor.personId });
    const subject = { kind: 'person', id: first };
    await appendAudit(inside, clock, actor, 'people.distinct', subject, { otherId: second });
  });
}

/** Those who are there; of a roster somebody may not have come in. */
export async function decidePairs(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'via' | 'roles'>,
  pairs: readonly (readonly [string, string])[],
): Promise<void> {
  const there = new Set((await listPeopleByIds(scope, pairs.flat())).map(({ id }) => id));
  for (const pair of pairs)
    if (pair.every((id) => there.has(id))) await decidePair(needs, scope, actor, pair);
}
