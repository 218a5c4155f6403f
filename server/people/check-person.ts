/** What must hold of a person's roles and relations before they are written. */
import type { Role } from '../access/actor.js';
import { Forbidden, InvalidInput } from '../errors.js';
import type { SchoolScope } from '../db/database.js';
import type { Call } from '../http/route.js';
import { advisoryLock, sharedBy, takeLocks } from '../db/record-locks.js';
import { findAdvisory, findStudentNumbered, listPeopleByIds } from './people-records.js';
import { mayBeGuardian, mayChangeAdministrators } from './person.js';

/** Administrators are made, unmade and let in again by administrators. */
export function checkAdministrators(call: Pick<Call, 'actor'>, ...roleLists: (readonly Role[])[]): void {
  if (mayChangeAdministrators(call.actor)) return;
  if (roleLists.some((roles) => roles.includes('admin'))) throw new Forbidden('access.problem.admins-only');
}

export async function checkRelations(
  call: Pick<Call, 'scope'>,
  body: { advisoryId?: string | null | undefined; guardianIds?: readonly string[] | undefined },
): Promise<void> {
  if (body.advisoryId && !(await findAdvisory(call.scope, body.advisoryId))) {
    throw new InvalidInput([{ field: 'advisoryId', message: 'people.problem.advisory-unknown' }]);
  }
  const ids = body.guardianIds ?? [];
  const guardians = await listPeopleByIds(call.scope, ids);
  if (guardians.length !== new Set(ids).size || !guardians.every(mayBeGuardian)) {
    throw new InvalidInput([{ field: 'guardianIds', message: 'people.problem.guardian-unknown' }]);
  }
}

/**
 * Whether the advisory exists. If so, it stays there until the transaction is over: deleting it waits, or is
 * found to be too late.
 * @param maker id of whoever is placed in it: different ones do not wait for each other
 */
export async function isAdvisoryHeld(
  inside: SchoolScope,
  advisoryId: string,
  maker: string,
): Promise<boolean> {
  await takeLocks(inside, [sharedBy(advisoryLock(advisoryId), maker)]);
  return (await findAdvisory(inside, advisoryId)) !== null;
}

/** As `isAdvisoryHeld`. @throws InvalidInput where it does not exist any more */
export async function holdAdvisory(inside: SchoolScope, advisoryId: string, maker: string): Promise<void> {
  if (!(await isAdvisoryHeld(inside, advisoryId, maker)))
    throw new InvalidInput([{ field: 'advisoryId', message: 'people.problem.advisory-unknown' }]);
}

/**
 * A student number is one student's.
 * @param personId whose it may be already; null for somebody new
 * @throws InvalidInput at `studentNumber`, with the name of whoever has it
 */
export async function checkNumberFree(
  scope: SchoolScope,
  studentNumber: string | null | undefined,
  personId: string | null,
): Promise<void> {
  const owner = studentNumber ? await findStudentNumbered(scope, studentNumber) : null;
  if (!owner || owner.id === personId) return;
  const params = { name: owner.displayName };
  throw new InvalidInput([{ field: 'studentNumber', message: 'people.problem.number-taken', params }]);
}
