/** Makes a one-time link for somebody's password, and sees to it that they and the administrators are told. */
import type { Actor } from '../access/actor.js';
import { inviteAccount } from '../access/sign-in.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../database.js';
import { listAdministrators } from './people-records.js';
import type { Person } from './person.js';

/**
 * @param by left out by scripts
 * @returns the secret of the link
 */
export async function invitePerson(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  person: Pick<Person, 'displayName'>,
  accountId: string,
  by: Pick<Actor, 'personId' | 'name'> = { personId: 'script', name: 'Vitrine' },
): Promise<string> {
  const administrators = await listAdministrators(scope);
  return inviteAccount(scope, clock, accountId, {
    by: { personId: by.personId, name: by.name },
    personName: person.displayName,
    tell: administrators.map(({ id }) => id),
  });
}
