/**
 * Everybody of the permission matrix: a school with every persona, and another school whose registrar and
 * admin are strangers.
 */
import { createAccount } from '../../../server/access/sign-in.js';
import { newId } from '../../../server/ids.js';
import { saveAdvisory } from '../../../server/people/people-records.js';
import type { Person } from '../../../server/people/person.js';
import { saveNetwork } from '../../../server/school/school-records.js';
import type { Persona } from '../../access/permission-rows/row.js';
import { testPassword, type TestApp, type TestSchool } from '../start-app.js';

/** Who has an account, by the name that their e-mail begins with; `spare` stands for people whom rows change. */
type Named = Exclude<Persona, 'visitor' | 'guest' | 'network'> | 'spareAdvisor' | 'spare';

export interface WorldPeople {
  home: TestSchool;
  strange: TestSchool;
  people: Record<Named, Person>;
  /** Of the advisors of `home`, by whom. */
  advisories: Record<'advisor' | 'otherAdvisor' | 'spareAdvisor', string>;
}

export const mailOf = (who: string): string => `${who}@home.example`;

export async function worldPeople(app: TestApp): Promise<WorldPeople> {
  const { context } = app;
  const networkId = newId();
  await saveNetwork(context.db, { id: networkId, slug: 'net', name: 'Net' });
  const home = await app.aSchool({ networkId });
  const strange = await app.aSchool();
  const join = (name: Named, roles: Person['roles'], more = {}, school = home) =>
    school.person({ name, roles, email: mailOf(name), ...more });
  const advisories = { advisor: newId(), otherAdvisor: newId(), spareAdvisor: newId() };
  const lead = async (name: keyof typeof advisories) => {
    const advisor = await join(name, ['advisor', 'panelist']);
    const advisory = { id: advisories[name], schoolId: home.school.id, slug: name.toLowerCase(), name };
    await saveAdvisory(home.scope, { ...advisory, advisorIds: [advisor.id] });
    return advisor;
  };
  const advisor = await lead('advisor');
  const otherAdvisor = await lead('otherAdvisor');
  const spareAdvisor = await lead('spareAdvisor');
  const guardian = await join('guardian', ['guardian']);
  const otherGuardian = await join('otherGuardian', ['guardian']);
  await createAccount({ db: context.db }, context.clock, {
    ...{ email: mailOf('network'), personId: newId(), schoolId: null, networkId, name: 'network' },
    password: testPassword,
  });
  return {
    home,
    strange,
    advisories,
    people: {
      ...{ advisor, otherAdvisor, spareAdvisor, guardian, otherGuardian },
      student: await join('student', ['student'], {
        advisoryId: advisories.advisor,
        guardianIds: [guardian.id],
      }),
      otherStudent: await join('otherStudent', ['student'], {
        advisoryId: advisories.otherAdvisor,
        guardianIds: [otherGuardian.id],
      }),
      panelist: await join('panelist', ['panelist']),
      registrar: await join('registrar', ['registrar']),
      admin: await join('admin', ['admin']),
      spare: await join('spare', ['guardian']),
      strangeRegistrar: await join('strangeRegistrar', ['registrar'], {}, strange),
      strangeAdmin: await join('strangeAdmin', ['admin'], {}, strange),
    },
  };
}
