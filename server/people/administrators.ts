/**
 * A school always keeps an administrator who can sign in: without one nobody could make another. Every act that changes roles, ends
 * activity or merges people runs inside `keepAdministrator`, so the rule is one and holds for two acts at the same moment.
 */
import { listPeopleWhoSignIn } from '../access/account-records.js';
import { inTransaction, type SchoolScope } from '../database.js';
import { InvalidInput } from '../errors.js';
import { saveAdministratorTurn } from './administrator-records.js';
import { listAdministrators } from './people-records.js';

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
 * Runs `work` in a transaction, the present one where there is one, and undoes it when it took the last administrator away.
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
