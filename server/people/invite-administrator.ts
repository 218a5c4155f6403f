/**
 * The administrators of a school, for the network that looks after it: who they are, and a new link for one of them.
 */
import { listPeopleWhoSignIn } from '../access/account-records.js';
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { NotFound } from '../errors.js';
import { invitationPath } from './invite-person.js';
import { findPerson, listAdministrators, listPeopleByIds } from './people-records.js';

export async function listAdministratorLines(
  scope: SchoolScope,
): Promise<{ id: string; name: string; email: string | null; signsIn: boolean }[]> {
  const ids = (await listAdministrators(scope)).map(({ id }) => id);
  const [people, able] = await Promise.all([listPeopleByIds(scope, ids), listPeopleWhoSignIn(scope, ids)]);
  return people.map(({ id, displayName, email }) => ({
    id,
    name: displayName,
    email,
    signsIn: able.has(id),
  }));
}

/**
 * @returns the path of a one-time link, of which the administrators are told
 * @throws NotFound when this person is no administrator here, or has no address
 */
export async function inviteAdministrator(
  needs: { clock: Clock },
  scope: SchoolScope,
  personId: string,
  by: Pick<Actor, 'personId' | 'via' | 'name'>,
): Promise<string> {
  return inTransaction(scope, async (inside) => {
    const person = await findPerson(inside, personId);
    if (!person?.active || !person.roles.includes('admin')) throw new NotFound();
    const path = await invitationPath(needs, inside, person, by);
    if (path === null) throw new NotFound('people.problem.no-account');
    await appendAudit(inside, needs.clock, by, 'people.invite', { kind: 'person', id: person.id });
    return path;
  });
}
