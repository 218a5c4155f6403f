/** How people sign in who have no e-mail: usernames, letters, and passwords that an advisor sets. */
import { newLetterCode } from '../../../server/access/secrets.js';
import { giveUsername } from '../../../server/people/give-username.js';
import { invitePerson } from '../../../server/people/invite-person.js';
import type { World } from '../../harness/builders/world.js';
import { ownRunners } from './groups.js';
import type { Rows } from './row.js';

/** The office, and the advisor of the student. */
const ownAdvisor = { advisor: 'ok', ...ownRunners } as const;

/** Whoever came in by a pass has no account. */
const account = { visitor: 'in', guest: 'no' } as const;

const childOfAdvisory = async ({ home, ids }: World) => {
  const child = await home.person({ name: 'Kim Child', roles: ['student'], advisoryId: ids['advisory']! });
  return { ids: { child: child.id } };
};
const child = { expect: ownAdvisor, otherwise: 'no' as const, anew: childOfAdvisory };

export const signInRows: Rows = [
  { route: 'GET /people/:id/sign-in', of: { id: 'student' }, expect: ownAdvisor, otherwise: 'no' },
  {
    ...{ route: 'POST /people/:id/username', of: { id: 'child' }, ...child },
    anew: async (world) => ({ ...(await childOfAdvisory(world)), body: {} }),
  },
  {
    ...{ route: 'POST /people/:id/password', of: { id: 'child' }, ...child },
    anew: async (world) => ({
      ...(await childOfAdvisory(world)),
      body: { password: 'nine Gray herons wait' },
    }),
  },
  { route: 'GET /advisories/:id/letters', of: { id: 'advisory' }, expect: ownAdvisor, otherwise: 'no' },
  {
    ...{ route: 'POST /advisories/:id/letters', of: { id: 'advisory' }, ...child },
    anew: async (world) => {
      const made = await childOfAdvisory(world);
      return { body: { studentIds: [made.ids.child] } };
    },
  },
  // The installation of this test sends no e-mail.
  { route: 'GET /forgot-password', expect: {}, otherwise: 'ok' },
  { route: 'POST /forgot-password', expect: {}, otherwise: 'gone', body: { email: 'ana@mail.example' } },
  { route: 'GET /account/email', expect: account, otherwise: 'ok' },
  {
    ...{ route: 'POST /account/email', expect: account, otherwise: 'gone' },
    body: { email: 'new@mail.example', current: 'any' },
  },
  { route: 'GET /account/email/:secret', of: { secret: 'student' }, expect: account, otherwise: 'gone' },
  { route: 'POST /account/email/:secret', of: { secret: 'student' }, expect: account, otherwise: 'gone' },
  { route: 'GET /start', expect: {}, otherwise: 'ok' },
  {
    route: 'POST /start',
    expect: {},
    otherwise: 'ok',
    anew: async ({ app, home }) => {
      const person = await home.person({ name: 'Kim Letter', roles: ['student'] });
      const { context } = app;
      const by = { personId: 'test', via: 'script' } as const;
      const account = await giveUsername(
        { clock: context.clock, scope: home.scope, actor: by },
        person,
        null,
      );
      const code = newLetterCode();
      await invitePerson(context, home.scope, person, account.id, undefined, code);
      return { body: { code } };
    },
  },
];
