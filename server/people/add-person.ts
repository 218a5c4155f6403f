/**
 * Adds a person of the school and, where they sign in, their account. Where the address has an account at another
 * school, it gets the offer of a membership, which its owner accepts with proof; a second person with one address in
 * one school is refused.
 */
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { newId } from '../ids.js';
import { findAccountByEmail } from '../access/account-records.js';
import { openAccounts } from '../access/join-school.js';
import { createAccount } from '../access/sign-in.js';
import { InvalidInput } from '../errors.js';
import { invitationPath } from './invite-person.js';
import type { Actor, Role } from '../access/actor.js';
import type { Attendance } from './attendance.js';
import { sortNameOf, type Person } from './person.js';
import { noteEnrollments } from './keep-enrollments.js';
import { savePerson } from './people-records.js';

export interface NewPerson {
  id?: string;
  givenName: string;
  familyName: string;
  /** As the person writes it; `given family` when left out. */
  displayName?: string;
  legalName?: string | null;
  chosenName?: string | null;
  email?: string | null;
  roles: Role[];
  sourcedId?: string | null;
  studentNumber?: string | null;
  grade?: string | null;
  advisoryId?: string | null;
  guardianIds?: string[];
  organisation?: string | null;
  locale?: string | null;
  attendance?: Attendance | null;
}

export function newPersonOf(clock: Clock, schoolId: string, input: NewPerson): Person {
  return {
    id: input.id ?? newId(),
    schoolId,
    sourcedId: input.sourcedId ?? null,
    studentNumber: input.studentNumber ?? null,
    givenName: input.givenName,
    familyName: input.familyName,
    displayName: input.displayName ?? (input.chosenName || `${input.givenName} ${input.familyName}`.trim()),
    legalName: input.legalName ?? null,
    chosenName: input.chosenName ?? null,
    sortName: sortNameOf(input.givenName, input.familyName),
    email: input.email?.trim().toLowerCase() || null,
    roles: input.roles,
    grade: input.grade ?? null,
    advisoryId: input.advisoryId ?? null,
    guardianIds: input.guardianIds ?? [],
    organisation: input.organisation ?? null,
    locale: input.locale ?? null,
    active: true,
    attendance: input.attendance ?? null,
    createdAt: clock.now(),
  };
}

export interface NewGuest {
  id: string;
  name: string;
  email: string | null;
  organisation: string | null;
  attendance?: Attendance;
}

/** A guest becomes a person of the school, by a sign or because they signed up, under the id given. */
export const addGuest = (
  needs: { clock: Clock },
  scope: SchoolScope,
  { name, ...guest }: NewGuest,
): Promise<Person> =>
  savePerson(
    scope,
    newPersonOf(needs.clock, scope.schoolId, {
      ...splitName(name),
      ...guest,
      displayName: name,
      roles: ['guest'],
    }),
  );

/**
 * @param by who makes the link, of which its owner and the administrators are told
 * @param password given: the account can be used at once; left out with an email: the answer holds the path of a
 *   one-time link
 * @throws InvalidInput when the email has an account in this school, or in any when a password is given
 */
export async function addPerson(
  needs: { clock: Clock },
  scope: SchoolScope,
  input: NewPerson,
  password?: string,
  by?: Pick<Actor, 'personId' | 'name'>,
): Promise<{ person: Person; invitation: string | null }> {
  return inTransaction(scope, async (inside) => {
    const person = newPersonOf(needs.clock, scope.schoolId, input);
    await noteEnrollments(inside, needs.clock, [{ before: null, after: person }]);
    await savePerson(inside, person);
    if (!person.email) return { person, invitation: null };
    const { email, id: personId } = person;
    if (password !== undefined) {
      await createAccount(inside, needs.clock, { email, personId, schoolId: scope.schoolId, password });
      return { person, invitation: null };
    }
    await checkAddressFree(inside, email);
    await openAccounts(inside, needs.clock, [{ email, personId, schoolId: scope.schoolId }]);
    return { person, invitation: await invitationPath(needs, inside, person, by) };
  });
}

/** @throws InvalidInput at `email` when somebody of this school has it: within one school an address is one person's */
export async function checkAddressFree(scope: SchoolScope, email: string): Promise<void> {
  const account = await findAccountByEmail(scope, email);
  const taken = [...(account?.memberships ?? []), ...(account?.offers ?? [])].some(
    ({ schoolId }) => schoolId === scope.schoolId,
  );
  if (taken) throw new InvalidInput([{ field: 'email', message: 'access.problem.email-taken' }]);
}

/** `Ana María de la Cruz` → given `Ana María de la`, family `Cruz`; one word is a given name. */
export function splitName(name: string): { givenName: string; familyName: string } {
  const words = name.trim().split(/\s+/);
  return words.length < 2
    ? { givenName: words[0] ?? '', familyName: '' }
    : { givenName: words.slice(0, -1).join(' '), familyName: words.at(-1)! };
}

/**
 * For a new school: its first administrator. Returns the path of the one-time link, or '' when a password was given.
 */
export async function addAdministrator(
  needs: { clock: Clock },
  scope: SchoolScope,
  administrator: { name: string; email: string; password?: string },
  by?: Pick<Actor, 'personId' | 'name'>,
): Promise<string> {
  const { invitation } = await addPerson(
    needs,
    scope,
    {
      ...splitName(administrator.name),
      displayName: administrator.name,
      email: administrator.email,
      roles: ['admin', 'registrar'],
    },
    administrator.password,
    by,
  );
  return invitation ?? '';
}
