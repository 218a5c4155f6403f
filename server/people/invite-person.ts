/** Makes a one-time link for somebody's password, and sees to it that they and the administrators are told. */
import { findAccountOffered, findAccountOfPerson } from '../access/account-records.js';
import type { Actor } from '../access/actor.js';
import { proveOffer } from '../access/join-school.js';
import { inviteAccount } from '../access/sign-in.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { listAdministrators } from './people-records.js';
import type { Person } from './person.js';

/**
 * @returns the path behind which this person signs in or, where their address has an account elsewhere, joins
 *   the school with it; null when they have no address
 */
export async function invitationPath(
  needs: { clock: Clock },
  scope: SchoolScope,
  person: Pick<Person, 'id' | 'displayName'>,
  by?: Pick<Actor, 'personId' | 'name'>,
): Promise<string | null> {
  const account = await findAccountOfPerson(scope, person.id);
  if (account) return `/set-password/${await invitePerson(needs, scope, person, account.id, by)}`;
  if (!(await findAccountOffered(scope, person.id))) return null;
  return `/join/${await proveOffer(scope, needs.clock, person.id)}`;
}

/**
 * @param by left out by scripts
 * @param code a secret that can be typed, for a letter
 * @returns the secret of the link
 */
export async function invitePerson(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  person: Pick<Person, 'id' | 'displayName'>,
  accountId: string,
  by: Pick<Actor, 'personId' | 'name'> = { personId: 'script', name: 'Vitrine' },
  code?: string,
): Promise<string> {
  const administrators = await listAdministrators(scope);
  return inviteAccount(scope, clock, accountId, {
    by: { personId: by.personId, name: by.name },
    personId: person.id,
    personName: person.displayName,
    tell: administrators.map(({ id }) => id),
    ...(code ? { secret: code } : {}),
  });
}
