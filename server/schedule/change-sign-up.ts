/**
 * A guest signs up by the link of an exhibition, and changes it later by a link of their own. Asks nothing of
 * the people of the school: a name or an address that is somebody's is not told, and nobody's account is
 * touched.
 */
import { declareAttendance } from '../people/declare-attendance.js';
import { isDeepStrictEqual } from 'node:util';
import { hashSecret } from '../access/secrets.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput, NotFound, StateMissing } from '../errors.js';
import { attendanceOf, MAX_CONFLICT_WORDS, type Attendance } from '../people/attendance.js';
import { findPerson } from '../people/people-records.js';
import { mayPlan } from '../exhibitions/exhibition.js';
import { findExhibition } from '../exhibitions/exhibition-records.js';
import { exhibitionLock, sharedBy, withLocks } from '../db/record-locks.js';
import { checkStillGuest, signUpClosed } from './open-sign-up.js';
import { joinWords } from './join-offer.js';
import {
  MAX_WAITING,
  MAX_WAITING_PER_SUBNET,
  signUpKeys,
  wordsHashOf,
  type SignUp,
  type SignUpLink,
  type SignUpTimes,
} from './sign-up.js';
import { seenOfSignUp, timesNow } from './sign-up-times.js';
import { countWaitingSignUps, findSignUp, saveSignUp, saveSignUpChange } from './sign-up-records.js';

export interface SignUpInput extends SignUpTimes {
  name: string;
  organisation: string | null;
  email: string | null;
  conflictWords: string;
}

export interface SignUpChange extends SignUpTimes {
  /** Only until it is decided on; left out: as they were. */
  name?: string | undefined;
  organisation?: string | null | undefined;
  email?: string | null | undefined;
  conflictWords: string;
  away: boolean;
  /** The times as their sender has seen them (`seenOfTimes`); asked for once somebody else may change them, too. */
  seen: string | undefined;
}

const subjectOf = ({ id }: Pick<SignUp, 'id'>) => ({ kind: 'sign-up', id });
/** Who acts by a link of their own. */
export const guestOf = ({ id, personId }: Pick<SignUp, 'id' | 'personId'>) => ({
  personId: personId ?? id,
  via: 'pass' as const,
  seatIds: null,
});

/**
 * @param from where it comes from (`cameFromOf`), and random words of the form: sent twice by the same name
 *   they mean one sign-up, and what was sent last counts, as by the link of their own
 * @returns the secret of the link by which they change it, shown once
 * @throws Conflict when more are waiting than a school looks at, or the school has changed the times of
 *   somebody it has accepted
 * @throws AppError 410 when it was declined, or the exhibition was closed, meanwhile
 */
export async function signUp(
  needs: { clock: Clock; key: Buffer },
  scope: SchoolScope,
  link: SignUpLink,
  input: SignUpInput,
  from: { once: string; cameFrom: string },
): Promise<{ signUp: SignUp; secret: string }> {
  const { clock, key } = needs;
  const { id, secret } = signUpKeys(key, { linkId: link.id, once: from.once, name: input.name });
  // Closing removes whoever waits: nobody is added behind it.
  return withLocks(scope, [sharedBy(exhibitionLock(link.exhibitionId), id)], async (inside) => {
    const exhibition = await findExhibition(inside, link.exhibitionId);
    if (!exhibition || !mayPlan(exhibition)) throw signUpClosed('over');
    const before = await findSignUp(inside, id);
    if (before) return { signUp: await sentAgain(needs, inside, before, input), secret };
    await checkRoom(inside, link, from.cameFrom);
    const now = clock.now();
    const made: SignUp = {
      ...{ id, schoolId: scope.schoolId, exhibitionId: link.exhibitionId },
      ...input,
      ...{ away: false, state: 'waiting', personId: null, secretHash: hashSecret(secret) },
      ...{ createdAt: now, changedAt: now, cameFrom: from.cameFrom },
    };
    await saveSignUp(inside, made);
    await appendAudit(inside, clock, guestOf(made), 'sign-up.make', subjectOf(made), {
      exhibitionId: link.exhibitionId,
    });
    return { signUp: made, secret };
  });
}

/** Nobody keeps all others out: one part of the network fills its share alone. @throws Conflict */
async function checkRoom(
  inside: SchoolScope,
  { exhibitionId, madeAt: since }: SignUpLink,
  cameFrom: string,
): Promise<void> {
  const all = await countWaitingSignUps(inside, exhibitionId, { since });
  const own =
    all < MAX_WAITING_PER_SUBNET ? 0 : await countWaitingSignUps(inside, exhibitionId, { since, cameFrom });
  if (all >= MAX_WAITING || own >= MAX_WAITING_PER_SUBNET)
    throw new Conflict('schedule.sign-up.problem.full');
}

/** The same form once more, as by the Back button of the browser, whatever was decided meanwhile. */
async function sentAgain(
  needs: { clock: Clock },
  inside: SchoolScope,
  before: SignUp,
  input: SignUpInput,
): Promise<SignUp> {
  if (before.state === 'declined') throw signUpClosed('declined');
  // The answer shows what is known of them.
  await checkStillGuest(inside, before);
  const said = { ...input, away: false };
  const isSame = (fields: readonly (keyof typeof said)[]) =>
    fields.every((field) => isDeepStrictEqual(before[field], said[field]));
  if (before.state === 'waiting') {
    // Nothing changes, so that the office still decides on what it has read.
    const isNew = !isSame([...timeFields, 'organisation', 'email', 'conflictWords']);
    return isNew ? changeInside(needs, inside, before, said) : before;
  }
  if (!(await saysMore(inside, before, said.conflictWords))) said.conflictWords = '';
  // Words about students need no look at the times, which may be others by now.
  if (isSame(timeFields))
    return said.conflictWords === '' ? before : addWords(needs, inside, before, said.conflictWords);
  // The form shows nothing of what the school has changed since: only their own link does.
  if (seenOfSignUp(before) !== seenOfSignUp(await timesNow(inside, before)))
    throw new Conflict('schedule.sign-up.problem.own-link');
  return changeInside(needs, inside, before, said);
}

