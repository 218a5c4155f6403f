/**
 * People of the school who may be whoever signed up by a link: the same name and the same address. Only staff
 * who decide on the sign-up are told, never whoever signed up. An address alone says nothing, as a family may
 * share it; nor does a name. Only reads.
 */
import type { SchoolScope } from '../db/database.js';
import { isSameName } from '../people/name-key.js';
import { listPeopleByEmail, listPeopleByIds } from '../people/people-records.js';
import type { Person } from '../people/person.js';
import type { SignUp } from './sign-up.js';
import { listAcceptedByEmail } from './sign-up-records.js';

/**
 * Also those who were accepted before under this name and address, and did not get the address because it was
 * a relative's.
 */
export async function findSamePeople(
  scope: SchoolScope,
  { name, email }: Pick<SignUp, 'name' | 'email'>,
): Promise<Person[]> {
  if (email === null) return [];
  const withAddress = await listPeopleByEmail(scope, email);
  const accepted = await listAcceptedByEmail(scope, email);
  const ids = accepted.flatMap((each) => (isSameName(each.name, name) ? (each.personId ?? []) : []));
  const before = ids.length > 0 ? await listPeopleByIds(scope, [...new Set(ids)]) : [];
  const found = [...withAddress.filter((person) => isCalled(person, name)), ...before];
  return [...new Map(found.map((person) => [person.id, person])).values()].filter(
    ({ active, erasedAt, sealedAt }) => active && !erasedAt && !sealedAt,
  );
}

const isCalled = (person: Person, name: string): boolean =>
  [person.displayName, `${person.givenName} ${person.familyName}`, person.legalName, person.chosenName].some(
    (each) => each && isSameName(each, name),
  );
