/**
 * A password that the advisor or the office sets for a child who has no address. It is checked before
 * anything else happens; then the account, the link that is recorded and told, and the password come
 * together.
 */
import { findAccountOfPerson, type Account } from '../access/account-records.js';
import type { Actor } from '../access/actor.js';
import { choosePassword } from '../access/choose-password.js';
import { checkNewPassword } from '../access/new-password.js';
import { checkOpen, newAccountOf, type PasswordNeeds } from '../access/sign-in.js';
import { isUsername } from '../access/username.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict } from '../errors.js';
import { withUsername } from './give-username.js';
import { invitePerson } from './invite-person.js';
import { getPerson } from './people-records.js';
import { checkNotErased, checkNotSealed, mayRunSignIn, requirePermission, type Person } from './person.js';

/** A student and nothing else: what somebody with a further role may do is not for an advisor to give away. */
export const isOnlyStudent = ({ roles }: Pick<Person, 'roles'>): boolean =>
  roles.every((role) => role === 'student');

/** A child without an address: whoever has one chooses the password alone. */
export const maySetPassword = (person: Person, signsInWith: string | null): boolean =>
  person.active &&
  isOnlyStudent(person) &&
  !person.email &&
  (signsInWith === null || isUsername(signsInWith));

/** @throws Conflict for somebody who chooses their own; InvalidInput at `password` */
export async function setChildPassword(
  needs: PasswordNeeds,
  scope: SchoolScope,
  actor: Actor,
  person: Person,
  password: string,
): Promise<Account> {
  const { clock, db } = needs;
  const before = await findAccountOfPerson(scope, person.id);
  if (!maySetPassword(person, before?.email ?? null))
    throw new Conflict('people.sign-in.problem.sets-their-own');
  const { schoolId } = scope;
  const account = before ?? newAccountOf(clock, { email: '', personId: person.id, schoolId });
  const facts = await needs.accountFacts(db, account);
  checkOpen(account, facts);
  await checkNewPassword(password, [account.email, ...facts.ownWords]);
  return withUsername({ clock, scope, actor }, person, null, async (inside, { id }) => {
    // As they are when it is written: since it was asked they may have got a role, an address or another advisor.
    const now = await getPerson(inside, person.id);
    checkNotSealed(now);
    checkNotErased(now);
    requirePermission(mayRunSignIn(actor, now));
    const signsInWith = (await findAccountOfPerson(inside, person.id))?.email ?? null;
    if (!maySetPassword(now, signsInWith)) throw new Conflict('people.sign-in.problem.sets-their-own');
    const secret = await invitePerson({ clock }, inside, now, id, actor);
    return choosePassword(needs, secret, password, inside);
  });
}
