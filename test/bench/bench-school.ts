/** The school that measurements happen in: named, with one running term, and people who are added without ceremony. */
import type { Context } from '../../server/context.js';
import { addPerson, splitName, type NewPerson } from '../../server/people/add-person.js';
import type { Person } from '../../server/people/person.js';
import { createSchool } from '../../server/school/create-school.js';
import type { TestSchool } from '../harness/start-app.js';

export async function aBenchSchool(context: Context): Promise<TestSchool> {
  const year = new Date().getUTCFullYear();
  const school = await createSchool(
    { clock: context.clock, addAdministrator: async () => undefined },
    { db: context.db },
    { personId: 'bench', via: 'script' },
    {
      name: 'Riverbend School',
      networkId: null,
      timeZone: 'America/New_York',
      terms: [{ name: 'Spring', startsOn: `${year}-01-01`, endsOn: `${year}-12-31` }],
    },
    null,
  );
  const scope = { db: context.db, schoolId: school.id };
  return {
    school,
    scope,
    termId: school.currentTermId!,
    // Without an e-mail there is no account, and no password to hash.
    person: async ({ name, ...rest }) => (await addBenchPerson(context, scope, { name, ...rest })).person,
  };
}

/** @param password given: the person has an account and can sign in */
export const addBenchPerson = (
  context: Context,
  scope: TestSchool['scope'],
  { name, email = null, ...rest }: Partial<NewPerson> & { name: string; roles: Person['roles'] },
  password?: string,
) =>
  addPerson(
    context,
    scope,
    { ...splitName(name), displayName: name, ...rest, email: password ? email : null },
    password,
  );