/** Whether the words are others than those that the office has, or has seen to. */
async function saysMore(
  inside: SchoolScope,
  { personId, ...before }: SignUp,
  words: string,
): Promise<boolean> {
  if (words === '' || before.wordsHash === wordsHashOf(before, words)) return false;
  const person = await findPerson(inside, personId!);
  return !attendanceOf(person?.attendance, {}).conflictWords?.includes(words);
}

/** Only what they say of students; all else stays. */
async function addWords(
  needs: { clock: Clock },
  inside: SchoolScope,
  before: SignUp,
  words: string,
): Promise<SignUp> {
  const changed = await saveSignUpChange(inside, before, {
    ...{ changedAt: needs.clock.now(), wordsHash: wordsHashOf(before, words) },
  });
  if (!changed) throw new Conflict('common.problem.stale');
  await appendAudit(inside, needs.clock, guestOf(before), 'sign-up.change', subjectOf(before));
  const person = await findPerson(inside, before.personId!);
  const conflictWords = wordsWith(attendanceOf(person?.attendance, {}), words);
  await declareAttendance(needs, inside, guestOf(before), { conflictWords });
  return changed;
}

const timeFields = ['hours', 'most', 'speaks', 'interprets', 'away'] as const;

/**
 * @throws AppError 410 when it was declined or ended meanwhile
 * @throws InvalidInput on `conflictWords` when more is written than one looks at
 * @throws Conflict `stale` when the office has changed the times since; StateMissing
 */
export async function changeSignUp(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  signUpId: string,
  change: SignUpChange,
): Promise<SignUp> {
  return inTransaction(scope, async (inside) => {
    const before = await findSignUp(inside, signUpId);
    if (!before) throw new NotFound('schedule.sign-up.closed.unknown');
    if (before.state === 'declined') throw signUpClosed('declined');
    await checkStillGuest(inside, before);
    await refuseUnseenTimes(inside, before, change.seen);
    return changeInside({ clock }, inside, before, change);
  });
}

/** After `checkStillGuest`. */
async function changeInside(
  needs: { clock: Clock },
  inside: SchoolScope,
  before: SignUp,
  change: Omit<SignUpChange, 'seen'>,
): Promise<SignUp> {
  const { hours, most, speaks, interprets, away, conflictWords } = change;
  const times = { hours, most, speaks, interprets };
  const isWaiting = before.state === 'waiting';
  const named = isWaiting
    ? {
        name: change.name ?? before.name,
        organisation: change.organisation === undefined ? before.organisation : change.organisation,
        email: change.email === undefined ? before.email : change.email,
        conflictWords,
      }
    : conflictWords === ''
      ? {}
      : { wordsHash: wordsHashOf(before, conflictWords) };
  const changed = await saveSignUpChange(inside, before, {
    ...times,
    ...named,
    ...{ away, changedAt: needs.clock.now() },
  });
  if (!changed) throw new Conflict('common.problem.stale');
  await appendAudit(inside, needs.clock, guestOf(before), 'sign-up.change', subjectOf(before));
  if (before.personId !== null) await tellPerson(needs, inside, before, change);
  return changed;
}

/** The office may know better by now, as after a call. Until they are accepted only guests change it. */
async function refuseUnseenTimes(inside: SchoolScope, signUp: SignUp, seen: string | undefined) {
  if (signUp.personId === null) return;
  if (seen === undefined) throw new StateMissing('common.problem.state-missing', { field: 'seen' });
  if (seen !== seenOfSignUp(await timesNow(inside, signUp)))
    throw new Conflict('schedule.sign-up.problem.times-changed', {}, 'stale');
}

/** What they said of themselves becomes what is known of the person; what others said of them stays. */
async function tellPerson(
  needs: { clock: Clock },
  inside: SchoolScope,
  { id, personId, exhibitionId }: SignUp,
  { hours, most, speaks, interprets, away, conflictWords }: Omit<SignUpChange, 'seen'>,
): Promise<void> {
  const person = await findPerson(inside, personId!);
  const was = attendanceOf(person?.attendance, {});
  const others = (was.awayFrom ?? []).filter((each) => each !== exhibitionId);
  const words = wordsWith(was, conflictWords);
  await declareAttendance(needs, inside, guestOf({ id, personId }), {
    // Whom the office knows to come to nothing stays so while they say the same of this one.
    ...{ hours, speaks, interprets, most: away && was.most === 0 ? 0 : most, conflictWords: words },
    awayFrom: away ? [...others, exhibitionId] : others,
  });
}

/**
 * The office may not have seen to the first words yet, or has deleted them with its answer. @throws
 * InvalidInput on `conflictWords`
 */
function wordsWith(was: Attendance, said: string): string {
  const words = joinWords(was.conflictWords ?? '', said);
  if (words.length > MAX_CONFLICT_WORDS)
    throw new InvalidInput([{ field: 'conflictWords', message: 'schedule.sign-up.problem.long-words' }]);
  return words;
}
