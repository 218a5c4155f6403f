/**
 * Closing a school ends every sign-in but its administrators' reading, and every pass; its records stay, and
 * so does the verification of what it has issued. Opening it again brings everybody back as they were.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type Database } from '../db/database.js';
import { Conflict, NotFound } from '../errors.js';
import type { School } from './school.js';
import { findSchool, saveSchoolChange } from './school-records.js';

/**
 * @param closed what it shall be
 * @param reason for its administrators; kept with the school, never in the audit entry
 * @throws NotFound when it is not of this network; Conflict when it is so already
 */
export async function setSchoolClosed(
  { clock }: { clock: Clock },
  db: Database,
  actor: Pick<Actor, 'personId' | 'via'>,
  { schoolId, networkId }: { schoolId: string; networkId: string | null },
  closed: boolean,
  reason = '',
): Promise<School> {
  return inTransaction({ db, schoolId }, async (inside) => {
    const school = await findSchool(inside, schoolId);
    if (!school || (networkId !== null && school.networkId !== networkId)) throw new NotFound();
    if (Boolean(school.closedAt) === closed)
      throw new Conflict(closed ? 'school.problem.closed-already' : 'school.problem.open-already');
    const change = { closedAt: closed ? clock.now() : null, closedReason: closed ? reason : '' };
    await saveSchoolChange(inside, change);
    const subject = { kind: 'school', id: schoolId };
    if (closed) await appendAudit(inside, clock, actor, 'school.close', subject);
    else await appendAudit(inside, clock, actor, 'school.open', subject);
    return { ...school, ...change };
  });
}
