/** Guests take back what they signed up with by their own link, at any time: what they wrote is deleted. */
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../database.js';
import { NotFound } from '../errors.js';
import { mayPlan } from '../exhibition/exhibition.js';
import { findExhibition } from '../exhibition/exhibition-records.js';
import { findPerson } from '../people/people-records.js';
import { guestOf, type SignUpPorts } from './change-sign-up.js';
import { isStillGuest } from './open-sign-up.js';
import { findSignUp, removeSignUp } from './sign-up-records.js';

/** Whoever was accepted stays a person of the school, and the planners are told that they cannot come. @throws NotFound */
export async function withdrawSignUp(
  ports: SignUpPorts,
  { clock }: { clock: Clock },
  scope: SchoolScope,
  signUpId: string,
): Promise<void> {
  await inTransaction(scope, async (inside) => {
    const found = await findSignUp(inside, signUpId);
    if (!found) throw new NotFound('schedule.sign-up.closed.unknown');
    const { id, exhibitionId, personId } = found;
    const exhibition = await findExhibition(inside, exhibitionId);
    if (personId !== null && exhibition && mayPlan(exhibition) && (await isStillGuest(inside, personId))) {
      const { awayFrom = [] } = (await findPerson(inside, personId))?.attendance ?? {};
      await ports.declareAttendance({ clock }, inside, guestOf(found), {
        awayFrom: [...new Set([...awayFrom, exhibitionId])],
      });
    }
    await removeSignUp(inside, id);
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
