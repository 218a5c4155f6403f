/** Lets somebody sign in who has no e-mail: with a username. Who has an account keeps it, whatever its name. */
import {
  findAccountOffered,
  findAccountOfPerson,
  saveAccountChange,
  type Account,
} from '../access/account-records.js';
import type { Actor } from '../access/actor.js';
import { createAccount } from '../access/sign-in.js';
import { isUsername, suggestUsername } from '../access/username.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { getPerson } from './people-records.js';
import type { Person } from './person.js';

/** Names that are tried before somebody has to choose one. */
const MAX_TRIES = 8;

export interface UsernameNeeds {
  clock: Clock;
  scope: SchoolScope;
  actor: Pick<Actor, 'personId' | 'via'>;
}

/**
 * @param wanted null: one is made of the person's name
 * @throws InvalidInput at `username` when somebody has it; Conflict for somebody who signs in with an
 *   address, or is not here
 */
export const giveUsername = (needs: UsernameNeeds, person: Person, wanted: string | null): Promise<Account> =>
  withUsername(needs, person, wanted, async (_inside, account) => account);

/**
 * The same with what else is done for the account, all of it or nothing.
 * @param work may be called again with another name
 */
export async function withUsername<R>(
  { clock, scope, actor }: UsernameNeeds,
  person: Person,
  wanted: string | null,
  work: (inside: SchoolScope, account: Account) => Promise<R>,
): Promise<R> {
  checkHere(person);
  const account = await findAccountOfPerson(scope, person.id);
  if (account && (wanted === null || account.email === wanted))
    return inTransaction(scope, async (inside) => {
      checkHere(await getPerson(inside, person.id));
      return work(inside, account);
    });
  if ((account && !isUsername(account.email)) || (await findAccountOffered(scope, person.id)))
    throw new Conflict('people.sign-in.problem.has-address');
  checkNameless(person);
  for (let tried = 1; ; tried += 1) {
    const username = wanted ?? suggestUsername(person.displayName, 1 + Math.ceil(tried / 2));
    try {
      return await inTransaction(scope, async (inside) => {
        checkNameless(await getPerson(inside, person.id));
        const subject = { kind: 'person', id: person.id };
        await appendAudit(inside, clock, actor, 'people.username', subject);
        return work(inside, await saveUsername(inside, clock, person, account, username));
      });
    } catch (error) {
      if (!isTaken(error)) throw error;
      if (wanted !== null || tried === MAX_TRIES)
        throw new InvalidInput([{ field: 'username', message: 'people.sign-in.problem.taken' }]);
    }
  }
}

function checkHere({ active, erasedAt }: Person): void {
  if (!active || erasedAt) throw new Conflict('people.sign-in.problem.left');
}

/** Asked again where it is written: an address may have come in meanwhile. */
function checkNameless(person: Person): void {
  checkHere(person);
  if (person.email) throw new Conflict('people.sign-in.problem.has-address');
}

async function saveUsername(
  inside: SchoolScope,
  clock: Clock,
  person: Person,
  account: Account | null,
  username: string,
): Promise<Account> {
  if (!account)
    return createAccount(inside, clock, { email: username, personId: person.id, schoolId: inside.schoolId });
  await saveAccountChange(inside, account.id, { email: username });
  return { ...account, email: username };
}

const isTaken = (error: unknown): boolean =>
  isDuplicate(error) ||
  (error instanceof InvalidInput && error.fields.some(({ field }) => field === 'email'));
