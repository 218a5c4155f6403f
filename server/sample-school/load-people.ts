/** The school, its terms, advisories and people, and the accounts with the well-known password. */
import { createAccount } from '../access/sign-in.js';
import type { Context } from '../context.js';
import { newPersonOf, type NewPerson } from '../people/add-person.js';
import type { Advisory, Person } from '../people/person.js';
import { saveAdvisory, savePeople } from '../people/people-records.js';
import { createSchool } from '../school/create-school.js';
import { listTerms, saveNetwork, saveSchoolChange } from '../school/school-records.js';
import type { Calendar } from './calendar.js';
import { moments, type SampleMoment, type SampleStudent } from './read-content.js';
import { clockAt, named, personOf, type SampleWorld } from './sample-world.js';
import { idOf } from './seeded.js';
import { sampleAdvisories, domain, guardianAccount, networkMember, staff, studentAccount } from './staff.js';

export const schoolSlug = 'riverbend';
export const networkSlug = 'riverbend-network';

export async function loadPeople(
  context: Context,
  calendar: Calendar,
  students: SampleStudent[],
  password: string,
): Promise<SampleWorld> {
  const clock = clockAt(calendar.at(-260, 9));
  const network = await saveNetwork(context.db, {
    id: idOf('network'),
    slug: networkSlug,
    name: 'Riverbend Network',
  });
  const school = await named('school', () =>
    createSchool(
      { clock, addAdministrator: async () => undefined },
      { db: context.db },
      { personId: 'script', via: 'script' },
      {
        name: 'Riverbend School',
        slug: schoolSlug,
        networkId: network.id,
        timeZone: calendar.timeZone,
        address: '14 Mill Street, Riverbend',
        motto: 'Ask, make, show',
        policies: { numberPrefix: 'RB', voices: 'named' },
        terms: moments.map((moment) => calendar.terms[moment]),
      },
      null,
    ),
  );
  const scope = { db: context.db, schoolId: school.id };
  const terms = await listTerms(scope);
  const termIds = Object.fromEntries(
    moments.map((moment) => [moment, terms.find(({ slug }) => slug === calendar.terms[moment].slug)!.id]),
  ) as Record<SampleMoment, string>;
  await saveSchoolChange(scope, { currentTermId: termIds.now });

  const people = new Map<string, Person>();
  const add = (key: string, input: NewPerson) => {
    const known = people.get(key);
    if (known) return known;
    const person = newPersonOf(clock, scope.schoolId, { id: idOf(`person ${key}`), ...input });
    people.set(key, person);
    return person;
  };
  const led = new Map<string, Advisory>();
  for (const { key, given, family, roles, account } of staff) {
    add(`staff ${key}`, {
      givenName: given,
      familyName: family,
      roles: [...roles],
      email: account ? `${account}@${domain}` : null,
    });
  }
  for (const { slug, name } of sampleAdvisories) {
    const advisorIds = staff
      .filter(({ advisory }) => advisory === slug)
      .map(({ key }) => idOf(`person staff ${key}`));
    led.set(
      slug,
      await saveAdvisory(scope, {
        id: idOf(`advisory ${slug}`),
        schoolId: scope.schoolId,
        slug,
        name,
        advisorIds,
      }),
    );
  }
  for (const [index, student] of students.entries()) {
    const guardians = student.guardians.map((name) =>
      add(`by name ${name}`, {
        ...namesOf(name),
        displayName: name,
        roles: ['guardian'],
        email: name === guardianAccount ? `guardian@${domain}` : null,
      }),
    );
    add(`student ${student.key}`, {
      givenName: student.givenName,
      familyName: student.familyName,
      displayName: student.displayName,
      roles: ['student'],
      sourcedId: `RB-${1001 + index}`,
      studentNumber: `RB-${1001 + index}`,
      grade: student.grade,
      advisoryId: led.get(student.advisory)!.id,
      guardianIds: guardians.map(({ id }) => id),
      email: student.key === studentAccount ? `student@${domain}` : null,
    });
  }
  for (const { internship } of students) {
    add(`by name ${internship.mentor}`, {
      ...namesOf(internship.mentor),
      displayName: internship.mentor,
      roles: ['guest'],
      organisation: internship.organisation,
    });
  }
  await savePeople(scope, [...people.values()]);
  const world: SampleWorld = { context, scope, calendar, termIds, students, people, advisories: led };
  await makeAccounts(world, network.id, password);
  return world;
}

async function makeAccounts(
  { context, scope, people }: SampleWorld,
  networkId: string,
  password: string,
): Promise<void> {
  const clock = clockAt(context.clock.now());
  for (const person of people.values()) {
    if (!person.email) continue;
    const email = person.email;
    await named(`account ${email}`, () =>
      createAccount({ db: context.db }, clock, {
        email,
        password,
        personId: person.id,
        schoolId: scope.schoolId,
      }),
    );
  }
  await named('account network', () =>
    createAccount({ db: context.db }, clock, {
      email: `${networkMember.account}@${domain}`,
      password,
      personId: idOf('person network'),
      schoolId: null,
      networkId,
      name: networkMember.name,
    }),
  );
}

export interface SampleAccount {
  email: string;
  role: string;
  name: string;
}

/** Who can sign in, in the order in which one would look round. */
export function sampleAccounts(world: Pick<SampleWorld, 'people'>): SampleAccount[] {
  const of = (role: string, key: string) => ({
    email: `${role}@${domain}`,
    role,
    name: personOf(world as SampleWorld, key).displayName,
  });
  return [
    of('student', `student ${studentAccount}`),
    of('advisor', 'staff marisol'),
    of('panelist', 'staff rosalie'),
    of('guardian', `by name ${guardianAccount}`),
    of('registrar', 'staff beatrice'),
    of('admin', 'staff leopold'),
    { email: `${networkMember.account}@${domain}`, role: 'network', name: networkMember.name },
  ];
}

function namesOf(name: string): { givenName: string; familyName: string } {
  const words = name
    .replace(/,.*$/, '')
    .replace(/^(Dr|Sister|Mother|Supervisor) /, '')
    .split(/\s+/);
  return { givenName: words.slice(0, -1).join(' '), familyName: words.at(-1) ?? '' };
}
