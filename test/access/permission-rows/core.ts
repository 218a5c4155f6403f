import { findAccountByEmail } from '../../../server/access/account-records.js';
import { newId } from '../../../server/ids.js';
import { addNetworkStaff } from '../../../server/school/network-staff.js';
import { saveSchoolChange } from '../../../server/school/school-records.js';
import { createToken } from '../../../server/access/manage-tokens.js';
import { saveTerm } from '../../../server/school/school-records.js';
import type { World } from '../../harness/builders/world.js';
import { mailOf } from '../../harness/builders/world-people.js';
import { invitationFor } from '../../harness/builders/world-work.js';
import { testPassword } from '../../harness/start-app.js';
import { saveAdvisory } from '../../../server/people/people-records.js';
import { saveGuardianAdded } from '../../../server/people/family-records.js';
import { ownRunners, runners } from './groups.js';
import type { Persona, Rows } from './row.js';
import { dayFromNow } from '../../harness/test-clock.js';

const year = {
  termName: 'Year',
  termStartsOn: dayFromNow(-100),
  termEndsOn: dayFromNow(100),
};
const school = { name: 'Home', pageSize: 'a4', voices: 'named', numberPrefix: 'H' };
const term = { startsOn: dayFromNow(201), endsOn: dayFromNow(300) };
const account = { visitor: 'in', guest: 'no' } as const;

const staffOfNetwork = { network: 'ok', visitor: 'in' } as const;
const ownSchool = ({ home, people }: World) => ({
  ids: { homeSchool: home.school.id, homeAdmin: people.admin.id },
});
const spareSchool = async ({ app, home }: World) => {
  const { school: spare } = await app.aSchool({ networkId: home.school.networkId! });
  return { ids: { spareSchool: spare.id } };
};
const spareStaff = async ({ app: { context }, home }: World, persona: Persona) => {
  const by = { personId: 'test', via: 'script', name: 'Test' } as const;
  const { personId } = await addNetworkStaff(context, { db: context.db }, by, home.school.networkId!, {
    name: 'Spare',
    email: `spare.${persona}.${newId()}@net.example`,
  });
  return { ids: { spareStaff: personId } };
};

