/**
 * Guests take back what they signed up with by their own link, at any time: what they wrote is deleted, and
 * those who plan are told.
 */
import type { Actor } from '../access/actor.js';
import { declareAttendance } from '../people/declare-attendance.js';
import { hashSecret } from '../access/secrets.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { Conflict, NotFound } from '../errors.js';
import { mayPlan } from '../exhibitions/exhibition.js';
import { findExhibition } from '../exhibitions/exhibition-records.js';
import { newId } from '../ids.js';
import { findPerson } from '../people/people-records.js';
import type { Person } from '../people/person.js';
import { guestOf } from './change-sign-up.js';
import { asPlanner } from './decide-sign-up.js';
import { isStillGuest } from './open-sign-up.js';
import type { SignUp } from './sign-up.js';
import { findSignUp, removeSignUp, saveSignUp } from './sign-up-records.js';

/**
 * Whoever was accepted stays a person of the school, and those who plan are told, as they may sit on panels
 * already. Of somebody whom the school knows otherwise nothing else changes: they may still come as what they
 * are there.
 * @throws NotFound
 */
export async function withdrawSignUp(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  signUpId: string,
): Promise<void> {
  await inTransaction(scope, async (inside) => {
    const found = await findSignUp(inside, signUpId);
    if (!found) throw new NotFound('schedule.sign-up.closed.unknown');
    const { id, exhibitionId, personId } = found;
    const exhibition = await findExhibition(inside, exhibitionId);
    const isPlanned = exhibition !== null && mayPlan(exhibition);
    const person = personId !== null && isPlanned ? await findPerson(inside, personId) : null;
    if (person && (await isStillGuest(inside, person.id))) {
      const { awayFrom = [] } = person.attendance ?? {};
      await declareAttendance({ clock }, inside, guestOf(found), {
        awayFrom: [...new Set([...awayFrom, exhibitionId])],
      });
    }
    await removeSignUp(inside, id);
    if (person?.active && !person.erasedAt) await saveSignUp(inside, withdrawnOf(found, person, clock.now()));
    await appendAudit(
      inside,
      clock,
      guestOf(found),
      'sign-up.withdraw',
      { kind: 'sign-up', id },
      { exhibitionId },
    );
  });
}

/** What tells those who plan of it: nothing that its guest wrote, and no link opens it. */
const withdrawnOf = (
  { schoolId, exhibitionId }: SignUp,
  { id: personId, displayName: name }: Person,
  now: Date,
): SignUp => ({
  ...{ id: newId(), schoolId, exhibitionId, personId, name, state: 'withdrawn' },
  ...{ organisation: null, email: null, conflictWords: '', away: true },
  ...{ hours: [], most: null, speaks: [], interprets: [] },
  ...{ secretHash: hashSecret(newId()), createdAt: now, changedAt: now },
});

/**
 * Somebody who plans has seen that a guest has withdrawn. @throws NotFound; Conflict for one that was not
 * withdrawn; Forbidden
 */
export async function dismissWithdrawn(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  signUpId: string,
): Promise<SignUp> {
  return asPlanner(scope, actor, exhibitionId, async (inside) => {
    const found = await findSignUp(inside, signUpId);
    if (found?.exhibitionId !== exhibitionId) throw new NotFound();
    if (found.state !== 'withdrawn') throw new Conflict('schedule.sign-up.problem.decided');
    await removeSignUp(inside, signUpId);
    const detail = { exhibitionId, personId: found.personId! };
    await appendAudit(inside, clock, actor, 'sign-up.dismiss', { kind: 'sign-up', id: signUpId }, detail);
    return found;
  });
}
