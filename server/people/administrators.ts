/**
 * A school always keeps an administrator who can sign in: without one nobody could make another. Every act
 * that changes roles, ends activity or merges people runs inside `keepAdministrator`, so the rule is one and
 * holds for two acts at the same moment. And who administrators are and what they may do is decided by
 * administrators: acts of others run inside `leaveAdministrators`.
 */
import { isDeepStrictEqual } from 'node:util';
import { listPeopleWhoSignIn } from '../access/account-records.js';
import type { Actor } from '../access/actor.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { Forbidden, InvalidInput } from '../errors.js';
import { listAdministratorFacts, saveAdministratorTurn } from './administrator-records.js';
import { listAdministrators } from './people-records.js';
import { governsAlone, mayChangeAdministrators, type Person } from './person.js';

interface Administrators {
  all: Set<string>;
  able: Set<string>;
}

async function administratorsOf(inside: SchoolScope): Promise<Administrators> {
  const all = (await listAdministrators(inside)).map(({ id }) => id);
  return { all: new Set(all), able: all.length > 0 ? await listPeopleWhoSignIn(inside, all) : new Set() };
}

const hasLost = (before: ReadonlySet<string>, after: ReadonlySet<string>): boolean =>
  [...before].some((id) => !after.has(id));

/**
 * Runs `work` in a transaction, the present one where there is one, and undoes it when it took the last
 * administrator away.
 * @param field of the form, for the problem to stand beside
 * @throws InvalidInput when no administrator who can sign in would be left
 */
export async function keepAdministrator<R>(
  scope: SchoolScope,
  work: (inside: SchoolScope) => Promise<R>,
  field = 'roles',
): Promise<R> {
  return inTransaction(scope, async (inside) => {
    const before = await administratorsOf(inside);
    const result = await work(inside);
    const after = await administratorsOf(inside);
    if (!hasLost(before.all, after.all)) return result;
    await saveAdministratorTurn(inside);
    if (after.all.size === 0 || (before.able.size > 0 && after.able.size === 0))
      throw new InvalidInput([{ field, message: 'people.problem.last-administrator' }]);
    return result;
  });
}

/**
 * Runs `work` in a transaction, the present one where there is one, and undoes it when somebody who is no
 * administrator has changed who administrators are, their roles, whether they have left or how they sign in:
 * by a form, or as an effect of a file, a tie or a handover.
 * @throws Forbidden
 */
export async function leaveAdministrators<R>(
  scope: SchoolScope,
  actor: Pick<Actor, 'roles' | 'via'>,
  work: (inside: SchoolScope) => Promise<R>,
): Promise<R> {
  if (mayChangeAdministrators(actor)) return inTransaction(scope, work);
  return inTransaction(scope, async (inside) => {
    const before = await listAdministratorFacts(inside);
    const result = await work(inside);
    if (!isDeepStrictEqual(await listAdministratorFacts(inside), before))
      throw new Forbidden('access.problem.admins-only');
    return result;
  });
}

/** An administrator with a child at the school is made a guardian by an administrator. @throws Forbidden */
export function checkMadeGuardian(
  actor: Pick<Actor, 'roles' | 'via'>,
  person: Pick<Person, 'roles' | 'displayName'>,
): void {
  if (governsAlone(person) && !mayChangeAdministrators(actor))
    throw new Forbidden('people.problem.guardian-admin', { name: person.displayName });
}