export const coreRows: Rows = [
  { route: 'GET /healthz', expect: {}, otherwise: 'ok' },
  { route: 'GET /readyz', expect: {}, otherwise: 'ok' },
  { route: 'GET /openapi.json', expect: {}, otherwise: 'ok' },
  { route: 'GET /first-run', expect: {}, otherwise: 'gone' },
  {
    // Works once, and this installation has schools.
    route: 'POST /first-run',
    expect: {},
    otherwise: 'gone',
    body: {
      ...{ name: 'Another', ...year, administratorName: 'Ada Lund' },
      ...{ email: 'ada@another.example', password: testPassword },
    },
  },
  {
    route: 'POST /first-run/network',
    expect: {},
    otherwise: 'gone',
    body: { networkName: 'Net', staffName: 'Ada Lund', email: 'ada@net.example', password: testPassword },
  },
  { route: 'GET /school', expect: runners, otherwise: 'no' },
  ...['PUT', 'POST'].map((method) => ({
    route: `${method} /school`,
    expect: { admin: 'ok', strangeAdmin: 'ok', visitor: 'in' } as const,
    otherwise: 'no' as const,
    body: school,
  })),
  { route: 'GET /terms', expect: { visitor: 'in', network: 'no' }, otherwise: 'ok' },
  {
    route: 'POST /terms',
    expect: runners,
    otherwise: 'no',
    anew: (_world, persona) => ({ body: { ...term, name: `Term of ${persona}` } }),
  },
  ...['PUT', 'POST'].map((method) => ({
    route: `${method} /terms/:id`,
    of: { id: 'term' },
    expect: ownRunners,
    otherwise: 'no' as const,
    body: { name: 'Term', startsOn: dayFromNow(-200), endsOn: dayFromNow(200) },
  })),
  ...['DELETE /terms/:id', 'POST /terms/:id/remove'].map((route) => ({
    route,
    of: { id: 'emptyTerm' },
    expect: ownRunners,
    otherwise: 'no' as const,
    anew: async ({ home }: World) => {
      const emptyTerm = newId();
      const days = { startsOn: dayFromNow(-900), endsOn: dayFromNow(-800) };
      const named = { slug: emptyTerm, name: emptyTerm, ...days };
      await saveTerm(home.scope, { id: emptyTerm, schoolId: home.school.id, ...named });
      return { ids: { emptyTerm } };
    },
  })),
  { route: 'GET /terms/:id/current', of: { id: 'term' }, expect: ownRunners, otherwise: 'no' },
  { route: 'POST /terms/:id/current', of: { id: 'term' }, expect: ownRunners, otherwise: 'no' },
  { route: 'GET /drafts', expect: { visitor: 'in' }, otherwise: 'ok' },
  { route: 'GET /drafts/state', expect: { visitor: 'in' }, otherwise: 'ok' },
  {
    route: 'PUT /drafts',
    expect: { visitor: 'in' },
    otherwise: 'ok',
    body: { action: '/school', page: '/school', fields: { name: 'Home' } },
  },
  { route: 'POST /drafts/discard', expect: { visitor: 'in' }, otherwise: 'ok', body: { action: '/school' } },
  { route: 'GET /network/schools', expect: { network: 'ok', visitor: 'in' }, otherwise: 'no' },
  {
    route: 'POST /network/schools',
    expect: staffOfNetwork,
    otherwise: 'no',
    anew: (_world, persona) => ({
      body: {
        ...{ name: `New of ${persona}`, ...year, administratorName: 'Ada Lund' },
        email: `ada.${persona.toLowerCase()}@new.example`,
      },
    }),
  },
  {
    route: 'GET /network/schools/:id',
    of: { id: 'homeSchool' },
    expect: staffOfNetwork,
    otherwise: 'no',
    anew: ownSchool,
  },
  {
    route: 'POST /network/schools/:id/close',
    of: { id: 'spareSchool' },
    expect: staffOfNetwork,
    otherwise: 'no',
    anew: spareSchool,
    body: { reason: 'It moves.' },
  },
  {
    route: 'POST /network/schools/:id/open',
    of: { id: 'spareSchool' },
    expect: staffOfNetwork,
    otherwise: 'no',
    anew: async (world) => {
      const made = await spareSchool(world);
      await saveSchoolChange(
        { db: world.app.context.db, schoolId: made.ids.spareSchool },
        { closedAt: world.app.context.clock.now() },
      );
      return made;
    },
  },
  {
    route: 'POST /network/schools/:id/administrators',
    of: { id: 'homeSchool' },
    expect: staffOfNetwork,
    otherwise: 'no',
    anew: (world, persona) => ({
      ...ownSchool(world),
      body: { name: 'Ada Lund', email: `admin.${persona.toLowerCase()}@invited.example` },
    }),
  },
  {
    route: 'POST /network/schools/:id/administrators/:personId/invite',
    of: { id: 'homeSchool', personId: 'homeAdmin' },
    expect: staffOfNetwork,
    otherwise: 'no',
    anew: ownSchool,
  },
  { route: 'GET /network/staff', expect: staffOfNetwork, otherwise: 'no' },
  {
    route: 'POST /network/staff',
    expect: staffOfNetwork,
    otherwise: 'no',
    anew: (_world, persona) => ({
      body: { name: 'Noor', email: `noor.${persona.toLowerCase()}@net.example` },
    }),
  },
  ...['invite', 'remove'].map((verb) => ({
    route: `POST /network/staff/:id/${verb}`,
    of: { id: 'spareStaff' },
    expect: staffOfNetwork,
    otherwise: 'no' as const,
    anew: spareStaff,
  })),
  { route: 'GET /students', expect: { ...runners, advisor: 'ok', otherAdvisor: 'ok' }, otherwise: 'no' },
  { route: 'GET /people', expect: runners, otherwise: 'no' },
  { route: 'GET /people/new', expect: runners, otherwise: 'no' },
  {
    route: 'POST /people',
    expect: runners,
    otherwise: 'no',
    body: { givenName: 'New', familyName: 'Person', roles: ['student'] },
  },
  { route: 'GET /people/:id', of: { id: 'person' }, expect: ownRunners, otherwise: 'no' },
  {
    route: 'PUT /people/:id',
    of: { id: 'sparePerson' },
    expect: ownRunners,
    otherwise: 'no',
    body: { givenName: 'A', roles: ['student'] },
  },
  {
    route: 'POST /people/:id',
    of: { id: 'sparePerson' },
    expect: ownRunners,
    otherwise: 'no',
    body: { givenName: 'A', roles: ['student'] },
  },
  { route: 'POST /people/:id/deactivate', of: { id: 'sparePerson' }, expect: ownRunners, otherwise: 'no' },
  { route: 'POST /people/:id/reactivate', of: { id: 'sparePerson' }, expect: ownRunners, otherwise: 'no' },
  { route: 'GET /people/:id/guardians', of: { id: 'student' }, expect: ownRunners, otherwise: 'no' },
  {
    route: 'POST /people/:id/guardians',
    of: { id: 'student' },
    expect: ownRunners,
    otherwise: 'no',
    anew: async ({ home }) => ({
      body: { personId: (await home.person({ name: 'New Guardian', roles: ['guardian'] })).id },
    }),
  },
  ...(
    ['DELETE /people/:id/guardians/:guardianId', 'POST /people/:id/guardians/:guardianId/end'] as const
  ).map((route) => ({
    route,
    of: { id: 'student', guardianId: 'spareGuardian' },
    expect: ownRunners,
    otherwise: 'no' as const,
    anew: async ({ home, people }: World) => {
      const guardian = await home.person({ name: 'Spare Guardian', roles: ['guardian'] });
      await saveGuardianAdded(home.scope, people.student.id, guardian.id);
      return { ids: { spareGuardian: guardian.id } };
    },
  })),
  {
    route: 'POST /people/:id/custody-note',
    of: { id: 'student' },
    expect: ownRunners,
    otherwise: 'no',
    body: { note: 'Picked up by the grandmother' },
  },
  { route: 'POST /people/:id/invite', of: { id: 'sparePerson' }, expect: ownRunners, otherwise: 'no' },
  {
    route: 'GET /people/:id/enrollments',
    of: { id: 'student' },
    expect: ownRunners,
    otherwise: 'no',
  },
  ...['PUT', 'POST'].map((method) => ({
    route: `${method} /people/:id/enrollments/:termId`,
    of: { id: 'student', termId: 'oldTerm' },
    expect: ownRunners,
    otherwise: 'no' as const,
    body: { grade: '9', status: 'enrolled' },
    anew: async ({ home }: World, persona: Persona) => {
      const oldTerm = newId();
      const slug = `old-${method}-${persona}`.toLowerCase();
      const days = { startsOn: dayFromNow(-600), endsOn: dayFromNow(-400) };
      await saveTerm(home.scope, { id: oldTerm, schoolId: home.school.id, slug, name: slug, ...days });
      return { ids: { oldTerm } };
    },
  })),
  { route: 'GET /people/:id/names', of: { id: 'sparePerson' }, expect: ownRunners, otherwise: 'no' },
  {
    route: 'POST /people/:id/names',
    of: { id: 'sparePerson' },
    expect: ownRunners,
    otherwise: 'no',
    anew: (_world, persona) => ({ body: { givenName: `Of ${persona}`, reason: 'Chosen' } }),
  },
  { route: 'GET /advisories', expect: { ...runners, advisor: 'ok', otherAdvisor: 'ok' }, otherwise: 'no' },
  {
    route: 'POST /advisories',
    expect: runners,
    otherwise: 'no',
    anew: (_world, persona) => ({ body: { name: `Advisory of ${persona}` } }),
  },
  {
    route: 'PUT /advisories/:id',
    of: { id: 'spareAdvisory' },
    expect: ownRunners,
    otherwise: 'no',
    body: { name: 'An advisory' },
  },
  {
    route: 'POST /advisories/:id/move',
    of: { id: 'spareAdvisory' },
    expect: ownRunners,
    otherwise: 'no',
    anew: (world) => ({ body: { to: world.advisories.otherAdvisor } }),
  },
  ...['DELETE /advisories/:id', 'POST /advisories/:id/remove'].map((route) => ({
    route,
    of: { id: 'emptyAdvisory' },
    expect: ownRunners,
    otherwise: 'no' as const,
    anew: async ({ home }: World) => {
      const emptyAdvisory = newId();
      await saveAdvisory(home.scope, {
        ...{ id: emptyAdvisory, schoolId: home.school.id, slug: emptyAdvisory, name: emptyAdvisory },
        advisorIds: [],
      });
      return { ids: { emptyAdvisory } };
    },
  })),
  {
    route: 'POST /advisories/:id',
    of: { id: 'spareAdvisory' },
    expect: ownRunners,
    otherwise: 'no',
    body: { name: 'An advisory' },
  },
  { route: 'GET /sign-in', expect: {}, otherwise: 'ok' },
  {
    route: 'POST /sign-in',
    expect: {},
    otherwise: 'ok',
    body: { email: mailOf('spare'), password: testPassword },
    endsSession: true,
  },
  { route: 'POST /sign-out', expect: {}, otherwise: 'ok', endsSession: true },
  { route: 'GET /set-password/:secret', of: { secret: 'invitation' }, expect: {}, otherwise: 'ok' },
  {
    route: 'POST /set-password/:secret',
    of: { secret: 'invitation' },
    expect: {},
    otherwise: 'ok',
    anew: async ({ app, people }) => ({ ids: { invitation: await invitationFor(app, people.spare.id) } }),
    body: { password: testPassword },
    endsSession: true,
  },
  { route: 'GET /account', expect: account, otherwise: 'ok' },
  { route: 'GET /memberships', expect: account, otherwise: 'ok' },
  // Whose membership it is not gets the same answer as for one that does not exist.
  {
    route: 'POST /memberships/:id/use',
    of: { id: 'nobody' },
    expect: { visitor: 'in', guest: 'no' },
    otherwise: 'gone',
  },
  {
    route: 'POST /memberships/:id/decline',
    of: { id: 'nobody' },
    expect: { visitor: 'in', guest: 'no' },
    otherwise: 'gone',
  },
  { route: 'GET /join/:secret', of: { secret: 'not-a-secret' }, expect: {}, otherwise: 'gone' },
  {
    route: 'POST /join/:secret',
    of: { secret: 'not-a-secret' },
    expect: { visitor: 'in', guest: 'no' },
    otherwise: 'gone',
  },
  {
    route: 'POST /account/password',
    expect: account,
    otherwise: 'ok',
    body: { current: testPassword, password: testPassword },
  },
  {
    route: 'POST /account/sign-out-everywhere',
    expect: account,
    otherwise: 'ok',
    endsSession: true,
  },
  { route: 'GET /password-links', expect: account, otherwise: 'ok' },
  { route: 'POST /password-links/read', expect: account, otherwise: 'ok' },
  { route: 'GET /account/tokens', expect: account, otherwise: 'ok' },
  { route: 'POST /account/tokens', expect: account, otherwise: 'ok', body: { name: 'A script' } },
  {
    route: 'POST /account/tokens/:id/revoke',
    of: { id: 'token' },
    expect: account,
    otherwise: 'ok',
    anew: async ({ app: { context } }, persona) => {
      const account = (await findAccountByEmail(context.db, mailOf(persona)))!;
      return { ids: { token: (await createToken(context, account, 'A script')).token.id } };
    },
  },
];
