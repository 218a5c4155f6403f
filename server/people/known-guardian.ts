/**
 * Who a guardian of another school is in this one, when a student comes with their family. Reads only: the
 * office sees it before it accepts the student, and the acceptance goes by it.
 */
import { findAccountByEmail, findAccountOfPerson, type Account } from '../access/account-records.js';
import type { SchoolScope } from '../db/database.js';
import { isSameName } from './name-key.js';
import { findPerson, listPeopleByEmail, listPeopleByIds } from './people-records.js';
import type { Person } from './person.js';

export interface KnownGuardian {
  /** They are at this school already. */
  here: Person | null;
  /** With which they sign in elsewhere, or that has their address. */
  account: Account | null;
  /** Somebody else of this school has the address: they come without it. */
  isTaken: boolean;
}

export const partIn = (account: Account, schoolId: string) =>
  [...account.memberships, ...account.offers].find((each) => each.schoolId === schoolId);

/**
 * Somebody of this school is known by their own account, or by name and address when they are family here
 * already: an address that the other school has typed makes no member of the staff a guardian, and parents
 * may share one. Without either, a guardian of the same student with the same name is the same.
 * @param inside of the receiving school
 * @param familyIds the student's guardians here
 */
export async function matchGuardian(
  inside: SchoolScope,
  guardian: Person,
  familyIds: readonly string[],
): Promise<KnownGuardian> {
  const own = await findAccountOfPerson(inside, guardian.id);
  const partHere = own && partIn(own, inside.schoolId);
  const withAddress = guardian.email ? await listPeopleByEmail(inside, guardian.email) : [];
  const same = withAddress.filter(
    (each) =>
      each.active &&
      each.roles.every((role) => role === 'guardian') &&
      isSameName(each.displayName, guardian.displayName),
  );
  const found = partHere ? await findPerson(inside, partHere.personId) : same.length === 1 ? same[0]! : null;
  const here = found?.roles.includes('student')
    ? null
    : (found ?? (await sameName(inside, guardian, familyIds)));
  const account = own ?? (guardian.email ? await findAccountByEmail(inside, guardian.email) : null);
  const isTaken =
    withAddress.length > 0 || (account !== null && partIn(account, inside.schoolId) !== undefined);
  return { here, account, isTaken };
}

async function sameName(
  inside: SchoolScope,
  { displayName, email }: Person,
  familyIds: readonly string[],
): Promise<Person | null> {
  const family = familyIds.length > 0 ? await listPeopleByIds(inside, familyIds) : [];
  const same = family.filter(
    (each) => isSameName(each.displayName, displayName) && !(each.email && email && each.email !== email),
  );
  return same.length === 1 ? same[0]! : null;
}
