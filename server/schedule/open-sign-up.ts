/**
 * What the link of an exhibition's sign-up page, or that of one sign-up, opens. Only reads; wrong links are
 * counted by device.
 */
import type { Caller } from '../access/device.js';
import { findAccountOfPerson } from '../access/account-records.js';
import { guardAttempts, sourcesOf } from '../access/limit-attempts.js';
import { hashSecret } from '../access/secrets.js';
import type { Clock } from '../clock.js';
import type { Database, SchoolScope } from '../db/database.js';
import { AppError, NotFound } from '../errors.js';
import { mayPlan, type Exhibition } from '../exhibitions/exhibition.js';
import { findExhibition } from '../exhibitions/exhibition-records.js';
import { findPerson } from '../people/people-records.js';
import type { School } from '../school/school.js';
import { findSchool } from '../school/school-records.js';
import type { SignUp, SignUpLink } from './sign-up.js';
import { findLinkBySecret } from './sign-up-link-records.js';
import { findSignUpBySecret } from './sign-up-records.js';

export interface OpenedSignUp {
  scope: SchoolScope;
  school: School;
  exhibition: Exhibition;
}

interface Needs {
  db: Database;
  clock: Clock;
}

const quarter = 15 * 60;
/** Wrong links of one device in a quarter of an hour. */
export const wrongLinksPerDevice = 12;

/** 410: it opened something once. */
export const signUpClosed = (why: 'ended' | 'over' | 'declined' | 'account' | 'known'): AppError =>
  new AppError(410, `sign-up-${why}`, `schedule.sign-up.closed.${why}`);

/** @throws NotFound `schedule.sign-up.closed.unknown`, or TooMany instead of it after too many */
async function guarded<T>(
  { db, clock }: Needs,
  caller: Caller,
  secret: string,
  find: (hash: string) => Promise<T | null>,
): Promise<T> {
  const guard = {
    what: 'sign-up-link',
    seconds: quarter,
    sources: sourcesOf(caller, '', wrongLinksPerDevice),
    lane: caller.subnet,
    caller: caller.device ?? 'new',
  };
  const hash = hashSecret(secret);
  // A right link waits for nobody's wrong ones.
  const found = await find(hash);
  if (found) return found;
  return guardAttempts({ db, now: clock.now() }, guard, () => {
    throw new NotFound('schedule.sign-up.closed.unknown');
  });
}

async function around(db: Database, of: { schoolId: string; exhibitionId: string }): Promise<OpenedSignUp> {
  const scope = { db, schoolId: of.schoolId };
  const [school, exhibition] = await Promise.all([
    findSchool(db, of.schoolId),
    findExhibition(scope, of.exhibitionId),
  ]);
  if (!school || school.closedAt || !exhibition || !mayPlan(exhibition)) throw signUpClosed('over');
  return { scope, school, exhibition };
}

/** @throws NotFound for a link that never was; AppError 410 for one that takes nobody any more */
export async function openSignUpLink(
  needs: Needs,
  secret: string,
  caller: Caller,
): Promise<OpenedSignUp & { link: SignUpLink }> {
  const link = await guarded(needs, caller, secret, (hash) => findLinkBySecret(needs.db, hash));
  if (link.endedAt) throw signUpClosed('ended');
  return { ...(await around(needs.db, link)), link };
}

/** @throws NotFound for a link that never was; AppError 410 when nothing can be changed by it any more */
export async function openOwnSignUp(
  needs: Needs,
  secret: string,
  caller: Caller,
): Promise<OpenedSignUp & { signUp: SignUp }> {
  const signUp = await guarded(needs, caller, secret, (hash) => findSignUpBySecret(needs.db, hash));
  if (signUp.state === 'declined') throw signUpClosed('declined');
  const opened = await around(needs.db, signUp);
  await checkStillGuest(opened.scope, signUp);
  return { ...opened, signUp };
}

/**
 * For taking it back: that is possible at any time.
 * @throws NotFound for a link that never was, or that was taken back
 */
export async function openOwnToWithdraw(
  needs: Needs,
  secret: string,
  caller: Caller,
): Promise<{ scope: SchoolScope; signUp: SignUp }> {
  const signUp = await guarded(needs, caller, secret, (hash) => findSignUpBySecret(needs.db, hash));
  return { scope: { db: needs.db, schoolId: signUp.schoolId }, signUp };
}

/**
 * A link on paper changes nothing of somebody with an account, who says it there, nor of somebody whom the
 * school knows otherwise: that the office took the two for one person proves nothing to whoever has the link.
 * @throws AppError 410
 */
export async function checkStillGuest(
  scope: SchoolScope,
  { personId }: Pick<SignUp, 'personId'>,
): Promise<void> {
  const why = personId === null ? null : await whyNoGuest(scope, personId);
  if (why) throw signUpClosed(why);
}

export const isStillGuest = async (scope: SchoolScope, personId: string): Promise<boolean> =>
  (await whyNoGuest(scope, personId)) === null;

async function whyNoGuest(
  scope: SchoolScope,
  personId: string,
): Promise<'over' | 'account' | 'known' | null> {
  const person = await findPerson(scope, personId);
  if (!person?.active || person.erasedAt) return 'over';
  if (await findAccountOfPerson(scope, personId)) return 'account';
  return person.roles.every((role) => role === 'guest') ? null : 'known';
}
