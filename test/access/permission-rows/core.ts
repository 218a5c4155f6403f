import { findAccountByEmail } from '../../../server/access/account-records.js';
import { createToken } from '../../../server/access/sign-in.js';
import { newId } from '../../../server/ids.js';
import { saveTerm } from '../../../server/school/school-records.js';
import type { World } from '../../harness/builders/world.js';
import { mailOf } from '../../harness/builders/world-people.js';
import { invitationFor } from '../../harness/builders/world-work.js';
import { testPassword } from '../../harness/start-app.js';
import { saveGuardianAdded } from '../../../server/people/people-records.js';
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
  { route: 'POST /terms/:id/current', of: { id: 'term' }, expect: ownRunners, otherwise: 'no' },
  { route: 'GET /network/schools', expect: { network: 'ok', visitor: 'in' }, otherwise: 'no' },
  {
    route: 'POST /network/schools',
    expect: { network: 'ok', visitor: 'in' },
    otherwise: 'no',
    body: { name: 'New', ...year, administratorName: 'Ada Lund', email: 'ada@new.example' },
  },
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
    anew: ({ people }) => ({ body: { personId: people.otherGuardian.id } }),
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
      const { id } = (await findAccountByEmail(context.db, mailOf(persona)))!;
      return { ids: { token: (await createToken(context, id, 'A script')).token.id } };
    },
  },
];
